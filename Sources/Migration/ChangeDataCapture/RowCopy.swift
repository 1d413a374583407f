/// Copies the rows that were there before a stream into the stages, as changes of version 0, for tools that do not.
struct RowCopy {
  let site: CaptureSite

  private var text: SQLText { site.text }
  private var context: GroupContext { site.context }
  private var targetText: SQLText { context.targetText }

  /// Tables to copy; the fence has none worth it.
  private var tables: [PlannedTable] { (context.own + context.replicas) }

  /// The files and what to do with them.
  func add(to draft: inout StepDraft) {
    draft.add("position.source.sql", BinlogPosition(site: site).record())
    guard targetText.engine != .oracle else {
      draft.act(
        .manual("copy the rows of every table into its stage with cleave_version 0, after position.source.sql was run"))
      return
    }
    for table in tables { draft.add("copy-\(context.stem(table)).source.sql", statements(for: table)) }
    let script = draft.add("backfill.sh", shell())
    draft.act(.manual("once the stream has started, run sh \(script): it copies the rows that were there before"))
  }

  /// A query that prints one INSERT into the stage per row, in the dialect of the service's database.
  func statements(for table: PlannedTable) -> String {
    let channel = ApplyChannel.forward(table, isCopy: !context.own.contains(table), context: context)
    let columns = table.columnNames
    let into =
      "INSERT INTO \(targetText.table(channel.stage)) (\(targetText.columns(columns + ["cleave_version"]))) VALUES ("
    let parts = columns.map { value($0, table.on(.source).kind(of: $0)) }.joined(separator: ", ', ',\n    ")
    return """
      SET NAMES utf8mb4;
      SET time_zone = '+00:00';
      SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
      SELECT concat(\(text.literal(into)),
          \(parts), ', 0);')
      FROM \(text.table(table.source));
      """
  }

  /// An expression that prints a column's value as a literal of the service's database.
  private func value(_ column: String, _ kind: ValueKind) -> String {
    let name = text.name(column)
    let printed: String
    switch kind {
    case .binary, .bits, .other: printed = bytes("hex(\(name))", kind)
    case .integer, .decimal, .money: printed = "cast(\(name) AS char)"
    case .boolean: printed = quoted("cast(\(name) AS char)")
    // Printed as a double the shortest text reads back as the same number.
    case .float: printed = "cast(\(name) + 0e0 AS char)"
    case .text, .padded, .plain, .json, .uuid, .date, .time, .timestamp, .timestampZone:
      printed = quoted("cast(\(name) AS char CHARACTER SET utf8mb4)")
    }
    return "ifnull(\(printed), 'NULL')"
  }

  private func quoted(_ expression: String) -> String {
    switch targetText.engine {
    case .mysql, .mariadb: "quote(\(expression))"
    case .postgres, .oracle: "concat('''', replace(\(expression), '''', ''''''), '''')"
    case .sqlserver: "concat('N''', replace(\(expression), '''', ''''''), '''')"
    }
  }

  private func bytes(_ hex: String, _ kind: ValueKind) -> String {
    switch targetText.engine {
    case .mysql, .mariadb: "concat('x''', \(hex), '''')"
    case .postgres, .oracle: "concat('''\\\\x', \(hex), '''')"
    case .sqlserver: "concat('0x', \(hex))"
    }
  }

  private func shell() -> String {
    let source = text.engine == .mariadb ? "mariadb" : "mysql"
    let target =
      switch targetText.engine {
      case .mysql, .mariadb:
        "\(targetText.engine == .mariadb ? "mariadb" : "mysql") --defaults-extra-file=\"$TARGET_CNF\" --default-character-set=utf8mb4 --max-allowed-packet=1G"
      case .postgres, .oracle: "psql \"$TARGET_URL\" -X -q -v ON_ERROR_STOP=1"
      case .sqlserver: "sqlcmd -b -I -f 65001 -S \"$TARGET_SERVER\" -d \"$TARGET_DATABASE\""
      }
    let head =
      switch targetText.engine {
      case .mysql, .mariadb:
        "SET autocommit = 0; SET NAMES utf8mb4; SET time_zone = '+00:00'; SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';"
      case .postgres, .oracle: "BEGIN; SET TIME ZONE 'UTC';"
      case .sqlserver: "SET XACT_ABORT ON; BEGIN TRANSACTION;"
      }
    let copies = tables.map { "copy \(ShellText.word("copy-\(context.stem($0)).source.sql"))" }
    return """
      #!/bin/sh
      # Copies rows into the stages as changes of version 0: a change from the stream is newer than any of them.
      # Run where this file is, after the stream has started; running it again changes nothing. One table: sh backfill.sh FILE
      set -eu
      cd "$(dirname "$0")"
      copy() {
        rows=$(mktemp)
        trap 'rm -f "$rows"' EXIT
        printf '%s\\n' "\(head)" > "$rows"
        \(source) --defaults-extra-file="$SOURCE_CNF" --quick --raw --batch --skip-column-names < "$1" >> "$rows"
        printf '%s\\n' "\(targetText.engine == .sqlserver ? "COMMIT TRANSACTION;" : "COMMIT;")" >> "$rows"
        \(target) < "$rows"
        rm -f "$rows"
      }
      if [ $# -gt 0 ]; then for file in "$@"; do copy "$file"; done; exit; fi
      \(copies.joined(separator: "\n"))
      """
  }
}
