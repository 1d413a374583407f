/// Asks `mariadb-dump` for the structure.
struct MariaDBDump {
  let address: SourceAddress
  let folder: String

  func take() throws(MachineError) -> SourceCopy {
    let path = "\(folder)/structure.sql"
    var place =
      address.socket.isEmpty ? ["--host=\(address.host)"] : ["--socket=\(address.socket)", "--protocol=socket"]
    if let port = address.port { place.append("--port=\(port)") }
    if address.isNetwork { place.append("--protocol=tcp") }
    if !address.user.isEmpty { place.append("--user=\(address.user)") }
    if let file = address.certificates["sslrootcert"] { place.append("--ssl-ca=\(file)") }
    switch address.protection {
    case .require: place.append("--ssl")
    case .verifyCA, .verifyFull: place += ["--ssl", "--ssl-verify-server-cert"]
    case .disable: place.append("--skip-ssl")
    case .allow, .prefer, nil: break
    }
    let dumped = try Programs.run(
      [try Programs.path("mariadb-dump", package: "mariadb-client"), "--no-defaults"] + place + [
        "--no-data", "--single-transaction", "--skip-lock-tables", "--skip-add-locks", "--skip-add-drop-table",
        "--routines", "--triggers", "--no-tablespaces", "--skip-dump-date", "--default-character-set=utf8mb4",
        "--force", "--result-file=\(path)", "--", address.database,
      ], scratch: folder, environment: address.childEnvironment, seconds: PostgresDump.limit)
    let text = Programs.text(path)
    let errors = address.withoutSecret(dumped.errors).split(separator: "\n").map(String.init)
    // With --force it goes on behind what the login may not see; only the last line tells that it came to the end.
    guard text.contains("\n-- Dump completed") else {
      throw MachineError(
        description:
          "mariadb-dump of \(address.text): \(errors.first.map { String($0.prefix(300)) } ?? "no reason given")")
    }
    let known = ForeignWords.known(to: ForeignWords.withoutDefiners(text))
    try TextFile.write(known.text, to: path)
    var copy = SourceCopy(form: .script(path: path), text: known.text, method: .mariadbDump)
    copy.notes = known.notes + errors.prefix(5).map { "not read: \($0.prefix(200))" }
    return copy
  }
}
