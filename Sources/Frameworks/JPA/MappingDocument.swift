import Basics
import Facts

/// Mapping files of JPA (`orm.xml`) and Hibernate (`hbm.xml`), read into the annotations that say the same.
enum MappingDocument {
  typealias Handler = (TypeID, [AnnotationFact], [PersistentAttribute], Int) -> Void

  /// Hands the classes of every mapping file to `handle`, in order.
  static func apply(
    _ index: SystemIndex, _ handle: (TypeID, [AnnotationFact], [PersistentAttribute], Int) -> Void
  ) {
    for (file, root) in index.documents {
      switch root.name {
      case "entity-mappings": EntityMappingsDocument(index: index, file: file, root: root).apply(handle)
      case "hibernate-mapping": HibernateDocument(index: index, file: file, root: root).apply(handle)
      default: continue
      }
    }
  }

  /// The type a class name of a document means.
  static func type(_ name: String?, package: String, in index: SystemIndex, from file: Int) -> TypeID? {
    guard let name else { return nil }
    let full = name.contains(".") || package.isEmpty ? name : package + "." + name
    return index.resolve(full, from: file)
  }

  /// A named argument, when there is something to say.
  static func argument(_ name: String, _ text: String?) -> [Value] { text.map { [.member(name, .text($0))] } ?? [] }

  static func literal(_ name: String, _ text: String?) -> [Value] { text.map { [.member(name, .literal($0))] } ?? [] }
}

/// `orm.xml`.
private struct EntityMappingsDocument {
  let index: SystemIndex
  let file: Int
  let root: DocumentNode

  func apply(_ handle: MappingDocument.Handler) {
    let package = root.child("package")?.content ?? ""
    for node in root.children {
      let mark: String
      switch node.name {
      case "entity": mark = "Entity"
      case "mapped-superclass": mark = "MappedSuperclass"
      case "embeddable": mark = "Embeddable"
      default: continue
      }
      guard let type = MappingDocument.type(node.attribute("class"), package: package, in: index, from: file) else {
        continue
      }
      var annotations = [
        AnnotationFact(name: mark, arguments: MappingDocument.argument("name", node.attribute("name")), line: node.line)
      ]
      for child in node.children where child.name != "attributes" {
        if let annotation = annotation(child) { annotations.append(annotation) }
      }
      // Fields that are stored without a word about them are those of the class.
      let inside = node.child("attributes")?.children ?? []
      handle(type, annotations, inside.compactMap(attribute), index.type(type).line)
    }
  }

  private func attribute(_ node: DocumentNode) -> PersistentAttribute? {
    guard let name = node.attribute("name") else { return nil }
    var annotations = node.children.compactMap(annotation)
    if let kind = annotation(node) { annotations.insert(kind, at: 0) }
    return PersistentAttribute(name: name, type: "", annotations: annotations, line: node.line)
  }

  /// `join-column` says what `JoinColumn` does; attributes are arguments, elements inside are annotations of their own.
  private func annotation(_ node: DocumentNode) -> AnnotationFact? {
    guard !node.name.isEmpty else { return nil }
    let name = node.name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    var arguments: [Value] = []
    for attribute in node.attributes {
      let key = Self.camel(attribute.name)
      switch key {
      case "nullable", "unique", "optional", "length", "precision", "scale", "orphanRemoval":
        arguments.append(.member(key, .literal(attribute.value)))
      case "strategy", "discriminatorType": arguments.append(.member(key, .name(attribute.value)))
      case "targetEntity": arguments.append(.member(key, .type(attribute.value)))
      default: arguments.append(.member(key, .text(attribute.value)))
      }
    }
    var lists: [String: [Value]] = [:]
    for child in node.children {
      guard let inner = annotation(child) else { continue }
      let kind = child.name == "inverse-join-column" ? "JoinColumn" : inner.name
      let value = Value.call(callee: kind, receiver: nil, arguments: inner.arguments)
      switch child.name {
      case "join-column": lists["joinColumns", default: []].append(value)
      case "inverse-join-column": lists["inverseJoinColumns", default: []].append(value)
      case "column": arguments.append(.member("column", value))
      case "cascade":
        lists["cascade", default: []] += child.children.filter { !$0.name.isEmpty }.map {
          .name($0.name.replacing("cascade-", with: "").uppercased())
        }
      default: continue
      }
    }
    arguments += lists.sorted { $0.key < $1.key }.map { .member($0.key, .list($0.value)) }
    if ["enumerated", "temporal"].contains(node.name) { arguments.append(.name(node.content)) }
    return AnnotationFact(name: name, arguments: arguments, line: node.line)
  }

  private static func camel(_ name: String) -> String {
    let parts = name.split(separator: "-")
    return String(parts.first ?? "") + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}

/// `hbm.xml`.
private struct HibernateDocument {
  let index: SystemIndex
  let file: Int
  let root: DocumentNode

  func apply(_ handle: MappingDocument.Handler) {
    let package = root.attribute("package") ?? ""
    var next = root.children.map { (node: $0, strategy: "") }
    while let (node, strategy) = next.popLast() {
      guard ["class", "subclass", "joined-subclass", "union-subclass"].contains(node.name),
        let type = MappingDocument.type(node.attribute("name"), package: package, in: index, from: file)
      else { continue }
      var annotations = [
        AnnotationFact(
          name: "Entity", arguments: MappingDocument.argument("name", node.attribute("entity-name")), line: node.line)
      ]
      let name = node.attribute("table").map { [Value.member("name", .text($0))] } ?? []
      let schema = MappingDocument.argument("schema", node.attribute("schema") ?? root.attribute("schema"))
      annotations.append(AnnotationFact(name: "Table", arguments: name + schema, line: node.line))
      let inner = Self.strategy(of: node)
      if !inner.isEmpty, strategy.isEmpty {
        annotations.append(
          AnnotationFact(name: "Inheritance", arguments: [.member("strategy", .name(inner))], line: node.line))
      }
      if let discriminator = node.child("discriminator") {
        annotations.append(
          AnnotationFact(
            name: "DiscriminatorColumn",
            arguments: MappingDocument.argument("name", discriminator.attribute("column")), line: node.line))
      }
      next += node.children.map { ($0, strategy.isEmpty ? inner : strategy) }
      handle(type, annotations, attributes(node, package: package), index.type(type).line)
    }
  }

  private static func strategy(of node: DocumentNode) -> String {
    if node.child("joined-subclass") != nil { return "JOINED" }
    return node.child("union-subclass") != nil ? "TABLE_PER_CLASS" : ""
  }

  private func attributes(_ node: DocumentNode, package: String) -> [PersistentAttribute] {
    node.children.flatMap { child -> [PersistentAttribute] in
      if child.name == "composite-id", child.attribute("name") == nil {
        return child.children.compactMap { attribute($0, marks: ["Id"], package: package) }
      }
      if child.name == "properties" || child.name == "natural-id" { return attributes(child, package: package) }
      if child.name == "join" { return attributes(child, package: package) }
      return attribute(child, marks: [], package: package).map { [$0] } ?? []
    }
  }

  private func attribute(_ node: DocumentNode, marks: [String], package: String) -> PersistentAttribute? {
    guard let name = node.attribute("name"), !node.name.isEmpty else { return nil }
    var annotations = marks.map { AnnotationFact(name: $0, line: node.line) }
    let column = node.child("column")
    let columnName = node.attribute("column") ?? column?.attribute("name")
    func add(_ name: String, _ arguments: [Value]) {
      annotations.append(AnnotationFact(name: name, arguments: arguments, line: node.line))
    }
    let details =
      MappingDocument.argument("name", columnName)
      + MappingDocument.literal("length", node.attribute("length") ?? column?.attribute("length"))
      + MappingDocument.literal(
        "nullable", (node.attribute("not-null") ?? column?.attribute("not-null")) == "true" ? "false" : nil)
      + MappingDocument.argument("columnDefinition", column?.attribute("sql-type"))
    let cascade: [Value] =
      node.attribute("cascade").map { text in
        [
          .member(
            "cascade",
            .list(
              text.split { $0 == "," || $0 == " " }.map {
                .name($0.hasPrefix("all") ? "ALL" : $0.replacing("-", with: "_").uppercased())
              }))
        ]
      } ?? []
    switch node.name {
    case "id", "key-property":
      add("Id", [])
      add("Column", details)
      if node.child("generator") != nil { add("GeneratedValue", []) }
    case "version", "timestamp", "property":
      if node.attribute("formula") != nil { add("Formula", []) } else { add("Column", details) }
    case "component", "composite-id": add(node.name == "component" ? "Embedded" : "EmbeddedId", [])
    case "many-to-one", "key-many-to-one":
      add("ManyToOne", cascade + target(node))
      if columnName != nil { add("JoinColumn", details) }
    case "one-to-one":
      add("OneToOne", cascade + target(node) + MappingDocument.argument("mappedBy", node.attribute("property-ref")))
      if node.attribute("property-ref") == nil { add("PrimaryKeyJoinColumn", []) }
    case "set", "list", "bag", "map", "array", "idbag": addCollection(node, cascade, to: &annotations)
    default: return nil
    }
    return PersistentAttribute(
      name: name, type: Self.type(node.attribute("type")) ?? "", annotations: annotations, line: node.line)
  }

  private func addCollection(_ node: DocumentNode, _ cascade: [Value], to annotations: inout [AnnotationFact]) {
    let key = node.child("key")
    let keyName = key?.attribute("column") ?? key?.child("column")?.attribute("name")
    func columns(_ name: String?) -> Value {
      .list([.call(callee: "JoinColumn", receiver: nil, arguments: MappingDocument.argument("name", name))])
    }
    if let many = node.child("one-to-many") {
      annotations.append(AnnotationFact(name: "OneToMany", arguments: cascade + target(many), line: node.line))
      annotations.append(
        AnnotationFact(name: "JoinColumn", arguments: MappingDocument.argument("name", keyName), line: node.line))
    } else if let many = node.child("many-to-many") {
      let far = many.attribute("column") ?? many.child("column")?.attribute("name")
      annotations.append(AnnotationFact(name: "ManyToMany", arguments: cascade + target(many), line: node.line))
      annotations.append(
        AnnotationFact(
          name: "JoinTable",
          arguments: MappingDocument.argument("name", node.attribute("table")) + [
            .member("joinColumns", columns(keyName)), .member("inverseJoinColumns", columns(far)),
          ], line: node.line))
    } else {
      annotations.append(AnnotationFact(name: "ElementCollection", line: node.line))
      annotations.append(
        AnnotationFact(
          name: "CollectionTable",
          arguments: MappingDocument.argument("name", node.attribute("table")) + [
            .member("joinColumns", columns(keyName))
          ],
          line: node.line))
      let element = node.child("element")
      annotations.append(
        AnnotationFact(
          name: "Column",
          arguments: MappingDocument.argument(
            "name", element?.attribute("column") ?? element?.child("column")?.attribute("name")), line: node.line))
    }
  }

  private func target(_ node: DocumentNode) -> [Value] {
    node.attribute("class").map { [.member("targetEntity", .type($0))] } ?? []
  }

  /// Hibernate's own names of types.
  private static func type(_ name: String?) -> String? {
    guard let name else { return nil }
    let known = [
      "string": "String", "integer": "Integer", "big_decimal": "BigDecimal", "big_integer": "BigInteger",
      "date": "LocalDate", "timestamp": "Timestamp", "time": "Time", "yes_no": "Character", "true_false": "Character",
      "text": "Clob", "clob": "Clob", "binary": "Array<byte>", "blob": "Blob", "character": "Character",
    ]
    return known[name] ?? (name.contains(".") ? NameWords.lastPart(name) : name)
  }
}
