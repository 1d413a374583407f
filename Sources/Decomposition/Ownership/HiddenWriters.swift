import Basics
import Facts
import Graph

/// What writes tables unseen: triggers, routines, cascading foreign keys, and jobs nobody asks for.
struct HiddenWriters {
  private let assignment: Assignment
  private(set) var ofTable: [TableName: [HiddenWriter]] = [:]

  /// Calls followed from a job to what it writes; deeper chains hold little evidence (the same as for entries).
  private static let depth = 4

  /// Linear in references and accesses, times the number of jobs.
  init(_ assignment: Assignment) {
    self.assignment = assignment
    addPrograms()
    addCascades()
    addJobs()
    ofTable = ofTable.mapValues { writers in
      Set(writers).sorted { left, right in
        if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
        if left.name != right.name { return left.name < right.name }
        if left.span != right.span { return left.span < right.span }
        return (left.service, left.effect, left.columns.joined(separator: ","))
          < (right.service, right.effect, right.columns.joined(separator: ","))
      }
    }
  }

  private mutating func addPrograms() {
    for program in assignment.system.catalog.programs {
      let home = program.home.flatMap(assignment.owner(of:)) ?? ""
      for access in program.accesses where access.operation == .write {
        let isTrigger = program.kind == .trigger
        ofTable[access.table, default: []].append(
          HiddenWriter(
            kind: isTrigger ? .trigger : .routine, name: program.name, service: home, columns: access.columns.sorted(),
            span: program.source, effect: program.table.map { "runs when \($0) changes" } ?? "runs when it is called"))
      }
    }
  }

  private mutating func addCascades() {
    for table in assignment.system.catalog.tables {
      for key in table.foreignKeys {
        let effect: String
        switch key.onDelete {
        case .noAction, .restrict: continue
        case .cascade: effect = "deleting a row of \(key.target) deletes its rows here"
        case .setNull:
          effect = "deleting a row of \(key.target) sets \(key.columns.joined(separator: ", ")) to null here"
        case .setDefault:
          effect = "deleting a row of \(key.target) sets \(key.columns.joined(separator: ", ")) to its default here"
        }
        ofTable[table.name, default: []].append(
          HiddenWriter(
            kind: .cascade, name: key.target.text, service: assignment.owner(of: key.target) ?? "",
            columns: key.onDelete == .cascade ? ["*"] : key.columns.sorted(), span: key.span, effect: effect))
      }
    }
  }

  private mutating func addJobs() {
    let system = assignment.system
    let jobs = system.entryPoints.filter { $0.kind == .job && assignment.isCode($0.unit) }
    guard !jobs.isEmpty else { return }
    var calls: [Int: [Int]] = [:]
    for reference in system.references where reference.kind == .call {
      calls[reference.from, default: []].append(reference.to)
    }
    var writes: [Int: [Access]] = [:]
    for access in system.accesses where access.operation == .write && assignment.isCode(access.unit) {
      writes[access.unit, default: []].append(access)
    }
    for job in jobs {
      let accesses = reached(from: job.unit, calls).flatMap { writes[$0] ?? [] }
      for (table, places) in Dictionary(grouping: accesses, by: \.table) {
        guard let first = places.map(\.span).min() else { continue }
        ofTable[table, default: []].append(
          HiddenWriter(
            kind: .job, name: system.units[job.unit].name, service: assignment.service(ofUnit: job.unit),
            columns: Set(places.flatMap(\.columns)).sorted(), span: first,
            effect: job.trigger.isEmpty ? "runs by itself" : "runs by itself: \(job.trigger)"))
      }
    }
  }

  private func reached(from start: Int, _ calls: [Int: [Int]]) -> Set<Int> {
    var seen: Set<Int> = [start]
    var round = [start]
    for _ in 0..<Self.depth where !round.isEmpty {
      round = round.flatMap { calls[$0] ?? [] }.filter { seen.insert($0).inserted }
    }
    return seen
  }
}

extension StoredProgram {
  /// The table a program acts for: the one a trigger watches; of a routine the first it writes, else reads.
  var home: TableName? { table ?? accesses.first { $0.operation == .write }?.table ?? accesses.first?.table }
}
