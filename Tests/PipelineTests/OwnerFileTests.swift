import Foundation
import Pipeline
import Reporting
import Testing

/// Owners in CSV files of any make.
@Suite("Owners in files")
struct OwnerFileTests {
  private func evaluate(_ truth: String, _ found: String) throws -> [String: Double] {
    let scratch = try Scratch()
    let text = try Workbench.evaluate(
      assignment: try scratch.write(found, to: "found.csv"), truth: try scratch.write(truth, to: "truth.csv")
    ).jsonText
    return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Double])
  }

  @Test func quotesLineEndsAndOtherColumns() throws {
    let figures = try evaluate(
      "\u{FEFF}evidence,table,service\r\n\"said, \"\"so\"\"\",dbo.Orders,a\r\n,\"stock\",b\r\nx,users,\r\n",
      "service,kind,member\n s,table,orders\ns,unit,orders\nt,table,stock\nt,shared,users\n\n")
    #expect(figures["common"] == 2)
    #expect(figures["owned"] == 1)
    #expect(figures["ari"] == 1)
  }

  @Test func oneCommonTableSaysNothing() throws {
    let figures = try evaluate("table,service\na,x\nb,x\n", "table,service\nb,y\nc,y\n")
    #expect(figures == ["common": 1, "owned": 0.5])
  }

  @Test(arguments: ["", "a,b\n1,2\n", "service\nx\n"]) func missingColumns(text: String) {
    #expect(throws: PipelineError.self) { _ = try evaluate("table,service\na,x\n", text) }
  }
}
