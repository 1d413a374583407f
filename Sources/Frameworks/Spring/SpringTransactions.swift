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
        if begins(function, type: id, system) {
          found.insert(id)
          continue
        }
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

  /// Types that run what they are given in a transaction.
  private static let templates: Set<String> = ["TransactionTemplate", "TransactionOperations", "TransactionalOperator"]
  /// Calls without arguments, or with a body, that begin one.
  private static let begins: Set<String> = ["beginTransaction", "getTransaction", "transaction", "transactionResult"]

  /// Whether a function begins a transaction itself: `template.execute(…)`, `session.beginTransaction()`.
  private static func begins(_ function: FunctionFact, type id: FunctionID, _ system: SystemIndex) -> Bool {
    function.events.contains { placed in
      guard case .call(let call) = placed.event, let receiver = call.receiver else { return false }
      if begins.contains(call.callee) {
        // A text or number is given to what is no transaction: `report.transaction("4711")`.
        return call.arguments.allSatisfy { if case .closure = $0 { true } else { false } }
          && isBegun(call, in: function)
      }
      guard call.callee == "execute" || call.callee == "executeWithoutResult", case .name(let name) = receiver,
        let owner = system.owner(of: id)
      else { return false }
      let field = NameWords.lastPart(name)
      let declared = system.field(field, of: owner)?.field.type ?? ""
      let parameter = zip(function.parameters, function.parameterTypes).first { $0.0 == field }?.1 ?? ""
      return templates.contains(TypeName(declared).simple) || templates.contains(TypeName(parameter).simple)
    }
  }

  /// `em.getTransaction()` counts when it is begun; asking whether one is active begins none.
  private static func isBegun(_ call: CallFact, in function: FunctionFact) -> Bool {
    guard call.callee == "getTransaction" else { return true }
    return function.events.contains {
      if case .call(let other) = $0.event { other.callee == "begin" } else { false }
    }
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
        case .text?, .literal?, .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?,
          .operation?, .closure?, .opaque?:
          continue
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
