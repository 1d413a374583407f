/// A call found in a function body.
package struct CallFact: Hashable, Sendable {
  /// How the callee is reached.
  package enum Dispatch: String, Hashable, Sendable { case direct, virtual, pointer }

  /// The callee: qualified when the frontend resolved it, else as written without the receiver.
  package var callee: String
  /// What the call is made on: `db` in `db.query(…)`, `dbf` in `dbf->insert(…)`.
  package var receiver: Value?
  /// Arguments in order.
  package var arguments: [Value]
  /// How the callee is reached.
  package var dispatch: Dispatch

  /// A call with all its parts.
  package init(callee: String, receiver: Value?, arguments: [Value], dispatch: Dispatch) {
    self.callee = callee
    self.receiver = receiver
    self.arguments = arguments
    self.dispatch = dispatch
  }
}

/// One thing a function body does that matters for building text or calling others, in source order.
package enum CodeEvent: Hashable, Sendable {
  /// A local variable comes to life, with the type as written and its first value.
  case declare(name: String, type: String, value: Value)
  /// `name = value`.
  case assign(name: String, value: Value)
  /// `name += value`, `name << value`, `strcat(name, value)`.
  case append(name: String, value: Value)
  /// A call; calls nested in arguments come before the outer one.
  case call(CallFact)
  /// `return value`.
  case result(Value)
  /// A text or a value that stands alone, for example an initializer of a static local.
  case mention(Value)
  /// A branch begins (`if`, `case`); ends at the matching `leave`.
  case enterBranch
  /// The alternative of the branch begins (`else`, next `case`).
  case nextBranch
  /// A loop body begins; ends at the matching `leave`.
  case enterLoop
  /// The body of a closure given to the call before, or of a statement that holds what that call returns
  /// (`with`, `using`, `try (…)`), begins; ends at the matching `leave`. `callee` is the call's.
  case enterScope(callee: String)
  /// The innermost branch, loop or scope ends.
  case leave
}

/// An event and the line it stands on.
package struct PlacedEvent: Hashable, Sendable {
  /// Line in the file, from 1.
  package var line: Int
  /// What happens.
  package var event: CodeEvent

  /// `event` at `line`.
  package init(line: Int, event: CodeEvent) {
    self.line = line
    self.event = event
  }
}

/// A function or method with a body.
package struct FunctionFact: Hashable, Sendable {
  /// Qualified as the language does, e.g. `IOBan::getAccountBanInfo`.
  package var name: String
  /// The class it belongs to, qualified; empty for free functions.
  package var owner: String
  /// First and last line of the definition.
  package var lines: ClosedRange<Int>
  /// Parameter names in order; empty text for unnamed ones.
  package var parameters: [String]
  /// Types of the parameters as written, in their order; empty texts, or an empty list, where none are.
  package var parameterTypes: [String]
  /// The type of the result as written; empty when there is none.
  package var returnType: String
  /// Annotations, attributes and decorators in order.
  package var annotations: [AnnotationFact]
  /// Whether it belongs to its type and not to an object.
  package var isStatic: Bool
  /// Whether it is declared without a body, as in an interface.
  package var isAbstract: Bool
  /// Whether the name is visible only in its file.
  package var isLocal: Bool
  /// Whether it was read from tokens because the parser dropped it or met errors inside.
  package var isRecovered: Bool
  /// What the body does, in source order.
  package var events: [PlacedEvent]

  /// A function with all its parts.
  package init(
    name: String, owner: String, lines: ClosedRange<Int>, parameters: [String], parameterTypes: [String] = [],
    returnType: String = "", annotations: [AnnotationFact] = [], isStatic: Bool = false, isAbstract: Bool = false,
    isLocal: Bool, isRecovered: Bool, events: [PlacedEvent]
  ) {
    self.name = name
    self.owner = owner
    self.lines = lines
    self.parameters = parameters
    self.parameterTypes = parameterTypes
    self.returnType = returnType
    self.annotations = annotations
    self.isStatic = isStatic
    self.isAbstract = isAbstract
    self.isLocal = isLocal
    self.isRecovered = isRecovered
    self.events = events
  }
}

/// A constant, global, field with a default, macro or enumerator that may hold text or be a key.
package struct ConstantFact: Hashable, Sendable {
  /// What kind of thing it is.
  package enum Kind: String, Hashable, Sendable { case global, field, macro, enumerator }

  /// Qualified name; fields as `Type::field`.
  package var name: String
  /// What kind of thing it is.
  package var kind: Kind
  /// Its initial value.
  package var value: Value
  /// Parameters of a function-like macro; empty otherwise.
  package var parameters: [String]
  /// Whether the name is visible only in its file.
  package var isLocal: Bool
  /// Where it stands.
  package var line: Int

  /// A constant with all its parts.
  package init(name: String, kind: Kind, value: Value, parameters: [String] = [], isLocal: Bool, line: Int) {
    self.name = name
    self.kind = kind
    self.value = value
    self.parameters = parameters
    self.isLocal = isLocal
    self.line = line
  }
}
