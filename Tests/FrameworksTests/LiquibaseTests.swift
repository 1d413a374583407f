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
}
