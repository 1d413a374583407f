/// A view as rows of cells: what CSV and the text tables share.
struct ViewRows {
  /// Column names, the public spelling.
  var header: [String]
  /// Rows in the order of the report, which is sorted.
  var rows: [[String]]
  /// Columns that hold numbers, set flush right for people.
  var numeric: Set<String> = []

  /// The rows of a view; nil for views that are not tables.
  init?(_ report: Report, view: ReportView, level: GraphLevel) {
    switch view {
    case .summary: return nil
    case .tables: self = .tables(report)
    case .columns: self = .columns(report)
    case .accesses: self = .accesses(report)
    case .services: self = .services(report)
    case .alternatives: self = .alternatives(report)
    case .owners: self = .owners(report)
    case .seams: self = .seams(report)
    case .graph: self = .graph(report, level)
    }
  }

  /// Rows under a header of names divided by commas.
  init(_ header: String, numeric: Set<String> = [], rows: [[String]]) {
    self.header = header.split(separator: ",").map(String.init)
    self.numeric = numeric
    self.rows = rows
  }

  /// The rows with one more column, for people: the columns of machine-readable forms are fixed.
  func adding(_ name: String, before other: String, _ cells: [String]) -> ViewRows {
    guard let place = header.firstIndex(of: other), cells.count == rows.count else { return self }
    var copy = self
    copy.header.insert(name, at: place)
    for (number, cell) in cells.enumerated() { copy.rows[number].insert(cell, at: place) }
    return copy
  }

  private static func tables(_ report: Report) -> ViewRows {
    ViewRows(
      "table,columns,primary_key,foreign_keys,source", numeric: ["columns"],
      rows: report.tables.map { table in
        [
          table.name, String(table.columns.count), table.primaryKey.joined(separator: "+"),
          table.foreignKeys.map(\.text).joined(separator: " ; "), table.source.text,
        ]
      })
  }

  private static func columns(_ report: Report) -> ViewRows {
    ViewRows(
      "table,ordinal,column,type,nullable", numeric: ["ordinal"],
      rows: report.tables.flatMap { table in
        table.columns.enumerated().map { index, column in
          [table.name, String(index + 1), column.name, column.type, column.nullable ? "YES" : "NO"]
        }
      })
  }

  private static func accesses(_ report: Report) -> ViewRows {
    ViewRows(
      "file,function,table,op,line,confidence,via,columns", numeric: ["line"],
      rows: report.accesses.map { access in
        [
          access.file, access.function, access.table, access.op, String(access.line), access.confidence, access.via,
          access.columns.joined(separator: "+"),
        ]
      })
  }

  private static func services(_ report: Report) -> ViewRows {
    let members = report.services.flatMap { service in
      service.tables.map { [service.name, "table", $0] } + service.units.map { [service.name, "unit", $0] }
    }
    let shared = report.shared.map { [Report.sharedName, "shared", $0] }
    return ViewRows("service,kind,member", rows: (members + shared).sorted { $0.lexicographicallyPrecedes($1) })
  }

  private static func alternatives(_ report: Report) -> ViewRows {
    let header =
      "division,services,largest,kept,assortativity,significance,cross_joins,cross_foreign_keys,cross_transactions,recommended"
    return ViewRows(
      header, numeric: Set(header.split(separator: ",").dropFirst().dropLast().map(String.init)),
      rows: report.divisions.map { division in
        [
          division.name, String(division.groups), String(division.largest), division.coverage.rounded(to: 3),
          division.assortativity.rounded(to: 3),
          division.significance.rounded(to: 1), String(division.crossJoins), String(division.crossForeignKeys),
          String(division.crossTransactions), division.isTaken ? "yes" : "",
        ]
      })
  }

  private static func owners(_ report: Report) -> ViewRows {
    ViewRows(
      "table,service,margin,runner_up,ownership,resolution,writers,readers", numeric: ["margin"],
      rows: report.owners.map { owner in
        [
          owner.table, owner.service, owner.margin.rounded(to: 4), owner.runnerUp, owner.ownership, owner.resolution,
          owner.writers.map(\.text).joined(separator: " ; "), owner.readers.map(\.text).joined(separator: " ; "),
        ]
      })
  }

  private static func seams(_ report: Report) -> ViewRows {
    ViewRows(
      "kind,from,to,table,file,line,rule,recommendation", numeric: ["line"],
      rows: report.seams.map { seam in
        [seam.kind, seam.from, seam.to, seam.table, seam.file, String(seam.line), seam.rule, seam.recommendation]
      })
  }

  private static func graph(_ report: Report, _ level: GraphLevel) -> ViewRows {
    let graph = ReportGraph(report, level: level)
    var rows: [[String]] = []
    var index = 0
    while index < graph.edges.count {
      let first = graph.edges[index]
      var weight = 0
      // Edges of several subjects are one row: the header has no place for the subject.
      var place = first.place
      while index < graph.edges.count, graph.edges[index].from == first.from, graph.edges[index].to == first.to,
        graph.edges[index].kind == first.kind
      {
        weight += graph.edges[index].weight
        place = min(place, graph.edges[index].place)
        index += 1
      }
      rows.append([
        graph.nodes[first.from].name, graph.nodes[first.to].name, first.kind, String(weight), place.text,
      ])
    }
    rows.sort { $0.lexicographicallyPrecedes($1) }
    return ViewRows("from,to,kind,weight,evidence", numeric: ["weight"], rows: rows)
  }
}

extension Double {
  /// The number with at most that many digits after the point, without trailing zeros: `0.25`, `1`, `0`.
  package func rounded(to digits: Int) -> String {
    guard isFinite, magnitude < 1e15 else { return "0" }
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = Int((self * scale).rounded(.toNearestOrAwayFromZero))
    let sign = scaled < 0 ? "-" : ""
    let whole = scaled.magnitude / UInt(scale)
    var fraction = String(scaled.magnitude % UInt(scale))
    fraction = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }
}
