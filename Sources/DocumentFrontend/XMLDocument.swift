import Facts
import Foundation
import FoundationXML

/// XML → nodes. Nothing outside of the bytes is ever loaded; entities a document declares itself are bounded by libxml2.
enum XMLDocument {
  static func read(_ bytes: [UInt8]) -> DocumentReading {
    let reader = XMLReader(LineBook(bytes))
    let parser = XMLParser(data: Data(bytes))
    parser.shouldResolveExternalEntities = false
    parser.delegate = reader
    // Its result says nothing on Linux: it is true for documents that end early.
    _ = parser.parse()
    let isOpen = reader.builder.isOpen
    let root = reader.builder.finished()
    if let failure = reader.failure { return DocumentReading(root: root, problem: failure) }
    if isOpen || root == nil {
      return DocumentReading(root: root, problem: .init(reason: "it ends early", line: max(1, parser.lineNumber)))
    }
    let problem = reader.builder.firstSkipped.map {
      DocumentReading.Problem(reason: "it is nested too deeply or too large", line: $0)
    }
    return DocumentReading(root: root, problem: problem)
  }
}

/// Where the lines of a file begin.
private struct LineBook {
  private let bytes: [UInt8]
  private let starts: [Int]
  /// A start tag spread over more lines than this is given the line it ends on.
  private static let longestTag = 60

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(place + 1) }
    self.starts = starts
  }

  /// The line on which the start tag of `name` begins that ends on `line`: the parser tells only where tags end.
  func beginning(of name: String, endingOn line: Int) -> Int {
    let mark = Array(("<" + name).utf8)
    var current = min(line, starts.count)
    while current >= 1, line - current < Self.longestTag {
      let end = current < starts.count ? starts[current] : bytes.count
      let range = bytes[starts[current - 1]..<end]
      if range.count >= mark.count, contains(mark, in: range) { return current }
      current -= 1
    }
    return line
  }

  private func contains(_ mark: [UInt8], in range: ArraySlice<UInt8>) -> Bool {
    var place = range.startIndex
    while let found = range[place...].firstIndex(of: mark[0]), found + mark.count <= range.endIndex {
      if range[found..<found + mark.count].elementsEqual(mark) {
        let next = found + mark.count < range.endIndex ? range[found + mark.count] : UInt8(ascii: " ")
        if next <= UInt8(ascii: " ") || next == UInt8(ascii: ">") || next == UInt8(ascii: "/") { return true }
      }
      place = found + 1
    }
    return false
  }
}

/// Collects what the parser meets.
private final class XMLReader: NSObject, XMLParserDelegate {
  // A class because the parser calls back its delegate.
  var builder = DocumentBuilder()
  private(set) var failure: DocumentReading.Problem?
  private let lines: LineBook

  init(_ lines: LineBook) { self.lines = lines }

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
    attributes attributeDict: [String: String]
  ) {
    let name = qName ?? elementName
    // The dictionary has forgotten the order as written.
    let attributes = attributeDict.sorted { $0.key < $1.key }.map {
      DocumentNode.Attribute(name: $0.key, value: $0.value)
    }
    builder.begin(
      DocumentNode(
        name: name, attributes: attributes, line: lines.beginning(of: name, endingOn: max(1, parser.lineNumber))))
  }

  func parser(
    _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName qName: String?
  ) {
    builder.end()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    builder.add(text: string, line: max(1, parser.lineNumber - newlines(in: string)))
  }

  func parser(_ parser: XMLParser, foundCDATA CDATABlock: Data) {
    let text = String(decoding: CDATABlock, as: UTF8.self)
    builder.add(text: text, line: max(1, parser.lineNumber - newlines(in: text)))
  }

  private func newlines(in text: String) -> Int { text.utf8.count { $0 == UInt8(ascii: "\n") } }

  func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
    let reason = "error \((parseError as NSError).code) of the XML parser"
    failure = failure ?? .init(reason: reason, line: max(1, parser.lineNumber))
  }
}
