import Facts

extension Value {
  /// Values put one after another as a text: joins inside are opened, neighbouring texts become one. A text where all
  /// of them are, else a `.join` without empty texts. Linear.
  static func joined(_ parts: [Value]) -> Value {
    var flat: [Value] = []
    var run: String?
    func add(_ part: Value) {
      if case .text(let text) = part {
        if run == nil { run = text } else { run?.append(text) }
        return
      }
      if let text = run, !text.isEmpty { flat.append(.text(text)) }
      run = nil
      flat.append(part)
    }
    for part in parts {
      if case .join(let inner) = part { inner.forEach(add) } else { add(part) }
    }
    guard !flat.isEmpty else { return .text(run ?? "") }
    if let text = run, !text.isEmpty { flat.append(.text(text)) }
    return .join(flat)
  }
}
