import Basics
import ClangFrontend
import DocumentFrontend
import Facts
import Foundation
import Frameworks
import SQL
import Testing
import TreeSitterFrontend

/// A small system written as one text: `//- /path` begins a file, `//  ^ writes invoice` below a line says what that
/// line does. `.sql` files are the schema.
struct MarkedSystem {
  struct Mark: Hashable, CustomStringConvertible {
    var file: String
    var line: Int
    var what: String
    var description: String { "\(file):\(line) \(what)" }
  }

  private(set) var files: [(path: String, text: String)] = []
  private(set) var marks: Set<Mark> = []

  init(_ text: String) {
    var path = "main.cpp"
    var lines: [Substring] = []
    func close() -> (String, String) { (path, lines.joined(separator: "\n") + "\n") }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("//- /") {
        if !lines.isEmpty { files.append(close()) }
        path = String(line.dropFirst(5))
        lines = []
      } else {
        lines.append(line)
      }
    }
    files.append(close())
    for file in files { readMarks(file.path, file.text) }
  }

  /// How lines of marks begin in the languages of fixtures.
  private static let commentMarks = ["//", "#", "--", "<!--"]

  /// Whether the compiler's front end reads any of it.
  var hasUnits: Bool { files.contains { [".c", ".cc", ".cpp"].contains(where: $0.path.hasSuffix) } }

  private mutating func readMarks(_ path: String, _ text: String) {
    var code = 0
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let trimmed = line.trimmingPrefix { $0 == " " }
      guard Self.commentMarks.contains(where: { trimmed.hasPrefix($0) }), let caret = trimmed.firstIndex(of: "^") else {
        code = number + 1
        continue
      }
      for what in trimmed[caret...].drop(while: { $0 == "^" || $0 == " " }).split(separator: ",") {
        let what = what.hasSuffix("-->") ? what.dropLast(3) : what
        marks.insert(Mark(file: path, line: code, what: what.trimmingCharacters(in: .whitespaces)))
      }
    }
  }

  /// The linked system, read from tokens alone or through the parser.
  func linked(parsed: Bool) throws -> SystemFacts {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var schema = SchemaReader(engine: nil)
    var facts: [FileFacts] = []
    var scripts: [RepoPath: String] = [:]
    for file in files {
      let target = folder.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try file.text.write(to: target, atomically: true, encoding: .utf8)
    }
    for file in files {
      let path = RepoPath(file.path)
      if file.path.hasSuffix(".sql") {
        schema.read(file.text, file: path)
        scripts[path] = file.text
        continue
      }
      if let frontend = LanguageFrontend.of(file.path) {
        facts.append(Array(file.text.utf8).withUnsafeBufferPointer { frontend.read(path, $0) })
        continue
      }
      if let document = DocumentFrontend.read(path, Array(file.text.utf8)) {
        facts.append(document)
        continue
      }
      var read = TokenFrontend.read(path, bytes: Array(file.text.utf8)).facts
      if parsed, !file.path.hasSuffix(".h") { read = try Self.parse(path, in: folder.path, tokens: read) }
      facts.append(read)
    }
    return SystemLinker.link(files: facts, catalog: schema.catalog(), scripts: scripts)
  }

  private static func parse(_ file: RepoPath, in folder: String, tokens: FileFacts) throws -> FileFacts {
    let language = file.text.hasSuffix(".c") ? ["-x", "c", "-std=gnu11"] : ["-x", "c++", "-std=c++20"]
    let parsed = try UnitParser().parse(
      UnitRequest(
        file: file, path: folder + "/" + file.text, arguments: language + ["-I" + folder], precompiledHeader: nil))
    #expect(parsed.errorLines.isEmpty, "\(file) does not compile at lines \(parsed.errorLines)")
    return FactMerger.merge(parsed: parsed, tokens: tokens)
  }
}

/// Checks that every line does what its mark says and nothing else, read from tokens and through the parser.
func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let marked = MarkedSystem(text)
  for parsed in marked.hasUnits ? [false, true] : [false] {
    let system = try marked.linked(parsed: parsed)
    var found = Set(
      system.accesses.map { access in
        let verb =
          switch access.operation {
          case .read: "reads"
          case .write: "writes"
          case .ddl: "defines"
          }
        return MarkedSystem.Mark(
          file: access.span.file.text, line: access.span.line, what: "\(verb) \(access.table)")
      })
    for unresolved in system.unresolved {
      found.insert(
        MarkedSystem.Mark(file: unresolved.span.file.text, line: unresolved.span.line, what: "unresolved"))
    }
    let how = parsed ? "through the parser" : "from tokens"
    let missing = marked.marks.subtracting(found).map(\.description).sorted()
    let extra = found.subtracting(marked.marks).map(\.description).sorted()
    #expect(missing.isEmpty, "not found \(how)", sourceLocation: sourceLocation)
    #expect(extra.isEmpty, "found without a mark \(how)", sourceLocation: sourceLocation)
  }
}

/// What the fixtures compile against: just enough of a string, a stream, a formatter and a database client.
let stubs = """
  //- /stubs.h
  #pragma once
  typedef unsigned long size_t;
  extern "C" int snprintf(char *buffer, size_t size, const char *format, ...);
  extern "C" char *strcat(char *to, const char *from);
  extern "C" void log_info(const char *format, ...);
  namespace std {
  struct string {
    string();
    string(const char *text);
    string &operator+=(const string &other);
    string &append(const string &other);
    const char *c_str() const;
  };
  string operator+(const string &left, const string &right);
  string to_string(int number);
  struct ostringstream {
    string str() const;
    void str(const string &text);
  };
  ostringstream &operator<<(ostringstream &stream, const string &text);
  ostringstream &operator<<(ostringstream &stream, int number);
  }
  namespace fmt {
  template <typename... Arguments>
  std::string format(const char *text, const Arguments &...arguments) { return std::string(text); }
  }
  struct Database {
    bool execute(const std::string &sql);
    int store(const std::string &sql);
    void begin_transaction();
    void commit();
  };
  extern Database db;

  """

/// A schema most fixtures share.
let schema = """
  //- /schema.sql
  CREATE TABLE customer (id INT PRIMARY KEY, name VARCHAR(40));
  CREATE TABLE invoice (id INT PRIMARY KEY, customer_id INT, total INT);
  CREATE TABLE payment (id INT PRIMARY KEY, invoice_id INT, amount INT);

  """
