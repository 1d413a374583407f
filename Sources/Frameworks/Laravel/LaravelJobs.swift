import Facts

/// Jobs, listeners and commands of Laravel: classes whose `handle` is called from outside.
struct LaravelJobs {
  let system: SystemIndex

  /// One entry for each class, in order of file and line.
  func entryPoints() -> [FrameworkEntryPoint] {
    system.types.compactMap { type in
      let fact = system.type(type)
      guard system.files[type.file].language == .php, fact.kind == .class,
        let handle = system.methods(of: type).first(where: {
          ["handle", "__invoke"].contains(NameWords.lastPart(system.symbols.function($0).name))
        })
      else { return nil }
      let function = system.symbols.function(handle)
      func entry(_ kind: EntryPoint.Kind, _ trigger: String) -> FrameworkEntryPoint {
        FrameworkEntryPoint(function: handle, kind: kind, trigger: trigger, line: function.lines.lowerBound)
      }
      if let signature = system.field("signature", of: type)?.field.value, case .text(let text) = signature,
        isDerived(type, from: "Command")
      {
        return entry(.command, String(text.prefix { $0 != " " && $0 != "\n" && $0 != "{" }))
      }
      let isListener = fact.namespace.hasSuffix("Listeners") || fact.namespace.contains(#"\Listeners\"#)
      if isListener, let event = function.parameterTypes.first, !event.isEmpty {
        return entry(.message, NameWords.lastPart(event))
      }
      return isDerived(type, from: "ShouldQueue") || isDerived(type, from: "Dispatchable")
        ? entry(.job, fact.name) : nil
    }
  }

  private func isDerived(_ type: TypeID, from base: String) -> Bool { system.base(of: type, named: [base]) != nil }
}
