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
  private var constantsByName: [String: [(file: Int, index: Int)]] = [:]
  private let folders: [String]
  /// For each file, a language whose functions it can call.
  private let kin: [SourceLanguage]
  /// A name with more definitions than this is no evidence for any of them.
  private static let maximumCandidates = 400

  init(files: [FileFacts]) {
    self.files = files
    folders = files.map(\.file.folder)
    kin = files.map { Self.kin($0.language) }
    for (file, facts) in files.enumerated() {
      for (index, function) in facts.functions.enumerated() {
        functionsByName[NameWords.lastPart(function.name), default: []].append(FunctionID(file: file, index: index))
      }
      for (index, constant) in facts.constants.enumerated() {
        constantsByName[NameWords.lastPart(constant.name), default: []].append((file, index))
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
    var best: (fact: ConstantFact, file: Int)?
    var bestScore = 0
    var isTied = false
    for candidate in candidates {
      let fact = files[candidate.file].constants[candidate.index]
      guard !fact.isLocal || candidate.file == file else { continue }
      let score =
        proximity(of: candidate.file, to: file) + (fact.name == name ? 2 : 0) + (fact.value == .opaque ? 0 : 1)
      if score > bestScore {
        (best, bestScore, isTied) = ((fact, candidate.file), score, false)
      } else if score == bestScore, let current = best, current.fact.value != fact.value,
        fact.kind != .macro || candidate.file != current.file
      {
        // Macros defined twice in one file are branches of a condition: the first stands for all.
        isTied = true
      }
    }
    return isTied ? nil : best
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

  /// Same file 8, same folder 4, same top folders 1 to 3.
  private func proximity(of candidate: Int, to file: Int) -> Int {
    if candidate == file { return 8 }
    if folders[candidate] == folders[file] { return 5 }
    var left = folders[candidate].utf8.makeIterator()
    var right = folders[file].utf8.makeIterator()
    var shared = 0
    while let a = left.next(), let b = right.next(), a == b {
      if a == UInt8(ascii: "/") { shared += 1 }
    }
    return min(shared, 3) + 1
  }
}
