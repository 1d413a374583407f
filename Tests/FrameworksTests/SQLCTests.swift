import Basics
import Facts
import Testing

/// Queries of sqlc without and with the code that is generated from them.
@Suite("sqlc")
struct SQLCTests {
  private let queries = """
    //- /db/schema.sql
    CREATE TABLE users (id bigint PRIMARY KEY, name text);
    CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
    //- /db/query.sql
    -- name: GetUser :one
    SELECT id, name FROM users
    -- ^ reads users
    WHERE id = $1 LIMIT 1;

    -- name: ListOrders :many
    -- Those of one user.
    SELECT sqlc.embed(users), orders.id
    -- ^ reads users, reads orders
    FROM users JOIN orders ON orders.user_id = users.id WHERE users.name = sqlc.arg(name);

    -- name: AddUser :exec
    INSERT INTO users (id, name) VALUES (@id, @name);
    -- ^ writes users

    -- just a comment with a name: nothing
    -- name: broken

    """

  @Test func queriesAreFunctions() throws {
    try check(queries + "//- /shop.go\npackage shop\n")
    let system = try MarkedSystem(
      queries + """
        //- /shop.go
        package shop
        import "example.com/util"
        type Service struct { queries *db.Queries; cache *Cache }
        func (s *Service) GetUser(ctx context.Context, id int64) { s.queries.GetUser(ctx, id) }
        func (s *Service) Two(ctx context.Context) {
          s.cache.GetUser(ctx, 1)
          util.ListOrders(ctx)
          qtx := s.queries.WithTx(tx)
          qtx.AddUser(ctx, 1)
        }
        func run(store Store) { store.ListOrders(ctx) }
        func local() {
          q := db.New(conn)
          q.GetUser(ctx, 2)
        }
        """
    ).linked(parsed: false)
    let calls = system.references.filter { $0.kind == .call }.map {
      system.units[$0.from].name + " calls " + system.units[$0.to].name
    }
    #expect(
      calls.filter { $0.contains("calls Queries") }.sorted() == [
        "Service.GetUser calls Queries.GetUser", "Service.Two calls Queries.AddUser",
        "local calls Queries.GetUser", "run calls Queries.ListOrders",
      ])
    #expect(
      Set(system.accesses.map { system.units[$0.unit].name }).sorted() == [
        "Queries.AddUser", "Queries.GetUser", "Queries.ListOrders",
      ])
  }

  /// Nothing counts twice where the generated code is there.
  @Test func generatedCode() throws {
    try check(
      """
      //- /db/schema.sql
      CREATE TABLE users (id bigint PRIMARY KEY, name text);
      //- /db/query.sql
      -- name: GetUser :one
      SELECT id, name FROM users WHERE id = $1;
      //- /db/query.sql.go
      package db
      const getUser = `-- name: GetUser :one
      SELECT id, name FROM users WHERE id = $1
      `
      type Queries struct { db DBTX }
      func (q *Queries) GetUser(ctx context.Context, id int64) (User, error) {
        row := q.db.QueryRow(ctx, getUser, id)
        // ^ reads users
        return row
      }
      """)
  }

  /// Without Go nobody reads such names.
  @Test func otherScripts() throws {
    let system = try MarkedSystem(
      """
      //- /schema.sql
      CREATE TABLE users (id bigint PRIMARY KEY);
      //- /report.sql
      -- name: GetUser :one
      SELECT id FROM users;
      """
    ).linked(parsed: false)
    #expect(system.accesses.isEmpty)
  }
}
