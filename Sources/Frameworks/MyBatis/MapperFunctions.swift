import Facts

/// Gives every statement of a mapper file a function: the method of the interface it is written for, else one of its
/// own in the document.
enum MapperFunctions {
  /// `files` with a function added for each statement no method is declared for.
  static func added(to files: [FileFacts]) -> [FileFacts] {
    guard files.contains(where: { $0.document != nil }) else { return files }
    let declared = declaredMethods(of: files)
    var result = files
    for (file, facts) in files.enumerated() {
      guard let root = facts.document, let document = MapperDocument(root, file: file) else { continue }
      var seen: Set<String> = []
      for statement in document.statements where !declared.contains(document.namespace + "." + statement.name) {
        let name = document.functionName(of: statement)
        guard seen.insert(name).inserted else { continue }
        let line = statement.node.line
        result[file].functions.append(
          FunctionFact(
            name: name, owner: "", lines: line...max(line, lastLine(of: statement.node)), parameters: [],
            isAbstract: true, isLocal: false, isRecovered: false, events: []))
      }
    }
    return result
  }

  private static func declaredMethods(of files: [FileFacts]) -> Set<String> {
    var found: Set<String> = []
    for facts in files where facts.language != .document && facts.language != .c {
      for function in facts.functions where !function.owner.isEmpty {
        found.insert(facts.namespace.isEmpty ? function.name : facts.namespace + "." + function.name)
      }
    }
    return found
  }

  private static func lastLine(of node: DocumentNode) -> Int {
    var last = node.line
    var pending = [node]
    while let next = pending.popLast() {
      last = max(last, next.line + next.text.utf8.count { $0 == UInt8(ascii: "\n") })
      pending += next.children
    }
    return last
  }
}
