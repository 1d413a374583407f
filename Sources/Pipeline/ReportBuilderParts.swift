import Basics
import Decomposition
import Facts
import Reporting

// One part of the analysis to one part of the report.
extension ReportBuilder {
  static func place(_ span: SourceSpan) -> ReportPlace { ReportPlace(file: span.file.text, line: span.line) }

  static func table(_ table: Table) -> ReportTable {
    ReportTable(
      name: table.name.text,
      columns: table.columns.map { ReportColumn(name: $0.name, type: $0.type, nullable: $0.isNullable) },
      primaryKey: table.primaryKey,
      foreignKeys: table.foreignKeys.map { key in
        ReportForeignKey(
          columns: key.columns, target: key.target.text, targetColumns: key.targetColumns,
          onDelete: key.onDelete.rawValue, source: place(key.span))
      },
      source: place(table.source))
  }

  static func program(_ program: StoredProgram) -> ReportProgram {
    var row = ReportProgram()
    row.kind = program.kind.rawValue
    row.name = program.name
    row.table = program.table?.text ?? ""
    row.reads = tables(program.accesses) { $0 == .read }
    row.writes = tables(program.accesses) { $0 != .read }
    row.source = place(program.source)
    return row
  }

  private static func tables(_ accesses: [StatementAccess], _ matches: (AccessOperation) -> Bool) -> [String] {
    Set(accesses.filter { matches($0.operation) }.map(\.table)).sorted().map(\.text)
  }

  static func diagnostic(_ diagnostic: Diagnostic) -> ReportDiagnostic {
    var row = ReportDiagnostic()
    row.code = diagnostic.code
    row.severity = diagnostic.severity.rawValue
    row.file = diagnostic.span.file.text
    row.line = diagnostic.span.line
    row.message = diagnostic.message
    row.nextStep = diagnostic.nextStep
    return row
  }

  static func coverage(_ coverage: Coverage) -> ReportCoverage {
    var row = ReportCoverage()
    row.files = coverage.files
    row.generatedFiles = coverage.generatedFiles
    row.unreadableFiles = coverage.unreadableFiles
    row.lines = coverage.lines
    row.understoodLines = coverage.understoodLines
    row.lostLines = coverage.lostLines
    row.statements = coverage.statements
    row.resolvedStatements = coverage.resolvedStatements
    row.schemaStatements = coverage.schemaStatements
    row.understoodSchemaStatements = coverage.understoodSchemaStatements
    row.unread = coverage.unread.map { ReportUnread(kind: $0.kind.rawValue, name: $0.name, files: $0.files) }
    return row
  }

  static func owner(_ owner: TableOwner) -> ReportOwner {
    var row = ReportOwner()
    row.table = owner.table.text
    row.service = owner.service.isEmpty ? Report.sharedName : owner.service
    row.margin = owner.margin
    row.runnerUp = owner.runnerUp
    row.ownership = owner.ownership.rawValue
    row.resolution = owner.resolution.rawValue
    row.writers = owner.writers.map(use)
    row.readers = owner.readers.map(use)
    row.reason = owner.reason
    row.columns = owner.proof.columns.map(column)
    row.flip = flip(owner.proof.flip)
    row.hiddenWriters = owner.proof.hiddenWriters.map(hiddenWriter)
    row.joint = joint(owner.proof.joint)
    return row
  }

  private static func use(_ use: TableUse) -> ReportUse {
    ReportUse(
      service: use.service, columns: use.columns, count: use.evidence.count, places: use.evidence.sorted().map(place))
  }

  static func seams(_ seams: [Seam]) -> [ReportSeam] {
    let rows = seams.map { seam in
      var row = ReportSeam()
      row.kind = seam.kind.rawValue
      row.from = seam.from
      row.to = seam.to
      row.table = seam.table.text
      row.otherTable = seam.otherTable?.text ?? ""
      row.columns = seam.columns
      row.file = seam.span.file.text
      row.line = seam.span.line
      row.rule = seam.rule
      row.recommendation = seam.recommendation
      row.statement = seam.statement
      row.costs = seam.costs.map { ReportCost(name: $0.figure.rawValue, value: $0.value.map(String.init) ?? "unknown") }
      return row
    }
    let key = { (row: ReportSeam) in [row.kind, row.from, row.to, row.table, row.file] }
    return rows.enumerated().sorted { left, right in
      let (leftKey, rightKey) = (key(left.element), key(right.element))
      if leftKey != rightKey { return leftKey.lexicographicallyPrecedes(rightKey) }
      return (left.element.line, left.element.otherTable, left.offset)
        < (right.element.line, right.element.otherTable, right.offset)
    }.map(\.element)
  }

  static func constraint(_ constraint: AppliedConstraint, _ units: UnitColumns) -> ReportConstraint {
    var row = ReportConstraint()
    row.section = constraint.entry.section.rawValue
    row.text = constraint.entry.text
    row.because = constraint.entry.because
    row.isObeyed = constraint.isObeyed
    row.isPriced = constraint.isPriced
    row.place = place(constraint.entry.span)
    row.price = constraint.price.map { ReportMetric(name: $0.name, value: $0.value) }
    row.tables = constraint.tables.map(\.text)
    let names = constraint.units.filter(units.code.names.indices.contains).map { units.code.names[$0] }
    row.units = Array(Set(names)).sorted()
    return row
  }

  static func comparison(_ difference: ProposalDifference, source: String) -> ReportComparison {
    var row = ReportComparison()
    row.source = source
    row.tables = difference.tables.map { ReportMove(name: $0.name, from: $0.from, to: $0.to) }
    row.figures = difference.figures.map { ReportFigure(name: $0.name, before: $0.before, after: $0.after) }
    return row
  }
}
