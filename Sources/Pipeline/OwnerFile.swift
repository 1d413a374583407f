/// Services of tables as a CSV file lists them: `table,service` with any other columns beside, or
/// `service,kind,member` as `cleave services --format csv` prints it.
struct OwnerFile {
  private(set) var tables: [(table: String, service: String)] = []

  init(path: String) throws(PipelineError) {
    let rows: [[String]]
    switch FileContent.read(path) {
    case .failure(let error): throw .ownersUnreadable(path: path, reason: error.reason)
    case .success(let bytes): rows = CSVText.rows(bytes).map(\.cells)
    }
    let header = rows.first ?? []
    func column(_ name: String) -> Int? { header.firstIndex(of: name) }
    guard let service = column("service") else {
      throw .ownersUnreadable(path: path, reason: "there is no column service")
    }
    if let table = column("table") {
      for row in rows.dropFirst() where row.count > max(table, service) { tables.append((row[table], row[service])) }
    } else if let kind = column("kind"), let member = column("member") {
      for row in rows.dropFirst() where row.count > max(kind, member, service) {
        if row[kind] == "table" { tables.append((row[member], row[service])) }
      }
    } else {
      throw .ownersUnreadable(path: path, reason: "there is no column table, nor kind and member")
    }
  }
}
