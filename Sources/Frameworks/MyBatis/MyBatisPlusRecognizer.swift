import Basics
import Facts

/// MyBatis-Plus, MyBatis-Flex and the common mapper: mappers and services that bring the statements of one entity along.
struct MyBatisPlusRecognizer: FrameworkRecognizer {
  let name = "MyBatis-Plus"
  let languages: Set<SourceLanguage> = [.java, .kotlin]

  let containerTypes: [String: DataReceiver] = [
    "BaseMapper": .repository, "MPJBaseMapper": .repository, "IService": .repository, "ServiceImpl": .repository,
    "MPJBaseService": .repository, "MPJBaseServiceImpl": .repository, "IRepository": .repository,
    "CrudRepository": .repository, "Mapper": .repository, "MySqlMapper": .repository, "InsertListMapper": .repository,
    "LambdaQueryChainWrapper": .query, "QueryChainWrapper": .query, "LambdaUpdateChainWrapper": .query,
    "UpdateChainWrapper": .query, "KtQueryChainWrapper": .query, "KtUpdateChainWrapper": .query,
  ]
  /// What a service calls the mapper it works with.
  let queryMembers: Set<String> = ["baseMapper", "mapper"]
  /// What stores entities of any kind without a service of their own.
  let sessionTypes: Set<String> = ["Db"]

  let rules: [DataRule] = [
    // Mappers.
    DataRule(
      .repository,
      [
        "selectById", "selectBatchIds", "selectByIds", "selectByMap", "selectOne", "selectCount", "selectList",
        "selectMaps", "selectObjs", "selectPage", "selectMapsPage", "selectAll", "select", "selectByPrimaryKey",
        "selectByExample", "selectOneByExample", "selectCountByExample", "selectByRowBounds", "existsWithPrimaryKey",
        "selectOneById", "selectListByIds", "selectListByQuery", "selectOneByQuery", "selectCountByQuery", "paginate",
      ], .read, .declared),
    DataRule(
      .repository,
      [
        "insert", "insertBatch", "insertSelective", "insertList", "insertUseGeneratedKeys", "deleteById",
        "deleteByMap", "delete", "deleteBatchIds", "deleteByIds", "deleteByPrimaryKey", "deleteByExample",
        "deleteByQuery", "deleteBatchByIds", "updateById", "update", "updateByPrimaryKey",
        "updateByPrimaryKeySelective", "updateByExample", "updateByExampleSelective", "updateByQuery",
      ], .write, .value),
    DataRule(.repository, ["insertOrUpdate", "insertOrUpdateSelective"], .readWrite, .value),
    // Services.
    DataRule(
      .repository,
      [
        "getById", "getOne", "getOneOpt", "getOptById", "getMap", "getObj", "listByIds", "listByMap", "listMaps",
        "listObjs", "pageMaps",
      ], .read, .declared),
    DataRule(.repository, ["list", "page", "count", "exists"], .read, .declared),
    DataRule(
      .repository,
      [
        "save", "saveBatch", "updateBatchById", "remove", "removeById", "removeByIds", "removeByMap",
        "removeBatchByIds",
      ], .write, .value),
    DataRule(.repository, ["saveOrUpdate", "saveOrUpdateBatch"], .readWrite, .value),
    DataRule(.repository, ["getBaseMapper", "getMapper"], .nothing, .same),
    DataRule(.repository, ["lambdaQuery", "query", "ktQuery", "lambdaUpdate", "ktUpdate"], .nothing, .query),
    // Chains of conditions that a service begins.
    DataRule(.query, ["list", "one", "oneOpt", "count", "exists", "page"], .read, .declared),
    DataRule(.query, ["update", "remove"], .write, .value),
    DataRule(
      .query,
      [
        "eq", "ne", "gt", "ge", "lt", "le", "between", "notBetween", "like", "notLike", "likeLeft", "likeRight",
        "isNull", "isNotNull", "in", "notIn", "inSql", "groupBy", "orderByAsc", "orderByDesc", "orderBy", "having",
        "or", "and", "nested", "apply", "last", "func", "set", "setSql", "select", "allEq",
      ], .refine, .same),
    DataRule(
      .function,
      [
        "LambdaQueryChainWrapper", "QueryChainWrapper", "LambdaUpdateChainWrapper", "UpdateChainWrapper",
        "KtQueryChainWrapper", "KtUpdateChainWrapper",
      ], .nothing, .queryOf(argument: 0)),
    // `Db.getById(1, Order.class)`
    DataRule(
      .session, ["lambdaQuery", "query", "lambdaUpdate", "ktQuery", "ktUpdate"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, ["getById", "listByIds", "listByMap"], .readArgument(1), .entityOf(argument: 1)),
    DataRule(.session, ["list", "count"], .readArgument(0), .value),
    DataRule(
      .session, ["saveBatch", "saveOrUpdateBatch", "updateById", "updateBatchById"], .writeArgument(0), .value),
    DataRule(.session, ["removeById", "removeByIds", "removeByMap"], .writeTypeArgument(1), .value),
    // Objects that store themselves.
    DataRule(.entity, ["insert", "insertOrUpdate", "updateById", "deleteById"], .write, .value),
    DataRule(.entity, ["selectById", "selectAll", "selectList", "selectOne", "selectCount"], .read, .declared),
  ]

  func entities(in system: SystemIndex) -> [EntityMapping] {
    let naming = Naming(documents: system.documents.map(\.root))
    let stored = storedTypes(in: system)
    var lent: [TypeID] = []
    var seen = Set(stored)
    for type in stored { lent += system.ancestors(of: type).filter { seen.insert($0).inserted } }
    return stored.map { mapping(of: $0, naming: naming, isTable: true, in: system) }
      + lent.sorted().map { mapping(of: $0, naming: naming, isTable: false, in: system) }
  }

  /// The classes that name a table, and those mappers and services are written for.
  private func storedTypes(in system: SystemIndex) -> [TypeID] {
    let containers = Set(containerTypes.keys)
    var found: Set<TypeID> = []
    for id in system.types {
      let type = system.type(id)
      let language = system.files[id.file].language
      guard language == .java || language == .kotlin else { continue }
      if type.annotations.first(named: "TableName") != nil { found.insert(id) }
      for base in type.bases.map(TypeName.init) where !base.arguments.isEmpty {
        guard isContainer(base, containers, from: id.file, system) else { continue }
        for argument in base.arguments {
          guard let entity = system.resolve(argument, from: id.file) else { continue }
          let kind = system.type(entity).kind
          if kind == .class || kind == .record, system.base(of: entity, named: containers) == nil {
            found.insert(entity)
          }
        }
      }
      if type.bases.contains(where: { TypeName($0).simple == "Model" }), uses("mybatisplus", file: id.file, system) {
        found.insert(id)
      }
    }
    return found.sorted()
  }

  /// Names of mappers that other libraries use as well count only where these libraries are imported.
  private static let commonNames: Set<String> = ["Mapper", "CrudRepository", "IRepository"]

  private func isContainer(_ base: TypeName, _ names: Set<String>, from file: Int, _ system: SystemIndex) -> Bool {
    if let own = system.resolve(base.head, from: file) {
      guard let found = system.base(of: own, named: names) else { return false }
      return !Self.commonNames.contains(found.simple) || uses("mybatis", file: own.file, system)
    }
    guard names.contains(base.simple) else { return false }
    return !Self.commonNames.contains(base.simple) || uses("mybatis", file: file, system)
  }

  private func uses(_ library: String, file: Int, _ system: SystemIndex) -> Bool {
    system.files[file].imports.contains { $0.path.contains(library) }
  }

  private func mapping(of id: TypeID, naming: Naming, isTable: Bool, in system: SystemIndex) -> EntityMapping {
    let type = system.type(id)
    var mapping = EntityMapping(file: id.file, type: id.index, isDeclared: false, framework: name, line: type.line)
    if isTable {
      let mark = type.annotations.first(named: "TableName", "Table")
      let given = (mark?.text("value") ?? mark?.text("name")).flatMap { $0.isEmpty ? nil : $0 }
      mapping.isDeclared = given != nil
      mapping.table = TableName(given ?? naming.prefix + naming.column(NameWords.lastPart(type.name)))
      mapping.schema = mark?.text("schema") ?? ""
    }
    for field in type.fields where !field.isStatic {
      guard let property = property(field, naming: naming) else { continue }
      mapping.properties.append(property.mapping)
      if property.isKey { mapping.keys.append(field.name) }
    }
    return mapping
  }

  private func property(_ field: FieldFact, naming: Naming) -> (mapping: PropertyMapping, isKey: Bool)? {
    let column = field.annotations.first(named: "TableField", "Column")
    if case .literal("false")? = column?.argument("exist") { return nil }
    if case .literal("true")? = column?.argument("ignore") { return nil }
    guard field.annotations.first(named: "Transient") == nil else { return nil }
    // Lists and other entities are filled by statements, not by columns.
    guard let type = Self.columnTypes[TypeName(field.type).simple] else { return nil }
    let key = field.annotations.first(named: "TableId", "Id")
    let given = [key?.text("value"), column?.text("value"), column?.text("name")].compactMap { $0 }.first {
      !$0.isEmpty
    }
    let stored = Column(
      name: given.map { $0.replacing("`", with: "") } ?? naming.column(field.name), type: type,
      isNullable: key == nil)
    return (PropertyMapping(name: field.name, storage: .column(stored), line: field.line), key != nil)
  }

  /// What values of a type are stored as where nothing but the class says it.
  private static let columnTypes: [String: String] = [
    "String": "varchar(255)", "Long": "bigint", "long": "bigint", "Integer": "integer", "int": "integer",
    "Int": "integer",
    "Short": "smallint", "short": "smallint", "Byte": "smallint", "byte": "smallint", "Boolean": "boolean",
    "boolean": "boolean", "BigDecimal": "numeric(38,2)", "BigInteger": "numeric(38,0)", "Double": "double precision",
    "double": "double precision", "Float": "real", "float": "real", "Date": "timestamp", "LocalDateTime": "timestamp",
    "Timestamp": "timestamp", "Instant": "timestamp", "OffsetDateTime": "timestamp with time zone", "LocalDate": "date",
    "LocalTime": "time", "UUID": "uuid", "Character": "char(1)", "char": "char(1)",
  ]

  /// How names of classes and properties become names of tables and columns.
  private struct Naming {
    var prefix = ""
    var isUnderlined = true

    /// Reads what configuration says of it.
    init(documents: [DocumentNode]) {
      for root in documents where root.name == "yaml" || root.name == "properties" || root.name == "json" {
        var pending: [(node: DocumentNode, path: String)] = root.children.map { ($0, $0.name) }
        while let (node, path) = pending.popLast() {
          let path = path.replacing("-", with: "").lowercased()
          if path.hasPrefix("mybatis") {
            if path.hasSuffix("dbconfig.tableprefix") { prefix = node.content }
            if path.hasSuffix("mapunderscoretocamelcase"), node.content == "false" { isUnderlined = false }
          }
          pending += node.children.filter { !$0.name.isEmpty }.map { ($0, path + "." + $0.name) }
        }
      }
    }

    func column(_ name: String) -> String {
      guard isUnderlined else { return name }
      var result = ""
      for (place, character) in name.enumerated() {
        if character.isUppercase, place > 0 { result += "_" }
        result += character.lowercased()
      }
      return result
    }
  }
}
