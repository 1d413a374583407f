import Basics
import CLibclang
import Facts

/// Walks the declarations of a parsed translation unit that stand in its main file.
struct UnitLowering {
  private let unit: CXTranslationUnit
  private var facts: FileFacts

  init(unit: CXTranslationUnit, file: RepoPath) {
    self.unit = unit
    facts = FileFacts(file: file)
  }

  /// The facts of the main file.
  static func facts(of unit: CXTranslationUnit, file: RepoPath) -> FileFacts {
    var lowering = UnitLowering(unit: unit, file: file)
    for child in Cursor(clang_getTranslationUnitCursor(unit)).children where child.isInMainFile {
      lowering.declaration(child, depth: 0)
    }
    return lowering.facts
  }

  private mutating func declaration(_ cursor: Cursor, depth: Int) {
    guard depth < 64 else { return }
    switch cursor.kind {
    case CXCursor_Namespace, CXCursor_LinkageSpec, CXCursor_UnexposedDecl:
      for child in cursor.children { declaration(child, depth: depth + 1) }
    case CXCursor_ClassDecl, CXCursor_StructDecl, CXCursor_ClassTemplate, CXCursor_UnionDecl,
      CXCursor_ClassTemplatePartialSpecialization:
      type(cursor, depth: depth)
    case CXCursor_FunctionDecl, CXCursor_CXXMethod, CXCursor_Constructor, CXCursor_Destructor,
      CXCursor_ConversionFunction, CXCursor_FunctionTemplate:
      if cursor.isDefinition { function(cursor) }
    case CXCursor_VarDecl: constant(cursor, kind: .global)
    case CXCursor_FieldDecl: constant(cursor, kind: .field)
    case CXCursor_EnumDecl:
      for child in cursor.children where child.kind == CXCursor_EnumConstantDecl { enumerator(child) }
    default: break
    }
  }

  private mutating func type(_ cursor: Cursor, depth: Int) {
    guard cursor.isDefinition else { return }
    let children = cursor.children
    if !cursor.spelling.isEmpty {
      let bases = children.filter { $0.kind == CXCursor_CXXBaseSpecifier }
        .map { base in base.referenced.map { DeclarationName.qualified($0) } ?? base.spelling }
      facts.types.append(TypeFact(name: DeclarationName.qualified(cursor), bases: bases, line: cursor.line))
    }
    for child in children { declaration(child, depth: depth + 1) }
  }

  private mutating func function(_ cursor: Cursor) {
    var body = BodyLowering(unit: unit)
    var parameters: [String] = []
    for child in cursor.children {
      if child.kind == CXCursor_ParmDecl {
        parameters.append(child.spelling)
      } else if child.isStatement || child.isExpression {
        body.statement(child)
      }
    }
    facts.functions.append(
      FunctionFact(
        name: DeclarationName.qualified(cursor), owner: DeclarationName.owner(of: cursor), lines: cursor.lines,
        parameters: parameters, isLocal: clang_getCursorLinkage(cursor.raw) == CXLinkage_Internal, isRecovered: false,
        events: body.events))
  }

  private mutating func constant(_ cursor: Cursor, kind: ConstantFact.Kind) {
    var body = BodyLowering(unit: unit)
    let initializer = kind == .field ? cursor.children.last(where: \.isExpression) : cursor.initializer
    guard let initializer else { return }
    let value = body.lower(initializer)
    guard value != .opaque else { return }
    facts.constants.append(
      ConstantFact(
        name: DeclarationName.qualified(cursor), kind: kind, value: value,
        isLocal: clang_getCursorLinkage(cursor.raw) == CXLinkage_Internal, line: cursor.line))
  }

  private mutating func enumerator(_ cursor: Cursor) {
    facts.constants.append(
      ConstantFact(
        name: DeclarationName.qualified(cursor), kind: .enumerator, value: .opaque, isLocal: false, line: cursor.line))
  }
}
