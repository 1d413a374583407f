import Foundation
import Reporting
import Testing

private func check(
  _ format: String, _ view: ReportView, _ expected: String, level: GraphLevel = .service,
  _ location: SourceLocation = #_sourceLocation
) throws {
  let emitter = try #require(Emitter.find(format: format, view: view), sourceLocation: location)
  #expect(emitter.emit(sampleReport(), view, level) == expected, sourceLocation: location)
}

@Suite struct RegistryTests {
  @Test func emittersAreUniqueAndSorted() {
    let formats = Emitter.all.map(\.format)
    #expect(formats == formats.sorted())
    #expect(Set(formats).count == formats.count)
  }

  @Test(arguments: ReportView.allCases) func everyViewHasTextAndJSON(view: ReportView) {
    #expect(Emitter.formats(of: view).contains("text"))
    #expect(Emitter.formats(of: view).contains("json"))
  }

  @Test func everyEmitterIsSteadyAndEndsItsLine() {
    for emitter in Emitter.all {
      for view in emitter.views {
        for level in GraphLevel.allCases {
          let text = emitter.emit(sampleReport(), view, level)
          #expect(text.hasSuffix("\n"), "\(emitter.format) \(view)")
          #expect(text == emitter.emit(sampleReport(), view, level))
          #expect(!text.lowercased().contains("optimal") && !text.lowercased().contains("complete"))
        }
      }
    }
  }

  @Test func everyEmitterTakesAnEmptyReport() {
    for emitter in Emitter.all {
      for view in emitter.views {
        #expect(!emitter.emit(Report(), view, .type).isEmpty, "\(emitter.format) \(view)")
      }
    }
  }
}

@Suite struct CSVTests {
  @Test func tables() throws {
    try check(
      "csv", .tables,
      """
      table,columns,primary_key,foreign_keys,source
      invoice,3,id,order_id->orders(id),db.sql:5
      orders,1,id,,db.sql:1

      """)
  }

  @Test func severalKeysOfSeveralColumns() {
    var report = Report()
    report.tables = [
      ReportTable(
        name: "t", columns: [], primaryKey: ["a", "b"],
        foreignKeys: [
          ReportForeignKey(columns: ["a", "b"], target: "u", targetColumns: ["x", "y"]),
          ReportForeignKey(columns: ["c"], target: "v", targetColumns: ["z"]),
        ], source: ReportPlace(file: "a.sql", line: 0))
    ]
    let text = Emitter.find(format: "csv", view: .tables)?.emit(report, .tables, .service)
    #expect(text?.split(separator: "\n").last == "t,0,a+b,a+b->u(x+y) ; c->v(z),a.sql")
  }

  @Test func columns() throws {
    try check(
      "csv", .columns,
      """
      table,ordinal,column,type,nullable
      invoice,1,id,int(11),NO
      invoice,2,order_id,int(11),NO
      invoice,3,note,"decimal(10,2)",YES
      orders,1,id,int(11),NO

      """)
  }

  @Test func accesses() throws {
    try check(
      "csv", .accesses,
      """
      file,function,table,op,line,confidence,via,columns
      billing/bill.cpp,Bill::pay,invoice,write,11,exact,literal,id+note
      sales/sale.cpp,Sale::place,invoice,write,14,inferred,format,
      sales/sale.cpp,Sale::place,orders,write,13,exact,literal,id

      """)
  }

  @Test func services() throws {
    try check(
      "csv", .services,
      """
      service,kind,member
      billing,table,invoice
      billing,unit,Bill
      sales,table,orders
      sales,unit,Sale
      shared,shared,util/log.cpp

      """)
  }

  @Test func owners() throws {
    try check(
      "csv", .owners,
      """
      table,service,margin,runner_up,ownership,resolution,writers,readers
      invoice,billing,0.4118,sales,joint,delegate,billing (1) ; sales (1),
      orders,sales,1,,single,,sales (1),

      """)
  }

  @Test func seams() throws {
    try check(
      "csv", .seams,
      """
      kind,from,to,table,file,line,rule,recommendation
      foreign_key,billing,sales,orders,db.sql,9,R1,move the key to code
      write,sales,billing,invoice,sales/sale.cpp,14,R4,"let billing write, ""by"" an event"

      """)
  }

  @Test func graphOfServices() throws {
    try check(
      "csv", .graph,
      """
      from,to,kind,weight,evidence
      billing,sales,foreign_key,1,db.sql:9
      sales,billing,call,3,sales/sale.cpp:20
      sales,billing,write,1,sales/sale.cpp:14

      """)
  }

  @Test func graphOfTables() throws {
    try check(
      "csv", .graph,
      """
      from,to,kind,weight,evidence
      billing,invoice,write,1,billing/bill.cpp:11
      invoice,orders,foreign_key,1,db.sql:9
      invoice,orders,join,2,billing/bill.cpp:30
      sales,invoice,write,1,sales/sale.cpp:14
      sales,orders,write,1,sales/sale.cpp:13

      """, level: .table)
  }

  @Test func graphOfTypes() throws {
    try check(
      "csv", .graph,
      """
      from,to,kind,weight,evidence
      Bill,invoice,write,1,billing/bill.cpp:11
      Bill,util/log.cpp,call,2,billing/bill.cpp:14
      Sale,Bill,call,3,sales/sale.cpp:20
      Sale,invoice,write,1,sales/sale.cpp:14
      Sale,orders,write,1,sales/sale.cpp:13
      Sale,util/log.cpp,call,1,sales/sale.cpp:21

      """, level: .type)
  }

  @Test func graphOfFunctions() throws {
    try check(
      "csv", .graph,
      """
      from,to,kind,weight,evidence
      Bill::pay,invoice,write,1,billing/bill.cpp:11
      Bill::pay,log,call,2,billing/bill.cpp:14
      Sale::place,Bill::pay,call,3,sales/sale.cpp:20
      Sale::place,invoice,write,1,sales/sale.cpp:14
      Sale::place,log,call,1,sales/sale.cpp:21
      Sale::place,orders,write,1,sales/sale.cpp:13

      """, level: .function)
  }

  @Test(arguments: nastyNames) func cellsReadBackAsWritten(name: String) {
    #expect(parsedCSV(Emitter.csvCell(name) + "," + Emitter.csvCell("x")) == [name, "x"])
  }

  /// A second, independent reader of one RFC 4180 record.
  private func parsedCSV(_ text: String) -> [String] {
    var cells: [[UInt8]] = [[]]
    var isQuoted = false
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if isQuoted, byte == 34, index + 1 < bytes.count, bytes[index + 1] == 34 {
        cells[cells.count - 1].append(34)
        index += 1
      } else if byte == 34 {
        isQuoted.toggle()
      } else if byte == 44, !isQuoted {
        cells.append([])
      } else {
        cells[cells.count - 1].append(byte)
      }
      index += 1
    }
    return cells.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The value some keys deep.
private func inside(_ object: NSDictionary, _ keys: String...) -> Any? {
  keys.reduce(object as Any?) { ($0 as? NSDictionary)?[$1] }
}

@Suite struct SARIFTests {
  @Test func shape() throws {
    let text = try #require(Emitter.find(format: "sarif", view: .seams)).emit(sampleReport(), .seams, .service)
    let log = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [NSDictionary])?.first)
    let rules = try #require(inside(run, "tool", "driver", "rules") as? [NSDictionary])
    let results = try #require(run["results"] as? [NSDictionary])
    #expect(results.count == 2)
    let ids = Set(rules.compactMap { $0["id"] as? String })
    #expect(ids.count == 7)
    #expect(results.allSatisfy { ids.contains($0["ruleId"] as? String ?? "") })
    let write = results[1]
    #expect(write["level"] as? String == "error")
    #expect(
      inside(write, "message", "text") as? String
        == "sales writes invoice of billing: let billing write, \"by\" an event")
    let location = try #require((write["locations"] as? [NSDictionary])?.first)
    #expect(inside(location, "physicalLocation", "artifactLocation", "uri") as? String == "sales/sale.cpp")
    #expect(inside(location, "physicalLocation", "region", "startLine") as? Int == 14)
  }
}

@Suite struct TextTests {
  @Test func columnsAreAligned() throws {
    try check(
      "text", .tables,
      """
      table    columns  primary key  foreign keys          source
      -----    -------  -----------  ------------          ------
      invoice        3  id           order_id->orders(id)  db.sql:5
      orders         1  id                                 db.sql:1

      """)
  }

  @Test func nothingIsSaidInWords() throws {
    let emitter = try #require(Emitter.find(format: "text", view: .seams))
    #expect(emitter.emit(Report(), .seams, .service) == "no seams\n")
  }

  @Test func controlCharactersNeverReachTheTerminal() throws {
    var report = sampleReport()
    report.name = "evil\u{1B}[31m"
    for index in report.tables.indices { report.tables[index].name += "\u{1B}]0;x\u{7}\n" }
    for view in ReportView.allCases {
      let text = try #require(Emitter.find(format: "text", view: view)).emit(report, view, .table)
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }

  @Test func summaryNamesWhatMatters() throws {
    let text = try #require(Emitter.find(format: "text", view: .summary)).emit(sampleReport(), .summary, .service)
    for part in [
      "shop: 3 source files, 300 lines, 2 tables (mysql), 3 table accesses", "99% of 200 lines in functions",
      "75% of 4 SQL statements in code", "2 services proposed", "billing  1 table, 1 unit: invoice",
      "1 table written by several services", "invoice: billing, margin 0.41; written by billing (1), sales (1)",
      "resolve by delegate", "2 seams", "sales writes invoice of billing (1), first at sales/sale.cpp:14",
      "1 statement reaches the database without saying which table, first at billing/bill.cpp:40",
      "cleave plan --out DIR",
    ] {
      #expect(text.contains(part), "missing: \(part)")
    }
  }

  @Test(arguments: [
    (0.0, "0"), (1.0, "1"), (0.25, "0.25"), (-0.5, "-0.5"), (0.41176, "0.4118"), (0.00001, "0"), (12.05, "12.05"),
    (.infinity, "0"), (.nan, "0"),
  ])
  func rounding(value: Double, expected: String) { #expect(value.rounded(to: 4) == expected) }
}
