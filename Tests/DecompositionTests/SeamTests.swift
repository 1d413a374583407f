import Basics
import Decomposition
import Facts
import Testing

@Suite struct SeamTests {
  /// The seams a change adds to two services that do not touch each other.
  private func seams(
    _ change: (inout SystemBuilder, _ order: Int, _ stock: Int) -> Void
  ) -> [String] {
    var two = TwoServices()
    #expect(two.proposal.seams.isEmpty)
    change(&two.builder, two.order, two.stock)
    return two.proposal.seams.map { seam in
      "\(seam.kind.rawValue) \(seam.from)->\(seam.to) \(seam.table)\(seam.otherTable.map { "/\($0)" } ?? "") \(seam.rule)"
    }
  }

  @Test func write() {
    #expect(
      seams { builder, order, _ in builder.access(order, .write, "stocks", columns: ["id"]) } == [
        "write order->stock stocks R4a"
      ])
  }

  @Test func everyPlaceIsASeam() {
    #expect(seams { builder, order, _ in builder.access(order, .read, "stocks", times: 3) }.count == 3)
  }

  @Test func read() {
    #expect(
      seams { builder, order, _ in builder.access(order, .read, "stocks") } == ["read order->stock stocks R3a"])
  }

  @Test func readOfReferenceData() {
    let found = seams { builder, order, stock in
      builder.table("stock_units")
      builder.access(stock, .read, "stock_units", times: 3)
      builder.access(order, .read, "stock_units")
    }
    #expect(found == ["read order->stock stock_units R2"])
  }

  @Test func accessInLoop() {
    #expect(
      seams { builder, order, _ in builder.access(order, .read, "stocks", inLoop: true) } == [
        "n_plus_one order->stock stocks R3a", "read order->stock stocks R3a",
      ])
  }

  @Test func accessInLoopToOwnTableIsNone() {
    #expect(seams { builder, order, _ in builder.access(order, .read, "orders", inLoop: true) }.isEmpty)
  }

  @Test(arguments: [(false, "R3a"), (true, "R3b")]) func join(needsBothSides: Bool, rule: String) {
    let found = seams { builder, order, _ in
      builder.join(order, "orders", "stocks", needsBothSides: needsBothSides)
    }
    #expect(found == ["join order->stock stocks/orders \(rule)"])
  }

  @Test func foreignKey() {
    #expect(
      seams { builder, _, _ in builder.key("orders", to: "stocks") } == ["foreign_key order->stock stocks/orders R1"])
  }

  @Test func transactionOverTwoOwners() {
    let found = seams { builder, order, _ in
      builder.transaction(order, writes: ["orders", "stocks"])
      for line in 20..<25 { builder.transaction(order, writes: ["orders"], line: line) }
    }
    #expect(found == ["transaction order->stock stocks R5"])
  }

  @Test func tablesAlwaysWrittenTogetherBelongTogether() {
    let found = seams { builder, order, _ in
      for line in 20..<22 { builder.transaction(order, writes: ["orders", "stocks"], line: line) }
    }
    #expect(found == ["transaction order->stock stocks R0", "transaction order->stock stocks R0"])
  }

  @Test func oneTransactionDoesNotProveThatTablesBelongTogether() {
    #expect(
      seams { builder, order, _ in builder.transaction(order, writes: ["orders", "stocks"]) } == [
        "transaction order->stock stocks R5"
      ])
  }

  @Test func transactionOverOneForeignOwnerIsNone() {
    #expect(seams { builder, order, _ in builder.transaction(order, writes: ["stocks", "stock_moves"]) }.isEmpty)
  }

  @Test func transactionOverOneOwnerIsNone() {
    #expect(seams { builder, order, _ in builder.transaction(order, writes: ["orders", "order_lines"]) }.isEmpty)
  }

  @Test(arguments: [StoredProgram.Kind.trigger, .routine]) func storedProgram(kind: StoredProgram.Kind) {
    let found = seams { builder, _, _ in
      let accesses = ["orders", "stocks"].map { StatementAccess(table: TableName($0), operation: .write) }
      builder.program(
        StoredProgram(
          kind: kind, name: "p", table: kind == .trigger ? TableName("orders") : nil, accesses: accesses,
          source: SourceSpan(file: RepoPath("schema.sql"), line: 50)))
    }
    #expect(found == ["trigger order->stock stocks\(kind == .trigger ? "/orders" : "") R4b"])
  }

  @Test func ddlAndUndeclaredTablesAreNone() {
    let found = seams { builder, order, _ in
      builder.access(order, .ddl, "stocks")
      builder.access(order, .write, "elsewhere")
    }
    #expect(found.isEmpty)
  }

  @Test func seamsAreSortedAndUnique() {
    let proposal = propose(InvariantTests.Sample.dense.system)
    let keys = proposal.seams.map { [$0.kind.rawValue, $0.from, $0.to, $0.table.key] }
    #expect(keys.count > 20)
    #expect(zip(keys, keys.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
    #expect(Set(proposal.seams).count == proposal.seams.count)
    #expect(proposal.seams.allSatisfy { $0.from != $0.to && !$0.recommendation.isEmpty && !$0.rule.isEmpty })
  }

  // MARK: Once, with text and costs

  private func found(_ change: (inout SystemBuilder, _ order: Int, _ stock: Int) -> Void) -> [Seam] {
    var two = TwoServices()
    change(&two.builder, two.order, two.stock)
    return two.proposal.seams
  }

  private func costs(_ seam: Seam?) -> [String: Int?] {
    Dictionary(uniqueKeysWithValues: (seam?.costs ?? []).map { ($0.figure.rawValue, $0.value) })
  }

  @Test func aJoinFoundTwiceIsOneSeamWithTheHarderAdvice() throws {
    let seams = found { builder, order, _ in
      for needsBothSides in [true, false, true] {
        builder.join(order, "orders", "stocks", needsBothSides: needsBothSides)
      }
    }
    #expect(seams.count == 1)
    #expect(seams.first?.rule == "R3b")
  }

  @Test func accessesOfOnePlaceAreOneSeamWithAllColumns() throws {
    let seams = found { builder, order, _ in
      builder.access(order, .read, "stocks", columns: ["amount"])
      guard var copy = builder.system.accesses.last else { return }
      copy.columns = ["id"]
      builder.system.accesses.append(copy)
    }
    #expect(seams.count == 1)
    #expect(seams.first?.columns == ["amount", "id"])
  }

  @Test func triggerThatReadsAndWritesATableIsOneSeam() {
    let seams = found { builder, _, _ in
      let accesses = [AccessOperation.read, .write].map {
        StatementAccess(table: TableName("stocks"), operation: $0, columns: [$0.rawValue])
      }
      builder.program(
        StoredProgram(
          kind: .trigger, name: "p", table: TableName("orders"), accesses: accesses,
          source: SourceSpan(file: RepoPath("schema.sql"), line: 50)))
    }
    #expect(seams.count == 1)
    #expect(seams.first?.statement == "trigger p")
    #expect(costs(seams.first) == ["messages_after": 1, "replica_columns": 1, "staleness_seconds": nil])
  }

  @Test func noSeamIsFoundTwice() {
    let seams = propose(InvariantTests.Sample.dense.system).seams
    let keys = seams.map {
      "\($0.kind.rawValue)|\($0.from)|\($0.to)|\($0.table.key)|\($0.otherTable?.key ?? "")|\($0.span)"
    }
    #expect(Set(keys).count == keys.count)
  }

  @Test func seamsCarryTheirStatement() {
    let seams = found { builder, order, _ in
      builder.access(order, .read, "stocks", columns: ["amount"], inLoop: true)
      guard let access = builder.system.accesses.last else { return }
      builder.system.statementTexts[access.statement] = "SELECT amount FROM stocks WHERE id = ?"
    }
    #expect(seams.map(\.statement) == Array(repeating: "SELECT amount FROM stocks WHERE id = ?", count: 2))
    #expect(seams.map(\.kind) == [.nPlusOne, .read])
    #expect(costs(seams.first) == ["queries_now": nil, "calls_after": 1, "staleness_seconds": 0])
  }

  @Test func foreignKeyShowsItsAction() {
    let seams = found { builder, _, _ in builder.key("orders", to: "stocks", onDelete: .setNull) }
    #expect(seams.first?.statement == "FOREIGN KEY (stocks_id) REFERENCES stocks (id) ON DELETE SET NULL")
  }

  @Test(arguments: [(["a", "b"], 2), (["*"], 1), ([], nil)]) func readModelCountsItsColumns(
    columns: [String], count: Int?
  ) {
    let seams = found { builder, order, _ in
      builder.join(order, "orders", "stocks", needsBothSides: true)
      builder.access(order, .read, "stocks", columns: columns)
      guard var access = builder.system.accesses.popLast() else { return }
      access.span = builder.system.units[order].span
      builder.system.accesses.append(access)
    }
    let join = seams.first { $0.kind == .join }
    #expect(join?.columns == columns)
    #expect(costs(join)["replica_columns"] == .some(count))
  }

  @Test func sagaCountsItsCompensations() {
    let seams = found { builder, order, _ in
      builder.transaction(order, writes: ["orders", "stocks"])
      for line in 20..<25 { builder.transaction(order, writes: ["orders"], line: line) }
    }
    #expect(costs(seams.first)["compensations"] == .some(1))
  }
}
