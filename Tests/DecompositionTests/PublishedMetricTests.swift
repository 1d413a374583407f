import Decomposition
import Testing

private struct PublishedCase: CustomTestStringConvertible {
  let system: PublishedSystem
  let row: PublishedSystem.Row
  var testDescription: String { "\(system.name), \(row.name)" }
}

/// Figures that were published with the data they were computed from.
@Suite struct PublishedMetricTests {
  private static let cases = [PublishedSystem.flights, .nursery].flatMap { system in
    system.rows.map { PublishedCase(system: system, row: $0) }
  }

  @Test(arguments: cases) private func figuresArePublished(published: PublishedCase) {
    let split = published.split
    let figures = [
      split.contextPurityMono2Micro, split.interCallMono2Micro, split.structuralModularityMono2Micro,
      split.interfacesMono2Micro, split.extremesMono2Micro,
    ]
    for (figure, printed) in zip(figures, published.row.figures) { #expect(abs(figure - printed) < 0.00051) }
  }
}

extension PublishedCase {
  private func numbers(_ text: some StringProtocol, at separators: String) -> [Int] {
    text.split { separators.contains($0) }.compactMap { Int($0) }
  }

  /// The system with its classes numbered in the order of the partition: the last one of a service counts differently.
  fileprivate var split: MeasuredSplit {
    let members = row.partition.split { $0 == " " || $0 == "\n" }.map { numbers($0, at: ":") }
    let place = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1[0], $0) })
    let calls = system.calls.split { $0 == " " || $0 == "\n" }.map { numbers($0, at: ">*") }
    let unknown = system.useCases
    var useCases = BitTable(rows: members.count, columns: system.useCases + 1)
    var listed: Set<Int> = []
    for user in system.users.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let parts = numbers(user, at: ":+")
      guard let row = place[parts[0]] else { continue }
      listed.insert(row)
      for useCase in parts.dropFirst() { useCases.insert(useCase, row: row) }
    }
    for row in members.indices where !listed.contains(row) { useCases.insert(unknown, row: row) }
    let system = MeasuredSystem(
      isClass: members.map { _ in true },
      calls: calls.compactMap { call in
        guard let from = place[call[0]], let to = place[call[1]] else { return nil }
        return MeasuredSystem.Call(from: from, to: to, volume: call[2])
      }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }, useCases: useCases, tables: [])
    return MeasuredSplit(system, serviceOf: members.map { $0[1] })
  }
}
