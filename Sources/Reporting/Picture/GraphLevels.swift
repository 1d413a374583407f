// What stands on each level of the graph.

extension ReportGraph {
  /// Services; seams and references between them.
  mutating func addServices(_ report: Report) {
    nodes = report.services.indices.map { index in
      Node(
        kind: .service, name: groups[index], note: groupNotes[index], group: index,
        tables: report.services[index].tables)
    }
    var position = Dictionary(groups.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    if position[Report.sharedName] == nil, report.seams.contains(where: { $0.from == Report.sharedName }) {
      position[Report.sharedName] = nodes.count
      nodes.append(sharedNode(report))
    }
    for seam in report.seams {
      guard let from = position[seam.from], let to = position[seam.to], from != to else { continue }
      edges.append(
        Edge(
          from: from, to: to, kind: seam.kind, subject: seam.table, weight: 1, place: seam.place, isSeam: true))
    }
    let code = report.code
    for index in 0..<code.references.count {
      let from = code.services[code.references.froms[index]]
      let to = code.services[code.references.tos[index]]
      guard from >= 0, to >= 0, from != to else { continue }
      edges.append(code.edge(reference: index, from: from, to: to))
    }
  }

  /// Shared code as one node, for what it does to the data of the services.
  private func sharedNode(_ report: Report) -> Node {
    Node(kind: .service, name: Report.sharedName, note: counted(report.shared.count, "unit"), group: nil)
  }

  /// Tables, the services and stored programs that touch them, keys and joins.
  mutating func addTables(_ report: Report) {
    let position = addTableNodes(report)
    let owner = { [nodes] (table: Int) in nodes[table].group }
    let isCut = { (left: Int, right: Int) in
      owner(left) != nil && owner(right) != nil && owner(left) != owner(right)
    }
    for (index, table) in report.tables.enumerated() {
      for key in table.foreignKeys {
        guard let target = position[key.target.lowercased()] else { continue }
        edges.append(
          Edge(
            from: index, to: target, kind: "foreign_key", subject: "", weight: 1, place: key.source,
            isSeam: isCut(index, target)))
      }
    }
    for join in report.joins {
      guard let left = position[join.left.lowercased()], let right = position[join.right.lowercased()] else { continue }
      edges.append(
        Edge(
          from: left, to: right, kind: "join", subject: "", weight: join.count, place: join.place,
          isSeam: isCut(left, right)))
    }
    addPrograms(report, position)
    let firstService = nodes.count
    nodes += groups.indices.map { Node(kind: .service, name: groups[$0], note: groupNotes[$0], group: $0) }
    let shared = nodes.count
    nodes.append(sharedNode(report))
    for access in report.accesses {
      guard access.unit >= 0, let table = position[access.table.lowercased()] else { continue }
      let service = report.code.services[access.unit]
      guard service != ReportCode.noService else { continue }
      edges.append(
        Edge(
          from: service == ReportCode.sharedService ? shared : firstService + service, to: table, kind: access.op,
          subject: "", weight: 1, place: access.place,
          isSeam: owner(table) != nil && owner(table) != service))
    }
  }

  private mutating func addPrograms(_ report: Report, _ position: [String: Int]) {
    for program in report.programs {
      let node = nodes.count
      nodes.append(
        Node(
          kind: .program, name: program.name, note: program.kind,
          group: position[program.table.lowercased()].flatMap { nodes[$0].group }))
      for (kind, tables) in [("read", program.reads), ("write", program.writes)] {
        for table in tables.compactMap({ position[$0.lowercased()] }) {
          edges.append(
            Edge(
              from: node, to: table, kind: kind, subject: "", weight: 1, place: program.source,
              isSeam: nodes[node].group != nil && nodes[table].group != nodes[node].group))
        }
      }
      if let watched = position[program.table.lowercased()] {
        edges.append(
          Edge(
            from: watched, to: node, kind: "trigger", subject: "", weight: 1, place: program.source, isSeam: false))
      }
    }
  }

  /// Appends the tables and returns their node by lower-case name.
  private mutating func addTableNodes(_ report: Report) -> [String: Int] {
    let service = Dictionary(groups.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let owner = Dictionary(
      report.owners.map { ($0.table.lowercased(), service[$0.service]) }, uniquingKeysWith: { first, _ in first })
    var position: [String: Int] = [:]
    for table in report.tables {
      let key = table.name.lowercased()
      position[key] = nodes.count
      nodes.append(
        Node(
          kind: .table, name: table.name, note: counted(table.columns.count, "column"), group: owner[key] ?? nil))
    }
    return position
  }

  /// Types and files, or functions, and the tables they touch. Lifted means: seen from the type or file.
  mutating func addUnits(_ report: Report, lifted: Bool) {
    let code = report.code
    let tables = addTableNodes(report)
    let kinds: [NodeKind] = code.kindNames.map { NodeKind(rawValue: $0) ?? .program }
    var nodeOf = [Int](repeating: -1, count: code.count)
    func node(_ unit: Int, _ graph: inout ReportGraph) -> Int {
      let shown = lifted ? code.homes[unit] : unit
      if nodeOf[shown] >= 0 { return nodeOf[shown] }
      nodeOf[shown] = graph.nodes.count
      let service = code.services[shown]
      graph.nodes.append(
        Node(
          kind: kinds[code.kinds[shown]], name: code.names[shown], note: code.place(of: shown).text,
          group: service >= 0 ? service : nil, isShared: service == ReportCode.sharedService))
      return nodeOf[shown]
    }
    for unit in 0..<code.count where code.homes[unit] == unit || !lifted { _ = node(unit, &self) }
    for index in 0..<code.references.count {
      let from = node(code.references.froms[index], &self)
      let to = node(code.references.tos[index], &self)
      if from != to { edges.append(code.edge(reference: index, from: from, to: to)) }
    }
    for access in report.accesses {
      guard access.unit >= 0, let table = tables[access.table.lowercased()] else { continue }
      let from = node(access.unit, &self)
      let isPlaced = nodes[from].group != nil || nodes[from].isShared
      let crosses = isPlaced && nodes[table].group != nil && nodes[from].group != nodes[table].group
      edges.append(
        Edge(
          from: from, to: table, kind: access.op, subject: "", weight: 1, place: access.place, isSeam: crosses))
    }
  }
}

extension ReportCode {
  /// A reference as an edge between two given nodes.
  fileprivate func edge(reference index: Int, from: Int, to: Int) -> ReportGraph.Edge {
    ReportGraph.Edge(
      from: from, to: to, kind: references.kindNames[references.kinds[index]], subject: "",
      weight: references.counts[index],
      place: ReportPlace(file: files[references.files[index]], line: references.lines[index]), isSeam: false)
  }
}
