import CLibclang

/// Thin, allocation-light access to libclang cursors. Each C call is wrapped once, here.
struct Cursor {
  let raw: CXCursor

  init(_ raw: CXCursor) { self.raw = raw }

  var kind: CXCursorKind { raw.kind }
  var isNull: Bool { clang_Cursor_isNull(raw) != 0 }
  var isExpression: Bool { clang_isExpression(raw.kind) != 0 }
  var isStatement: Bool { clang_isStatement(raw.kind) != 0 }
  var isReference: Bool { clang_isReference(raw.kind) != 0 }
  var isDefinition: Bool { clang_isCursorDefinition(raw) != 0 }
  var spelling: String { ClangText.take(clang_getCursorSpelling(raw)) }
  var line: Int { Int(cleave_line(raw)) }
  var isInMainFile: Bool { clang_Location_isFromMainFile(clang_getCursorLocation(raw)) != 0 }

  var lines: ClosedRange<Int> {
    var first: UInt32 = 0
    var last: UInt32 = 0
    cleave_lines(raw, &first, &last)
    return Int(first)...max(Int(first), Int(last))
  }

  /// The declaration this expression refers to; nil when unresolved.
  var referenced: Cursor? {
    let target = clang_getCursorReferenced(raw)
    return clang_Cursor_isNull(target) != 0 ? nil : Cursor(target)
  }

  var semanticParent: Cursor { Cursor(clang_getCursorSemanticParent(raw)) }
  var typeSpelling: String { ClangText.take(clang_getTypeSpelling(clang_getCursorType(raw))) }

  /// The initializer of a variable; nil when it has none.
  var initializer: Cursor? {
    let value = clang_Cursor_getVarDeclInitializer(raw)
    return clang_Cursor_isNull(value) != 0 ? nil : Cursor(value)
  }

  /// Arguments of a call expression.
  var arguments: [Cursor] {
    let count = clang_Cursor_getNumArguments(raw)
    guard count > 0 else { return [] }
    return (0..<UInt32(count)).map { Cursor(clang_Cursor_getArgument(raw, $0)) }
  }

  /// Direct children in source order.
  var children: [Cursor] {
    var found: [Cursor] = []
    withUnsafeMutablePointer(to: &found) { pointer in
      _ = clang_visitChildren(
        raw,
        { child, _, data in
          data?.assumingMemoryBound(to: [Cursor].self).pointee.append(Cursor(child))
          return CXChildVisit_Continue
        }, pointer)
    }
    return found
  }
}

/// Takes strings from libclang, which hands out ownership with each.
enum ClangText {
  /// The text, freeing the C string.
  static func take(_ text: CXString) -> String {
    defer { clang_disposeString(text) }
    guard let characters = clang_getCString(text) else { return "" }
    return String(cString: characters)
  }
}

/// Qualified names of declarations as the language writes them.
enum DeclarationName {
  /// `A::b` for a member or namespace function, `b` for locals and parameters; anonymous parts are left out.
  static func qualified(_ declaration: Cursor) -> String {
    var parts = [declaration.spelling]
    var parent = declaration.semanticParent
    var steps = 0
    while !parent.isNull, steps < 32 {
      switch parent.kind {
      case CXCursor_TranslationUnit: return parts.reversed().joined(separator: "::")
      case CXCursor_Namespace, CXCursor_ClassDecl, CXCursor_StructDecl, CXCursor_UnionDecl, CXCursor_ClassTemplate,
        CXCursor_ClassTemplatePartialSpecialization:
        let name = parent.spelling
        if !name.isEmpty, !name.hasPrefix("("), name != "__cxx11", name != "__1" { parts.append(name) }
      case CXCursor_FunctionDecl, CXCursor_CXXMethod, CXCursor_Constructor, CXCursor_Destructor,
        CXCursor_FunctionTemplate, CXCursor_LambdaExpr:
        return parts[0]
      default: break
      }
      parent = parent.semanticParent
      steps += 1
    }
    return parts.reversed().joined(separator: "::")
  }

  /// The class a method belongs to, qualified; empty for free functions.
  static func owner(of function: Cursor) -> String {
    let parent = function.semanticParent
    switch parent.kind {
    case CXCursor_ClassDecl, CXCursor_StructDecl, CXCursor_UnionDecl, CXCursor_ClassTemplate,
      CXCursor_ClassTemplatePartialSpecialization:
      return qualified(parent)
    default: return ""
    }
  }
}
