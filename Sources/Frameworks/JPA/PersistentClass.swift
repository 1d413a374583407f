import Basics
import Facts

/// A class that JPA stores, with what annotations and mapping files say of it.
struct PersistentClass {
  var id: TypeID
  /// Those of the class; elements of mapping files in the same form.
  var annotations: [AnnotationFact]
  var attributes: [PersistentAttribute]
  var line: Int

  var isEntity: Bool { annotations.first(named: "Entity") != nil }
}

/// A stored attribute of a class.
struct PersistentAttribute {
  var name: String
  /// As declared.
  var type: String
  var annotations: [AnnotationFact]
  var line: Int

  /// Whether it carries one of these annotations.
  func has(_ names: String...) -> Bool {
    annotations.contains { names.contains(NameWords.lastPart($0.name)) }
  }
}

/// Finds the classes that JPA stores.
struct PersistentClassSearch {
  private let index: SystemIndex
  private var found: [TypeID: PersistentClass] = [:]
  /// Where the annotations of JPA come from.
  private static let packages = ["javax.persistence", "jakarta.persistence", "org.hibernate.annotations"]
  private static let marks: Set<String> = ["Entity", "MappedSuperclass", "Embeddable"]
  private static let mappings: Set<String> = [
    "Id", "EmbeddedId", "Column", "Basic", "ManyToOne", "OneToMany", "OneToOne", "ManyToMany", "Embedded",
    "ElementCollection", "JoinColumn", "Enumerated", "Temporal", "Lob",
  ]

  private init(_ index: SystemIndex) { self.index = index }

  /// Every stored class in order of file and line.
  static func classes(in index: SystemIndex) -> [PersistentClass] {
    var search = PersistentClassSearch(index)
    for type in index.types where search.isMarked(type) { search.add(type) }
    MappingDocument.apply(index) { type, annotations, attributes, line in
      search.merge(type, annotations, attributes, line)
    }
    search.addEmbedded()
    return search.found.values.sorted { $0.id < $1.id }
  }

  private func isMarked(_ type: TypeID) -> Bool {
    let language = index.files[type.file].language
    guard language == .java || language == .kotlin else { return false }
    return index.type(type).annotations.contains {
      Self.marks.contains(NameWords.lastPart($0.name)) && isPersistence($0, in: type.file)
    }
  }

  /// Whether an annotation is one of JPA and not one of another framework of that name.
  private func isPersistence(_ annotation: AnnotationFact, in file: Int) -> Bool {
    if annotation.name.contains(".") { return Self.packages.contains { annotation.name.hasPrefix($0) } }
    let imports = index.files[file].imports
    if let exact = imports.first(where: { $0.local == annotation.name && $0.symbol != "*" }) {
      return Self.packages.contains { exact.path.hasPrefix($0) }
    }
    return imports.contains { fact in fact.symbol == "*" && Self.packages.contains(fact.path) }
  }

  private mutating func add(_ type: TypeID) {
    guard found[type] == nil else { return }
    let fact = index.type(type)
    found[type] = PersistentClass(
      id: type, annotations: fact.annotations, attributes: attributes(of: type), line: fact.line)
  }

  /// What a mapping file says wins over annotations.
  private mutating func merge(
    _ type: TypeID, _ annotations: [AnnotationFact], _ attributes: [PersistentAttribute], _ line: Int
  ) {
    add(type)
    guard var entry = found[type] else { return }
    let names = Set(annotations.map(\.name))
    entry.annotations = annotations + entry.annotations.filter { !names.contains(NameWords.lastPart($0.name)) }
    for var attribute in attributes {
      if let place = entry.attributes.firstIndex(where: { $0.name == attribute.name }) {
        if attribute.type.isEmpty { attribute.type = entry.attributes[place].type }
        entry.attributes[place] = attribute
      } else {
        if attribute.type.isEmpty { attribute.type = index.field(attribute.name, of: type)?.field.type ?? "" }
        entry.attributes.append(attribute)
      }
    }
    found[type] = entry
  }

  /// Classes that are embedded without saying so themselves.
  private mutating func addEmbedded() {
    var next = found.values.sorted { $0.id < $1.id }
    while !next.isEmpty {
      var added: [PersistentClass] = []
      for entry in next {
        for attribute in entry.attributes where attribute.has("Embedded", "EmbeddedId") {
          guard
            let type = index.resolve(TypeName(attribute.type).arguments.last ?? attribute.type, from: entry.id.file),
            found[type] == nil
          else { continue }
          add(type)
          if let new = found[type] { added.append(new) }
        }
      }
      next = added
    }
  }

  // MARK: Attributes

  private func attributes(of type: TypeID) -> [PersistentAttribute] {
    usesGetters(type) ? getters(of: type) : fields(of: type)
  }

  private func usesGetters(_ type: TypeID) -> Bool {
    for candidate in [type] + index.ancestors(of: type) {
      let fact = index.type(candidate)
      if let access = fact.annotations.first(named: "Access")?.argument("value"), case .name(let name) = access {
        return name.hasSuffix("PROPERTY")
      }
      if fact.fields.contains(where: { $0.annotations.first(named: "Id", "EmbeddedId") != nil }) { return false }
      if index.methods(of: candidate).contains(where: {
        index.symbols.function($0).annotations.first(named: "Id", "EmbeddedId") != nil
      }) {
        return true
      }
    }
    let fact = index.type(type)
    func isMapping(_ annotations: [AnnotationFact]) -> Bool {
      annotations.contains { Self.mappings.contains(NameWords.lastPart($0.name)) }
    }
    if fact.fields.contains(where: { isMapping($0.annotations) }) { return false }
    return index.methods(of: type).contains { isMapping(index.symbols.function($0).annotations) }
  }

  private func fields(of type: TypeID) -> [PersistentAttribute] {
    let isKotlin = index.files[type.file].language == .kotlin
    let accessors =
      isKotlin
      ? Set(
        index.methods(of: type).map { index.symbols.function($0) }.filter(\.parameters.isEmpty)
          .map { NameWords.lastPart($0.name) }) : []
    return index.type(type).fields.compactMap { field in
      guard !field.isStatic, field.annotations.first(named: "Transient", "transient") == nil else { return nil }
      // Properties without a field of their own: computed ones, and those another object holds.
      if case .call("lazy", nil, _) = field.value { return nil }
      if isKotlin, field.value == .opaque, accessors.contains(field.name) { return nil }
      return PersistentAttribute(
        name: field.name, type: field.type, annotations: field.annotations, line: field.line)
    }
  }

  private func getters(of type: TypeID) -> [PersistentAttribute] {
    index.methods(of: type).compactMap { id in
      let function = index.symbols.function(id)
      let name = NameWords.lastPart(function.name)
      guard !function.isStatic, function.parameters.isEmpty, !function.returnType.isEmpty,
        function.returnType != "void", function.annotations.first(named: "Transient") == nil,
        let property = Self.property(of: name)
      else { return nil }
      return PersistentAttribute(
        name: property, type: function.returnType, annotations: function.annotations, line: function.lines.lowerBound)
    }
  }

  /// `getName` and `isActive` read `name` and `active`.
  private static func property(of getter: String) -> String? {
    for prefix in ["get", "is"] where getter.hasPrefix(prefix) {
      let rest = getter.dropFirst(prefix.count)
      guard let first = rest.first, first.isUppercase else { continue }
      // `getURL` reads `URL`.
      if rest.dropFirst().first?.isUppercase ?? false { return String(rest) }
      return first.lowercased() + rest.dropFirst()
    }
    return nil
  }
}
