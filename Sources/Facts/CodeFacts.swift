package import Basics

/// A value as far as text can be built from it: what a frontend keeps of an expression.
package indirect enum Value: Hashable, Sendable {
  /// A literal text with escapes resolved; adjacent literals already joined.
  case text(String)
  /// A variable, constant, enumerator, field or parameter as written: `query`, `Config::table`, `self.table`.
  case name(String)
  /// The result of a call.
  case call(callee: String, receiver: Value?, arguments: [Value])
  /// Texts put one after another: `+`, `<<`, `.`.
  case join([Value])
  /// An array, a structure initializer or a tuple; designated members become `.member`.
  case list([Value])
  /// A designated initializer `.name = value` inside a list.
  case member(String, Value)
  /// One of several: a conditional expression.
  case either([Value])
  /// An element of an array or map.
  case element(of: Value, at: Value)
  /// Anything else: a hole when text is built.
  case opaque
}

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
  /// The innermost branch or loop ends.
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
  /// Whether the name is visible only in its file.
  package var isLocal: Bool
  /// Whether it was read from tokens because the parser dropped it or met errors inside.
  package var isRecovered: Bool
  /// What the body does, in source order.
  package var events: [PlacedEvent]

  /// A function with all its parts.
  package init(
    name: String, owner: String, lines: ClosedRange<Int>, parameters: [String], isLocal: Bool, isRecovered: Bool,
    events: [PlacedEvent]
  ) {
    self.name = name
    self.owner = owner
    self.lines = lines
    self.parameters = parameters
    self.isLocal = isLocal
    self.isRecovered = isRecovered
    self.events = events
  }
}

/// A class, struct or interface.
package struct TypeFact: Hashable, Sendable {
  /// Qualified name.
  package var name: String
  /// Names of its bases, as resolved or as written.
  package var bases: [String]
  /// Where it is defined.
  package var line: Int

  /// A type with all its parts.
  package init(name: String, bases: [String], line: Int) {
    self.name = name
    self.bases = bases
    self.line = line
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

/// Everything a frontend says about one source file. Depends on that file and what it includes alone.
package struct FileFacts: Hashable, Sendable {
  /// The file.
  package var file: RepoPath
  /// Functions in order of their first line.
  package var functions: [FunctionFact]
  /// Types in order of their line.
  package var types: [TypeFact]
  /// Globals, fields, macros and enumerators in order of their line.
  package var constants: [ConstantFact]
  /// Paths of its includes and imports as written, sorted; they are resolved when the system is linked.
  package var includes: [RepoPath]
  /// Number of lines.
  package var lineCount: Int
  /// Lines inside functions that were read, whether from the parser or from tokens.
  package var understoodLines: Int
  /// Lines inside functions whose text could not be read at all.
  package var lostLines: Int
  /// What went wrong while reading.
  package var diagnostics: [Diagnostic]

  /// Facts with all their parts; every list may be empty.
  package init(
    file: RepoPath, functions: [FunctionFact] = [], types: [TypeFact] = [], constants: [ConstantFact] = [],
    includes: [RepoPath] = [], lineCount: Int = 0, understoodLines: Int = 0, lostLines: Int = 0,
    diagnostics: [Diagnostic] = []
  ) {
    self.file = file
    self.functions = functions
    self.types = types
    self.constants = constants
    self.includes = includes
    self.lineCount = lineCount
    self.understoodLines = understoodLines
    self.lostLines = lostLines
    self.diagnostics = diagnostics
  }
}
