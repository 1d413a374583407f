import Foundation
import Testing

struct HouseRuleTests {
  @Test func noFileIsLong() throws {
    for folder in ["Sources", "Tests"] {
      // Lists of other programs' keys are as long as those programs make them.
      for file in try Tree.files(in: folder, endings: ["swift", "h", "c"]) where !file.path.contains("/Checks/Keys/") {
        #expect(file.lineCount <= 400, "\(file.path) has \(file.lineCount) lines")
      }
    }
  }

  /// Public systems that results are measured on. Code that knows one of them would be measured on what it knows.
  @Test func noSourceNamesAMeasuredSystem() throws {
    let names: Set = [
      "forgottenserver", "kamailio", "bareos", "cmangos", "ftgo", "petclinic", "ruoyi", "jpetstore", "saleor",
      "solidus",
      "mall",
    ]
    for file in try Tree.files(in: "Sources", endings: ["swift", "h", "c", "md", "modulemap"]) {
      for name in names.intersection(words(of: file.text)).sorted() {
        Issue.record("\(file.path) names \(name)")
      }
    }
  }

  /// A suggestion is a draft: no output may claim to be the best one, or to know everything.
  @Test func noOutputPromisesTooMuch() throws {
    let banned: Set = ["optimal", "complete"]
    // Words of other programs' protocols and keys.
    let foreign = ["bootstrap-complete", "is_complete", "lifecycle.complete"]
    for file in try Tree.sources() {
      for literal in file.literals() {
        let own = foreign.reduce(literal.text) { $0.replacingOccurrences(of: $1, with: "") }
        for word in banned.intersection(words(of: own)).sorted() {
          Issue.record("\(file.path):\(literal.line) says \(word)")
        }
      }
    }
  }

  @Test func noPathOfAMachine() throws {
    let folders = ["home", "root", "Users", "work"].map { "/\($0)/" }
    for file in try Tree.sources() {
      for literal in file.literals() {
        for folder in folders where literal.text.contains(folder) {
          Issue.record("\(file.path):\(literal.line) holds \(folder)")
        }
      }
    }
  }

  @Test func namesSayWhatAThingIs() throws {
    let suffixes = ["Utils", "Util", "Helpers", "Helper", "Manager"]
    for file in try Tree.sources() {
      let name = file.path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
      for suffix in suffixes where name.hasSuffix(suffix) { Issue.record("\(file.path) is called \(suffix)") }
      for line in file.lines {
        let parts = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        for (kind, type) in zip(parts, parts.dropFirst())
        where kind == "class" || kind == "struct" || kind == "actor" {
          for suffix in suffixes where type.hasSuffix(suffix) { Issue.record("\(file.path) declares \(type)") }
          // A value that describes a service may say so; a doer may not.
          if kind != "struct", type.hasSuffix("Service") { Issue.record("\(file.path) declares \(type)") }
        }
      }
    }
  }

  @Test func nothingIsLeftForLater() throws {
    for file in try Tree.sources() {
      for (index, line) in file.lines.enumerated() {
        let words = line.split { !$0.isLetter }.map(String.init)
        for mark in ["TO" + "DO", "FIX" + "ME", "XX" + "X"] where words.contains(mark) {
          Issue.record("\(file.path):\(index + 1) holds \(mark)")
        }
        for mark in ["@test" + "able"] where line.contains(mark) {
          Issue.record("\(file.path):\(index + 1) holds \(mark)")
        }
      }
    }
  }

  @Test func onlyThePipelineReadsTheEnvironment() throws {
    for file in try Tree.sources() where file.room != "Pipeline" {
      for mark in ["getenv(", "processInfo.environment"] where file.text.contains(mark) {
        // The program may ask whether colours are wanted; rooms below the pipeline ask nothing.
        #expect(file.room == "cleave", "\(file.path) uses \(mark)")
      }
    }
  }

  @Test func everyPackageSymbolIsDescribed() throws {
    let sources = try Tree.sources()
    // What a protocol asks for is described there.
    var known: Set = ["func <", "func ==", "func hash", "var description", "func next", "init from", "func encode"]
    for file in sources { known.formUnion(file.requirements()) }
    for file in sources {
      let lines = file.lines.map { $0.drop { $0 == " " } }
      for (index, line) in lines.enumerated() where line.hasPrefix("package ") && !line.hasPrefix("package import") {
        // A variable may be called `package`; Java's packages stand in text.
        if line.hasPrefix("package = ") || line.hasSuffix(";") { continue }
        if line == "package init() {}" { continue }
        if let declared = SourceFile.declaration(in: line), known.contains(declared) { continue }
        var above = index - 1
        while above >= 0, lines[above].hasPrefix("@") { above -= 1 }
        #expect(above >= 0 && lines[above].hasPrefix("///"), "\(file.path):\(index + 1) is not described")
      }
    }
  }

  @Test func theTopLevelStaysSmall() throws {
    let allowed: Set = [
      "Package.swift", "Package.resolved", "Sources", "Tests", "fixtures", "README.md", "CHANGELOG.md", "LICENSE",
      "Makefile",
    ]
    for name in try FileManager.default.contentsOfDirectory(atPath: Tree.root.path) where !name.hasPrefix(".") {
      #expect(allowed.contains(name), "\(name) does not belong at the top")
    }
  }
}

struct LiteralTests {
  /// The rules above look into literals: that has to work.
  @Test func literalsAreTakenApart() {
    let quotes = "\"\"\""
    let text = """
      let a = "one \\"two\\"" // "three"
      /// "four"
      let b = \(quotes)
        five // six
        \(quotes)
      let c = seven + "eight"
      """
    let found = SourceFile(path: "Sources/Room/File.swift", text: text).literals()
    #expect(found.map(\.line) == [1, 4, 6])
    #expect(found.map { words(of: $0.text) } == [["one", "two"], ["five", "six"], ["eight"]])
    #expect(SourceFile(path: "Sources/Room/File.swift", text: text).room == "Room")
  }
}
