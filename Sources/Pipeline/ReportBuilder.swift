import Basics
package import Decomposition
package import Facts
package import Graph
package import Reporting

/// Puts facts, graph and proposal into the shape that is saved and rendered.
package enum ReportBuilder {
  /// The report of a system. Linear but for sorting.
  package static func report(
    system: SystemFacts, graph: DependencyGraph, proposal: Proposal, digest: String, name: String
  ) -> Report {
    var report = Report()
    report.name = name
    report.digest = digest
    report.engine = system.catalog.engine.rawValue
    report.tables = system.catalog.tables.map(table)
    report.programs = system.catalog.programs.map(program)
    let units = UnitColumns(system: system, graph: graph, proposal: proposal)
    report.code = units.code
    report.evidence = units.evidence(system: system, graph: graph)
    report.accesses = accesses(system)
    report.joins = joins(system)
    report.unresolved = unresolved(system)
    report.diagnostics = (system.diagnostics + proposal.diagnostics).sorted().map(diagnostic)
    report.constraints = proposal.constraints.map { constraint($0, units) }
    report.coverage = coverage(system.coverage)
    report.coverage.testAccesses = report.accesses.count { system.isTest($0.unit) }
    report.services = proposal.services.map { service(units, $0) }
    report.shared = Array(Set(proposal.shared.filter(system.units.indices.contains).map { units.code.names[$0] }))
      .sorted()
    report.owners = proposal.owners.map(owner)
    report.seams = seams(proposal.seams)
    report.metrics = proposal.metrics.map { ReportMetric(name: $0.name, value: $0.value) }
    report.divisions = proposal.divisions.map(division)
    return report
  }

  private static func division(_ division: DivisionFigures) -> ReportDivision {
    var row = ReportDivision()
    row.name = division.name
    row.groups = division.groups
    row.largest = division.largest
    row.coverage = division.coverage
    row.modularity = division.modularity
    row.significance = division.significance
    row.crossJoins = division.crossJoins
    row.crossForeignKeys = division.crossForeignKeys
    row.crossTransactions = division.crossTransactions
    row.isTaken = division.isTaken
    return row
  }

  private static func service(_ units: UnitColumns, _ boundary: ServiceBoundary) -> ReportService {
    let names = boundary.units.filter(units.code.names.indices.contains).map { units.code.names[$0] }
    return ReportService(
      name: boundary.name, tables: boundary.tables.map(\.text), units: Array(Set(names)).sorted(),
      cohesion: boundary.cohesion)
  }

  /// One row a distinct place: a table touched twice in one line of a function is one access with all its columns.
  private static func accesses(_ system: SystemFacts) -> [ReportAccess] {
    let rows = system.accesses.filter { system.units.indices.contains($0.unit) }.map { access in
      ReportAccess(
        file: access.span.file.text, function: system.units[access.unit].name, table: access.table.text,
        op: access.operation.rawValue, line: access.span.line, confidence: access.confidence.rawValue,
        via: access.via, columns: access.columns, unit: access.unit)
    }
    let rank = Dictionary(
      Confidence.allCases.sorted().enumerated().map { ($1.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
    let sorted = rows.sorted { left, right in
      if left.file != right.file { return left.file < right.file }
      if left.function != right.function { return left.function < right.function }
      if left.table != right.table { return left.table < right.table }
      if left.op != right.op { return left.op < right.op }
      if left.line != right.line { return left.line < right.line }
      if left.confidence != right.confidence { return rank[left.confidence] ?? 0 < rank[right.confidence] ?? 0 }
      return left.via == right.via ? left.unit < right.unit : left.via < right.via
    }
    var merged: [ReportAccess] = []
    for row in sorted {
      if let last = merged.last, last.place == row.place, last.function == row.function, last.table == row.table,
        last.op == row.op
      {
        merged[merged.count - 1].columns = Array(Set(last.columns + row.columns)).sorted()
      } else {
        merged.append(row)
      }
    }
    return merged
  }

  private static func joins(_ system: SystemFacts) -> [ReportJoin] {
    Dictionary(grouping: system.joins, by: { [$0.join.left, $0.join.right] })
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { tables, facts in
        ReportJoin(
          left: tables[0].text, right: tables[1].text, count: facts.count,
          place: facts.map { place($0.span) }.min() ?? ReportPlace())
      }
  }

  private static func unresolved(_ system: SystemFacts) -> [ReportUnresolved] {
    system.unresolved.map { statement in
      var row = ReportUnresolved()
      row.file = statement.span.file.text
      row.line = statement.span.line
      row.function = system.units.indices.contains(statement.unit) ? system.units[statement.unit].name : ""
      row.text = statement.text
      row.reason = statement.reason
      return row
    }
  }
}
