internal import Basics
internal import Facts

/// Reads the encoding of one file; every read is checked against the end of the bytes.
struct FactReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset: Int
  private var strings: [String] = []
  /// Boxes of `.text` and `.name` already made, by string: most values repeat, and sharing a box saves an allocation.
  private var texts: [Value?] = []
  private var names: [Value?] = []

  /// A reader that begins at `offset`; `bytes` must outlive it.
  init(bytes: UnsafeRawBufferPointer, offset: Int) {
    self.bytes = bytes
    self.offset = offset
  }

  /// Whether everything was read.
  var isAtEnd: Bool { offset == bytes.count }

  /// Reads the table every later string points into.
  mutating func stringTable() throws(DamagedFacts) {
    let count = try count(leastSize: 1)
    strings.reserveCapacity(count)
    for _ in 0..<count {
      let length = try self.count(leastSize: 1)
      let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
      strings.append(String(decoding: slice, as: UTF8.self))
      offset += length
    }
    texts = Array(repeating: nil, count: count)
    names = Array(repeating: nil, count: count)
  }

  /// Reads everything about a file.
  mutating func file() throws(DamagedFacts) -> FileFacts {
    let path = try text()
    guard let language = SourceLanguage(rawValue: try text()) else { throw .damaged }
    let namespace = try text()
    let lineCount = try signed()
    let understood = try signed()
    let lost = try signed()
    var facts = FileFacts(
      file: RepoPath(path), language: language, namespace: namespace,
      functions: try list(leastSize: 11) { (reader) throws(DamagedFacts) in try reader.function() },
      types: try list(leastSize: 9) { (reader) throws(DamagedFacts) in try reader.type() },
      constants: try list(leastSize: 5) { (reader) throws(DamagedFacts) in try reader.constant() },
      includes: try list(leastSize: 1) { (reader) throws(DamagedFacts) in RepoPath(try reader.text()) },
      imports: try list(leastSize: 3) { (reader) throws(DamagedFacts) in
        let path = try reader.text()
        let symbol = try reader.text()
        return ImportFact(path: path, symbol: symbol, local: try reader.text())
      },
      lineCount: lineCount, understoodLines: understood, lostLines: lost)
    facts.diagnostics = try list(leastSize: 6) { (reader) throws(DamagedFacts) in try reader.diagnostic() }
    let documents = try list(leastSize: 5) { (reader) throws(DamagedFacts) in try reader.node(depth: 0) }
    guard documents.count < 2 else { throw .damaged }
    facts.document = documents.first
    return facts
  }

  private mutating func node(depth: Int) throws(DamagedFacts) -> DocumentNode {
    guard depth < FactCodec.maximumDepth else { throw .damaged }
    let name = try text()
    let content = try text()
    let line = try signed()
    let attributes = try list(leastSize: 2) { (reader) throws(DamagedFacts) in
      let name = try reader.text()
      return DocumentNode.Attribute(name: name, value: try reader.text())
    }
    let children = try list(leastSize: 5) { (reader) throws(DamagedFacts) in try reader.node(depth: depth + 1) }
    var node = DocumentNode(name: name, attributes: attributes, children: children, line: line)
    node.text = content
    return node
  }

  private mutating func annotations() throws(DamagedFacts) -> [AnnotationFact] {
    try list(leastSize: 3) { (reader) throws(DamagedFacts) in
      let name = try reader.text()
      let arguments = try reader.values(depth: 0)
      return AnnotationFact(name: name, arguments: arguments, line: try reader.signed())
    }
  }

  private mutating func fields() throws(DamagedFacts) -> [FieldFact] {
    try list(leastSize: 6) { (reader) throws(DamagedFacts) in
      let name = try reader.text()
      let type = try reader.text()
      let annotations = try reader.annotations()
      let value = try reader.value(depth: 0)
      let mark = try reader.byte()
      guard mark < 2 else { throw .damaged }
      return FieldFact(
        name: name, type: type, annotations: annotations, value: value, isStatic: mark == 1,
        line: try reader.signed())
    }
  }

  private mutating func events(from first: Int) throws(DamagedFacts) -> [PlacedEvent] {
    var line = first
    return try list(leastSize: 2) { (reader) throws(DamagedFacts) in
      line = line &+ (try reader.signed())
      return PlacedEvent(line: line, event: try reader.event())
    }
  }

  private mutating func spellings() throws(DamagedFacts) -> [String] {
    try list(leastSize: 1) { (reader) throws(DamagedFacts) in try reader.text() }
  }

  private mutating func function() throws(DamagedFacts) -> FunctionFact {
    let name = try text()
    let owner = try text()
    let first = try signed()
    let last = first &+ Int(truncatingIfNeeded: try unsigned())
    guard last >= first else { throw .damaged }
    let parameters = try spellings()
    let parameterTypes = try spellings()
    let returnType = try text()
    let annotations = try annotations()
    let marks = try byte()
    guard marks < 16 else { throw .damaged }
    return FunctionFact(
      name: name, owner: owner, lines: first...last, parameters: parameters, parameterTypes: parameterTypes,
      returnType: returnType, annotations: annotations, isStatic: marks & 4 != 0, isAbstract: marks & 8 != 0,
      isLocal: marks & 1 != 0, isRecovered: marks & 2 != 0, events: try events(from: first))
  }

  private mutating func type() throws(DamagedFacts) -> TypeFact {
    let name = try text()
    guard let kind = TypeFact.Kind(rawValue: try text()) else { throw .damaged }
    let namespace = try text()
    let bases = try spellings()
    let parameters = try spellings()
    let annotations = try annotations()
    let fields = try fields()
    let line = try signed()
    return TypeFact(
      name: name, kind: kind, namespace: namespace, bases: bases, typeParameters: parameters,
      annotations: annotations, fields: fields, body: try events(from: line), line: line)
  }

  private mutating func constant() throws(DamagedFacts) -> ConstantFact {
    let name = try text()
    let marks = try byte()
    let kind: ConstantFact.Kind
    switch marks & ~4 {
    case 0: kind = .global
    case 1: kind = .field
    case 2: kind = .macro
    case 3: kind = .enumerator
    default: throw .damaged
    }
    let value = try value(depth: 0)
    let parameters = try list(leastSize: 1) { (reader) throws(DamagedFacts) in try reader.text() }
    return ConstantFact(
      name: name, kind: kind, value: value, parameters: parameters, isLocal: marks & 4 != 0, line: try signed())
  }

  private mutating func diagnostic() throws(DamagedFacts) -> Diagnostic {
    let code = try text()
    let severity: Diagnostic.Severity
    switch try byte() {
    case 0: severity = .note
    case 1: severity = .warning
    case 2: severity = .error
    default: throw .damaged
    }
    let file = RepoPath(try text())
    let span = SourceSpan(file: file, line: try signed())
    let message = try text()
    return Diagnostic(code: code, severity: severity, span: span, message: message, nextStep: try text())
  }

  private mutating func event() throws(DamagedFacts) -> CodeEvent {
    let tag = try byte()
    switch tag {
    case EventTag.declare:
      let name = try text()
      let type = try text()
      return .declare(name: name, type: type, value: try value(depth: 0))
    case EventTag.assign:
      let name = try text()
      return .assign(name: name, value: try value(depth: 0))
    case EventTag.append:
      let name = try text()
      return .append(name: name, value: try value(depth: 0))
    case EventTag.result: return .result(try value(depth: 0))
    case EventTag.mention: return .mention(try value(depth: 0))
    case EventTag.enterBranch: return .enterBranch
    case EventTag.nextBranch: return .nextBranch
    case EventTag.enterLoop: return .enterLoop
    case EventTag.enterScope: return .enterScope(callee: try text())
    case EventTag.leave: return .leave
    default: return .call(try call(tag: tag))
    }
  }

  private mutating func call(tag: UInt8) throws(DamagedFacts) -> CallFact {
    let dispatch: CallFact.Dispatch
    switch tag & ~EventTag.receiver {
    case EventTag.call: dispatch = .direct
    case EventTag.call + 1: dispatch = .virtual
    case EventTag.call + 2: dispatch = .pointer
    default: throw .damaged
    }
    let callee = try text()
    let receiver = tag & EventTag.receiver == 0 ? nil : try value(depth: 0)
    return CallFact(callee: callee, receiver: receiver, arguments: try values(depth: 0), dispatch: dispatch)
  }

  private mutating func value(depth: Int) throws(DamagedFacts) -> Value {
    guard depth < FactCodec.maximumDepth else { throw .damaged }
    switch try byte() {
    case ValueTag.opaque: return .opaque
    case ValueTag.text: return sharedText(try textIndex())
    case ValueTag.name: return sharedName(try textIndex())
    case ValueTag.call:
      let callee = try text()
      return .call(callee: callee, receiver: nil, arguments: try values(depth: depth + 1))
    case ValueTag.callOnReceiver:
      let callee = try text()
      let receiver = try value(depth: depth + 1)
      return .call(callee: callee, receiver: receiver, arguments: try values(depth: depth + 1))
    case ValueTag.join: return .join(try values(depth: depth + 1))
    case ValueTag.list: return .list(try values(depth: depth + 1))
    case ValueTag.either: return .either(try values(depth: depth + 1))
    case ValueTag.member:
      let name = try text()
      return .member(name, try value(depth: depth + 1))
    case ValueTag.element:
      let container = try value(depth: depth + 1)
      return .element(of: container, at: try value(depth: depth + 1))
    case ValueTag.literal: return .literal(try text())
    case ValueTag.type: return .type(try text())
    case ValueTag.field:
      let base = try value(depth: depth + 1)
      return .field(of: base, name: try text())
    case ValueTag.operation:
      let name = try text()
      return .operation(name, try values(depth: depth + 1))
    case ValueTag.closure:
      let parameters = try spellings()
      return .closure(parameters: parameters, result: try value(depth: depth + 1))
    default: throw .damaged
    }
  }

  private mutating func sharedText(_ index: Int) -> Value {
    if let box = texts[index] { return box }
    let box = Value.text(strings[index])
    texts[index] = box
    return box
  }

  private mutating func sharedName(_ index: Int) -> Value {
    if let box = names[index] { return box }
    let box = Value.name(strings[index])
    names[index] = box
    return box
  }

  private mutating func values(depth: Int) throws(DamagedFacts) -> [Value] {
    try list(leastSize: 1) { (reader) throws(DamagedFacts) in try reader.value(depth: depth) }
  }

  @inline(__always)
  private mutating func list<Element>(
    leastSize: Int, read: (inout FactReader) throws(DamagedFacts) -> Element
  ) throws(DamagedFacts) -> [Element] {
    let count = try count(leastSize: leastSize)
    if count == 0 { return [] }
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try read(&self)) }
    return elements
  }

  /// A number of elements, each at least `leastSize` bytes long: a damaged count cannot ask for more memory than the
  /// rest of the bytes could fill.
  private mutating func count(leastSize: Int) throws(DamagedFacts) -> Int {
    let number = try unsigned()
    guard number <= UInt64((bytes.count - offset) / leastSize) else { throw .damaged }
    return Int(number)
  }

  private mutating func text() throws(DamagedFacts) -> String { strings[try textIndex()] }

  private mutating func textIndex() throws(DamagedFacts) -> Int {
    let index = try unsigned()
    guard index < UInt64(strings.count) else { throw .damaged }
    return Int(index)
  }

  private mutating func signed() throws(DamagedFacts) -> Int {
    let folded = try unsigned()
    return Int(truncatingIfNeeded: Int64(bitPattern: folded &>> 1) ^ -Int64(bitPattern: folded & 1))
  }

  @inline(__always)
  private mutating func unsigned() throws(DamagedFacts) -> UInt64 {
    let first = try byte()
    if first < 0x80 { return UInt64(first) }
    return try longUnsigned(first)
  }

  private mutating func longUnsigned(_ first: UInt8) throws(DamagedFacts) -> UInt64 {
    var number = UInt64(first & 0x7f)
    var shift: UInt64 = 7
    while shift < 64 {
      let next = try byte()
      number |= UInt64(next & 0x7f) &<< shift
      if next < 0x80 { return number }
      shift += 7
    }
    throw .damaged
  }

  @inline(__always)
  private mutating func byte() throws(DamagedFacts) -> UInt8 {
    guard offset < bytes.count else { throw .damaged }
    let byte = bytes[offset]
    offset &+= 1
    return byte
  }
}
