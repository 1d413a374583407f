import Basics
import Facts

/// A small seeded generator (SplitMix64): the same facts on every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

/// Random facts that reach every case of the vocabulary.
struct RandomFacts {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func facts(functions: Int = 4) -> FileFacts {
    FileFacts(
      file: RepoPath("src/\(number(0...99)).cpp"), language: SourceLanguage.allCases[number(0...9)], namespace: text(),
      functions: many(0...functions) { $0.function() },
      types: many(0...3) { $0.type() }, constants: many(0...5) { $0.constant() },
      includes: many(0...4) { RepoPath($0.text()) },
      imports: many(0...3) { ImportFact(path: $0.text(), symbol: $0.text(), local: $0.text()) },
      document: number(0...2) == 0 ? node(depth: 0) : nil, lineCount: anyNumber(), understoodLines: anyNumber(),
      lostLines: anyNumber(),
      diagnostics: many(0...2) { $0.diagnostic() })
  }

  mutating func value(depth: Int = 0) -> Value {
    switch number(0...(depth > 4 ? 4 : 14)) {
    case 0: .opaque
    case 3: .literal(text())
    case 4: .type(text())
    case 10: .field(of: value(depth: depth + 1), name: text())
    case 11: .operation(text(), many(0...3) { $0.value(depth: depth + 1) })
    case 12: .closure(parameters: many(0...2) { $0.text() }, result: value(depth: depth + 1))
    case 1: .text(text())
    case 2: .name(text())
    case 13: .call(callee: text(), receiver: nil, arguments: many(0...3) { $0.value(depth: depth + 1) })
    case 14:
      .call(
        callee: text(), receiver: value(depth: depth + 1), arguments: many(0...3) { $0.value(depth: depth + 1) })
    case 5: .join(many(0...3) { $0.value(depth: depth + 1) })
    case 6: .list(many(0...3) { $0.value(depth: depth + 1) })
    case 7: .member(text(), value(depth: depth + 1))
    case 8: .either(many(0...3) { $0.value(depth: depth + 1) })
    default: .element(of: value(depth: depth + 1), at: value(depth: depth + 1))
    }
  }

  private mutating func function() -> FunctionFact {
    let first = anyNumber()
    return FunctionFact(
      name: text(), owner: text(), lines: first...max(first, anyNumber()), parameters: many(0...3) { $0.text() },
      parameterTypes: many(0...3) { $0.text() }, returnType: text(), annotations: many(0...2) { $0.annotation() },
      isStatic: .random(using: &generator), isAbstract: .random(using: &generator), isLocal: .random(using: &generator),
      isRecovered: .random(using: &generator),
      events: many(0...12) { PlacedEvent(line: $0.anyNumber(), event: $0.event()) })
  }

  private mutating func annotation() -> AnnotationFact {
    AnnotationFact(name: text(), arguments: many(0...2) { $0.value() }, line: anyNumber())
  }

  private mutating func type() -> TypeFact {
    TypeFact(
      name: text(), kind: TypeFact.Kind.allCases[number(0...6)], namespace: text(), bases: many(0...2) { $0.text() },
      typeParameters: many(0...2) { $0.text() }, annotations: many(0...2) { $0.annotation() },
      fields: many(0...3) {
        FieldFact(
          name: $0.text(), type: $0.text(), annotations: $0.many(0...1) { $0.annotation() }, value: $0.value(),
          isStatic: $0.number(0...1) == 0, line: $0.anyNumber())
      },
      body: many(0...3) { PlacedEvent(line: $0.anyNumber(), event: $0.event()) }, line: anyNumber())
  }

  private mutating func node(depth: Int) -> DocumentNode {
    guard depth < 4, number(0...3) > 0 else { return DocumentNode(text: text(), line: anyNumber()) }
    return DocumentNode(
      name: text(), attributes: many(0...2) { .init(name: $0.text(), value: $0.text()) },
      children: many(0...3) { $0.node(depth: depth + 1) }, line: anyNumber())
  }

  private mutating func event() -> CodeEvent {
    switch number(0...10) {
    case 10: .enterScope(callee: text())
    case 0: .declare(name: text(), type: text(), value: value())
    case 1: .assign(name: text(), value: value())
    case 2: .append(name: text(), value: value())
    case 3:
      .call(
        CallFact(
          callee: text(), receiver: number(0...1) == 0 ? nil : value(), arguments: many(0...3) { $0.value() },
          dispatch: [.direct, .virtual, .pointer][number(0...2)]))
    case 4: .result(value())
    case 5: .mention(value())
    case 6: .enterBranch
    case 7: .nextBranch
    case 8: .enterLoop
    default: .leave
    }
  }

  private mutating func constant() -> ConstantFact {
    ConstantFact(
      name: text(), kind: [.global, .field, .macro, .enumerator][number(0...3)], value: value(),
      parameters: many(0...2) { $0.text() }, isLocal: .random(using: &generator), line: anyNumber())
  }

  private mutating func diagnostic() -> Diagnostic {
    Diagnostic(
      code: text(), severity: Diagnostic.Severity.allCases[number(0...2)],
      span: SourceSpan(file: RepoPath(text()), line: anyNumber()), message: text(), nextStep: text())
  }

  private mutating func many<Element>(
    _ counts: ClosedRange<Int>, make: (inout RandomFacts) -> Element
  ) -> [Element] {
    var elements: [Element] = []
    for _ in 0..<number(counts) { elements.append(make(&self)) }
    return elements
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }

  /// Mostly line numbers, now and then an extreme.
  private mutating func anyNumber() -> Int {
    switch number(0...19) {
    case 0: .max
    case 1: .min
    case 2: -number(1...300)
    default: number(0...20_000)
    }
  }

  private mutating func text() -> String {
    let samples = [
      "", "query", "SELECT `id` FROM `orders` WHERE `id` = ", "Database::storeQuery", "caf\u{e9}", "cafe\u{301}",
      "\u{0}nul", "'quoted' \"twice\"", "🧵", String(repeating: "long ", count: 40), "name\(number(0...500))",
    ]
    return samples[number(0...samples.count - 1)]
  }
}
