/// A value as far as text can be built from it and data can be followed through it: what a frontend keeps of an
/// expression.
package indirect enum Value: Hashable, Sendable {
  /// A literal text with escapes resolved; adjacent literals already joined. Symbols of Ruby are texts.
  case text(String)
  /// A number, a truth value or nothing: digits as written, else `true`, `false` or `null` in every language.
  case literal(String)
  /// A variable, constant, enumerator, field or parameter, and members of such: `query`, `Config::table`,
  /// `order.customer.name`. Languages other than C and C++ write members with `.` and the object itself as `this`.
  case name(String)
  /// A type used as a value, or a type argument of a call, which follow its other arguments: `Order.class`.
  case type(String)
  /// A member of something that is no plain name: `find(1).customer`.
  case field(of: Value, name: String)
  /// The result of a call; `callee` is a type name for a constructor.
  case call(callee: String, receiver: Value?, arguments: [Value])
  /// Texts put one after another: `+`, `<<`, `.`.
  case join([Value])
  /// An array, a structure initializer, a tuple or a map; designated members and entries with keys become `.member`.
  case list([Value])
  /// A designated initializer, named argument or entry: `.name = value`, `name: value`, `"name" => value`.
  case member(String, Value)
  /// One of several: a conditional expression.
  case either([Value])
  /// An element of an array or map.
  case element(of: Value, at: Value)
  /// What any other operator makes of its operands: no text, but what they name counts.
  case operation(String, [Value])
  /// A function without a name: its parameters, and what it returns when that is one expression. What it does is
  /// among the events behind the call it is given to.
  case closure(parameters: [String], result: Value)
  /// Anything else: a hole when text is built.
  case opaque
}

extension Value {
  /// The values directly inside, in source order; empty for those without parts.
  package var parts: [Value] {
    switch self {
    case .text, .literal, .name, .type, .opaque: []
    case .field(let base, _): [base]
    case .call(_, let receiver, let arguments): receiver.map { [$0] + arguments } ?? arguments
    case .join(let parts), .list(let parts), .either(let parts), .operation(_, let parts): parts
    case .member(_, let inner): [inner]
    case .element(let base, let key): [base, key]
    case .closure(_, let result): [result]
    }
  }
}
