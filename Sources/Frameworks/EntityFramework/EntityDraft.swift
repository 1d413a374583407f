import Facts

/// What contexts, attributes and fluent calls say of one entity, while they are read.
final class EntityDraft {
  // A class because the builders of several functions and closures add to one draft.

  /// What is said of the column of a property.
  struct Column {
    var name: String?
    /// The type in the database.
    var type: String?
    /// The type in code, where the property is no member of the class.
    var codeType: String?
    var isRequired: Bool?
    var length: String?
    var isGenerated: Bool?
    var defaultExpression: String?
  }

  /// A relation as fluent calls say it.
  struct Relation {
    var key: String
    var property: String?
    var target: String?
    /// Whether the other side is many.
    var isMany: Bool
    var inverse: String?
    var isInverseMany: Bool?
    var foreignKey: [String] = []
    /// The type that holds the key, where it is said.
    var dependent: String?
    var onDelete: ReferentialAction?
    var joinTable: String?
    var joinSchema: String?
    var joinType: String?
    var joinColumns: [String] = []
    var joinTargetColumns: [String] = []
    var line: Int
  }

  /// A part of an entity that is described by another class.
  struct Owned {
    var property: String
    var isMany: Bool
    var draft: EntityDraft
  }

  let type: TypeID?
  /// As written.
  let typeName: String
  /// The file its names are looked up from.
  var file: Int
  var line: Int
  var table: String?
  var schema: String?
  /// Whether the table was named, and not only follows from a convention.
  var isDeclared = false
  var isView = false
  var isKeyless = false
  var keys: [String] = []
  var columns: [String: Column] = [:]
  /// Properties in the order they are spoken of.
  var mentioned: [String] = []
  var ignored: Set<String> = []
  var relations: [Relation] = []
  var owned: [Owned] = []
  var ownerKey: [String] = []
  var uniques: [[String]] = []
  var indexes: [String: [String]] = [:]
  var baseName: String?
  var discriminator: String?
  var inheritance: EntityMapping.Inheritance?
  /// The name of the set it stands in.
  var setName: String?

  init(type: TypeID?, typeName: String, file: Int, line: Int) {
    self.type = type
    self.typeName = typeName
    self.file = file
    self.line = line
  }

  /// Notes that fluent calls speak of a property.
  func mention(_ property: String) {
    if columns[property] == nil {
      columns[property] = Column()
      mentioned.append(property)
    }
    ignored.remove(property)
  }

  /// The part of that property, made when it is new.
  func owned(_ property: String, isMany: Bool, type: TypeID?, typeName: String, file: Int, line: Int) -> EntityDraft {
    if let known = owned.first(where: { $0.property == property }) { return known.draft }
    let draft = EntityDraft(type: type, typeName: typeName, file: file, line: line)
    owned.append(Owned(property: property, isMany: isMany, draft: draft))
    return draft
  }

  /// Changes a relation, or adds it.
  func relate(_ key: String, line: Int, isMany: Bool, change: (inout Relation) -> Void) {
    if let place = relations.firstIndex(where: { $0.key == key }) { return change(&relations[place]) }
    var relation = Relation(key: key, isMany: isMany, line: line)
    change(&relation)
    relations.append(relation)
  }
}
