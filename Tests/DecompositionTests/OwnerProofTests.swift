import Basics
import Decomposition
import Facts
import Graph
import Testing

@Suite struct OwnerProofTests {
  private func owner(
    of table: String, with change: (inout SystemBuilder, _ order: Int, _ stock: Int) -> Void
  ) throws -> TableOwner {
    var two = TwoServices()
    change(&two.builder, two.order, two.stock)
    return try #require(two.proposal.owners.first { $0.table == TableName(table) })
  }

  /// The system with another list of columns for `orders`.
  private func setColumns(_ names: [String], in builder: inout SystemBuilder) {
    guard let place = builder.system.catalog.tables.firstIndex(where: { $0.name == TableName("orders") }) else {
      return
    }
    builder.system.catalog.tables[place].columns = names.map { Column(name: $0, type: "int", isNullable: false) }
  }

  // MARK: Columns

  @Test func everyColumnNamesItsWritersAndReaders() throws {
    let owner = try owner(of: "orders") { builder, _, stock in
      setColumns(["ID", "total", "note"], in: &builder)
      builder.access(stock, .write, "orders", columns: ["total"], times: 2)
      builder.access(stock, .read, "orders", columns: ["note", "elsewhere"])
      builder.access(stock, .read, "orders", columns: ["*"])
      builder.access(stock, .read, "orders")
    }
    let lines = owner.proof.columns.map { column in
      let text = { (uses: [ColumnUse]) in uses.map { "\($0.service) \($0.count)" }.joined(separator: ",") }
      return "\(column.name)|\(text(column.writers))|\(text(column.readers))"
    }
    #expect(
      lines == [
        "ID|order 4|", "total|order 4,stock 2|", "note||stock 1", "||stock 1", "*||stock 1", "elsewhere||stock 1",
      ])
  }

  // MARK: What would flip it

  @Test func writesDecide() throws {
    let flip = try owner(of: "orders") { builder, _, stock in
      builder.access(stock, .write, "orders", columns: ["total"], times: 2)
    }.proof.flip
    #expect(flip.basis == .writes)
    #expect(flip.placesToMove == 2)
    #expect(flip.placesToAppear == 3)
    #expect(
      flip.sentence.hasPrefix(
        "2 of 4 write places of order would have to move to stock, or 3 new ones appear there"))
  }

  @Test func theOnlyWriterIsMeasuredAgainstNobody() throws {
    let flip = try owner(of: "orders") { _, _, _ in }.proof.flip
    #expect(flip.placesToMove == 3)
    #expect(flip.placesToAppear == 5)
    #expect(flip.sentence.contains("move to another boundary"))
  }

  @Test func unsureEvidenceIsSaid() throws {
    let flip = try owner(of: "stocks") { builder, order, stock in
      builder.system.accesses.removeAll { $0.table == TableName("stocks") }
      builder.access(stock, .write, "stocks", .inferred, columns: ["amount"], times: 4)
      builder.access(order, .write, "stocks", columns: ["amount"])
    }.proof.flip
    #expect(flip.basis == .writes)
    #expect(flip.unsurePlaces == 4)
    #expect(flip.hangsOnUnsure)
    #expect(flip.sentence.contains("4 of the 4 are inferred or guessed, and without them order would write more"))
  }

  /// Every other table of the prefix is written by one service, so that the division holds one that another writes more.
  @Test func divisionDecidesAgainstTheWrites() throws {
    let owner = try owner(of: "order_9") { builder, order, stock in
      for (prefix, method) in [("order", order), ("stock", stock)] {
        for number in 0..<10 {
          builder.table("\(prefix)_\(number)")
          builder.key("\(prefix)_\(number)", to: number == 0 ? "\(prefix)s" : "\(prefix)_\(number - 1)")
          builder.access(method, .write, "\(prefix)_\(number)", columns: ["id"])
        }
      }
      builder.access(stock, .write, "order_9", columns: ["id"], times: 3)
    }
    #expect(owner.service == "order")
    #expect(owner.proof.flip.basis == .division)
    #expect(owner.proof.flip.placesToMove == 0)
    #expect(
      owner.proof.flip.sentence.hasSuffix(
        "although stock writes more (3 places against 1); no write would move it, pinning it to stock would"))
    #expect(owner.proof.flip.sentence.hasPrefix("kept by the "))
  }

  @Test func oneWriteFlipsWhatNothingWrites() throws {
    let flip = try owner(of: "order_archive") { builder, _, stock in
      builder.table("order_archive")
      builder.access(stock, .read, "order_archive", times: 2)
    }.proof.flip
    #expect(flip.basis == .placement)
    #expect(flip.placesToAppear == 1)
  }

  // MARK: Hidden writers

  @Test(arguments: [
    (ReferentialAction.cascade, "deleting a row of stocks deletes its rows here", ["*"]),
    (.setNull, "deleting a row of stocks sets stocks_id to null here", ["stocks_id"]),
    (.noAction, "", []),
  ]) func cascade(action: ReferentialAction, effect: String, columns: [String]) throws {
    let owner = try owner(of: "orders") { builder, _, _ in builder.key("orders", to: "stocks", onDelete: action) }
    guard !effect.isEmpty else { return #expect(owner.proof.hiddenWriters.isEmpty) }
    let writer = try #require(owner.proof.hiddenWriters.first)
    #expect(owner.proof.hiddenWriters.count == 1)
    #expect(writer.kind == .cascade && writer.name == "stocks" && writer.service == "stock")
    #expect(writer.effect == effect && writer.columns == columns)
    #expect(owner.ownership == .single)
  }

  @Test func programsAndJobs() throws {
    let owner = try owner(of: "stocks") { builder, order, stock in
      let write = StatementAccess(table: TableName("stocks"), operation: .write, columns: ["amount"])
      let span = SourceSpan(file: RepoPath("schema.sql"), line: 90)
      builder.program(
        StoredProgram(kind: .trigger, name: "after_order", table: TableName("orders"), accesses: [write], source: span))
      builder.program(StoredProgram(kind: .routine, name: "recount", table: nil, accesses: [write], source: span))
      let job = builder.function("Nightly::run", in: "src/stock/nightly.cpp", owner: "Nightly")
      builder.refer(job, stock)
      builder.system.entryPoints.append(
        EntryPoint(unit: job, kind: .job, trigger: "0 3 * * *", span: builder.system.units[job].span))
    }
    #expect(
      owner.proof.hiddenWriters.map { "\($0.kind.rawValue) \($0.name) \($0.service)" } == [
        "job Nightly::run stock", "routine recount stock", "trigger after_order order",
      ])
    #expect(owner.proof.hiddenWriters.first?.effect == "runs by itself: 0 3 * * *")
  }

  // MARK: Joint ownership

  @Test func splitNamesBothHalves() throws {
    let owner = try owner(of: "orders") { builder, _, stock in
      setColumns(["id", "total", "shelf", "note", "remark"], in: &builder)
      builder.access(stock, .write, "orders", columns: ["shelf"], times: 2)
      builder.access(stock, .read, "orders", columns: ["note"])
    }
    #expect(owner.resolution == .tableSplit)
    let joint = owner.proof.joint
    #expect(joint.key == ["id"])
    #expect(joint.parts.map { [$0.service] + $0.columns } == [["order", "total"], ["stock", "shelf"]])
    #expect(joint.unwritten.map { [$0.service] + $0.columns } == [["order", "remark"], ["stock", "note"]])
  }

  @Test(arguments: [("shelf", OwnershipResolution.tableSplit), ("total", .delegate)])
  func threeWritersOfWhichTwoOverlapAreNoSplit(column: String, expected: OwnershipResolution) throws {
    let owner = try owner(of: "orders") { builder, _, stock in
      builder.access(stock, .write, "orders", columns: ["amount"])
      let mails = ["Mail", "MailQueue", "MailSender", "MailLog"].map { builder.typeWithMethod($0, folder: "src/mail") }
      for (place, method) in mails.enumerated() {
        for other in mails[(place + 1)...] { builder.refer(method, other, count: 8) }
      }
      for name in ["mails", "mail_logs"] {
        builder.table(name)
        builder.access(mails[0], .write, name, columns: ["id"], times: 4)
      }
      builder.access(mails[0], .write, "orders", columns: [column])
    }
    #expect(owner.writers.count == 3)
    #expect(owner.resolution == expected)
    #expect(owner.proof.joint.parts.isEmpty == (expected != .tableSplit))
  }

  @Test func delegatesNameStatementsAndCalls() throws {
    let owner = try owner(of: "orders") { builder, order, stock in
      builder.access(stock, .write, "orders", columns: ["*"], times: 2)
      builder.refer(stock, order, count: 3)
    }
    #expect(owner.resolution == .delegate)
    let delegate = try #require(owner.proof.joint.delegates.first)
    #expect(owner.proof.joint.delegates.count == 1)
    #expect(delegate.service == "stock")
    #expect(delegate.places == owner.writers.first { $0.service == "stock" }?.evidence)
    #expect(delegate.places.count == 2)
    #expect(delegate.callsNow == 3)
  }

  @Test func domainNamesTheShares() throws {
    let joint = try owner(of: "orders") { builder, _, stock in
      builder.access(stock, .write, "orders", columns: ["id"], times: 4)
    }.proof.joint
    #expect(joint.shares.map(\.share) == [0.5, 0.5])
    #expect(joint.shares.map(\.service) == ["order", "stock"])
    #expect(joint.threshold == 0.6)
  }

  @Test func singleOwnershipHasNothingToResolve() throws {
    #expect(try owner(of: "orders") { _, _, _ in }.proof.joint == JointResolution())
  }
}
