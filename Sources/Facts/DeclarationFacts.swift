/// An annotation, attribute or decorator, or the tag of a Go field.
package struct AnnotationFact: Hashable, Sendable {
  /// Its name as written, without what marks it: `Table`, `app.route`, `ORM\Column`, `gorm`.
  package var name: String
  /// Its arguments; named ones are `.member`.
  package var arguments: [Value]
  /// Where it stands.
  package var line: Int

  /// An annotation with all its parts.
  package init(name: String, arguments: [Value] = [], line: Int) {
    self.name = name
    self.arguments = arguments
    self.line = line
  }
}

/// A field, property or member variable of a type.
package struct FieldFact: Hashable, Sendable {
  /// Its name.
  package var name: String
  /// Its type as written, in the common form of `TypeFact`; empty when there is none.
  package var type: String
  /// Annotations, attributes, decorators and tags in order.
  package var annotations: [AnnotationFact]
  /// Its initial value.
  package var value: Value
  /// Whether it belongs to the type and not to an object.
  package var isStatic: Bool
  /// Where it stands.
  package var line: Int

  /// A field with all its parts.
  package init(
    name: String, type: String = "", annotations: [AnnotationFact] = [], value: Value = .opaque,
    isStatic: Bool = false, line: Int
  ) {
    self.name = name
    self.type = type
    self.annotations = annotations
    self.value = value
    self.isStatic = isStatic
    self.line = line
  }
}

/// A class, struct, interface, trait or module.
///
/// Types are texts in one common form for all languages: `Map<String,Order>`, `Array<Order>` for arrays of any spelling,
/// without white space, references, pointers and marks that only say that nothing may be there.
package struct TypeFact: Hashable, Sendable {
  /// What kind of type it is.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case `class`, interface, `enum`, record, trait, module, alias
  }

  /// Its name with the types it is nested in, `Outer.Inner`; C++ and Ruby keep their own qualified spelling.
  package var name: String
  /// What kind of type it is.
  package var kind: Kind
  /// The package or namespace of its file or around it; empty for C++ and Ruby, whose names hold it.
  package var namespace: String
  /// Its bases, interfaces and included modules, as resolved or as written, with type arguments.
  package var bases: [String]
  /// Names of its type parameters.
  package var typeParameters: [String]
  /// Annotations, attributes and decorators in order.
  package var annotations: [AnnotationFact]
  /// Its fields in order.
  package var fields: [FieldFact]
  /// What its body does when it is read: the calls in the body of a Ruby or Python class.
  package var body: [PlacedEvent]
  /// Where it is defined.
  package var line: Int

  /// A type with all its parts.
  package init(
    name: String, kind: Kind = .class, namespace: String = "", bases: [String], typeParameters: [String] = [],
    annotations: [AnnotationFact] = [], fields: [FieldFact] = [], body: [PlacedEvent] = [], line: Int
  ) {
    self.name = name
    self.kind = kind
    self.namespace = namespace
    self.bases = bases
    self.typeParameters = typeParameters
    self.annotations = annotations
    self.fields = fields
    self.body = body
    self.line = line
  }
}

/// A name that a file takes from elsewhere.
package struct ImportFact: Hashable, Sendable {
  /// Where from, as written: `com.shop.Order`, `django.db.models`, `./orders`, `App\Models\Order`.
  package var path: String
  /// The name taken from there; empty when `path` itself is meant, `*` for all of them.
  package var symbol: String
  /// What it is called here; empty for `*`.
  package var local: String

  /// An import with all its parts.
  package init(path: String, symbol: String = "", local: String = "") {
    self.path = path
    self.symbol = symbol
    self.local = local
  }
}
