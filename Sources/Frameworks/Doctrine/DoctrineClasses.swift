import Basics
import Facts

/// A class that Doctrine stores, with what its attributes, its comments or a mapping file say of it.
struct DoctrineClass {
  /// A property and what is said of it, by the plain names of attributes: `Column`, `ManyToOne`.
  struct Field {
    var field: FieldFact
    var marks: [String: AnnotationFact]
    /// Every `JoinColumn` of the property, in order.
    var joinColumns: [AnnotationFact] = []
  }

  var type: TypeID
  /// `Entity`, `MappedSuperclass` or `Embeddable`.
  var kind: String
  var marks: [String: AnnotationFact]
  var fields: [Field]

  static let kinds = ["Entity", "MappedSuperclass", "Embeddable"]

  /// The class of its rows' repository, when one is declared.
  var repository: String? {
    switch marks["Entity"]?.argument("repositoryClass") {
    case .type(let name)?: name
    case .text(let name)?: name
    default: nil
    }
  }

  /// Every stored class in order of file and line; what a class says itself goes before what a document says of it.
  static func all(in system: SystemIndex) -> [DoctrineClass] {
    var found: [TypeID: DoctrineClass] = [:]
    for document in DoctrineDocument.classes(in: system) where found[document.type] == nil {
      found[document.type] = document
    }
    for type in system.types where system.files[type.file].language == .php {
      if let own = marked(type, in: system) { found[type] = own }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func marked(_ type: TypeID, in system: SystemIndex) -> DoctrineClass? {
    let fact = system.type(type)
    let imports = system.files[type.file].imports
    let marks = marks(fact.annotations, imports: imports)
    guard let kind = kinds.first(where: { marks[$0] != nil }) else { return nil }
    let fields = fact.fields.map { field in
      let own = plain(field.annotations, imports: imports)
      let listed = own.filter { $0.name == "JoinColumns" }.flatMap { list -> [AnnotationFact] in
        guard case .list(let items)? = list.annotation.argument("value") else { return [] }
        return items.compactMap { item in
          guard case .call(_, _, let arguments) = item else { return nil }
          return AnnotationFact(name: "JoinColumn", arguments: arguments, line: list.annotation.line)
        }
      }
      return Field(
        field: field, marks: Dictionary(own.map { ($0.name, $0.annotation) }) { first, _ in first },
        joinColumns: own.filter { $0.name == "JoinColumn" }.map(\.annotation) + listed)
    }
    return DoctrineClass(type: type, kind: kind, marks: marks, fields: fields)
  }

  private static func marks(_ annotations: [AnnotationFact], imports: [ImportFact]) -> [String: AnnotationFact] {
    Dictionary(plain(annotations, imports: imports).map { ($0.name, $0.annotation) }) { first, _ in first }
  }

  /// Annotations of Doctrine with their plain name: `ORM\Column` as `Column`.
  private static func plain(
    _ annotations: [AnnotationFact], imports: [ImportFact]
  ) -> [(name: String, annotation: AnnotationFact)] {
    annotations.compactMap { annotation in
      let parts = annotation.name.split(separator: "\\").map(String.init)
      guard let first = parts.first, let last = parts.last else { return nil }
      let path = imports.first { $0.local == first }?.path ?? annotation.name
      // Of a library with another `Column` there is no trace but its import.
      guard path.hasPrefix("Doctrine\\") || (parts.count > 1 && first == "ORM") else { return nil }
      return (last, annotation)
    }
  }
}
