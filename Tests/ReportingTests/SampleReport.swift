import Reporting

/// A small system told by hand: two services, one shared file, a joint table, one seam of each common kind.
func sampleReport() -> Report {
  var report = Report()
  report.name = "shop"
  report.digest = "d1"
  report.engine = "mysql"
  report.tables = [
    ReportTable(
      name: "invoice",
      columns: [
        ReportColumn(name: "id", type: "int(11)", nullable: false),
        ReportColumn(name: "order_id", type: "int(11)", nullable: false),
        ReportColumn(name: "note", type: "decimal(10,2)", nullable: true),
      ], primaryKey: ["id"],
      foreignKeys: [
        ReportForeignKey(
          columns: ["order_id"], target: "orders", targetColumns: ["id"], source: ReportPlace(file: "db.sql", line: 9))
      ], source: ReportPlace(file: "db.sql", line: 5)),
    ReportTable(
      name: "orders", columns: [ReportColumn(name: "id", type: "int(11)", nullable: false)], primaryKey: ["id"],
      foreignKeys: [], source: ReportPlace(file: "db.sql", line: 1)),
  ]
  addCode(to: &report)
  addAccesses(to: &report)
  addProposal(to: &report)
  report.coverage.files = 3
  report.coverage.lines = 300
  report.coverage.understoodLines = 198
  report.coverage.lostLines = 2
  report.coverage.statements = 4
  report.coverage.resolvedStatements = 3
  return report
}

private func addCode(to report: inout Report) {
  report.code.kindNames = ["file", "function", "storedProgram", "type"]
  report.code.files = ["billing/bill.cpp", "sales/sale.cpp", "util/log.cpp"]
  //              name, kind, file, line, home, service
  let units: [(String, Int, Int, Int, Int, Int)] = [
    ("Bill", 3, 0, 3, 0, 0), ("Bill::pay", 1, 0, 10, 0, 0), ("Sale", 3, 1, 3, 2, 1), ("Sale::place", 1, 1, 12, 2, 1),
    ("util/log.cpp", 0, 2, 0, 4, ReportCode.sharedService), ("log", 1, 2, 4, 4, ReportCode.sharedService),
  ]
  for unit in units {
    report.code.names.append(unit.0)
    report.code.kinds.append(unit.1)
    report.code.fileOf.append(unit.2)
    report.code.lines.append(unit.3)
    report.code.homes.append(unit.4)
    report.code.services.append(unit.5)
  }
  report.code.references.kindNames = ["call", "inherit"]
  //                   from, to, count, file, line
  let references = [(1, 5, 2, 0, 14), (3, 1, 3, 1, 20), (3, 5, 1, 1, 21)]
  for reference in references {
    report.code.references.froms.append(reference.0)
    report.code.references.tos.append(reference.1)
    report.code.references.kinds.append(0)
    report.code.references.counts.append(reference.2)
    report.code.references.files.append(reference.3)
    report.code.references.lines.append(reference.4)
  }
  report.evidence.kindNames = ["call", "write"]
  //                 from, to, kind, weight, file, line; tables follow the six units
  let evidence: [(Int, Int, Int, Double, Int, Int)] = [
    (0, 6, 1, 6, 0, 11), (2, 6, 1, 2.5, 1, 14), (2, 7, 1, 6, 1, 13), (2, 0, 0, 1, 1, 20),
  ]
  for piece in evidence {
    report.evidence.froms.append(piece.0)
    report.evidence.tos.append(piece.1)
    report.evidence.kinds.append(piece.2)
    report.evidence.weights.append(piece.3)
    report.evidence.files.append(piece.4)
    report.evidence.lines.append(piece.5)
  }
  var group = ReportGroup()
  group.kind = "name family"
  group.name = "bill"
  group.members = [0, 6]
  group.pulls = [0.5, 0.5]
  report.evidence.groups = [group]
}

private func addAccesses(to report: inout Report) {
  report.accesses = [
    ReportAccess(
      file: "billing/bill.cpp", function: "Bill::pay", table: "invoice", op: "write", line: 11, confidence: "exact",
      via: "literal", columns: ["id", "note"], unit: 1),
    ReportAccess(
      file: "sales/sale.cpp", function: "Sale::place", table: "invoice", op: "write", line: 14,
      confidence: "inferred", via: "format", columns: [], unit: 3),
    ReportAccess(
      file: "sales/sale.cpp", function: "Sale::place", table: "orders", op: "write", line: 13, confidence: "exact",
      via: "literal", columns: ["id"], unit: 3),
  ]
  report.joins = [
    ReportJoin(left: "invoice", right: "orders", count: 2, place: ReportPlace(file: "billing/bill.cpp", line: 30))
  ]
  var statement = ReportUnresolved()
  statement.file = "billing/bill.cpp"
  statement.line = 40
  statement.function = "Bill::pay"
  statement.text = "SELECT * FROM …"
  statement.reason = "the table name is read at run time"
  report.unresolved = [statement]
}

private func addProposal(to report: inout Report) {
  report.services = [
    ReportService(name: "billing", tables: ["invoice"], units: ["Bill"], cohesion: 0.75),
    ReportService(name: "sales", tables: ["orders"], units: ["Sale"], cohesion: 0.5),
  ]
  report.shared = ["util/log.cpp"]
  func use(_ service: String, _ columns: [String], _ file: String, _ line: Int) -> ReportUse {
    ReportUse(service: service, columns: columns, count: 1, places: [ReportPlace(file: file, line: line)])
  }
  var invoice = ReportOwner()
  invoice.table = "invoice"
  invoice.service = "billing"
  invoice.margin = 0.411_764_7
  invoice.runnerUp = "sales"
  invoice.ownership = "joint"
  invoice.resolution = "delegate"
  invoice.writers = [use("billing", ["id", "note"], "billing/bill.cpp", 11), use("sales", [], "sales/sale.cpp", 14)]
  invoice.reason = "written in 1 place by billing"
  var note = ReportColumnProof()
  note.name = "note"
  note.writers = [ReportColumnUse(service: "billing", count: 1)]
  invoice.columns = [note]
  invoice.flip.basis = "writes"
  invoice.flip.placesToMove = 1
  invoice.flip.text = "1 of 1 write place of billing would have to move to sales"
  var cascade = ReportHiddenWriter()
  cascade.kind = "cascade"
  cascade.name = "orders"
  cascade.service = "sales"
  cascade.columns = ["*"]
  cascade.effect = "deleting a row of orders deletes its rows here"
  cascade.place = ReportPlace(file: "db.sql", line: 9)
  invoice.hiddenWriters = [cascade]
  var delegate = ReportDelegate()
  delegate.service = "sales"
  delegate.count = 1
  delegate.places = [ReportPlace(file: "sales/sale.cpp", line: 14)]
  invoice.joint.delegates = [delegate]
  invoice.joint.shares = [ReportShare(service: "billing", share: 0.75), ReportShare(service: "sales", share: 0.25)]
  invoice.joint.threshold = 0.6
  var orders = ReportOwner()
  orders.table = "orders"
  orders.service = "sales"
  orders.margin = 1
  orders.ownership = "single"
  orders.writers = [use("sales", ["id"], "sales/sale.cpp", 13)]
  orders.columns = [note]
  report.owners = [invoice, orders]
  report.seams = [
    seam("foreign_key", "billing", "sales", "orders", "invoice", "db.sql", 9, "R1", "move the key to code"),
    seam("write", "sales", "billing", "invoice", "", "sales/sale.cpp", 14, "R4", "let billing write, \"by\" an event"),
  ]
  report.metrics = [ReportMetric(name: "modularity", value: 0.25)]
}

private func seam(
  _ kind: String, _ from: String, _ to: String, _ table: String, _ other: String, _ file: String, _ line: Int,
  _ rule: String, _ recommendation: String
) -> ReportSeam {
  var seam = ReportSeam()
  seam.kind = kind
  seam.from = from
  seam.to = to
  seam.table = table
  seam.otherTable = other
  seam.file = file
  seam.line = line
  seam.rule = rule
  seam.recommendation = recommendation
  seam.statement = "SELECT ?"
  seam.costs = [ReportCost(name: "calls_after", value: "1"), ReportCost(name: "staleness_seconds", value: "unknown")]
  return seam
}

/// Names that break careless output.
let nastyNames = [
  "plain", "with space", "quote\"inside", "back\\slash", "trailing\\", "new\nline", "carriage\rreturn", "tab\there",
  "comma,comma", "semi;colon", "<tag>", "a&b", "]]>", "--", "{brace}", "[bracket]", "(paren)", "%% comment", "#35;",
  "`tick`", "null\u{0}byte", "bell\u{7}", "esc\u{1B}[31m", "ünïcødé", "日本語", "🙂", "\u{FFFE}", "\u{2028}", "", " ",
  "end",
  "subgraph", "digraph \"x\" {", "operator()", "a::b<c, d>::~e", "'single'", "|pipe|", "\\N \\G \\l", "=1+1",
]
