import Basics
import Facts

/// Mapping files of Doctrine, read into the attributes that say the same: `doctrine-mapping` in XML, and YAML files
/// named `….orm.yml` or `….dcm.yml`.
///
/// Source: Doctrine ORM documentation, "XML Mapping" and "YAML Mapping".
struct DoctrineDocument {
  private let system: SystemIndex
  private let file: Int

  /// The stored classes of every mapping file whose class is in the system, in order.
  static func classes(in system: SystemIndex) -> [DoctrineClass] {
    system.documents.flatMap { document -> [DoctrineClass] in
      let reader = DoctrineDocument(system: system, file: document.file)
      if document.root.name == "doctrine-mapping" { return document.root.children.compactMap(reader.element) }
      let parts = system.files[document.file].file.fileName.lowercased().split(separator: ".")
      guard document.root.name == "yaml", parts.suffix(2).first.map({ $0 == "orm" || $0 == "dcm" }) == true else {
        return []
      }
      return document.root.children.compactMap(reader.entry)
    }
  }

  // MARK: Classes

  private func element(_ node: DocumentNode) -> DoctrineClass? {
    let kinds = ["entity": "Entity", "mapped-superclass": "MappedSuperclass", "embeddable": "Embeddable"]
    guard let kind = kinds[node.name], let name = node.attribute("name") else { return nil }
    let fields = node.children.flatMap { child -> [(DocumentNode, String, String)] in
      guard let field = child.attribute("field") ?? child.attribute("name") else { return [] }
      return [(child, child.name, field)]
    }
    return stored(name, kind, node, fields)
  }

  private func entry(_ node: DocumentNode) -> DoctrineClass? {
    let kinds = ["entity": "Entity", "mappedsuperclass": "MappedSuperclass", "embeddable": "Embeddable"]
    guard let kind = kinds[node.child("type")?.content.lowercased() ?? ""] else { return nil }
    let lists = [
      ("id", "id"), ("fields", "field"), ("embedded", "embedded"), ("oneToOne", "one-to-one"),
      ("oneToMany", "one-to-many"), ("manyToOne", "many-to-one"), ("manyToMany", "many-to-many"),
    ]
    let fields = lists.flatMap { list, element in
      (node.child(list)?.children ?? []).filter { !$0.name.isEmpty }.map { ($0, element, $0.name) }
    }
    return stored(node.name, kind, node, fields)
  }

  private func stored(
    _ name: String, _ kind: String, _ node: DocumentNode,
    _ fields: [(node: DocumentNode, element: String, name: String)]
  ) -> DoctrineClass? {
    let wanted = name.hasPrefix("\\") ? String(name.dropFirst()) : name
    guard let type = system.resolve(wanted, from: file), system.files[type.file].language == .php,
      Self.isNamed(system.type(type), wanted)
    else { return nil }
    var marks: [String: AnnotationFact] = [:]
    func mark(_ name: String, _ arguments: [Value]) {
      marks[name] = AnnotationFact(name: name, arguments: arguments, line: node.line)
    }
    mark(kind, texts(node, ["repositoryClass": "repository-class"]))
    if said(node, "table") != nil { mark("Table", texts(node, ["name": "table", "schema": "schema"])) }
    if let inheritance = said(node, "inheritance-type") { mark("InheritanceType", [.text(inheritance)]) }
    if let column = part(node, "discriminator-column") {
      mark("DiscriminatorColumn", texts(column, ["name": "name"]))
    }
    return DoctrineClass(
      type: type, kind: kind, marks: marks,
      fields: fields.compactMap { field($0.node, $0.element, $0.name, of: type) })
  }

  /// Whether a type is the one a document names in full: the nearest one of that name is not enough.
  private static func isNamed(_ type: TypeFact, _ name: String) -> Bool {
    guard name.contains("\\") else { return true }
    let full = type.namespace.isEmpty ? type.name : type.namespace + "\\" + type.name
    return full.replacing(".", with: "\\") == name
  }

  // MARK: Properties

  private func field(_ node: DocumentNode, _ element: String, _ name: String, of type: TypeID) -> DoctrineClass.Field? {
    let declared = system.field(name, of: type)?.field
    var field = DoctrineClass.Field(
      field: FieldFact(
        name: name, type: declared?.type ?? "",
        line: declared?.line ?? system.type(type).line), marks: [:])
    func mark(_ name: String, _ arguments: [Value]) {
      field.marks[name] = AnnotationFact(name: name, arguments: arguments, line: node.line)
    }
    let isKey = element == "id" || said(node, "id") == "true"
    if isKey { mark("Id", []) }
    if part(node, "generator") != nil { mark("GeneratedValue", []) }
    switch element {
    // The relation that is the key is described where the relations are.
    case "id", "field": if said(node, "association-key") != "true" { mark("Column", column(node)) }
    case "embedded":
      var arguments = texts(node, ["class": "class", "columnPrefix": "column-prefix"])
      if said(node, "use-column-prefix") == "false" || said(node, "column-prefix") == "false" {
        arguments = [.member("columnPrefix", .literal("false"))] + arguments
      }
      mark("Embedded", arguments)
    case "one-to-one": mark("OneToOne", relation(node))
    case "one-to-many": mark("OneToMany", relation(node))
    case "many-to-one": mark("ManyToOne", relation(node))
    case "many-to-many":
      mark("ManyToMany", relation(node))
      if let table = part(node, "join-table") { mark("JoinTable", joinTable(table)) }
    default: return nil
    }
    if element.hasSuffix("-to-one") {
      field.joinColumns = joinColumns(node, "join-column").map {
        AnnotationFact(name: "JoinColumn", arguments: $0, line: node.line)
      }
      if let first = field.joinColumns.first { field.marks["JoinColumn"] = first }
    }
    return field
  }

  private func column(_ node: DocumentNode) -> [Value] {
    texts(node, ["name": "column", "type": "type", "columnDefinition": "column-definition"])
      + literals(node, ["length", "precision", "scale", "nullable", "unique"])
  }

  private func relation(_ node: DocumentNode) -> [Value] {
    var arguments = texts(
      node, ["targetEntity": "target-entity", "mappedBy": "mapped-by", "inversedBy": "inversed-by"])
    if said(node, "orphan-removal") == "true" { arguments.append(.member("orphanRemoval", .literal("true"))) }
    guard let cascade = node.child("cascade") else { return arguments }
    let names = cascade.children.map { child -> String in
      child.name == "-" ? child.content : child.name.isEmpty ? child.text : child.name.replacing("cascade-", with: "")
    }
    arguments.append(.member("cascade", .list(names.map { .text($0) })))
    return arguments
  }

  private func joinTable(_ node: DocumentNode) -> [Value] {
    func columns(_ name: String) -> Value {
      .list(joinColumns(node, name).map { .call(callee: "JoinColumn", receiver: nil, arguments: $0) })
    }
    return texts(node, ["name": "name", "schema": "schema"]) + [
      .member("joinColumns", columns("join-column")), .member("inverseJoinColumns", columns("inverse-join-column")),
    ]
  }

  /// The arguments of each join column: one alone, or all of a list, which YAML keeps by their names.
  private func joinColumns(_ node: DocumentNode, _ name: String) -> [[Value]] {
    let inside = part(node, name + "s")?.children.filter { !$0.name.isEmpty } ?? []
    let nodes = node.children(name) + node.children(Self.camel(name)) + inside
    return nodes.map { node in
      var arguments = texts(
        node, ["name": "name", "onDelete": "on-delete", "referencedColumnName": "referenced-column-name"])
      if arguments.entry("name") == nil, node.name != name, node.name != Self.camel(name) {
        arguments.append(.member("name", .text(node.name)))
      }
      return arguments + literals(node, ["nullable"])
    }
  }

  // MARK: What nodes say

  /// `target-entity` of XML, `targetEntity` of YAML; nil for what is missing or empty.
  private func said(_ node: DocumentNode, _ name: String) -> String? {
    node.value(name) ?? node.value(Self.camel(name))
  }

  private func part(_ node: DocumentNode, _ name: String) -> DocumentNode? {
    node.child(name) ?? node.child(Self.camel(name))
  }

  /// Arguments of attributes by what they are called in documents.
  private func texts(_ node: DocumentNode, _ names: KeyValuePairs<String, String>) -> [Value] {
    names.compactMap { argument, name in said(node, name).map { .member(argument, .text($0)) } }
  }

  private func literals(_ node: DocumentNode, _ names: [String]) -> [Value] {
    names.compactMap { name in said(node, name).map { .member(name, .literal($0)) } }
  }

  private static func camel(_ name: String) -> String {
    let parts = name.split(separator: "-")
    return String(parts.first ?? "") + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
