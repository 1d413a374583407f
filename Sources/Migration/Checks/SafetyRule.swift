/// A setting whose default, or whose other value, loses data or stops the monolith: what a file has to say instead.
struct SafetyRule {
  /// What the value has to be.
  enum Demand {
    /// The key is there with one of these values.
    case oneOf([String])
    /// The key is there with a value of some length.
    case present
    /// The key is not there.
    case absent
    /// The key may be missing, but it has none of these values.
    case notOneOf([String])
    /// The key is there with at least this number.
    case atLeast(Int)
    /// No value has a capital letter.
    case lowerCase
    /// Every value begins like this.
    case startsWith(String)
  }

  let key: String
  let demand: Demand
  /// What happens otherwise.
  let why: String

  init(_ key: String, _ demand: Demand, _ why: String) {
    self.key = key
    self.demand = demand
    self.why = why
  }

  /// What is wrong with the entries of a file; nil when nothing is.
  func problem(_ entries: [ConfigEntry]) -> String? {
    let values = entries.filter { $0.key == key }.map(\.value)
    let isMet =
      switch demand {
      case .oneOf(let allowed): !values.isEmpty && values.allSatisfy(allowed.contains)
      case .present: values.contains { !$0.isEmpty }
      case .absent: values.isEmpty
      case .notOneOf(let refused): !values.contains { refused.contains($0.lowercased()) }
      case .lowerCase: values.allSatisfy { $0 == $0.lowercased() }
      case .startsWith(let head): values.allSatisfy { $0.hasPrefix(head) }
      case .atLeast(let least): !values.isEmpty && values.allSatisfy { (Int($0) ?? Int.min) >= least }
      }
    return isMet ? nil : "\(key): \(values.isEmpty ? "not set" : values.joined(separator: ", ")); \(why)"
  }
}
