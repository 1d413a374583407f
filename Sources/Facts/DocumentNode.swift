/// An element, entry or text of a document: the common form of XML, YAML and JSON.
///
/// XML: an element with its attributes, its children and the texts between them in order. YAML and JSON: an entry is a
/// node with its key as name; an item of a sequence has the name `-`; a scalar is a text child.
package struct DocumentNode: Hashable, Sendable {
  /// An attribute of an element.
  package struct Attribute: Hashable, Sendable {
    /// Its name with the prefix as written.
    package var name: String
    /// Its value with entities resolved.
    package var value: String

    /// An attribute with all its parts.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The name of the element or entry; empty for a text.
  package var name: String
  /// The text; empty for anything that has a name.
  package var text: String
  /// Attributes in order.
  package var attributes: [Attribute]
  /// Elements, entries and texts inside, in order.
  package var children: [DocumentNode]
  /// Where it begins.
  package var line: Int

  /// An element or entry.
  package init(name: String, attributes: [Attribute] = [], children: [DocumentNode] = [], line: Int) {
    self.name = name
    text = ""
    self.attributes = attributes
    self.children = children
    self.line = line
  }

  /// A text.
  package init(text: String, line: Int) {
    name = ""
    self.text = text
    attributes = []
    children = []
    self.line = line
  }

  /// The value of an attribute; nil when there is none of that name.
  package func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// The first child of that name.
  package func child(_ name: String) -> DocumentNode? { children.first { $0.name == name } }

  /// Every child of that name, in order.
  package func children(_ name: String) -> [DocumentNode] { children.filter { $0.name == name } }

  /// The texts directly inside, joined: the scalar of an entry, the plain content of an element.
  package var content: String { children.lazy.filter(\.name.isEmpty).map(\.text).joined() }
}
