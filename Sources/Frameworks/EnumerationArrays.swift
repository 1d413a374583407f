import Basics
import Facts

/// Enumerations as the facts show them: runs of enumerators that stand together in one file, and the arrays beside them
/// that hold one text for each.
struct EnumerationArrays {
  /// The names of each run, by folder.
  private var runs: [String: [[String]]] = [:]
  /// Enumerators of one enumeration stand at most this many lines apart.
  private static let linesBetween = 3
  /// Fewer names or texts agree in number by chance.
  private static let fewest = 5

  init(files: [FileFacts]) {
    for facts in files {
      var run: [ConstantFact] = []
      for constant in facts.constants where constant.kind == .enumerator {
        if let last = run.last, constant.line - last.line > Self.linesBetween {
          add(run, folder: facts.file.folder)
          run = []
        }
        run.append(constant)
      }
      add(run, folder: facts.file.folder)
    }
  }

  private mutating func add(_ run: [ConstantFact], folder: String) {
    guard run.count >= Self.fewest else { return }
    runs[folder, default: []].append(run.map(\.name))
  }

  /// The enumerators that name the elements of an array of `count` texts in `folder`: those of the only enumeration
  /// there with as many names, or with one more that counts them; nil when there is none or several.
  func names(forTexts count: Int, in folder: String) -> [String]? {
    guard count >= Self.fewest else { return nil }
    let found = (runs[folder] ?? []).filter { $0.count == count || $0.count == count + 1 }
    return found.count == 1 ? found[0] : nil
  }

  /// Whether every element may be a text of its own.
  static func areTexts(_ items: [Value]) -> Bool {
    items.allSatisfy { item in
      switch item {
      case .text, .join, .call: true
      case .name, .list, .member, .either, .element, .literal, .type, .field, .operation, .closure, .opaque: false
      }
    }
  }

  /// How many enumerators stand together with one of `constants`.
  static func siblings(of fact: ConstantFact, in constants: [ConstantFact]) -> Int {
    guard let place = constants.firstIndex(of: fact) else { return 0 }
    func belongs(_ left: Int, _ right: Int) -> Bool {
      constants[right].kind == .enumerator && constants[left].kind == .enumerator
        && constants[right].line - constants[left].line <= linesBetween
    }
    var first = place
    while first > 0, belongs(first - 1, first) { first -= 1 }
    var last = place
    while last + 1 < constants.count, belongs(last, last + 1) { last += 1 }
    return last - first + 1
  }
}
