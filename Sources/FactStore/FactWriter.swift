internal import Basics
internal import Facts

/// Builds the encoding of one file; `FactCodec` describes the layout.
struct FactWriter {
  private var body: [UInt8] = []
  private var strings: [UInt8] = []
  private var indexes: [Spelling: Int] = [:]
  /// Whether a value was nested too deeply; the encoding is then useless.
  private(set) var isTooDeep = false

  /// The whole encoding.
  func finish(version: UInt8) -> [UInt8] {
    var head = FactWriter()
    head.body.reserveCapacity(strings.count + body.count + 16)
    head.body.append(version)
    head.number(indexes.count)
    head.body.append(contentsOf: strings)
    head.body.append(contentsOf: body)
    return head.body
  }

  /// Writes everything about a file.
  mutating func file(_ facts: FileFacts) {
    text(facts.file.text)
    text(facts.language.rawValue)
    text(facts.namespace)
    signed(facts.lineCount)
    signed(facts.understoodLines)
    signed(facts.lostLines)
    list(facts.functions) { $0.function($1) }
    list(facts.types) { $0.type($1) }
    list(facts.constants) { $0.constant($1) }
    list(facts.includes) { $0.text($1.text) }
    list(facts.imports) {
      $0.text($1.path)
      $0.text($1.symbol)
      $0.text($1.local)
    }
    list(facts.diagnostics) { $0.diagnostic($1) }
    list(facts.document.map { [$0] } ?? []) { $0.node($1, depth: 0) }
  }

  private mutating func node(_ node: DocumentNode, depth: Int) {
    guard depth < FactCodec.maximumDepth else {
      isTooDeep = true
      return
    }
    text(node.name)
    text(node.text)
    signed(node.line)
    list(node.attributes) {
      $0.text($1.name)
      $0.text($1.value)
    }
    list(node.children) { $0.node($1, depth: depth + 1) }
  }

  private mutating func annotation(_ annotation: AnnotationFact) {
    text(annotation.name)
    list(annotation.arguments) { $0.value($1, depth: 0) }
    signed(annotation.line)
  }

  private mutating func field(_ field: FieldFact) {
    text(field.name)
    text(field.type)
    list(field.annotations) { $0.annotation($1) }
    value(field.value, depth: 0)
    body.append(field.isStatic ? 1 : 0)
    signed(field.line)
  }

  private mutating func events(_ events: [PlacedEvent], from first: Int) {
    number(events.count)
    var line = first
    for placed in events {
      signed(placed.line &- line)
      line = placed.line
      event(placed.event)
    }
  }

  private mutating func function(_ function: FunctionFact) {
    text(function.name)
    text(function.owner)
    signed(function.lines.lowerBound)
    // The difference of two Ints may not fit an Int; wrapped, it is undone by the wrapped sum.
    unsigned(UInt64(bitPattern: Int64(function.lines.upperBound &- function.lines.lowerBound)))
    list(function.parameters) { $0.text($1) }
    list(function.parameterTypes) { $0.text($1) }
    text(function.returnType)
    list(function.annotations) { $0.annotation($1) }
    body.append(
      (function.isLocal ? 1 : 0) | (function.isRecovered ? 2 : 0) | (function.isStatic ? 4 : 0)
        | (function.isAbstract ? 8 : 0))
    events(function.events, from: function.lines.lowerBound)
  }

  private mutating func type(_ type: TypeFact) {
    text(type.name)
    text(type.kind.rawValue)
    text(type.namespace)
    list(type.bases) { $0.text($1) }
    list(type.typeParameters) { $0.text($1) }
    list(type.annotations) { $0.annotation($1) }
    list(type.fields) { $0.field($1) }
    signed(type.line)
    events(type.body, from: type.line)
  }

  private mutating func constant(_ constant: ConstantFact) {
    text(constant.name)
    let kind: UInt8 =
      switch constant.kind {
      case .global: 0
      case .field: 1
      case .macro: 2
      case .enumerator: 3
      }
    body.append(kind | (constant.isLocal ? 4 : 0))
    value(constant.value, depth: 0)
    list(constant.parameters) { $0.text($1) }
    signed(constant.line)
  }

  private mutating func diagnostic(_ diagnostic: Diagnostic) {
    text(diagnostic.code)
    switch diagnostic.severity {
    case .note: body.append(0)
    case .warning: body.append(1)
    case .error: body.append(2)
    }
    text(diagnostic.span.file.text)
    signed(diagnostic.span.line)
    text(diagnostic.message)
    text(diagnostic.nextStep)
  }

  private mutating func event(_ event: CodeEvent) {
    switch event {
    case .declare(let name, let type, let first):
      body.append(EventTag.declare)
      text(name)
      text(type)
      value(first, depth: 0)
    case .assign(let name, let assigned):
      body.append(EventTag.assign)
      text(name)
      value(assigned, depth: 0)
    case .append(let name, let appended):
      body.append(EventTag.append)
      text(name)
      value(appended, depth: 0)
    case .call(let fact): call(fact)
    case .result(let returned):
      body.append(EventTag.result)
      value(returned, depth: 0)
    case .mention(let mentioned):
      body.append(EventTag.mention)
      value(mentioned, depth: 0)
    case .enterBranch: body.append(EventTag.enterBranch)
    case .nextBranch: body.append(EventTag.nextBranch)
    case .enterLoop: body.append(EventTag.enterLoop)
    case .enterScope(let callee):
      body.append(EventTag.enterScope)
      text(callee)
    case .leave: body.append(EventTag.leave)
    }
  }

  private mutating func call(_ call: CallFact) {
    let dispatch: UInt8 =
      switch call.dispatch {
      case .direct: 0
      case .virtual: 1
      case .pointer: 2
      }
    body.append(EventTag.call + dispatch + (call.receiver == nil ? 0 : EventTag.receiver))
    text(call.callee)
    if let receiver = call.receiver { value(receiver, depth: 0) }
    list(call.arguments) { $0.value($1, depth: 0) }
  }

  private mutating func value(_ value: Value, depth: Int) {
    guard depth < FactCodec.maximumDepth else {
      isTooDeep = true
      return
    }
    switch value {
    case .opaque: body.append(ValueTag.opaque)
    case .text(let content):
      body.append(ValueTag.text)
      text(content)
    case .name(let name):
      body.append(ValueTag.name)
      text(name)
    case .call(let callee, let receiver, let arguments):
      body.append(receiver == nil ? ValueTag.call : ValueTag.callOnReceiver)
      text(callee)
      if let receiver { self.value(receiver, depth: depth + 1) }
      list(arguments) { $0.value($1, depth: depth + 1) }
    case .join(let parts): values(parts, tag: ValueTag.join, depth: depth)
    case .list(let parts): values(parts, tag: ValueTag.list, depth: depth)
    case .either(let parts): values(parts, tag: ValueTag.either, depth: depth)
    case .member(let name, let content):
      body.append(ValueTag.member)
      text(name)
      self.value(content, depth: depth + 1)
    case .element(let container, let key):
      body.append(ValueTag.element)
      self.value(container, depth: depth + 1)
      self.value(key, depth: depth + 1)
    case .literal(let spelling):
      body.append(ValueTag.literal)
      text(spelling)
    case .type(let name):
      body.append(ValueTag.type)
      text(name)
    case .field(let base, let name):
      body.append(ValueTag.field)
      self.value(base, depth: depth + 1)
      text(name)
    case .operation(let name, let parts):
      body.append(ValueTag.operation)
      text(name)
      list(parts) { $0.value($1, depth: depth + 1) }
    case .closure(let parameters, let result):
      body.append(ValueTag.closure)
      list(parameters) { $0.text($1) }
      self.value(result, depth: depth + 1)
    }
  }

  private mutating func values(_ parts: [Value], tag: UInt8, depth: Int) {
    body.append(tag)
    list(parts) { $0.value($1, depth: depth + 1) }
  }

  private mutating func list<Element>(_ elements: [Element], write: (inout FactWriter, Element) -> Void) {
    number(elements.count)
    for element in elements { write(&self, element) }
  }

  private mutating func text(_ text: String) {
    let spelling = Spelling(text: text)
    if let index = indexes[spelling] {
      number(index)
      return
    }
    let index = indexes.count
    indexes[spelling] = index
    number(index)
    var bytes = FactWriter()
    bytes.number(text.utf8.count)
    strings.append(contentsOf: bytes.body)
    strings.append(contentsOf: text.utf8)
  }

  private mutating func number(_ number: Int) { unsigned(UInt64(number)) }

  private mutating func signed(_ number: Int) {
    let wide = Int64(number)
    unsigned(UInt64(bitPattern: (wide &<< 1) ^ (wide &>> 63)))
  }

  private mutating func unsigned(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      body.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    body.append(UInt8(truncatingIfNeeded: rest))
  }
}

/// A string compared by its bytes: `String` itself takes canonically equivalent spellings for equal, and interning them
/// together would give back other bytes than were stored.
private struct Spelling: Hashable {
  let text: String

  static func == (left: Spelling, right: Spelling) -> Bool {
    var left = left.text
    var right = right.text
    return left.withUTF8 { left in
      right.withUTF8 { right in left.count == right.count && left.elementsEqual(right) }
    }
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
