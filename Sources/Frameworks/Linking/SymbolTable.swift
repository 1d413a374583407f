import Basics
import Facts

/// A place of a function in the facts of all files.
struct FunctionID: Hashable, Comparable {
  var file: Int
  var index: Int

  static func < (left: FunctionID, right: FunctionID) -> Bool {
    left.file == right.file ? left.index < right.index : left.file < right.file
  }
}

/// Names of the whole system and what they may mean from a given file: the nearest definition wins.
struct SymbolTable {
  let files: [FileFacts]
  private var functionsByName: [String: [FunctionID]] = [:]
  private var constantsByName: [String: [ConstantPlace]] = [:]
  private let folders: [FolderPath]
  /// For each file, a language whose functions it can call.
  private let kin: [SourceLanguage]
  /// A name with more definitions than this is no evidence for any of them.
  private static let maximumCandidates = 400

  /// A constant in the facts of all files, with what decides first whether it is meant.
  private struct ConstantPlace {
    var file: Int
    var index: Int
    var isLocal: Bool
    var isOpaque: Bool
  }

  init(files: [FileFacts]) {
    self.files = files
    var numbers: [Substring: Int32] = [:]
    folders = files.map { FolderPath($0.file.folder, &numbers) }
    kin = files.map { Self.kin($0.language) }
    for (file, facts) in files.enumerated() {
      for (index, function) in facts.functions.enumerated() {
        functionsByName[NameWords.lastPart(function.name), default: []].append(FunctionID(file: file, index: index))
      }
      for (index, constant) in facts.constants.enumerated() {
        constantsByName[NameWords.lastPart(constant.name), default: []].append(
          ConstantPlace(
            file: file, index: index, isLocal: constant.isLocal, isOpaque: constant.value == .opaque))
      }
    }
  }

  /// Languages that call one another have one in common.
  private static func kin(_ language: SourceLanguage) -> SourceLanguage {
    switch language {
    case .java, .kotlin: .java
    case .javascript, .typescript: .javascript
    case .c, .csharp, .document, .go, .php, .python, .ruby: language
    }
  }

  func function(_ id: FunctionID) -> FunctionFact { files[id.file].functions[id.index] }

  /// The constant a name means in `file`; nil when it is unknown or ambiguous.
  func constant(named name: String, from file: Int) -> (fact: ConstantFact, file: Int)? {
    let last = NameWords.lastPart(name)
    guard let candidates = constantsByName[last], candidates.count <= Self.maximumCandidates else { return nil }
    var best: ConstantPlace?
    var bestScore = 0
    var isTied = false
    for candidate in candidates where !candidate.isLocal || candidate.file == file {
      var score = proximity(of: candidate.file, to: file) + (candidate.isOpaque ? 0 : 1)
      // A name adds two points: with less than that missing it need not be looked at.
      guard score + 2 >= bestScore else { continue }
      if files[candidate.file].constants[candidate.index].name == name { score += 2 }
      if score > bestScore {
        (best, bestScore, isTied) = (candidate, score, false)
      } else if score == bestScore, !isTied, let best {
        isTied = differs(candidate, from: best)
      }
    }
    guard let best, !isTied else { return nil }
    return (files[best.file].constants[best.index], best.file)
  }

  private func differs(_ candidate: ConstantPlace, from best: ConstantPlace) -> Bool {
    let fact = files[candidate.file].constants[candidate.index]
    // Macros defined twice in one file are branches of a condition: the first stands for all.
    return files[best.file].constants[best.index].value != fact.value
      && (fact.kind != .macro || candidate.file != best.file)
  }

  /// The functions a call may reach, nearest first; empty when the name says too little.
  func functions(called callee: String, from file: Int, owner: String, hasReceiver: Bool) -> [FunctionID] {
    let last = NameWords.lastPart(callee)
    guard let candidates = functionsByName[last], candidates.count <= Self.maximumCandidates else { return [] }
    var best: [FunctionID] = []
    var bestScore = 0
    for candidate in candidates {
      let fact = function(candidate)
      guard !fact.isLocal || candidate.file == file, kin[candidate.file] == kin[file] else { continue }
      guard let name = nameScore(fact, callee: callee, last: last, owner: owner, hasReceiver: hasReceiver) else {
        continue
      }
      let score = name + proximity(of: candidate.file, to: file)
      if score > bestScore {
        best = [candidate]
        bestScore = score
      } else if score == bestScore {
        best.append(candidate)
      }
    }
    return best.count <= 3 ? best : []
  }

  /// How well a function fits the callee as written; nil when it cannot be meant.
  private func nameScore(
    _ fact: FunctionFact, callee: String, last: String, owner: String, hasReceiver: Bool
  ) -> Int? {
    if fact.name == callee { return 40 }
    if callee.utf8.count > last.utf8.count {
      return fact.name.hasSuffix("::" + callee) ? 30 : nil
    }
    if fact.owner.isEmpty { return hasReceiver ? 1 : 10 }
    if fact.owner == owner, !hasReceiver { return 20 }
    return hasReceiver ? 8 : 4
  }

  /// How near one file is to another; the higher the nearer.
  func distanceScore(of candidate: Int, to file: Int) -> Int { proximity(of: candidate, to: file) }

  /// Same file 8, same folder 5, same top folders 1 to 4.
  private func proximity(of candidate: Int, to file: Int) -> Int {
    candidate == file ? 8 : folders[candidate].proximity(to: folders[file])
  }
}

/// A folder with its top folders as numbers, so that comparing takes no reading of texts.
private struct FolderPath {
  /// The number of the whole path.
  private let whole: Int32
  /// Numbers of the first, the first two and the first three folders above it; −1 where there are fewer.
  private let top: (Int32, Int32, Int32)

  /// `numbers` are those of the paths met before.
  init(_ path: String, _ numbers: inout [Substring: Int32]) {
    func number(_ part: Substring) -> Int32 {
      if let known = numbers[part] { return known }
      let number = Int32(truncatingIfNeeded: numbers.count)
      numbers[part] = number
      return number
    }
    whole = number(path[...])
    let ends = path.utf8.indices.lazy.filter { path.utf8[$0] == UInt8(ascii: "/") }.prefix(3)
    var tops: [Int32] = []
    for end in ends { tops.append(number(path[...end])) }
    tops += [-1, -1, -1]
    top = (tops[0], tops[1], tops[2])
  }

  /// 5 for the same folder, else one more than how many top folders are the same, of which three count.
  func proximity(to other: FolderPath) -> Int {
    if whole == other.whole { return 5 }
    guard top.0 >= 0, top.0 == other.top.0 else { return 1 }
    guard top.1 >= 0, top.1 == other.top.1 else { return 2 }
    return top.2 >= 0 && top.2 == other.top.2 ? 4 : 3
  }
}
