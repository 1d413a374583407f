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
    let lineCount = try signed()
    let understood = try signed()
    let lost = try signed()
    return FileFacts(
      file: RepoPath(path),
      functions: try list(leastSize: 7) { (reader) throws(DamagedFacts) in try reader.function() },
      types: try list(leastSize: 3) { (reader) throws(DamagedFacts) in try reader.type() },
      constants: try list(leastSize: 5) { (reader) throws(DamagedFacts) in try reader.constant() },
      includes: try list(leastSize: 1) { (reader) throws(DamagedFacts) in RepoPath(try reader.text()) },
      lineCount: lineCount, understoodLines: understood, lostLines: lost,
      diagnostics: try list(leastSize: 6) { (reader) throws(DamagedFacts) in try reader.diagnostic() })
  }

  private mutating func function() throws(DamagedFacts) -> FunctionFact {
    let name = try text()
    let owner = try text()
    let first = try signed()
    let last = first &+ Int(truncatingIfNeeded: try unsigned())
    guard last >= first else { throw .damaged }
    let parameters = try list(leastSize: 1) { (reader) throws(DamagedFacts) in try reader.text() }
    let marks = try byte()
    guard marks < 4 else { throw .damaged }
    var line = first
    let events = try list(leastSize: 2) { (reader) throws(DamagedFacts) in
      line = line &+ (try reader.signed())
      return PlacedEvent(line: line, event: try reader.event())
    }
    return FunctionFact(
      name: name, owner: owner, lines: first...last, parameters: parameters, isLocal: marks & 1 != 0,
      isRecovered: marks & 2 != 0, events: events)
  }

  private mutating func type() throws(DamagedFacts) -> TypeFact {
    let name = try text()
    let bases = try list(leastSize: 1) { (reader) throws(DamagedFacts) in try reader.text() }
    return TypeFact(name: name, bases: bases, line: try signed())
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
