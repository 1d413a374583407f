import Basics
import DocumentFrontend
import Facts
import Testing

private func read(_ path: String, _ text: String) throws -> FileFacts {
  try #require(DocumentFrontend.read(RepoPath(path), Array(text.utf8)))
}

/// A node as text: `name@line(attribute=value)[children]`.
private func shown(_ node: DocumentNode) -> String {
  guard !node.name.isEmpty else {
    return "'\(node.text.split { $0.isWhitespace }.joined(separator: " "))'@\(node.line)"
  }
  let attributes = node.attributes.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
  let children = node.children.filter { !$0.name.isEmpty || $0.text.contains { !$0.isWhitespace } }
  return "\(node.name)@\(node.line)" + (attributes.isEmpty ? "" : "(\(attributes))")
    + (children.isEmpty ? "" : "[" + children.map(shown).joined(separator: " ") + "]")
}

@Suite("XML documents")
struct XMLDocumentTests {
  @Test func elementsTextsAndLines() throws {
    let facts = try read(
      "a/OrderMapper.xml",
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE mapper PUBLIC "-//mybatis.org//DTD Mapper 3.0//EN" "http://mybatis.org/dtd/mybatis-3-mapper.dtd">
      <mapper namespace="shop.OrderMapper">
        <!-- <select id="old"/> -->
        <select id="find"
                resultType="Order">
          SELECT * FROM orders
          <where><if test="a &lt; b and c != ''">id &gt;= #{id}</if></where>
          <![CDATA[ AND x < 3 ]]> LIMIT 1
        </select>
      </mapper>
      """)
    #expect(facts.diagnostics.isEmpty)
    #expect(facts.lineCount == 11)
    #expect(
      shown(try #require(facts.document))
        == "mapper@3(namespace=shop.OrderMapper)[select@5(id=find,resultType=Order)['SELECT * FROM orders'@6 "
        + "where@8[if@8(test=a < b and c != '')['id >= #{id}'@8]] 'AND x < 3 LIMIT 1'@8]]")
  }

  @Test func aBrokenOneKeepsItsBeginning() throws {
    let facts = try read("m.xml", "<mapper>\n<select id='a'>SELECT 1</select>\n<select id='b'>SELECT 2\n</mapper>")
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    #expect(
      shown(try #require(facts.document)) == "mapper@1[select@2(id=a)['SELECT 1'@2] select@3(id=b)['SELECT 2'@3]]")
  }

  @Test(arguments: [
    "", " ", "<", "<a", "<a b", "<a b=", "<a>&x;</a>", "<a>&#0;</a>", "\u{0}", "<a/><b/>", "</a>", "no xml", "<?xml",
    "<?xml version='1.0' encoding='GBK'?><a>\u{4e2d}</a>", "<?xml version='1.0' encoding='nothing'?><a>x</a>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "<a>&nbsp;</a>", "<a><![CDATA[</a>",
    "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><a>&y;</a>", "<x:a xmlns:y='b'><y:c/></x:a>", "<a b='1' b='2'/>",
  ])
  func nothingTraps(_ text: String) throws {
    let facts = try read("m.xml", text)
    #expect(!(facts.document.map(shown) ?? "").contains("root:"))
  }

  @Test func entitiesOfTheDocumentCannotExplode() throws {
    var text = "<!DOCTYPE a [<!ENTITY x0 'xxxxxxxxxx'>"
    for level in 1...12 {
      let inner = String(repeating: "&x\(level - 1);", count: 10)
      text += "<!ENTITY x\(level) '\(inner)'>"
    }
    let facts = try read("m.xml", text + "]><a>&x12;</a>")
    #expect((facts.document?.content.utf8.count ?? 0) < 20_000_000)
  }

  @Test func depthIsBounded() throws {
    let deep = String(repeating: "<a>", count: 100_000)
    #expect(try read("m.xml", deep).diagnostics.count == 1)
    #expect(try read("m.xml", deep + String(repeating: "</a>", count: 100_000)).diagnostics.count == 1)
  }
}

@Suite("YAML, JSON and properties")
struct YAMLDocumentTests {
  @Test func entriesItemsAndScalars() throws {
    let facts = try read(
      "db/changelog/main.yaml",
      """
      databaseChangeLog:
        - changeSet:
            id: 1
            changes:
              - createTable: {tableName: orders, columns: [a, b]}
      ---
      other: &x text
      again: *x
      """)
    #expect(facts.diagnostics.isEmpty)
    #expect(
      shown(try #require(facts.document))
        == "yaml@1[databaseChangeLog@1[-@2[changeSet@2[id@3['1'@3] changes@4[-@5[createTable@5["
        + "tableName@5['orders'@5] columns@5[-@5['a'@5] -@5['b'@5]]]]]]]] other@7['text'@7] again@8['text'@7]]")
  }

  @Test func jsonIsReadAlike() throws {
    let facts = try read("src/changelog/a.json", "{\n\t\"databaseChangeLog\": [\n\t\t{\"a\": \"b\\/c\", \"n\": null}]}")
    #expect(
      shown(try #require(facts.document)) == "json@1[databaseChangeLog@2[-@3[a@3['b/c'@3] n@3['null'@3]]]]")
  }

  @Test func aBrokenOneKeepsItsBeginning() throws {
    let facts = try read("application.yml", "spring:\n  a: 1\nserver:\n  b: [1, 2\nc: {\n  d\n e: \"\n")
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    #expect(shown(try #require(facts.document)).hasPrefix("yaml@1[spring@1[a@2['1'@2]]"))
  }

  @Test func aliasesCannotExplode() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 {
      text += "a\(level): &a\(level) [" + (0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", ") + "]\n"
    }
    #expect(try read("application.yml", text).diagnostics.map(\.code) == ["parse-errors"])
  }

  @Test(arguments: ["[", "{", "- ", "? ", "a: [", " - "])
  func depthIsBounded(_ piece: String) throws {
    let facts = try read("application.yml", String(repeating: piece, count: 50_000))
    #expect(facts.diagnostics.count == 1)
  }

  @Test(arguments: ["", "\u{0}", "%", "*x", "&x", "a: *b", "!!", "\t", "- - -", "a: b: c", "{{ x }}", "---\n...\n---"])
  func nothingTraps(_ text: String) throws {
    _ = try read("application.yml", text)
    _ = try read("application.properties", text)
  }

  @Test func properties() throws {
    let facts = try read(
      "application-dev.properties",
      "# note\nspring.datasource.url = jdbc:mysql://h/db\na\\:b:c \\\n   d\\u0041\nempty=\n\n! x\nlast value")
    #expect(
      shown(try #require(facts.document))
        == "properties@1[spring.datasource.url@2['jdbc:mysql://h/db'@2] a:b@3['c dA'@3] empty@5 last@8['value'@8]]")
  }

  @Test func groupsOfTemplates() throws {
    let facts = try read(
      "shop/OrderDao.sql.stg",
      """
      group OrderDao: Base, Other;
      import "shop/More.stg"
      // note
      table() ::= "orders"
      find(id, prefix="x") ::= <<
        select * from <table()>
      >>
      """)
    #expect(
      shown(try #require(facts.document))
        == "group@1[import@1['Base'@1] import@1['Other'@1] import@2['shop/More.stg'@2] "
        + "template@4(name=table,parameters=)['orders'@4] "
        + "template@5(name=find,parameters=id, prefix=\"x\")['select * from <table()>'@5]]")
    for length in 0..<60 {
      _ = try read("a.stg", String("a(b) ::= << x >> c() ::= \"\\\" group : ; import \"".prefix(length)))
    }
  }

  @Test(arguments: [
    ("pom.xml", true), ("package.json", false), ("web/i18n/en.json", false), ("config/application-test.yaml", true),
    ("applications.yml", false), ("src/db/changelog/v1.json", true), ("config/doctrine/Order.orm.yml", true),
    ("messages.properties", false), ("sqlc.yaml", true), ("config/database.yml", true), ("docker-compose.yml", false),
    ("db/migrations/1.yml", true), ("performance.yml", false), ("application.properties", true),
  ])
  func whatMatters(_ path: String, _ expected: Bool) {
    #expect((DocumentFormat(path: RepoPath(path)) != nil) == expected)
  }
}
