import Basics
import Facts

/// The `urlpatterns` of Django: which paths lead to which functions.
struct PythonURLs {
  private let index: SystemIndex
  private static let calls: Set<String> = ["path", "re_path", "url"]
  private static let maximumDepth = 5

  init(_ index: SystemIndex) { self.index = index }

  private struct Pattern {
    var path: String
    var view: Value
    var line: Int
  }

  func entryPoints() -> [FrameworkEntryPoint] {
    let files = index.files.indices.filter { file in
      index.files[file].language == .python && index.files[file].constants.contains { $0.name == "urlpatterns" }
    }
    let patterns = Dictionary(uniqueKeysWithValues: files.map { ($0, self.patterns(in: $0)) })
    let prefixes = self.prefixes(patterns, files: files)
    var found: [FrameworkEntryPoint] = []
    for file in files {
      for pattern in patterns[file] ?? [] {
        for id in functions(pattern.view, file: file) {
          let whole = (prefixes[file] ?? "/") + Self.plain(pattern.path)
          found.append(FrameworkEntryPoint(function: id, kind: .route, trigger: whole, line: pattern.line))
        }
      }
    }
    return found
  }

  private func patterns(in file: Int) -> [Pattern] {
    index.files[file].constants.filter { $0.name == "urlpatterns" }.flatMap { constant in
      DjangoValues.items(constant.value, file: file, index: index).flatMap {
        collect($0, prefix: "", line: constant.line, file: file, depth: 0)
      }
    }
  }

  private func collect(_ value: Value, prefix: String, line: Int, file: Int, depth: Int) -> [Pattern] {
    guard depth < Self.maximumDepth, case .call(let callee, _, let arguments) = value, Self.calls.contains(callee),
      let path = arguments.first.flatMap({ DjangoValues.text($0, file: file, index: index) }), arguments.count > 1
    else { return [] }
    // `path("orders/", include([path(…)]))`
    if case .call("include", _, let inner) = arguments[1], case .list(let items)? = inner.first,
      items.contains(where: { if case .call = $0 { true } else { false } })
    {
      return items.flatMap {
        collect($0, prefix: prefix + Self.plain(path), line: line, file: file, depth: depth + 1)
      }
    }
    return [Pattern(path: prefix + path, view: arguments[1], line: line)]
  }

  /// Regular expressions begin with `^` and end with `$`.
  private static func plain(_ path: String) -> String {
    var path = path[...]
    if path.hasPrefix("^") { path = path.dropFirst() }
    if path.hasSuffix("$") { path = path.dropLast() }
    return String(path)
  }

  /// What stands in front of the paths of a module that others include.
  private func prefixes(_ patterns: [Int: [Pattern]], files: [Int]) -> [Int: String] {
    var prefixes: [Int: String] = [:]
    for _ in 0..<Self.maximumDepth {
      for file in files {
        for pattern in patterns[file] ?? [] {
          guard case .call("include", _, let arguments) = pattern.view, let module = moduleName(arguments.first) else {
            continue
          }
          let target = files.first { other in
            let name = index.files[other].namespace
            return other != file && (name == module || name.hasSuffix("." + module) || name == module + ".urls")
          }
          if let target { prefixes[target] = (prefixes[file] ?? "/") + Self.plain(pattern.path) }
        }
      }
    }
    return prefixes
  }

  private func moduleName(_ value: Value?) -> String? {
    switch value {
    case .text(let text)?, .name(let text)?: text
    case .list(let items)?: moduleName(items.first)
    case .literal?, .type?, .field?, .call?, .join?, .member?, .either?, .element?, .operation?, .closure?, .opaque?,
      nil:
      nil
    }
  }

  /// The functions a view stands for: itself, or the handlers of its class.
  private func functions(_ view: Value, file: Int) -> [FunctionID] {
    switch view {
    case .name(let name):
      let last = NameWords.lastPart(name)
      let found = index.symbols.functions(called: last, from: file, owner: "", hasReceiver: false)
      return found.first { index.symbols.function($0).owner.isEmpty && index.files[$0.file].language == .python }
        .map { [$0] } ?? []
    case .call("as_view", let receiver?, _):
      guard case .name(let name) = receiver, let type = index.resolve(name, from: file) else { return [] }
      let verbs: Set<String> = ["get", "post", "put", "patch", "delete", "dispatch"]
      return index.methods(of: type).filter { verbs.contains(NameWords.lastPart(index.symbols.function($0).name)) }
    // `csrf_exempt(view)`
    case .call(let callee, _, let arguments) where callee != "include":
      return arguments.first.map { functions($0, file: file) } ?? []
    case .text, .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return []
    }
  }
}
