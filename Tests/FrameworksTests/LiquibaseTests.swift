import Basics
import DocumentFrontend
import Facts
import Frameworks
import SQL
import Testing

/// Change logs of Liquibase, replayed into a schema.
@Suite struct LiquibaseTests {
  /// The schema that change logs and SQL files come to: `t(a int!, b text) pk a uq b fk b->u(i)`.
  private static func schema(_ files: [(String, String)]) -> String {
    var facts: [FileFacts] = []
    var scripts: [RepoPath: String] = [:]
    for (path, text) in files {
      if path.hasSuffix(".sql") { scripts[RepoPath(path)] = text }
      if let document = DocumentFrontend.read(RepoPath(path), Array(text.utf8)) { facts.append(document) }
    }
    let catalog = SystemLinker.link(files: facts, catalog: Catalog(), scripts: scripts).catalog
    return catalog.tables.map { table in
      let columns = table.columns.map { "\($0.name) \($0.type)\($0.isNullable ? "" : "!")\($0.isGenerated ? "+" : "")" }
      var text = "\(table.name)(\(columns.joined(separator: ", ")))"
      if !table.primaryKey.isEmpty { text += " pk " + table.primaryKey.joined(separator: "+") }
      for key in table.uniqueKeys { text += " uq " + key.joined(separator: "+") }
      for key in table.foreignKeys {
        text += " fk \(key.columns.joined(separator: "+"))->\(key.target)(\(key.targetColumns.joined(separator: "+")))"
      }
      return text
    }.joined(separator: "; ")
  }

  private static func log(_ body: String) -> String {
    "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">\n\(body)\n</databaseChangeLog>"
  }

  @Test func changesOfXML() {
    let text = Self.log(
      """
      <property name="big" value="varchar(400)" dbms="mysql"/>
      <property name="big" value="varchar2(400)" dbms="oracle"/>
      <changeSet id="1" author="a" dbms="mysql">
        <createTable tableName="users">
          <column name="id" type="BIGINT" autoIncrement="true"><constraints primaryKey="true" nullable="false"/></column>
          <column name="name" type="${big}"><constraints nullable="false" unique="true"/></column>
          <column name="gone" type="int"/>
          <column name="old" type="java.sql.Types.VARCHAR(5)"/>
        </createTable>
        <createTable tableName="orders">
          <column name="id" type="int"/>
          <column name="user_id" type="bigint"><constraints references="users(id)" foreignKeyName="fk_u"/></column>
        </createTable>
        <loadData tableName="users" file="x.csv"/>
      </changeSet>
      <changeSet id="2" author="a">
        <preConditions onFail="MARK_RAN"><not><tableExists tableName="x"/></not></preConditions>
        <addPrimaryKey tableName="orders" columnNames="id, user_id" constraintName="pk"/>
        <dropColumn tableName="users" columnName="gone"/>
        <renameColumn tableName="users" oldColumnName="old" newColumnName="fresh"/>
        <modifyDataType tableName="users" columnName="name" newDataType="clob"/>
        <addNotNullConstraint tableName="users" columnName="fresh" columnDataType="varchar(5)"/>
        <addColumn tableName="orders"><column name="note" type="text"/></addColumn>
        <addUniqueConstraint tableName="orders" columnNames="note"/>
        <rollback><dropTable tableName="users"/></rollback>
      </changeSet>
      <changeSet id="3" author="a" dbms="oracle"><dropTable tableName="users"/></changeSet>
      <changeSet id="4" author="a"><sql>ALTER TABLE orders ADD extra int; CREATE TABLE more (a int);</sql></changeSet>
      <changeSet id="5" author="a"><renameTable oldTableName="more" newTableName="most"/></changeSet>
      """)
    #expect(
      Self.schema([("db/changelog.xml", text)])
        == "most(a int); orders(id int!, user_id bigint!, note text, extra int) pk id+user_id uq note fk user_id->users(id); "
        + "users(id bigint!+, name longtext!, fresh varchar(5)!) pk id uq name")
  }

  @Test(arguments: ["yaml", "json"]) func changesOfYAMLAndJSON(_ format: String) {
    let yaml = """
      databaseChangeLog:
        - changeSet:
            id: 1
            author: a
            changes:
              - createTable:
                  tableName: t
                  columns:
                    - column:
                        name: id
                        type: int
                        autoIncrement: true
                        constraints:
                          primaryKey: true
                    - column:
                        name: b
                        type: varchar(9)
              - addForeignKeyConstraint:
                  baseTableName: t
                  baseColumnNames: b
                  referencedTableName: u
                  referencedColumnNames: i
                  constraintName: f
      """
    let json = """
      {"databaseChangeLog": [{"changeSet": {"id": "1", "author": "a", "changes": [
        {"createTable": {"tableName": "t", "columns": [
          {"column": {"name": "id", "type": "int", "autoIncrement": true, "constraints": {"primaryKey": true}}},
          {"column": {"name": "b", "type": "varchar(9)"}}]}},
        {"addForeignKeyConstraint": {"baseTableName": "t", "baseColumnNames": "b", "referencedTableName": "u",
          "referencedColumnNames": "i", "constraintName": "f"}}]}}]}
      """
    #expect(
      Self.schema([("db/changelog/main.\(format)", format == "yaml" ? yaml : json)])
        == "t(id int!+, b varchar(9)) pk id fk b->u(i)")
  }

  @Test func includedFilesRunWhereTheyAreNamed() {
    let main = Self.log(
      """
      <include file="classpath:/db/changes/b.xml"/>
      <include file="../changes/a.sql" relativeToChangelogFile="true"/>
      <includeAll path="db/more"/>
      <include file="main.xml" relativeToChangelogFile="true"/>
      """)
    let change = { (body: String) in Self.log("<changeSet id=\"x\" author=\"a\">\(body)</changeSet>") }
    let formatted = """
      --liquibase formatted sql
      --changeset a:1
      ALTER TABLE t ADD b int;
      --rollback ALTER TABLE t DROP COLUMN b;
      --changeset a:2 dbms:oracle
      DROP TABLE t;
      --changeset a:3 endDelimiter:$$ splitStatements:true
      ALTER TABLE t ADD c int$$
      CREATE TABLE u (a int)$$
      --changeset a:4
      CREATE TABLE v (a int) ENGINE=InnoDB;
      """
    #expect(
      Self.schema([
        ("src/main/resources/db/changelog/main.xml", main),
        (
          "src/main/resources/db/changes/b.xml",
          change("<createTable tableName='t'><column name='a' type='int'/></createTable>")
        ),
        ("src/main/resources/db/changes/a.sql", formatted),
        ("src/main/resources/db/more/2.xml", change("<dropColumn tableName='t' columnName='d'/>")),
        (
          "src/main/resources/db/more/1.xml",
          change("<addColumn tableName='t'><column name='d' type='int'/></addColumn>")
        ),
        (
          "src/test/resources/db/changelog/test.xml",
          change("<createTable tableName='fake'><column name='a' type='int'/></createTable>")
        ),
      ]) == "t(a int, b int, c int); u(a int); v(a int)")
  }

  private static func table(_ name: String, _ settings: String = "", _ inside: String = "") -> String {
    "<changeSet id='\(name)' author='a' \(settings)>\(inside)<createTable tableName='\(name)'>"
      + "<column name='a' type='int'/></createTable></changeSet>"
  }

  private static func names(_ files: [(String, String)]) -> String {
    schema(files).split(separator: "; ").map { String($0.prefix { $0 != "(" }) }.joined(separator: " ")
  }

  /// Without contexts at run time every change set runs, those for tests too.
  @Test func contextsAndLabels() {
    let text = Self.log(
      Self.table("plain") + Self.table("tests", "context='test'") + Self.table("real", "contextFilter='prod and !demo'")
        + Self.table("either", "context='(dev or prod), test'") + Self.table("old", "labels='v1, v2'")
        + Self.table("fresh", "labels='v3'") + Self.table("gone", "ignore='true'"))
    let log = ("src/main/resources/db/changelog.xml", text)
    #expect(Self.names([log]) == "either fresh old plain real tests")
    let properties = "spring.liquibase.contexts=prod\nspring.liquibase.label-filter=v1 or v2\n"
    #expect(Self.names([log, ("src/main/resources/application.properties", properties)]) == "either old plain real")
    let yaml = "spring:\n  liquibase:\n    contexts: dev,demo\n"
    #expect(Self.names([log, ("src/main/resources/application.yml", yaml)]) == "either fresh old plain")
    // Of one profile, or filled in later: nothing is known.
    #expect(Self.names([log, ("src/main/resources/application-dev.yml", yaml)]) == "either fresh old plain real tests")
    let open = "contexts: ${CONTEXTS}\n"
    #expect(
      Self.names([log, ("src/main/resources/liquibase.properties", open)]) == "either fresh old plain real tests")
  }

  @Test func conditions() {
    func condition(_ text: String, onFail: String = "MARK_RAN") -> String {
      "<preConditions onFail='\(onFail)'>\(text)</preConditions>"
    }
    let text = Self.log(
      Self.table("first", "", condition("<not><tableExists tableName='first'/></not>"))
        + Self.table("again", "", condition("<not><tableExists tableName='FIRST'/></not>"))
        + Self.table("missing", "", condition("<tableExists tableName='legacy'/>", onFail: "CONTINUE"))
        + Self.table("warned", "", condition("<tableExists tableName='legacy'/>", onFail: "WARN"))
        + Self.table("halted", "", condition("<tableExists tableName='legacy'/>", onFail: "HALT"))
        + Self.table("column", "", condition("<columnExists tableName='first' columnName='a'/>"))
        + Self.table("nocolumn", "", condition("<columnExists tableName='first' columnName='b'/>"))
        + Self.table("one", "", condition("<or><tableExists tableName='x'/><tableExists tableName='first'/></or>"))
        + Self.table("asked", "", condition("<sqlCheck expectedResult='0'>select count(*) from first</sqlCheck>"))
        + "<changeSet id='s' author='a'><sql>create table plain (a int)</sql></changeSet>"
        + Self.table("unsure", "", condition("<not><tableExists tableName='plain'/></not>"))
        + "<changeSet id='d' author='a'><dropTable tableName='first'/></changeSet>"
        + Self.table("after", "", condition("<tableExists tableName='first'/>")))
    #expect(Self.names([("db/changelog.xml", text)]) == "asked column halted one plain unsure warned")
    let yaml = """
      databaseChangeLog:
        - changeSet:
            id: 1
            author: a
            changes: [{ createTable: { tableName: t, columns: [{ column: { name: a, type: int } }] } }]
        - changeSet:
            id: 2
            author: a
            preConditions:
              - onFail: MARK_RAN
              - not:
                  - tableExists: { tableName: t }
            changes: [{ createTable: { tableName: again, columns: [{ column: { name: a, type: int } }] } }]
        - changeSet:
            id: 3
            author: a
            preConditions: { onFail: MARK_RAN, tableExists: { tableName: t } }
            changes: [{ createTable: { tableName: u, columns: [{ column: { name: a, type: int } }] } }]
      """
    #expect(Self.names([("db/changelog.yaml", yaml)]) == "t u")
  }

  /// What is for another engine is left out: change sets, single changes, conditions and whole change logs.
  @Test func engines() {
    let body =
      Self.table("ours", "dbms='postgresql'") + Self.table("theirs", "dbms='mysql,mariadb'")
      + Self.table("others", "dbms='!postgresql'") + Self.table("all", "dbms='all'")
      + Self.table("halting", "", "<preConditions><dbms type='oracle'/></preConditions>")
      + "<changeSet id='s' author='a'><sql dbms='mysql'>create table sql_theirs (a int)</sql>"
      + "<sql dbms='postgresql, h2'>create table sql_ours (a int)</sql></changeSet>"
    let log = ("db/changelog.xml", Self.log(body))
    let whole = (
      "oracle/changelog.xml", Self.log("<preConditions><dbms type='oracle'/></preConditions>" + Self.table("foreign"))
    )
    let properties = ("application.properties", "spring.datasource.url=jdbc:postgresql://localhost/shop\n")
    #expect(Self.names([log, whole, properties]) == "all ours sql_ours")
  }
}
