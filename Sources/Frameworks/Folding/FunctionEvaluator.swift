import Facts
import SQL

/// Walks the events of one function and keeps the text of every variable, branch by branch.
struct FunctionEvaluator {
  private struct Branch {
    var before: [String: FoldedTexts]
    var ends: [[String: FoldedTexts]] = []
    var isLoop: Bool
    var isTransaction = false
    var sawAlternative = false
  }

  private let folder: TextFolder
  private let file: Int
  private let function: FunctionFact
  private var scope = FoldingScope()
  private var branches: [Branch] = []
  private var loops = 0
  private var trace = FunctionTrace()
  /// Variables made from a statement.
  private var prepared: Set<String> = []
  /// Variables declared so far.
  private var own: Set<String> = []
  /// Short texts that were put into local arrays, element by element.
  private var elements: [String: Set<String>] = [:]
  /// Elements of one array that are remembered.
  private static let maximumElements = 200

  private init(folder: TextFolder, file: Int, function: FunctionFact) {
    self.folder = folder
    self.file = file
    self.function = function
    scope.owner = function.owner
    for (index, name) in function.parameters.enumerated() where !name.isEmpty { scope.parameters[name] = index }
  }

  /// What `function` of file number `file` does; linear in its events. `targets` are the functions its calls reach by the
  /// position of their events; nil where only names tell.
  static func trace(
    _ function: FunctionFact, file: Int, folder: TextFolder, targets: [Int: [FunctionID]]? = nil
  ) -> FunctionTrace {
    var evaluator = FunctionEvaluator(folder: folder, file: file, function: function)
    for (place, placed) in function.events.enumerated() {
      let calls = evaluator.trace.calls.count
      evaluator.apply(placed)
      if let targets, evaluator.trace.calls.count > calls {
        evaluator.trace.calls[calls].targets = targets[place] ?? []
      }
    }
    return evaluator.trace
  }

  private mutating func apply(_ placed: PlacedEvent) {
    let line = placed.line
    switch placed.event {
    case .declare(let name, let type, let value): declare(name, type: type, value: value, line: line)
    case .assign(let name, let value): assign(name, value, line: line)
    case .append(let name, .list(let items)): appendItems(name, items, line: line)
    case .append(let name, let value): append(name, fold(value, line))
    case .call(let call): apply(call, line: line)
    case .result(let value): collectResult(value, line: line)
    case .mention(.name(let name)): noteKey(name, line: line)
    case .mention(let value): collect(fold(value, line), sink: nil)
    case .enterBranch: branches.append(Branch(before: scope.locals, isLoop: false))
    case .nextBranch: nextBranch()
    case .enterLoop:
      loops += 1
      branches.append(Branch(before: scope.locals, isLoop: true))
    case .enterScope(let callee):
      // A closure may run once for each element: what is done there counts as done in a loop.
      let isLoop = Iteration.isIteration(callee)
      if isLoop { loops += 1 }
      branches.append(Branch(before: scope.locals, isLoop: isLoop, isTransaction: Self.isTransaction(callee)))
      if Self.isTransaction(callee) { trace.transactions.append(TransactionMark(kind: .begin, line: line)) }
    case .leave: leave(line: line)
    }
  }

  private func fold(_ value: Value, _ line: Int) -> FoldedTexts {
    folder.fold(value, in: scope, file: file, line: line)
  }

  // MARK: Variables

  private mutating func declare(_ name: String, type: String, value: Value, line: Int) {
    if NameWords.split(NameWords.lastPart(type)).contains("transaction") {
      trace.transactions.append(TransactionMark(kind: .scoped, line: line))
    }
    scope.parameters[name] = nil
    own.insert(name)
    assign(name, value, line: line)
    if value == .opaque { scope.locals[name] = [FoldedText(text: "", line: 0)] }
  }

  private mutating func assign(_ name: String, _ value: Value, line: Int) {
    if case .list = value { scope.lists[name] = value }
    let texts = fold(value, line)
    let isKnownName = scope.locals[name] != nil || !name.utf8.contains(UInt8(ascii: "."))
    notePrepared(name, value, line: line)
    if texts.isEmpty {
      scope.locals[name] = isKnownName && scope.parameters[name] == nil ? [] : scope.locals[name]
      return
    }
    scope.locals[name] = texts
    if name.hasPrefix("this.") {
      trace.stored.append((String(name.dropFirst(5)), texts))
    } else if scope.parameters[name] == nil, !own.contains(name) {
      trace.stored.append((name, texts))
    }
    for text in texts where Self.isShort(text.text) && elements[name, default: []].count < Self.maximumElements {
      elements[name, default: []].insert(text.text)
    }
    // `table.s = name` fills the text of a structure.
    if let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) { scope.locals[String(name[..<dot])] = texts }
    collect(texts, sink: nil)
  }

  /// `statement = prepare("…")`: what is called on the variable from here on executes that text.
  private mutating func notePrepared(_ name: String, _ value: Value, line: Int) {
    guard case .call(_, _, let arguments) = value else { return }
    let isStatement = arguments.contains { fold($0, line).contains { SQLReader.mayBeStatement($0.text) } }
    if isStatement { prepared.insert(name) } else { prepared.remove(name) }
  }

  private mutating func append(_ name: String, _ texts: FoldedTexts) {
    let added = texts.isEmpty ? [FoldedText(text: Hole.text(index: nil), line: 0)] : texts
    var base = scope.locals[name] ?? []
    if base.isEmpty {
      if let index = scope.parameters[name] {
        base = [FoldedText(text: Hole.text(index: index), line: 0)]
      } else {
        base = [FoldedText(text: "", line: 0)]
      }
    }
    let grown = FoldingLimits.bounded(base.flatMap { left in added.map { left.appending($0) } })
    scope.locals[name] = grown.filter { $0.text.utf8.count <= FoldingLimits.textBytes }
    collect(scope.locals[name] ?? [], sink: nil)
  }

  /// `$queries[] = "…"`: each item stands for itself.
  private mutating func appendItems(_ name: String, _ items: [Value], line: Int) {
    let added = items.flatMap { fold($0, line) }
    if case .list(let known)? = scope.lists[name], known.count < Self.maximumElements {
      scope.lists[name] = .list(known + items)
    }
    scope.locals[name] = FoldingLimits.bounded((scope.locals[name] ?? []).filter { !$0.text.isEmpty } + added)
    collect(added, sink: nil)
  }

  // MARK: Branches

  private mutating func nextBranch() {
    guard var branch = branches.popLast() else { return }
    branch.ends.append(scope.locals)
    branch.sawAlternative = true
    scope.locals = branch.before
    branches.append(branch)
  }

  /// Functions that run their closure, or the block behind them, in one transaction.
  private static func isTransaction(_ callee: String) -> Bool {
    let words = NameWords.split(NameWords.lastPart(callee))
    return words.contains("transaction") || words.contains("atomic") || words.contains("transactional")
      || words == ["with", "lock"]
  }

  private mutating func leave(line: Int) {
    guard var branch = branches.popLast() else { return }
    if branch.isTransaction { trace.transactions.append(TransactionMark(kind: .end, line: line)) }
    if branch.isLoop { loops -= 1 }
    branch.ends.append(scope.locals)
    if !branch.sawAlternative { branch.ends.append(branch.before) }
    scope.locals = Self.merged(branch.ends, against: branch.before)
  }

  /// The union of what each variable may be at the end of the branches; variables no branch touched stay shared.
  private static func merged(
    _ ends: [[String: FoldedTexts]], against before: [String: FoldedTexts]
  ) -> [String: FoldedTexts] {
    guard var result = ends.first else { return before }
    for end in ends.dropFirst() {
      for (name, texts) in end where result[name] != texts {
        if let known = result[name] {
          result[name] = FoldingLimits.bounded(known + texts)
        } else {
          result[name] = texts
        }
      }
    }
    return result
  }

  // MARK: Calls

  private mutating func apply(_ call: CallFact, line: Int) {
    let arguments = call.arguments.map { fold($0, line) }
    noteTransaction(call, line: line)
    textBuilding(call, arguments, line: line)
    noteHandle(call, arguments, line: line)
    // Parts of a composed statement are no statements: what they are put into is looked at.
    if !folder.composes(call, file: file) { collect(arguments, of: call, line: line) }
    let keys = call.arguments.enumerated().compactMap { position, argument -> CallKey? in
      guard case .name(let name) = argument, scope.locals[name] == nil, scope.parameters[name] == nil else {
        return nil
      }
      return CallKey(name: name, position: position)
    }
    trace.calls.append(
      TracedCall(
        callee: call.callee, hasReceiver: call.receiver != nil, receiver: constantTexts(of: call.receiver, line),
        arguments: arguments, isOnPrepared: isPrepared(call.receiver), keys: keys, line: line, inLoop: loops > 0))
  }

  private func constantTexts(of receiver: Value?, _ line: Int) -> FoldedTexts {
    guard case .name(let name)? = receiver, scope.locals[name] == nil, scope.parameters[name] == nil,
      !name.utf8.contains(UInt8(ascii: "."))
    else { return [] }
    return fold(.name(name), line)
  }

  private func isPrepared(_ receiver: Value?) -> Bool {
    guard case .name(let name)? = receiver else { return false }
    return prepared.contains(name)
  }

  /// A constant given to a template: handed over like an argument.
  private mutating func noteKey(_ name: String, line: Int) {
    trace.calls.append(
      TracedCall(
        callee: "", hasReceiver: false, arguments: [], keys: [CallKey(name: name, position: -1)], line: line,
        inLoop: loops > 0))
  }

  /// Texts handed to a call, with formats filled by the arguments that follow them.
  private mutating func collect(_ arguments: [FoldedTexts], of call: CallFact, line: Int) {
    let formatted = folder.formatted(arguments)
    for (position, texts) in arguments.enumerated() where !texts.isEmpty {
      if let mark = Self.transactionMark(texts[0].text) {
        trace.transactions.append(TransactionMark(kind: mark, line: line))
      }
      let isFormat = formatted != nil && texts.contains { FormatText.hasPlaceholder($0.text) }
      collect(isFormat ? formatted ?? texts : texts, sink: TextSink(callee: call.callee, position: position))
      if isFormat { break }
    }
  }

  /// `BEGIN`, `START TRANSACTION`, `COMMIT` and `ROLLBACK` handed over as text.
  private static func transactionMark(_ text: String) -> TransactionMark.Kind? {
    guard text.utf8.count >= 5, text.utf8.count <= 40 else { return nil }
    let words = NameWords.split(text.lowercased())
    switch words.first {
    case "begin" where words.count == 1 || words[1] == "transaction" || words[1] == "work": return .begin
    case "start" where words.count > 1 && words[1] == "transaction": return .begin
    case "commit" where words.count <= 2, "rollback" where words.count <= 2: return .end
    default: return nil
    }
  }

  /// Standard ways to build text in place: `snprintf(buffer, …)`, `strcat(buffer, …)`, `query.append(…)`, `query.str("")`.
  private mutating func textBuilding(_ call: CallFact, _ arguments: [FoldedTexts], line: Int) {
    let name = NameWords.lastPart(call.callee)
    if TextPassing.isAppending(name), let builder = call.receiver.flatMap(TextPassing.builder) {
      // A text that cannot change gives back a new one.
      if name.lowercased() != "concat", let added = arguments.first { append(builder, added) }
      return
    }
    if case .name(let receiver)? = call.receiver {
      switch name {
      case "str" where arguments.count == 1, "assign" where arguments.count == 1:
        scope.locals[receiver] = arguments[0].isEmpty ? [FoldedText(text: "", line: 0)] : arguments[0]
      case "clear" where arguments.isEmpty && scope.locals[receiver] != nil:
        scope.locals[receiver] = [FoldedText(text: "", line: 0)]
      default: break
      }
      return
    }
    guard case .name(let buffer)? = call.arguments.first else { return }
    let rest = Array(arguments.dropFirst())
    let lowered = name.lowercased()
    if lowered.hasSuffix("printf") || lowered.contains("format") || folder.formatters.contains(name) {
      let texts = folder.formatted(rest) ?? rest.last(where: { !$0.isEmpty })
      if let texts { scope.locals[buffer] = texts }
    } else if lowered.hasSuffix("cat"), let texts = rest.first {
      append(buffer, texts)
    } else if lowered.hasSuffix("cpy"), let texts = rest.first {
      scope.locals[buffer] = texts
    }
  }

  private mutating func noteTransaction(_ call: CallFact, line: Int) {
    let words = NameWords.split(NameWords.lastPart(call.callee))
    let isTransaction = words.contains("transaction") || words.contains("trans") || words.contains("tx")
    if words.contains("rollback") || words.contains("commit") {
      trace.transactions.append(TransactionMark(kind: .end, line: line))
    } else if isTransaction, words.contains("begin") || words.contains("start") || words.contains("open") {
      trace.transactions.append(TransactionMark(kind: .begin, line: line))
    } else if isTransaction, words.contains("end") {
      trace.transactions.append(TransactionMark(kind: .end, line: line))
    }
  }

  private mutating func noteHandle(_ call: CallFact, _ arguments: [FoldedTexts], line: Int) {
    let words = NameWords.split(NameWords.lastPart(call.callee))
    var handle = ""
    if case .name(let first)? = call.arguments.first { handle = first }
    if handle.isEmpty, case .name(let receiver)? = call.receiver { handle = receiver }
    guard !handle.isEmpty else { return }
    var use = HandleUse(
      handle: handle, verb: nil, tables: [], line: line, inLoop: loops > 0, order: trace.calls.count,
      callee: call.receiver == nil ? call.callee : "")
    if words.contains("table"), words.contains("use") || words.contains("set") || words.contains("select") {
      use.tables = arguments.last(where: { !$0.isEmpty }) ?? []
      trace.handles.append(use)
    } else if let verb = AccessVerb(handleCallee: call.callee) {
      use.verb = verb
      use.columns = columns(of: call.arguments.dropFirst())
      trace.handles.append(use)
    }
  }

  /// Short texts of arguments and of the elements of arrays among them.
  private func columns(of arguments: ArraySlice<Value>) -> [String] {
    var columns: Set<String> = []
    for argument in arguments {
      // `columns + 2` hands over the rest of an array.
      var value = argument
      if case .join(let parts) = argument, let first = parts.first { value = first }
      guard case .name(let name) = value else { continue }
      columns.formUnion(elements[name] ?? [])
      if case .list(let items) = folder.structure(value, in: scope, file: file) {
        for item in items.prefix(Self.maximumElements) {
          columns.formUnion(fold(item, 0).map(\.text).filter(Self.isShort))
        }
      }
    }
    return columns.sorted()
  }

  private static func isShort(_ text: String) -> Bool { !text.isEmpty && text.utf8.count <= 64 && !Hole.contains(text) }

  // MARK: Collecting

  private mutating func collectResult(_ value: Value, line: Int) {
    let texts = fold(value, line)
    trace.results = FoldingLimits.bounded(trace.results + texts)
    collect(texts, sink: nil)
  }

  private mutating func collect(_ texts: FoldedTexts, sink: TextSink?) {
    for text in texts where text.text.utf8.count >= 6 || sink != nil {
      trace.texts.append(CollectedText(folded: text, sink: sink, inLoop: loops > 0))
    }
  }
}
