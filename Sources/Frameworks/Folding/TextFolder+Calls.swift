import Facts
import SQL

extension TextFolder {
  /// Text made by a call: a macro, a function of the system that returns text, a format, or a plain wrapper.
  func foldCall(
    _ callee: String, _ receiver: Value?, _ arguments: [Value], in scope: FoldingScope, file: Int, line: Int,
    depth: Int
  ) -> FoldedTexts {
    if ComposedSQL.mayCompose(callee),
      let composed = ComposedSQL(symbols.files[file])?.value(callee, receiver, arguments)
    {
      return fold(composed, in: scope, file: file, line: line, depth: depth + 1)
    }
    if receiver == nil, let expanded = macro(callee, arguments, in: scope, file: file, line: line, depth: depth) {
      return expanded
    }
    if let receiver, TextPassing.isAppending(callee) {
      return foldAppended(receiver, arguments, in: scope, file: file, line: line, depth: depth)
    }
    if callee == "table_name" || callee == "quoted_table_name", arguments.isEmpty {
      var name = scope.owner
      if case .name(let type)? = receiver, type != "this", type != "this.class" { name = type }
      if let table = tableOfClass?(name, file) { return [FoldedText(text: table, line: line)] }
    }
    let texts = arguments.map { fold($0, in: scope, file: file, line: line, depth: depth + 1) }
    let words = NameWords.split(NameWords.lastPart(callee))
    if TextPassing.isFormat(words), let formatted = formatted(texts) { return formatted }
    if words.contains("table"), case .name(let object)? = receiver, scope.parameters[object] == nil,
      scope.locals[object]?.allSatisfy(\.text.isEmpty) ?? true,
      let table = fields?.table(ofObject: object, owner: scope.owner, file: file)
    {
      // An object made with one table answers with it when asked for its table; a quoted name may bring its alias.
      return [FoldedText(text: words.contains("quoted") ? table + " " : table, line: line, isInferred: true)]
    }
    if let built = returned(by: callee, receiver: receiver, arguments: texts, file: file, line: line) { return built }
    if !TextPassing.isConversion(words, name: callee), let formatted = formatted(texts) { return formatted }
    if let receiver {
      let base = fold(receiver, in: scope, file: file, line: line, depth: depth + 1)
      if arguments.isEmpty, TextPassing.isConversion(words, name: callee) { return base }
      guard TextPassing.isFormat(words), base.contains(where: { FormatText.hasPlaceholder($0.text) }) else { return [] }
      return base.map {
        FoldedText(text: substituted($0.text, texts), line: $0.line, origin: $0.origin, isInferred: $0.isInferred)
      }
    }
    guard TextPassing.isConversion(words, name: callee), let first = texts.first,
      texts.dropFirst().allSatisfy(\.isEmpty)
    else { return [] }
    return texts.count == 1 ? first : first.filter { !Hole.contains($0.text) }
  }

  /// Whether a call makes a part of a composed statement.
  func composes(_ call: CallFact, file: Int) -> Bool {
    ComposedSQL.mayCompose(call.callee)
      && ComposedSQL(symbols.files[file])?.value(call.callee, call.receiver, call.arguments) != nil
  }

  /// `builder.append(a).append(b)`: a builder kept in a variable has taken its parts when their calls were met.
  private func foldAppended(
    _ receiver: Value, _ arguments: [Value], in scope: FoldingScope, file: Int, line: Int, depth: Int
  ) -> FoldedTexts {
    if let name = TextPassing.builder(receiver), let known = scope.locals[name] {
      return known.filter { !$0.text.isEmpty }
    }
    var parts = [receiver] + arguments.prefix(1)
    // A builder that was just made, and without a text, is empty.
    if case .call(_, nil, let given) = receiver,
      given.allSatisfy({ fold($0, in: scope, file: file, line: line, depth: depth + 1).isEmpty })
    {
      parts.removeFirst()
    }
    return fold(.join(parts), in: scope, file: file, line: line, depth: depth + 1)
  }

  private func substituted(_ text: String, _ arguments: [FoldedTexts]) -> String {
    guard !arguments.isEmpty else { return text }
    return FormatText.filled(text, with: arguments.map { $0.first?.text ?? Hole.text(index: nil) })
  }

  /// A format text among the arguments, filled with the arguments after it; nil when there is none.
  func formatted(_ arguments: [FoldedTexts]) -> FoldedTexts? {
    for (place, texts) in arguments.enumerated() where place + 1 < arguments.count {
      guard texts.contains(where: { FormatText.hasPlaceholder($0.text) }) else { continue }
      let values = arguments[(place + 1)...].map { $0.count == 1 ? $0[0].text : Hole.text(index: nil) }
      let options = alternatives(of: Array(arguments[(place + 1)...]))
      // `"%s"` filled with a constant statement is that constant.
      let filling = arguments[(place + 1)...].joined().first { !$0.origin.isEmpty && SQLReader.mayBeStatement($0.text) }
      let isInferred = arguments[place...].contains { $0.contains(where: \.isInferred) }
      return FoldingLimits.bounded(
        texts.flatMap { format in
          (options.isEmpty ? [values] : options).map {
            FoldedText(
              text: FormatText.filled(format.text, with: $0), line: format.line,
              origin: format.origin.isEmpty ? filling?.origin ?? "" : format.origin,
              isInferred: isInferred)
          }
        })
    }
    return nil
  }

  /// One list of values per alternative of the first argument that has several.
  private func alternatives(of arguments: [FoldedTexts]) -> [[String]] {
    guard let many = arguments.firstIndex(where: { $0.count > 1 }) else { return [] }
    return arguments[many].map { option in
      arguments.enumerated().map { place, texts in
        place == many ? option.text : (texts.first?.text ?? Hole.text(index: nil))
      }
    }
  }

  private func macro(
    _ name: String, _ arguments: [Value], in scope: FoldingScope, file: Int, line: Int, depth: Int
  ) -> FoldedTexts? {
    guard let (fact, home) = symbols.constant(named: name, from: file), fact.kind == .macro, !fact.parameters.isEmpty
    else { return nil }
    var inner = FoldingScope()
    for (place, parameter) in fact.parameters.enumerated() where place < arguments.count {
      inner.bound[parameter] = fold(arguments[place], in: scope, file: file, line: line, depth: depth + 1)
    }
    return fold(fact.value, in: inner, file: home, line: line, depth: depth + 1)
  }

  private func returned(
    by callee: String, receiver: Value?, arguments: [FoldedTexts], file: Int, line: Int
  ) -> FoldedTexts? {
    guard let evaluate = evaluator else { return nil }
    let targets = symbols.functions(called: callee, from: file, owner: "", hasReceiver: receiver != nil)
    var results: FoldedTexts = []
    for target in targets {
      for template in returnedTexts(of: target, evaluate: evaluate) {
        results += Self.bind(template, to: arguments, line: line)
      }
    }
    return results.isEmpty ? nil : FoldingLimits.bounded(results)
  }

  /// The template with its numbered holes replaced by the arguments.
  static func bind(_ template: FoldedText, to arguments: [FoldedTexts], line: Int) -> FoldedTexts {
    let indices = Hole.indices(in: template.text)
    guard !indices.isEmpty else {
      return [FoldedText(text: template.text, line: line, origin: template.origin, isInferred: template.isInferred)]
    }
    var results = [
      FoldedText(text: template.text, line: line, origin: template.origin, isInferred: template.isInferred)
    ]
    for index in Set(indices).sorted() {
      var options = index < arguments.count ? arguments[index] : []
      if options.isEmpty { options = [FoldedText(text: Hole.text(index: nil), line: 0)] }
      results = FoldingLimits.bounded(
        results.flatMap { base in
          options.map { option in
            FoldedText(
              text: base.text.replacing(Hole.text(index: index), with: option.text), line: line,
              origin: base.origin.isEmpty ? option.origin : base.origin,
              isInferred: base.isInferred || option.isInferred)
          }
        })
    }
    return results
  }
}
