import Foundation
import Reporting
import Testing

@Suite struct ReportJSONTests {
  @Test func readsBackWhatWasWritten() throws {
    let report = sampleReport()
    let text = report.jsonText
    let back = try Report(json: Array(text.utf8))
    #expect(back == report)
    #expect(back.jsonText == text)
  }

  @Test func isJSONWithSortedKeysAndAVersion() throws {
    let text = sampleReport().jsonText
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["schemaVersion"] as? Int == 1)
    let sorted = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    #expect(String(decoding: sorted, as: UTF8.self) + "\n" == text)
  }

  @Test func takesKeysInAnyOrderAndUnknownOnes() throws {
    let report = sampleReport()
    let object = try JSONSerialization.jsonObject(with: Data(report.jsonText.utf8))
    let shuffled = try #require(reversed(object) as String?)
    #expect(try Report(json: Array(shuffled.utf8)) == report)
  }

  /// JSON with the keys of every object in descending order, an unknown key first, and white space between all parts.
  private func reversed(_ value: Any) -> String {
    if let object = value as? [String: Any] {
      let members = object.sorted { $0.key > $1.key }.map { "\"\($0.key)\" : \(reversed($0.value))" }
      return "{ \"zz\" : [ { \"a\" : \"}]\\\"\" } , 1.5e3 , null ] ,\n " + members.joined(separator: " ,\t") + " }"
    }
    if let array = value as? [Any] { return "[ " + array.map(reversed).joined(separator: " , ") + " ]" }
    if let text = value as? String {
      let units = text.utf16.map {
        "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16)
      }
      return "\"" + units.joined() + "\""
    }
    let number = value as? NSNumber
    if let number, CFBooleanLike(number) { return number.boolValue ? "true" : "false" }
    return "\(value)"
  }

  private func CFBooleanLike(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

  @Test(arguments: nastyNames) func namesSurvive(name: String) throws {
    var report = Report()
    report.name = name
    report.shared = [name]
    let text = report.jsonText
    #expect(try Report(json: Array(text.utf8)) == report)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    // Compared as bytes: `==` of strings holds for different spellings of one text.
    #expect((object["name"] as? String).map { Array($0.utf8) } == Array(name.utf8))
  }

  @Test(arguments: [0, 9, 10, -1, -10, 1234567890, Int.max, -Int.max]) func integersSurvive(value: Int) throws {
    var report = Report()
    report.coverage.lines = value
    #expect(try Report(json: Array(report.jsonText.utf8)).coverage.lines == value)
  }

  @Test(arguments: [0, 1, -1, 0.1, 1e-7, 123456.789, 1e300, -2.5]) func numbersSurvive(value: Double) throws {
    var report = Report()
    report.metrics = [ReportMetric(name: "m", value: value)]
    #expect(try Report(json: Array(report.jsonText.utf8)).metrics[0].value == value)
  }

  @Test func otherVersionsAreNamed() {
    #expect(throws: ReportError.unsupportedVersion(found: 2)) {
      try Report(json: Array("{\"schemaVersion\":2,\"tables\":7}".utf8))
    }
    #expect(throws: ReportError.unsupportedVersion(found: 0)) { try Report(json: Array("{}".utf8)) }
  }

  @Test func indicesOutsideAreRefused() {
    var report = sampleReport()
    report.code.homes[0] = 99
    #expect(throws: ReportError.inconsistent(part: "code")) { try Report(json: Array(report.jsonText.utf8)) }
    report = sampleReport()
    report.code.references.tos[0] = -1
    #expect(throws: ReportError.inconsistent(part: "code")) { try Report(json: Array(report.jsonText.utf8)) }
    report = sampleReport()
    report.accesses[0].unit = 6
    #expect(throws: ReportError.inconsistent(part: "accesses")) { try Report(json: Array(report.jsonText.utf8)) }
    report = sampleReport()
    report.evidence.tos[0] = 8
    #expect(throws: ReportError.inconsistent(part: "evidence")) { try Report(json: Array(report.jsonText.utf8)) }
  }

  @Test func brokenTextsGiveErrorsAndNeverCrash() {
    let bytes = Array(sampleReport().jsonText.utf8)
    for length in 0..<(bytes.count - 1) {
      #expect(throws: ReportError.self) { try Report(json: Array(bytes[..<length])) }
    }
    // Every byte replaced once: the outcome may be a report or an error, but there is one.
    for index in bytes.indices {
      var changed = bytes
      changed[index] = UInt8(truncatingIfNeeded: index &* 31)
      _ = try? Report(json: changed)
    }
    for text in ["[", "{\"a\":" + String(repeating: "[", count: 100_000), "\"", "{\"schemaVersion\":1}x", "nul"] {
      #expect(throws: ReportError.self) { try Report(json: Array(text.utf8)) }
    }
  }
}
