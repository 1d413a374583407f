import Foundation
import Graph
import Testing

/// The README names every layer with its weight and source, as the code has them.
@Suite struct LayerListTests {
  private var rows: [String] {
    get throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let text = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let start = try #require(lines.firstIndex(of: "| layer | weight | rests on |"))
      return Array(lines[(start + 2)...].prefix { $0.hasPrefix("|") })
    }
  }

  private func weight(_ kind: EvidenceKind) -> String {
    let weights = EvidenceWeights.standard
    let (mark, number): (String, Double?) =
      switch kind {
      case .samePackage: ("×", weights.packagePull)
      case .module: ("×", weights.modulePull)
      case .schemaFile: ("×", weights.schemaFilePull)
      case .name: ("×", weights.familyPull)
      case .call, .inherit, .use, .global, .include, .read, .write, .ddl, .usedTogether, .sameEntry, .join, .foreignKey,
        .sameTransaction, .trigger, .sameChange, .handle, .coChange, .sameFile, .sameStem, .words:
        ("", weights.base[kind])
      }
    guard let number else { return "missing" }
    return mark + (number == number.rounded() ? String(Int(number)) : String(number))
  }

  @Test func readmeNamesEveryLayer() throws {
    #expect(try rows == EvidenceKind.allCases.map { "| \($0.rawValue) | \(weight($0)) | \($0.source) |" })
  }

  @Test func factorsHaveKnownNames() {
    #expect(EvidenceWeights(factors: ["same entry": 0.5, "words": 0])?.factor(.sameEntry) == 0.5)
    #expect(EvidenceWeights(factors: ["sameEntry": 1]) == nil)
    #expect(EvidenceWeights(factors: ["call": -1]) == nil)
    #expect(EvidenceWeights(factors: ["call": .infinity]) == nil)
    #expect(EvidenceWeights(factors: [:]) == .standard)
  }
}
