import Foundation
import Reporting
import Testing

@Suite struct OwnerBlockTests {
  @Test func jointTablesFollowTheTable() throws {
    let text = try #require(Emitter.find(format: "text", view: .owners)).emit(sampleReport(), .owners, .service)
    #expect(
      text.hasSuffix(
        """

        1 table written from several services
          invoice of billing: delegate
            sales calls billing: 1 write statement to move, sales/sale.cpp:14

        1 hidden write from outside of the owner
          invoice: cascade orders of sales: deleting a row of orders deletes its rows here, db.sql:9

        """))
  }

  @Test func columnsAreListedWhereSeveralWrite() throws {
    let text = try #require(Emitter.find(format: "json", view: .owners)).emit(sampleReport(), .owners, .service)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let owners = try #require(object["owners"] as? [[String: Any]])
    let columns = owners.map { ($0["columns"] as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? [] }
    #expect(columns == [["note"], []])
  }

  @Test func everyResolutionIsReadable() {
    var owner = ReportOwner()
    owner.table = "orders"
    owner.service = "sales"
    #expect(owner.resolutionLines == [])
    owner.resolution = "table split"
    owner.joint.key = ["id"]
    owner.joint.parts = [
      ReportPart(service: "sales", columns: ["total", "state"]), ReportPart(service: "stock", columns: ["shelf"]),
    ]
    owner.joint.unwritten = [ReportPart(service: "sales", columns: ["note"])]
    #expect(
      owner.resolutionLines == [
        "sales keeps total, state", "stock takes shelf", "both keyed by id", "nobody writes note: to sales",
      ])
    owner.joint.shares = [ReportShare(service: "sales", share: 0.55), ReportShare(service: "stock", share: 0.45)]
    owner.joint.threshold = 0.6
    owner.resolution = "data domain"
    #expect(owner.resolutionLines.first?.hasPrefix("sales (55%), stock (45%) share it: none reaches 60%") == true)
    owner.resolution = "service consolidation"
    owner.joint.mutualShare = 0.7
    #expect(owner.resolutionLines.first?.hasPrefix("sales and stock become one service: 70% of their writes") == true)
  }

  @Test func fiftyJointTablesStayShort() throws {
    var report = sampleReport()
    var owner = report.owners[0]
    owner.joint.delegates = (0..<40).map { number in
      var delegate = ReportDelegate()
      delegate.service = "service-\(number)"
      delegate.count = 9
      delegate.places = (1...9).map { ReportPlace(file: "a/very/long/path/of/a/file.cpp", line: $0) }
      return delegate
    }
    report.owners = Array(repeating: owner, count: 50)
    let text = try #require(Emitter.find(format: "text", view: .owners)).emit(report, .owners, .service)
    #expect(text.contains("+34 more callers with 306 write statements"))
    #expect(text.split(separator: "\n").count < 50 + 50 * 8 + 50)
  }
}
