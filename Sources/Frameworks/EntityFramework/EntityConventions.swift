import Facts

/// What Entity Framework takes for granted about classes and their properties.
struct EntityConventions {
  let system: SystemIndex

  /// Whether a property is stored unless something else is said: one that can be read and set from outside.
  static func isStored(_ field: FieldFact) -> Bool {
    guard !field.isStatic else { return false }
    var isReadable = false
    var isSettable = false
    for annotation in field.annotations {
      switch annotation.name {
      case "get": isReadable = true
      case "set", "init": isSettable = true
      case "private", "NotMapped": return false
      default: continue
      }
    }
    let isCollection = element(of: TypeName(field.type)) != nil
    return isReadable && (isSettable || isCollection)
  }

  /// The property that is the key by its name: `Id` or the name of the class with it.
  func key(of type: TypeID) -> String? {
    let simple = NameWords.lastPart(system.type(type).name)
    var byClass: String?
    for current in [type] + system.ancestors(of: type) {
      for field in system.type(current).fields where !field.isStatic {
        guard field.annotations.contains(where: { $0.name == "get" }),
          !field.annotations.contains(where: { $0.name == "NotMapped" })
        else { continue }
        if field.name.lowercased() == "id" { return field.name }
        if field.name.lowercased() == simple.lowercased() + "id" { byClass = byClass ?? field.name }
      }
    }
    return byClass
  }

  /// What a collection holds; nil for other types.
  static func element(of name: TypeName) -> String? {
    guard collections.contains(name.simple), let first = name.arguments.first else { return nil }
    return first
  }

  private static let collections: Set<String> = [
    "ICollection", "IList", "List", "IEnumerable", "IReadOnlyCollection", "IReadOnlyList", "HashSet", "ISet",
    "Collection", "ObservableCollection", "Array", "SortedSet",
  ]

  /// Whether values of a type fit into one column.
  static func isScalar(_ type: String) -> Bool {
    if scalars.contains(type) { return true }
    let name = TypeName(type)
    if name.simple == "Nullable", let inner = name.arguments.first { return isScalar(inner) }
    return scalars.contains(name.simple) || (name.simple == "Array" && name.arguments.first == "byte")
  }

  private static let scalars: Set<String> = [
    "string", "String", "int", "Int32", "long", "Int64", "short", "Int16", "byte", "Byte", "sbyte", "uint", "ulong",
    "ushort", "bool", "Boolean", "decimal", "Decimal", "double", "Double", "float", "Single", "char", "Guid",
    "DateTime", "DateTimeOffset", "TimeSpan", "DateOnly", "TimeOnly", "Uri", "JsonDocument", "Point", "Geometry",
    "Instant", "LocalDate", "LocalDateTime", "IPAddress",
  ]

  /// What Entity Framework 6 calls the table of a class.
  static func plural(_ word: String) -> String {
    func ends(_ suffix: String) -> Bool { word.lowercased().hasSuffix(suffix) }
    let irregular = ["person": "people", "child": "children", "man": "men", "mouse": "mice", "foot": "feet"]
    for (one, many) in irregular.sorted(by: { $0.key < $1.key }) where ends(one) && (one != "man" || !ends("human")) {
      return String(word.dropLast(one.count))
        + (word.suffix(one.count).first?.isUppercase == true
          ? many.prefix(1).uppercased() + many.dropFirst() : many)
    }
    if ["series", "species", "news", "information", "equipment", "data", "staff"].contains(where: ends) { return word }
    if ends("y"), let before = word.dropLast().last, !"aeiouAEIOU".contains(before) { return word.dropLast() + "ies" }
    if ends("sis") { return word.dropLast(2) + "es" }
    if ends("s") || ends("x") || ends("z") || ends("ch") || ends("sh") { return word + "es" }
    return word + "s"
  }
}
