import Basics
import Facts

/// Which files hold code of tests, by the conventions of the test runners of each language.
///
/// What a name alone says is not enough where names are words of business too (a laboratory has `tests`): a folder counts when a file
/// below it is surely a test, or where the build tool itself calls it so. Only paths below the analyzed root are looked at.
struct TestCode {
  /// Whether each file holds tests.
  private(set) var isTest: [Bool]

  /// Linear in the files and what they declare.
  init(files: [FileFacts]) {
    let shapes = files.map(Shape.init)
    var confirmed: Set<String> = []
    for shape in shapes where shape.isSure { confirmed.formUnion(shape.folders) }
    isTest = shapes.map { shape in
      shape.isSure || shape.needsNoProof && !shape.folders.isEmpty || shape.folders.contains(where: confirmed.contains)
    }
  }

  /// What path and content of one file say.
  private struct Shape {
    /// The folders above the file that are called after tests.
    var folders: [String] = []
    /// Whether the file is a test whatever its folder is called.
    var isSure = false
    /// Whether the name of the folder is enough: nothing marks the tests of C.
    var needsNoProof: Bool

    init(_ facts: FileFacts) {
      needsNoProof = facts.language == .c
      let parts = facts.file.text.split(separator: "/")
      let known = TestNames.productionDepth(parts, facts.language)
      var path = ""
      for (depth, part) in parts.dropLast().enumerated() {
        path += path.isEmpty ? part : "/" + part
        guard depth >= known else { continue }
        if TestNames.isSourceSet(parts, at: depth) { isSure = true }
        if TestNames.isTestFolder(part, facts.language) { folders.append(path) }
      }
      if known == 0, TestNames.isTest(facts) { isSure = true }
    }
  }
}

/// The names test runners go by.
private enum TestNames {
  /// How many leading parts of a path are code that is shipped whatever its folders are called: all of them below `src/main` of Java and
  /// Kotlin and below `app` of Rails and Laravel.
  static func productionDepth(_ parts: [Substring], _ language: SourceLanguage) -> Int {
    switch language {
    case .java, .kotlin, .document:
      for depth in parts.indices.dropFirst() where parts[depth] == "main" && parts[depth - 1] == "src" {
        return parts.count
      }
      return 0
    case .ruby, .php:
      // `spec/dummy/app` is the application of the tests of an engine.
      guard let app = parts.dropLast().firstIndex(of: "app") else { return 0 }
      return parts[..<app].contains { isTestFolder($0, language) } ? 0 : parts.count
    case .c, .csharp, .go, .javascript, .python, .typescript: return 0
    }
  }

  /// A folder that Maven, Gradle or Jest themselves take for tests: `src/test`, `src/integrationTest`, `__tests__`.
  static func isSourceSet(_ parts: [Substring], at depth: Int) -> Bool {
    let part = parts[depth]
    if part == "__tests__" || part == "__mocks__" { return true }
    guard depth > 0, parts[depth - 1] == "src", depth + 1 < parts.count else { return false }
    let below = parts[depth + 1]
    guard ["java", "kotlin", "groovy", "scala", "resources"].contains(below) else { return false }
    return part == "test" || part == "testFixtures" || part == "it" || part.hasSuffix("Test")
  }

  static func isTestFolder(_ part: Substring, _ language: SourceLanguage) -> Bool {
    let words = NameWords.split(String(part))
    let testWords: Set<String> = ["test", "tests", "testing", "spec", "specs"]
    switch language {
    case .csharp: return words.contains(where: testWords.contains)
    case .ruby: return words.first.map(testWords.contains) == true || part == "features"
    case .javascript, .typescript:
      return words.first.map(testWords.contains) == true || ["cypress", "e2e", "playwright"].contains(part)
    case .c, .document, .go, .java, .kotlin, .php, .python: return words.first.map(testWords.contains) == true
    }
  }

  /// Whether the file itself is a test: by a name that its runner looks for and what stands in it.
  static func isTest(_ facts: FileFacts) -> Bool {
    let name = facts.file.fileName
    switch facts.language {
    case .go: return name.hasSuffix("_test.go")
    case .python: return isPythonTest(name, facts)
    case .javascript, .typescript:
      let parts = name.split(separator: ".")
      return parts.count > 2 && ["spec", "test", "cy", "e2e-spec", "e2e"].contains(parts[parts.count - 2])
    case .ruby: return isRubyTest(name, facts)
    case .java, .kotlin, .csharp, .php: return hasRunner(facts)
    case .c: return facts.includes.contains { path in runnerHeaders.contains { path.text.hasPrefix($0) } }
    case .document: return false
    }
  }

  /// Headers of the test libraries of C and C++.
  private static let runnerHeaders = [
    "gtest/", "gmock/", "catch2/", "catch.hpp", "doctest/", "boost/test/", "cmocka.h",
  ]

  private static func isPythonTest(_ name: String, _ facts: FileFacts) -> Bool {
    if name == "conftest.py" { return true }
    guard name.hasPrefix("test_") || name.hasSuffix("_test.py") || name == "tests.py" else { return false }
    return facts.functions.contains { function in
      lastPart(function.name).hasPrefix("test_") || lastPart(function.name) == "setUp"
    } || facts.types.contains { $0.bases.contains { $0.hasSuffix("TestCase") } }
  }

  private static func isRubyTest(_ name: String, _ facts: FileFacts) -> Bool {
    if name == "spec_helper.rb" || name == "rails_helper.rb" || name == "test_helper.rb" { return true }
    guard name.hasSuffix("_spec.rb") || name.hasSuffix("_test.rb") || name.hasPrefix("test_") else { return false }
    if facts.types.contains(where: { $0.bases.contains { $0.hasSuffix("TestCase") || $0.hasSuffix("Test") } }) {
      return true
    }
    return facts.functions.contains { function in
      function.name == "<main>"
        && function.events.contains {
          if case .call(let call) = $0.event {
            ["describe", "context", "feature", "shared_examples", "shared_context"].contains(call.callee)
          } else {
            false
          }
        }
    }
  }

  /// Whether a type or function carries what JUnit, TestNG, xUnit, NUnit, MSTest or PHPUnit look for.
  private static func hasRunner(_ facts: FileFacts) -> Bool {
    if facts.imports.contains(where: { i in runnerImports.contains { i.path == $0 || i.path.hasPrefix($0 + ".") } }) {
      return true
    }
    let marks: Set<String> =
      facts.language == .csharp
      ? ["Fact", "Theory", "Test", "TestCase", "TestMethod", "TestFixture", "TestClass", "SetUpFixture"] : []
    return facts.functions.contains { $0.annotations.contains { marks.contains($0.name) } }
      || facts.types.contains { type in
        type.annotations.contains { marks.contains($0.name) }
          || facts.language == .php && type.bases.contains { $0.hasSuffix("TestCase") }
      }
  }

  private static let runnerImports = [
    "org.junit", "org.testng", "kotlin.test", "io.kotest", "Xunit", "NUnit.Framework",
    "Microsoft.VisualStudio.TestTools.UnitTesting", "TUnit.Core", "PHPUnit\\Framework\\TestCase",
  ]

  private static func lastPart(_ name: String) -> Substring {
    name.split(separator: ".").last ?? Substring(name)
  }
}
