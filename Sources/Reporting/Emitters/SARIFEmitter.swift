extension Emitter {
  /// SARIF 2.1.0: one result a seam, so that code review tools show where the cut goes through data.
  static let sarif = Emitter(format: "sarif", views: [.seams]) { report, _, _ in
    var writer = JSONWriter()
    writer.beginObject()
    writer.field("$schema", is: "https://json.schemastore.org/sarif-2.1.0.json")
    writer.objects("runs", [report]) { writer, report in
      writer.field("columnKind", is: "unicodeCodePoints")
      writer.objects("results", report.seams, writeResult)
      writer.object("tool") { $0.object("driver", writeDriver) }
    }
    writer.field("version", is: "2.1.0")
    writer.endObject()
    return writer.text + "\n"
  }

  /// Kinds of seam with their severity and what they mean, sorted by kind.
  private static let seamRules: [(kind: String, level: String, text: String)] = [
    ("foreign_key", "note", "A foreign key points at a table that another service owns."),
    ("join", "warning", "A statement joins tables of two services."),
    ("n_plus_one", "warning", "A loop reads rows of a table that another service owns, one at a time."),
    ("read", "note", "A table is read by a service that does not own it."),
    ("transaction", "error", "A transaction writes tables of two services."),
    ("trigger", "warning", "A trigger of one service touches a table of another."),
    ("write", "error", "A table is written by a service that does not own it."),
  ]

  private static func writeDriver(_ writer: inout JSONWriter) {
    writer.field("name", is: "cleave")
    writer.objects("rules", seamRules) { writer, rule in
      writer.object("defaultConfiguration") { $0.field("level", is: rule.level) }
      writer.field("id", is: "seam/" + rule.kind)
      writer.object("shortDescription") { $0.field("text", is: rule.text) }
    }
    writer.field("version", is: Product.version)
  }

  private static func writeResult(_ writer: inout JSONWriter, _ seam: ReportSeam) {
    writer.field("level", is: seamRules.first { $0.kind == seam.kind }?.level ?? "warning")
    writer.objects("locations", seam.file.isEmpty ? [] : [seam]) { writer, seam in
      writer.object("physicalLocation") { writer in
        writer.object("artifactLocation") { writer in
          writer.field("uri", is: uri(seam.file))
          writer.field("uriBaseId", is: "%SRCROOT%")
        }
        if seam.line > 0 { writer.object("region") { $0.field("startLine", is: seam.line) } }
      }
    }
    writer.object("message") { $0.field("text", is: message(seam)) }
    // Lines move with every edit; the finding stays the same.
    writer.object("partialFingerprints") { writer in
      writer.field(
        "seam/v1",
        is: [seam.kind, seam.from, seam.to, seam.table, seam.otherTable, seam.file].joined(separator: "|"))
    }
    writer.object("properties") { writer in
      writer.field("columns", is: seam.columns)
      writer.field("costs", is: seam.costs)
      writer.field("rule", is: seam.rule)
      writer.field("statement", is: seam.statement)
    }
    writer.field("ruleId", is: "seam/" + seam.kind)
  }

  private static func message(_ seam: ReportSeam) -> String {
    let who = seam.from == Report.sharedName ? "shared code" : seam.from
    let other = seam.otherTable.isEmpty ? "" : (seam.kind == "join" ? " with " : " from ") + seam.otherTable
    return "\(who) \(GraphPicture.verb(seam.kind)) \(seam.table) of \(seam.to)\(other): \(seam.recommendation)"
  }

  /// Percent-encodes what RFC 3986 does not allow in a path.
  private static func uri(_ path: String) -> String {
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
