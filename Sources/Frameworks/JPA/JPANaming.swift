import Basics
import Facts

/// How Hibernate names tables and columns in this system.
struct JPANaming {
  /// Whether `orderLine` becomes `order_line`, names that are given explicitly too.
  var usesUnderscores = false
  /// Whether digits count as the letters around them, as in newer versions.
  var splitsDigits = false
  /// Whether tables between two entities have the name of the property, not of the other table.
  var namesTablesByProperty = false
  /// The engine tables are created on.
  var engine = EngineFamily.postgres
  /// Whether it is Hibernate 6 or newer, which has other column types.
  var isJakarta = false

  /// The name in the database for a name in a mapping.
  func physical(_ name: String) -> String {
    let plain = name.filter { $0 != "`" && $0 != "\"" }
    guard usesUnderscores else { return plain }
    let letters = Array(plain.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (place, letter) in letters.enumerated() {
      if place > 0, place + 1 < letters.count, isLow(letters[place - 1]), letter.properties.isUppercase,
        isLow(letters[place + 1])
      {
        result.append("_")
      }
      result.append(letter == "." ? "_" : letter)
    }
    return String(result).lowercased()
  }

  private func isLow(_ letter: Unicode.Scalar) -> Bool {
    letter.properties.isLowercase || splitsDigits && letter.properties.numericType != nil
  }

  /// The naming of a system, by its configuration and by whether Spring Boot starts it.
  static func of(_ index: SystemIndex) -> JPANaming {
    var naming = JPANaming()
    let settings = Settings(index)
    let imports = index.files.lazy.filter { $0.language == .java || $0.language == .kotlin }.flatMap(\.imports)
    naming.isJakarta = imports.contains { $0.path.hasPrefix("jakarta.persistence") }
    naming.splitsDigits = naming.isJakarta
    let isBoot = imports.contains { $0.path.hasPrefix("org.springframework.boot") }
    naming.usesUnderscores = isBoot
    naming.namesTablesByProperty = isBoot
    for strategy in settings.values(endingIn: ["physical-strategy", "physical_naming_strategy", "naming_strategy"]) {
      if strategy.hasSuffix("PhysicalNamingStrategyStandardImpl") || strategy.hasSuffix("EJB3NamingStrategy")
        || strategy.hasSuffix("DefaultNamingStrategy")
      {
        naming.usesUnderscores = false
      }
      if strategy.hasSuffix("ImprovedNamingStrategy") || strategy.hasSuffix("SpringPhysicalNamingStrategy")
        || strategy.hasSuffix("CamelCaseToUnderscoresNamingStrategy") || strategy.hasSuffix("SpringNamingStrategy")
        || strategy.hasSuffix("PhysicalNamingStrategySnakeCaseImpl")
      {
        naming.usesUnderscores = true
      }
    }
    for strategy in settings.values(endingIn: ["implicit-strategy", "implicit_naming_strategy"])
    where strategy.contains("JpaCompliant") || strategy == "jpa" || strategy == "default" {
      naming.namesTablesByProperty = false
    }
    for address in settings.values(endingIn: ["url", "dialect", "database-platform", "jdbcUrl"]) {
      let text = address.lowercased()
      if text.hasPrefix("jdbc:mysql") || text.hasPrefix("jdbc:mariadb") || text.contains("mysqldialect")
        || text.contains("mysql5dialect") || text.contains("mysql8dialect") || text.contains("mariadb")
      {
        naming.engine = .mysql
      }
      if text.hasPrefix("jdbc:postgresql") || text.contains("postgresql") {
        naming.engine = .postgres
        break
      }
    }
    return naming
  }
}

/// Settings of configuration files, by the whole path of their keys.
struct Settings {
  private var entries: [(key: String, value: String)] = []
  private static let maximumDepth = 12

  /// `withProfiles` also takes those of files that count for one profile only: `application-test.yml`.
  init(_ index: SystemIndex, withProfiles: Bool = true) {
    for (file, root) in index.documents {
      let path = index.files[file].file
      let name = path.fileName
      guard !path.text.contains("src/test/"), withProfiles || !name.contains("-") else { continue }
      if name.hasPrefix("application") || name.hasPrefix("bootstrap") {
        for child in root.children { add(child, prefix: "", depth: 0) }
      } else if name == "liquibase.properties" {
        for child in root.children { add(child, prefix: "liquibase", depth: 0) }
      } else if name == "persistence.xml" || name == "hibernate.cfg.xml" {
        addProperties(root, depth: 0)
      }
    }
  }

  private mutating func add(_ node: DocumentNode, prefix: String, depth: Int) {
    guard !node.name.isEmpty, depth < Self.maximumDepth else { return }
    let key = prefix.isEmpty ? node.name : prefix + "." + node.name
    let content = node.content
    if !content.isEmpty { entries.append((key, content)) }
    for child in node.children { add(child, prefix: key, depth: depth + 1) }
  }

  private mutating func addProperties(_ node: DocumentNode, depth: Int) {
    guard depth < Self.maximumDepth else { return }
    if node.name == "property", let name = node.attribute("name") {
      entries.append((name, node.attribute("value") ?? node.content))
    }
    for child in node.children { addProperties(child, depth: depth + 1) }
  }

  func values(endingIn names: [String]) -> [String] {
    entries.filter { entry in
      names.contains { entry.key == $0 || entry.key.hasSuffix("." + $0) }
    }.map(\.value)
  }
}
