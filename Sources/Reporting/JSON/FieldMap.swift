/// Visits the fields of a value under their JSON keys: the writer and the reader are the two conformers, so the
/// fields of a model are listed once and the two directions cannot drift apart.
package protocol FieldMap {
  /// `Never` for writing, `ReportError` for reading.
  associatedtype Failure: Error
  /// Writes `value` under `key`, or replaces `value` with what stands under `key`.
  mutating func field<Value: JSONCoded>(_ key: StaticString, _ value: inout Value) throws(Failure)
}

/// A value with a JSON form.
package protocol JSONCoded {
  /// The value to read into.
  init()
  /// Appends the JSON form.
  func write(to writer: inout JSONWriter)
  /// Replaces the value with the one at the reader's position.
  mutating func read(from reader: inout JSONReader) throws(ReportError)
}

/// A value whose JSON form is an object.
package protocol JSONObject: JSONCoded {
  /// Names every field once, sorted by key.
  mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure)
}

extension JSONObject {
  package func write(to writer: inout JSONWriter) {
    var copy = self
    writer.beginObject()
    copy.fields(&writer)
    writer.endObject()
  }

  package mutating func read(from reader: inout JSONReader) throws(ReportError) {
    let outer = try reader.beginObject()
    try fields(&reader)
    try reader.endObject(outer)
  }

  /// The JSON text of the value, with a line feed at its end.
  package var jsonText: String {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.text + "\n"
  }
}

extension Array: JSONCoded where Element: JSONCoded {
  package func write(to writer: inout JSONWriter) {
    writer.beginArray()
    for element in self { writer.element(element) }
    writer.endArray()
  }

  package mutating func read(from reader: inout JSONReader) throws(ReportError) {
    removeAll(keepingCapacity: true)
    try reader.expect(UInt8(ascii: "["))
    if reader.take(UInt8(ascii: "]")) { return }
    repeat {
      var element = Element()
      try element.read(from: &reader)
      append(element)
    } while reader.take(UInt8(ascii: ","))
    try reader.expect(UInt8(ascii: "]"))
  }
}

extension String: JSONCoded {
  package func write(to writer: inout JSONWriter) { writer.string(self) }
  package mutating func read(from reader: inout JSONReader) throws(ReportError) { self = try reader.string() }
}

extension Int: JSONCoded {
  package func write(to writer: inout JSONWriter) { writer.integer(self) }
  package mutating func read(from reader: inout JSONReader) throws(ReportError) { self = try reader.integer() }
}

extension Bool: JSONCoded {
  package func write(to writer: inout JSONWriter) { writer.raw(self ? "true" : "false") }
  package mutating func read(from reader: inout JSONReader) throws(ReportError) { self = try reader.boolean() }
}

extension Double: JSONCoded {
  package func write(to writer: inout JSONWriter) { writer.number(self) }
  package mutating func read(from reader: inout JSONReader) throws(ReportError) { self = try reader.number() }
}
