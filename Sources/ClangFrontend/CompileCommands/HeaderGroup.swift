/// A unit as far as the choice of shared headers needs it.
package struct HeaderUser: Sendable {
  /// Absolute path of the source file.
  package var path: String
  /// Reduced compiler arguments.
  package var arguments: [String]
  /// Its `#include` lines in order.
  package var includes: [IncludeLine]

  /// A unit with all its parts.
  package init(path: String, arguments: [String], includes: [IncludeLine]) {
    self.path = path
    self.arguments = arguments
    self.includes = includes
  }
}

/// Units that share flags and a list of headers worth compiling once for all of them.
package struct HeaderGroup: Sendable {
  /// The shared arguments.
  package var arguments: [String]
  /// Positions of the members in the list the groups were made from.
  package var members: [Int]
  /// `#include` lines of the shared header, in order.
  package var lines: [String]

  /// Text of the header to precompile.
  package var text: String { lines.map { "#include \($0)\n" }.joined() }

  /// Groups of at least this many units pay for the precompiled header: making it costs about as much as one unit.
  private static let smallestGroup = 3

  /// Groups by equal arguments. A header is shared when at least two members include it unconditionally; a unit that
  /// defines macros before its includes stays out, since they may change what the headers mean.
  package static func groups(
    of users: [HeaderUser], fileExists: (String) -> Bool
  ) -> [HeaderGroup] {
    var order: [[String]] = []
    var byArguments: [[String]: [Int]] = [:]
    for (place, user) in users.enumerated() where !user.includes.isEmpty {
      guard !user.includes.contains(where: { $0.dependsOnText && !$0.isSystem }) || isPlainEnough(user) else {
        continue
      }
      if byArguments[user.arguments] == nil { order.append(user.arguments) }
      byArguments[user.arguments, default: []].append(place)
    }
    return order.compactMap { arguments in
      let members = byArguments[arguments] ?? []
      guard members.count >= smallestGroup else { return nil }
      let lines = sharedLines(members.map { users[$0] }, fileExists: fileExists)
      return lines.isEmpty ? nil : HeaderGroup(arguments: arguments, members: members, lines: lines)
    }
  }

  /// Whether the first include comes before any definition: what follows conditionally does not matter then.
  private static func isPlainEnough(_ user: HeaderUser) -> Bool {
    user.includes.first.map { !$0.dependsOnText } ?? false
  }

  private static func sharedLines(_ users: [HeaderUser], fileExists: (String) -> Bool) -> [String] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for user in users {
      let folder = user.path.lastIndex(of: "/").map { String(user.path[..<$0]) } ?? ""
      for include in user.includes where !include.dependsOnText && isHeader(include.path) {
        let line: String
        if include.isSystem {
          line = "<\(include.path)>"
        } else {
          let beside = CompilePath.absolute(include.path, in: folder)
          line = fileExists(beside) ? "\"\(beside)\"" : "\"\(include.path)\""
        }
        if counts[line] == nil { order.append(line) }
        counts[line, default: 0] += 1
      }
    }
    return order.filter { (counts[$0] ?? 0) >= 2 }
  }

  /// Whether a path is a header meant to be included once: not a list of macros or a source file.
  private static func isHeader(_ path: String) -> Bool {
    guard let dot = path.lastIndex(of: "."), path.lastIndex(of: "/").map({ $0 < dot }) ?? true else { return true }
    return ["h", "hh", "hpp", "hxx", "H", "h++"].contains(String(path[path.index(after: dot)...]))
  }
}
