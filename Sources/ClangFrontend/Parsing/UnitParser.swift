package import Basics
import CLibclang
package import Facts

/// One translation unit to parse.
package struct UnitRequest: Sendable {
  /// The file inside the repository.
  package var file: RepoPath
  /// The same file, absolute.
  package var path: String
  /// Arguments for libclang.
  package var arguments: [String]
  /// Absolute path of a precompiled header to use; nil for none.
  package var precompiledHeader: String?

  /// A request with all its parts.
  package init(file: RepoPath, path: String, arguments: [String], precompiledHeader: String?) {
    self.file = file
    self.path = path
    self.arguments = arguments
    self.precompiledHeader = precompiledHeader
  }
}

/// What parsing a unit gave.
package struct ParsedUnit: Sendable {
  /// Facts of the main file as the parser sees it; functions with errors inside are left out.
  package var facts: FileFacts
  /// Absolute paths of every file the unit includes, sorted.
  package var includedFiles: [String]
  /// Lines of the main file with errors.
  package var errorLines: [Int]
  /// Whether the precompiled header was used.
  package var usedPrecompiledHeader: Bool
}

/// Why a unit could not be parsed.
package enum UnitParserError: Error, Equatable {
  /// libclang refused the unit: it crashed inside or its arguments made no sense.
  case refused(path: String, code: Int)
}

/// Parses translation units with libclang. Use one per thread: it holds a libclang index.
package final class UnitParser {
  // A class because it owns the index and frees it.
  private let index: CXIndex?

  /// A parser with an index of its own; declarations that come from precompiled headers are not walked again.
  package init() {
    index = clang_createIndex(1, 0)
    clang_CXIndex_setGlobalOptions(index, UInt32(CXGlobalOpt_None.rawValue))
  }

  deinit { clang_disposeIndex(index) }

  /// Parses a unit and lowers its main file; with a precompiled header that brings errors it parses again without.
  package func parse(_ request: UnitRequest) throws(UnitParserError) -> ParsedUnit {
    if request.precompiledHeader != nil, let parsed = try? attempt(request), parsed.errorLines.isEmpty {
      return parsed
    }
    var plain = request
    plain.precompiledHeader = nil
    return try attempt(plain)
  }

  private func attempt(_ request: UnitRequest) throws(UnitParserError) -> ParsedUnit {
    // Without a limit every error is known, so that no function after the twentieth error passes for understood.
    var arguments = request.arguments + ["-ferror-limit=0"]
    if let header = request.precompiledHeader { arguments += ["-include-pch", header] }
    let unit = try open(
      request.path, arguments,
      options: CXTranslationUnit_Incomplete.rawValue | CXTranslationUnit_KeepGoing.rawValue)
    defer { clang_disposeTranslationUnit(unit) }
    var errors: [Int] = []
    let errorCount = clang_getNumDiagnostics(unit)
    var outsideErrors = 0
    for number in 0..<errorCount {
      let diagnostic = clang_getDiagnostic(unit, number)
      defer { clang_disposeDiagnostic(diagnostic) }
      guard clang_getDiagnosticSeverity(diagnostic).rawValue >= CXDiagnostic_Error.rawValue else { continue }
      let location = clang_getDiagnosticLocation(diagnostic)
      var line: UInt32 = 0
      clang_getExpansionLocation(location, nil, &line, nil, nil)
      if clang_Location_isFromMainFile(location) != 0 { errors.append(Int(line)) } else { outsideErrors += 1 }
    }
    if request.precompiledHeader != nil, outsideErrors > 0 { throw .refused(path: request.path, code: 0) }
    var facts = UnitLowering.facts(of: unit, file: request.file)
    let sortedErrors = errors.sorted()
    facts.functions.removeAll { function in sortedErrors.contains { function.lines.contains($0) } }
    return ParsedUnit(
      facts: facts, includedFiles: Self.includedFiles(of: unit), errorLines: sortedErrors,
      usedPrecompiledHeader: request.precompiledHeader != nil)
  }

  private func open(
    _ path: String, _ arguments: [String], options: UInt32
  ) throws(UnitParserError) -> CXTranslationUnit {
    var unit: CXTranslationUnit?
    let code = CStrings.with(arguments) { pointers in
      clang_parseTranslationUnit2(index, path, pointers.baseAddress, Int32(pointers.count), nil, 0, options, &unit)
    }
    guard code == CXError_Success, let unit else { throw .refused(path: path, code: Int(code.rawValue)) }
    return unit
  }

  private static func includedFiles(of unit: CXTranslationUnit) -> [String] {
    var files: Set<String> = []
    withUnsafeMutablePointer(to: &files) { pointer in
      clang_getInclusions(
        unit,
        { file, _, depth, data in
          guard depth > 0, let file else { return }
          data?.assumingMemoryBound(to: Set<String>.self).pointee.insert(ClangText.take(clang_getFileName(file)))
        }, pointer)
    }
    return files.sorted()
  }

  // MARK: Precompiled headers

  /// Compiles the header text at `path` into a precompiled header at `output`.
  /// - Returns: the files it includes, sorted; nil when the header does not compile on its own.
  package func precompile(header path: String, arguments: [String], output: String) -> [String]? {
    let isC = arguments.contains("c")
    var headerArguments = arguments
    if let language = headerArguments.firstIndex(of: "-x"), language + 1 < headerArguments.count {
      headerArguments[language + 1] = isC ? "c-header" : "c++-header"
    }
    guard
      let unit = try? open(
        path, headerArguments,
        options: CXTranslationUnit_ForSerialization.rawValue | CXTranslationUnit_Incomplete.rawValue)
    else { return nil }
    defer { clang_disposeTranslationUnit(unit) }
    for number in 0..<clang_getNumDiagnostics(unit) {
      let diagnostic = clang_getDiagnostic(unit, number)
      defer { clang_disposeDiagnostic(diagnostic) }
      if clang_getDiagnosticSeverity(diagnostic).rawValue >= CXDiagnostic_Error.rawValue { return nil }
    }
    let saved = clang_saveTranslationUnit(unit, output, clang_defaultSaveOptions(unit))
    return saved == CXSaveError_None.rawValue ? Self.includedFiles(of: unit) : nil
  }
}

/// Lends Swift strings to C as an array of pointers.
private enum CStrings {
  static func with<Result>(
    _ strings: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = strings.map { Array($0.utf8CString) }
    var pointers: [UnsafePointer<CChar>?] = []
    // The copies outlive `body`; each array is contiguous and is not mutated in between.
    return withExtendedLifetime(copies) {
      func lend(_ place: Int) -> Result {
        guard place < copies.count else { return pointers.withUnsafeBufferPointer(body) }
        return copies[place].withUnsafeBufferPointer { buffer in
          pointers.append(buffer.baseAddress)
          return lend(place + 1)
        }
      }
      return lend(0)
    }
  }
}
