import Basics
import Facts

/// Methods that run in a transaction because they, or their class, say so.
enum SpringTransactions {
  private static let without = ["NOT_SUPPORTED", "NEVER", "SUPPORTS"]

  /// Every function that is run in one transaction.
  static func functions(in system: SystemIndex) -> Set<FunctionID> {
    var found: Set<FunctionID> = []
    for (file, facts) in system.files.enumerated() where facts.language == .java || facts.language == .kotlin {
      var marks: [String: AnnotationFact?] = [:]
      for (index, function) in facts.functions.enumerated() where !function.isAbstract && !function.owner.isEmpty {
        let id = FunctionID(file: file, index: index)
        let name = NameWords.lastPart(function.name)
        guard name != NameWords.lastPart(function.owner), name != "<static>" else { continue }
        let own = mark(function.annotations)
        if marks[function.owner] == nil { marks[function.owner] = .some(ofClass(function.owner, file: file, system)) }
        // Only what others call from outside is wrapped.
        let ofClass = function.isLocal || function.isStatic ? nil : marks[function.owner] ?? nil
        guard let annotation = own ?? ofClass, isInTransaction(annotation) else { continue }
        found.insert(id)
      }
    }
    return found
  }

  private static func mark(_ annotations: [AnnotationFact]) -> AnnotationFact? {
    annotations.first(named: "Transactional", "TransactionAttribute", "ReadWriteTransaction")
  }

  private static func ofClass(_ owner: String, file: Int, _ system: SystemIndex) -> AnnotationFact? {
    guard let type = system.resolve(owner, from: file) else { return nil }
    for candidate in [type] + system.ancestors(of: type) {
      let annotations = system.type(candidate).annotations
      if let found = mark(annotations) { return found }
      // Session beans are transactional when nothing else is said.
      if candidate == type, let bean = annotations.first(named: "Stateless", "Stateful") { return bean }
    }
    return nil
  }

  private static func isInTransaction(_ annotation: AnnotationFact) -> Bool {
    for name in ["propagation", "value"] {
      guard case .name(let kind)? = annotation.argument(name) else { continue }
      if without.contains(NameWords.lastPart(kind)) { return false }
    }
    return true
  }

  /// Functions in which changes of fetched objects are written: those in a transaction, and those of the same class they
  /// call.
  static func tracking(in system: SystemIndex) -> Set<FunctionID> {
    var found = functions(in: system)
    var next = found.sorted()
    while let id = next.popLast() {
      let function = system.symbols.function(id)
      guard !function.owner.isEmpty else { continue }
      for placed in function.events {
        guard case .call(let call) = placed.event else { continue }
        switch call.receiver {
        case nil, .name("this")?: break
        default: continue
        }
        for (index, other) in system.files[id.file].functions.enumerated()
        where other.owner == function.owner && NameWords.lastPart(other.name) == call.callee && !other.isStatic {
          let target = FunctionID(file: id.file, index: index)
          if found.insert(target).inserted { next.append(target) }
        }
      }
    }
    return found
  }
}
