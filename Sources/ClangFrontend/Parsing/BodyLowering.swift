import CLibclang
import Facts

/// Lowers the syntax tree of a function body to the same values and events the token reader makes, with resolved names.
struct BodyLowering {
  private let unit: CXTranslationUnit
  private(set) var events: [PlacedEvent] = []
  private var depth = 0
  /// Beyond this nesting a tree is opaque; keeps generated expressions from exhausting the stack.
  private static let maximumDepth = 600

  init(unit: CXTranslationUnit) { self.unit = unit }

  mutating func emit(_ event: CodeEvent, _ cursor: Cursor) {
    events.append(PlacedEvent(line: cursor.line, event: event))
  }

  // MARK: Statements

  /// A statement, or an expression that stands as one.
  mutating func statement(_ cursor: Cursor) {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.maximumDepth else { return }
    switch cursor.kind {
    case CXCursor_CompoundStmt, CXCursor_LabelStmt, CXCursor_CXXTryStmt, CXCursor_CXXCatchStmt:
      for child in cursor.children where !child.isReference { statement(child) }
    case CXCursor_DeclStmt:
      for child in cursor.children { declaration(child) }
    case CXCursor_VarDecl: declaration(cursor)
    case CXCursor_IfStmt: ifStatement(cursor)
    case CXCursor_SwitchStmt:
      emit(.enterBranch, cursor)
      for child in cursor.children { statement(child) }
      emit(.leave, cursor)
    case CXCursor_CaseStmt, CXCursor_DefaultStmt:
      emit(.nextBranch, cursor)
      for child in cursor.children where child.isStatement || !child.isReference { statement(child) }
    case CXCursor_CXXForRangeStmt: forEach(cursor)
    case CXCursor_ForStmt, CXCursor_WhileStmt, CXCursor_DoStmt:
      emit(.enterLoop, cursor)
      for child in cursor.children { statement(child) }
      emit(.leave, cursor)
    case CXCursor_ReturnStmt:
      if let value = cursor.children.last { emit(.result(lower(value)), cursor) }
    default:
      expressionStatement(cursor)
    }
  }

  private mutating func expressionStatement(_ cursor: Cursor) {
    guard cursor.isExpression else {
      for child in cursor.children where child.isExpression || child.isStatement { statement(child) }
      return
    }
    let value = lower(cursor)
    switch value {
    case .text, .join: emit(.mention(value), cursor)
    case .name, .call, .list, .member, .either, .element, .literal, .type, .field, .operation, .closure, .opaque: break
    }
  }

  private mutating func declaration(_ cursor: Cursor) {
    guard cursor.kind == CXCursor_VarDecl else {
      for child in cursor.children where child.isExpression { _ = lower(child) }
      return
    }
    let value = cursor.initializer.map { lower($0) } ?? .opaque
    emit(.declare(name: cursor.spelling, type: TypeText.plain(cursor.typeSpelling), value: value), cursor)
  }

  /// `for (variable : range) body`: the variable is each element in turn.
  private mutating func forEach(_ cursor: Cursor) {
    emit(.enterLoop, cursor)
    let parts = cursor.children
    if let variable = parts.first(where: { $0.kind == CXCursor_VarDecl }),
      let range = parts.first(where: { $0.isExpression })
    {
      emit(
        .declare(
          name: variable.spelling, type: TypeText.plain(variable.typeSpelling),
          value: .element(of: lower(range), at: .opaque)), variable)
    }
    if let body = parts.last, body.isStatement || body.isExpression { statement(body) }
    emit(.leave, cursor)
  }

  private mutating func ifStatement(_ cursor: Cursor) {
    var parts = cursor.children.filter { !$0.isReference }
    while let first = parts.first, first.kind == CXCursor_DeclStmt || first.kind == CXCursor_VarDecl, parts.count > 2 {
      statement(first)
      parts.removeFirst()
    }
    guard !parts.isEmpty else { return }
    _ = lower(parts.removeFirst())
    emit(.enterBranch, cursor)
    if let then = parts.first { statement(then) }
    if parts.count > 1 {
      emit(.nextBranch, parts[1])
      statement(parts[1])
    }
    emit(.leave, cursor)
  }

  // MARK: Expressions

  /// The value of an expression; calls, assignments and appends inside are reported on the way.
  mutating func lower(_ cursor: Cursor) -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.maximumDepth else { return .opaque }
    switch cursor.kind {
    case CXCursor_StringLiteral: return .text(LiteralText.decode(Array(cursor.spelling.utf8)[...]))
    case CXCursor_DeclRefExpr: return reference(cursor)
    case CXCursor_MemberRefExpr: return memberReference(cursor)
    case CXCursor_CallExpr: return call(cursor)
    case CXCursor_BinaryOperator: return binary(cursor)
    case CXCursor_CompoundAssignOperator: return compoundAssign(cursor)
    case CXCursor_ConditionalOperator: return conditional(cursor)
    case CXCursor_InitListExpr: return list(cursor)
    case CXCursor_ArraySubscriptExpr: return element(cursor)
    case CXCursor_LambdaExpr, CXCursor_StmtExpr:
      for child in cursor.children where child.kind == CXCursor_CompoundStmt { statement(child) }
      return .opaque
    case CXCursor_IntegerLiteral, CXCursor_FloatingLiteral, CXCursor_CharacterLiteral, CXCursor_CXXBoolLiteralExpr,
      CXCursor_CXXNullPtrLiteralExpr, CXCursor_CXXThisExpr, CXCursor_UnaryExpr:
      return .opaque
    default: return transparent(cursor)
    }
  }

  /// Casts, parentheses, temporaries: the value of the last expression inside.
  private mutating func transparent(_ cursor: Cursor) -> Value {
    var value = Value.opaque
    for child in cursor.children where !child.isReference {
      value = child.isStatement && !child.isExpression ? loweredStatement(child) : lower(child)
    }
    return value
  }

  private mutating func loweredStatement(_ cursor: Cursor) -> Value {
    statement(cursor)
    return .opaque
  }

  private func reference(_ cursor: Cursor) -> Value {
    guard let target = cursor.referenced else {
      let name = cursor.spelling
      return name.isEmpty ? .opaque : .name(name)
    }
    return .name(DeclarationName.qualified(target))
  }

  private mutating func memberReference(_ cursor: Cursor) -> Value {
    let name = cursor.spelling
    guard !name.isEmpty else { return transparent(cursor) }
    guard let base = cursor.children.first(where: { !$0.isReference }) else { return .name(name) }
    switch lower(base) {
    case .name(let path): return .name(path + "." + name)
    case .element(.name(let path), _): return .name(path + "." + name)
    default: return .name(name)
    }
  }

  private mutating func binary(_ cursor: Cursor) -> Value {
    let parts = cursor.children
    guard parts.count == 2 else { return transparent(cursor) }
    switch cleave_operator(unit, cursor.raw) {
    case CleaveOperatorAssign:
      let left = lower(parts[0])
      let right = lower(parts[1])
      if let name = ExpressionReader.target(left) { emit(.assign(name: name, value: right), cursor) }
      return right
    case CleaveOperatorAdd: return Self.joined(lower(parts[0]), lower(parts[1]))
    case CleaveOperatorComma:
      _ = lower(parts[0])
      return lower(parts[1])
    default:
      _ = lower(parts[0])
      _ = lower(parts[1])
      return .opaque
    }
  }

  private static func joined(_ left: Value, _ right: Value) -> Value {
    if left == .opaque, right == .opaque { return .opaque }
    if case .join(let parts) = left { return .join(parts + [right]) }
    return .join([left, right])
  }

  private mutating func compoundAssign(_ cursor: Cursor) -> Value {
    let parts = cursor.children
    guard parts.count == 2 else { return transparent(cursor) }
    let left = lower(parts[0])
    let right = lower(parts[1])
    if cleave_operator(unit, cursor.raw) == CleaveOperatorAddAssign, right != .opaque,
      let name = ExpressionReader.target(left)
    {
      emit(.append(name: name, value: right), cursor)
    }
    return left
  }

  private mutating func conditional(_ cursor: Cursor) -> Value {
    let parts = cursor.children
    guard parts.count == 3 else { return transparent(cursor) }
    _ = lower(parts[0])
    return .either([lower(parts[1]), lower(parts[2])])
  }

  private mutating func element(_ cursor: Cursor) -> Value {
    let parts = cursor.children
    guard parts.count == 2 else { return transparent(cursor) }
    return .element(of: lower(parts[0]), at: lower(parts[1]))
  }

  private mutating func list(_ cursor: Cursor) -> Value {
    .list(cursor.children.filter { $0.kind != CXCursor_TypeRef && $0.kind != CXCursor_NamespaceRef }.map { item($0) })
  }

  /// An item of an initializer list: `.name = value` and `[KEY] = value` have their designator as first child.
  private mutating func item(_ cursor: Cursor) -> Value {
    guard cursor.kind == CXCursor_UnexposedExpr else { return lower(cursor) }
    let parts = cursor.children
    guard parts.count == 2 else { return lower(cursor) }
    if parts[0].kind == CXCursor_MemberRef { return .member(parts[0].spelling, lower(parts[1])) }
    if case .name(let key) = lower(parts[0]) { return .member(key, lower(parts[1])) }
    return lower(parts[1])
  }
}

/// Type spellings without the parts that do not name the type.
enum TypeText {
  /// `const std::string &` becomes `std::string`.
  static func plain(_ spelling: String) -> String {
    var words = spelling.split(whereSeparator: { $0 == " " || $0 == "*" || $0 == "&" })
    words.removeAll { ["const", "volatile", "struct", "class", "unsigned", "static"].contains($0) }
    return words.first.map(String.init) ?? spelling
  }
}
