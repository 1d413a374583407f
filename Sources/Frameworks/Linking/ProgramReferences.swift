import Basics
import Facts
import SQL

/// Who calls programs stored in the database: statements of code, and the programs themselves.
struct ProgramReferences {
  private let catalog: Catalog
  private let index: UnitIndex
  private let files: [FileFacts]
  private let first: Int
  /// Places of routines in the catalog by the last part of their names.
  private var routines: [String: [Int]] = [:]

  private struct Edge: Hashable {
    let from: Int
    let to: Int
  }

  init(catalog: Catalog, index: UnitIndex, files: [FileFacts]) {
    self.catalog = catalog
    self.index = index
    self.files = files
    first = index.firstProgram(count: catalog.programs.count)
    for (place, program) in catalog.programs.enumerated() where program.kind == .routine {
      routines[TableName(program.name).baseKey, default: []].append(place)
    }
  }

  /// One reference from each unit to each program it calls.
  func references(hits: [StatementHit]) -> [Reference] {
    guard !routines.isEmpty else { return [] }
    var found: [Edge: Reference] = [:]
    func add(_ from: Int, _ to: Int, _ span: SourceSpan) {
      guard from != to else { return }
      let edge = Edge(from: from, to: to)
      found[edge, default: Reference(from: from, to: to, kind: .call, span: span, count: 0)].count += 1
      if let known = found[edge], span < known.span { found[edge]?.span = span }
    }
    for hit in hits {
      guard let unit = index.unit(of: hit.function, at: hit.line) else { continue }
      let span = SourceSpan(file: files[hit.file ?? hit.function.file].file, line: hit.line)
      for name in hit.statement.calls { if let place = routine(named: name) { add(unit, first + place, span) } }
    }
    for (place, program) in catalog.programs.enumerated() {
      for name in program.calls {
        if let called = routine(named: name) { add(first + place, first + called, program.source) }
      }
    }
    return Array(found.values)
  }

  /// The routine of that name: the same one, else the only one whose last part is the same.
  private func routine(named name: String) -> Int? {
    let key = TableName(name)
    let candidates = routines[key.baseKey] ?? []
    if let exact = candidates.first(where: { catalog.programs[$0].name.lowercased() == key.key }) { return exact }
    guard candidates.count == 1, let only = candidates.first else { return nil }
    let areBothQualified =
      name.utf8.contains(UInt8(ascii: ".")) && catalog.programs[only].name.utf8.contains(UInt8(ascii: "."))
    return areBothQualified ? nil : only
  }
}
