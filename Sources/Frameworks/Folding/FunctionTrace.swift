/// A text a function handles that may be SQL.
struct CollectedText: Hashable {
  var folded: FoldedText
  /// The call it is handed to and the position there; nil when it is only stored, returned or mentioned.
  var sink: TextSink?
  var inLoop: Bool
}

/// A parameter that receives text: which callee, which position.
struct TextSink: Hashable {
  var callee: String
  var position: Int
}

/// A call whose arguments may complete a template of the callee.
struct TracedCall {
  var callee: String
  var hasReceiver: Bool
  /// Texts of the constant the call is made on; empty for calls on anything else.
  var receiver: FoldedTexts = []
  var arguments: [FoldedTexts]
  /// Whether it is made on a variable that was made from a statement: what it executes is known.
  var isOnPrepared = false
  /// Names handed over as they are, with their positions; position -1 for a template argument.
  var keys: [CallKey]
  var line: Int
  var inLoop: Bool
  /// The functions it reaches, where types tell; nil where only its name does.
  var targets: [FunctionID]?
}

/// A name among the arguments of a call that may be the key of a registry.
struct CallKey: Hashable {
  var name: String
  var position: Int
}

/// A table chosen on a handle by one call (`use_table(handle, table)`) or used by another (`insert(handle, …)`).
struct HandleUse {
  var handle: String
  /// The verb of the call that uses the handle; nil for the call that chooses the table.
  var verb: AccessVerb?
  /// The texts of the chosen table; empty for uses.
  var tables: FoldedTexts
  var line: Int
  var inLoop: Bool
  /// Number of calls of the function before this one.
  var order: Int
  /// The call as written, without what it is made on; empty when it was made on something.
  var callee = ""
  /// Short texts of the other arguments and of the arrays among them: the columns, when the table has such.
  var columns: [String] = []
}

/// Where a transaction begins or ends in a function.
struct TransactionMark {
  enum Kind { case begin, end, scoped }
  var kind: Kind
  var line: Int
}

/// What one function does with text, calls, handles and transactions, in source order.
struct FunctionTrace {
  var texts: [CollectedText] = []
  var calls: [TracedCall] = []
  var handles: [HandleUse] = []
  var transactions: [TransactionMark] = []
  var results: FoldedTexts = []
  /// Texts put into names that are neither variables nor parameters of the function.
  var stored: [(name: String, texts: FoldedTexts)] = []
}
