import CLibclang
import Facts

extension BodyLowering {
  /// A call, constructor or overloaded operator.
  mutating func call(_ cursor: Cursor) -> Value {
    let target = cursor.referenced
    let name = target?.spelling ?? cursor.spelling
    if target?.kind == CXCursor_ConversionFunction { return conversion(cursor) }
    if name.hasPrefix("operator"), let value = operatorCall(name, cursor) { return value }
    let arguments = cursor.arguments
    let calleeParts = cursor.children.filter { !$0.isReference }
    var receiver: Value?
    if let first = calleeParts.first, !arguments.contains(where: { clang_equalCursors($0.raw, first.raw) != 0 }) {
      receiver = self.receiver(first)
    }
    let values = arguments.map { lower($0) }
    let callee = self.callee(target, cursor, calleeParts.first)
    guard !callee.isEmpty else { return values.count == 1 ? values[0] : .opaque }
    let isConstructor = target?.kind == CXCursor_Constructor
    // Default arguments follow as opaque values.
    if isConstructor, let first = values.first, values.dropFirst().allSatisfy({ $0 == .opaque }),
      isCopy(first) || isLibraryText(first, target)
    {
      return first
    }
    emit(
      .call(CallFact(callee: callee, receiver: receiver, arguments: values, dispatch: dispatch(target))), cursor)
    return .call(callee: callee, receiver: receiver, arguments: values)
  }

  /// `text.operator View()`: the value that is converted.
  private mutating func conversion(_ cursor: Cursor) -> Value {
    guard let callee = cursor.children.first(where: { !$0.isReference }) else { return .opaque }
    guard callee.kind == CXCursor_MemberRefExpr, let base = callee.children.first(where: { !$0.isReference }) else {
      return lower(callee)
    }
    return lower(base)
  }

  /// Copies and conversions of a value already reported add nothing.
  private func isCopy(_ value: Value) -> Bool {
    switch value {
    case .call, .name, .join: true
    case .text, .list, .member, .either, .element, .literal, .type, .field, .operation, .closure, .opaque: false
    }
  }

  /// A literal put into a text class of a library: the class adds nothing to it.
  private func isLibraryText(_ value: Value, _ constructor: Cursor?) -> Bool {
    guard case .text = value, let constructor else { return false }
    return clang_Location_isInSystemHeader(clang_getCursorLocation(constructor.raw)) != 0
  }

  private func dispatch(_ target: Cursor?) -> CallFact.Dispatch {
    guard let target else { return .pointer }
    switch target.kind {
    case CXCursor_FieldDecl, CXCursor_VarDecl, CXCursor_ParmDecl: return .pointer
    case CXCursor_CXXMethod where clang_CXXMethod_isVirtual(target.raw) != 0: return .virtual
    default: return .direct
    }
  }

  private func callee(_ target: Cursor?, _ cursor: Cursor, _ first: Cursor?) -> String {
    if let target {
      if target.kind == CXCursor_Constructor { return DeclarationName.owner(of: target) }
      return target.kind == CXCursor_FieldDecl ? target.spelling : DeclarationName.qualified(target)
    }
    let name = cursor.spelling
    if !name.isEmpty { return name }
    return first?.spelling ?? ""
  }

  /// What a member call is made on: the base of the member expression.
  private mutating func receiver(_ callee: Cursor) -> Value? {
    var expression = callee
    var steps = 0
    while expression.kind == CXCursor_UnexposedExpr || expression.kind == CXCursor_ParenExpr, steps < 8 {
      guard let inner = expression.children.first(where: { !$0.isReference }) else { break }
      expression = inner
      steps += 1
    }
    guard expression.kind == CXCursor_MemberRefExpr,
      let base = expression.children.first(where: { !$0.isReference })
    else { return nil }
    let value = lower(base)
    return value == .opaque ? nil : value
  }

  /// Operators that build or store text; nil for the others.
  private mutating func operatorCall(_ name: String, _ cursor: Cursor) -> Value? {
    switch name {
    case "operator<<": return stream(cursor)
    case "operator+": return .join(cursor.arguments.map { lower($0) })
    case "operator%": return formatted(cursor)
    case "operator=", "operator+=":
      let parts = cursor.arguments
      guard parts.count == 2 else { return nil }
      let left = lower(parts[0])
      let right = lower(parts[1])
      guard let target = ExpressionReader.target(left) else { return left }
      emit(name == "operator=" ? .assign(name: target, value: right) : .append(name: target, value: right), cursor)
      return left
    case "operator[]":
      let parts = cursor.arguments
      guard parts.count == 2 else { return nil }
      return .element(of: lower(parts[0]), at: lower(parts[1]))
    case "operator->", "operator*", "operator()":
      let parts = cursor.arguments
      guard let first = parts.first else { return nil }
      let value = lower(first)
      for other in parts.dropFirst() { _ = lower(other) }
      return name == "operator()" ? .opaque : value
    default:
      for argument in cursor.arguments { _ = lower(argument) }
      return .opaque
    }
  }

  /// `a << b << c`: flattened without recursion on the left, since such chains grow long.
  private mutating func stream(_ cursor: Cursor) -> Value {
    var operands: [Cursor] = []
    var current = cursor
    while true {
      let parts = current.arguments
      guard parts.count == 2 else { break }
      operands.append(parts[1])
      current = Self.peeled(parts[0])
      guard current.kind == CXCursor_CallExpr, (current.referenced?.spelling ?? current.spelling) == "operator<<" else {
        break
      }
    }
    let root = lower(current)
    let values = operands.reversed().map { lower($0) }
    if let target = ExpressionReader.target(root), values.contains(where: { $0 != .opaque }) {
      emit(.append(name: target, value: .join(values)), cursor)
      return root
    }
    return .join([root] + values)
  }

  /// `format("…") % a % b`.
  private mutating func formatted(_ cursor: Cursor) -> Value {
    let parts = cursor.arguments.map { lower($0) }
    guard let first = parts.first else { return .opaque }
    if case .call(let callee, let receiver, let arguments) = first {
      return .call(callee: callee, receiver: receiver, arguments: arguments + parts.dropFirst())
    }
    return .call(callee: "format", receiver: nil, arguments: parts)
  }

  /// The expression inside casts and temporaries.
  private static func peeled(_ cursor: Cursor) -> Cursor {
    var current = cursor
    var steps = 0
    while steps < 8, current.kind == CXCursor_UnexposedExpr || current.kind == CXCursor_ParenExpr {
      let inner = current.children.filter { !$0.isReference }
      guard inner.count == 1 else { return current }
      current = inner[0]
      steps += 1
    }
    return current
  }
}
