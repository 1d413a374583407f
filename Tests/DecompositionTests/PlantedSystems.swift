import Basics
import Facts

/// A system whose right answer is known.
struct PlantedSystem {
  var system: SystemFacts
  /// The module each table was planted in.
  var moduleOfTable: [String: String]
}

enum PlantedSystems {
  /// A plug-in system in C: a core everybody uses, modules in folders, a schema file per module and engine.
  ///
  /// Half of the tables carry the name of their module, a tenth is never accessed, a few are read by strangers, and each
  /// module calls some other modules. Accesses are guesses.
  static func modules(_ count: Int, seed: UInt64 = 7) -> PlantedSystem {
    var random = SeededGenerator(seed: seed)
    var builder = SystemBuilder()
    var moduleOfTable: [String: String] = [:]
    let core = (0..<20).map { builder.function("core_\($0)", in: "src/core/part\($0 % 5)/core\($0).c") }
    let coreHeader = builder.file("src/core/core.h")
    for (left, right) in zip(core, core.dropFirst()) { builder.refer(left, right, count: 2) }
    var functions: [[Int]] = []
    for module in 0..<count {
      let name = moduleName(module)
      let files = Int.random(in: 2...6, using: &random)
      var own: [Int] = []
      for file in 0..<files {
        let path = "src/modules/\(name)/\(name)_\(file).c"
        builder.refer(builder.file(path), coreHeader, .include)
        for number in 0..<4 { own.append(builder.function("\(name)_\(file)_\(number)", in: path)) }
      }
      for function in own {
        builder.refer(function, own.randomElement(using: &random) ?? function, count: 1)
        builder.refer(function, own.randomElement(using: &random) ?? function, count: 2)
        builder.refer(function, core.randomElement(using: &random) ?? function, count: 3)
      }
      functions.append(own)
      for table in 0..<Int.random(in: 1...4, using: &random) {
        let tableName = table % 2 == 0 ? "\(name)_data\(table)" : "t\(module)x\(table)"
        builder.table(tableName, in: "db/scripts/mysql/\(name)-create.sql")
        moduleOfTable[tableName] = name
        if Int.random(in: 0..<10, using: &random) == 0 { continue }
        for function in own.shuffled(using: &random).prefix(3) {
          builder.access(function, Bool.random(using: &random) ? .write : .read, tableName, .guessed)
        }
      }
    }
    for module in functions.indices {
      for _ in 0..<3 {
        let other = Int.random(in: 0..<count, using: &random)
        guard let from = functions[module].first, let to = functions[other].last, other != module else { continue }
        builder.refer(from, to)
      }
    }
    for name in moduleOfTable.keys.sorted() where Int.random(in: 0..<8, using: &random) == 0 {
      let stranger = functions.randomElement(using: &random)?.first ?? 0
      builder.access(stranger, .read, name, .guessed)
    }
    return PlantedSystem(system: builder.system, moduleOfTable: moduleOfTable)
  }

  private static func moduleName(_ number: Int) -> String {
    let letters = Array("bdfgklmnprst")
    let vowels = Array("aeiou")
    return String([
      letters[number % letters.count], vowels[(number / letters.count) % vowels.count],
      letters[(number / 5) % letters.count], vowels[number % vowels.count], letters[(number * 7) % letters.count],
    ]) + (number > 59 ? "\(number)" : "")
  }

  /// A flat object-oriented system: every class in one folder, groups of classes with tables, a library, a god class.
  static func flat(groups: [String] = ["account", "guild", "house", "market", "player", "spell"]) -> PlantedSystem {
    var builder = SystemBuilder()
    var moduleOfTable: [String: String] = [:]
    let library = builder.typeWithMethod("Tools")
    let god = builder.typeWithMethod("Game")
    for (number, group) in groups.enumerated() {
      let word = group.prefix(1).uppercased() + group.dropFirst()
      let methods = ["\(word)", "\(word)Loader", "\(word)List", "IO\(word)"].map { builder.typeWithMethod($0) }
      for (position, method) in methods.enumerated() {
        for other in methods[(position + 1)...] { builder.refer(method, other, count: 4) }
        builder.refer(method, library, count: 3)
      }
      builder.refer(god, methods[0], count: 2)
      builder.refer(methods[1], god, count: 1)
      for suffix in ["s", "_items", "_history"] {
        builder.table(group + suffix)
        moduleOfTable[group + suffix] = group
        builder.access(methods[3], .write, group + suffix)
        builder.access(methods[1], .read, group + suffix)
      }
      if number > 0 { builder.access(methods[3], .read, groups[number - 1] + "s") }
    }
    return PlantedSystem(system: builder.system, moduleOfTable: moduleOfTable)
  }
}
