import Basics
import Facts
import Testing

@Suite("Data access in Go")
struct GoDataTests {
  private let models = """
    //- /models/models.go
    package models
    import "gorm.io/gorm"
    type User struct {
      gorm.Model
      Name    string `gorm:"size:40;not null"`
      Orders  []Order
      Roles   []Role `gorm:"many2many:user_roles"`
    }
    type Order struct {
      ID     uint
      UserID uint `gorm:"index"`
      User   User
      Lines  []OrderLine
    }
    type OrderLine struct {
      ID      uint `gorm:"primaryKey"`
      OrderID uint
    }
    type Role struct { ID uint `gorm:"primaryKey"` }
    func (Role) TableName() string { return "app_roles" }

    """

  @Test func gorm() throws {
    try check(
      models + """
        //- /store.go
        package main
        import "models"
        type Store struct { db *gorm.DB }
        func (s *Store) Run(id int) error {
          var user models.User
          s.db.Where("id = ?", id).First(&user)
          // ^ reads users
          s.db.Create(&models.Order{UserID: 1})
          // ^ writes orders
          var orders []models.Order
          s.db.Preload("Lines").Find(&orders)
          // ^ reads orders, reads order_lines
          for _, order := range orders {
            s.db.Save(&order)
            // ^ writes orders
          }
          s.db.Model(&models.User{}).Where("id = ?", 1).Updates(map[string]interface{}{"name": "x"})
          // ^ writes users
          s.db.Delete(&models.Role{}, 1)
          // ^ writes app_roles
          var n int64
          s.db.Table("audit").Where("a = 1").Count(&n)
          // ^ reads audit
          s.db.Raw("SELECT * FROM countries").Scan(&n)
          // ^ reads countries
          return s.db.Transaction(func(tx *gorm.DB) error {
            return tx.FirstOrCreate(&user).Error
            // ^ reads users, writes users
          })
        }
        func other(list *List) { list.Create(1); list.First(2) }
        """)
  }

  @Test func sqlTexts() throws {
    try check(
      """
      //- /store.go
      package main
      import "database/sql"
      const table = "users"
      const getUser = `-- name: GetUser :one
      SELECT id FROM users WHERE id = $1
      `
      func run(db *sql.DB, q *Queries) error {
        rows, err := db.QueryContext(ctx, "SELECT a FROM " + table + " WHERE id = $1", 1)
        // ^ reads users
        query := fmt.Sprintf("UPDATE %s SET a = 1", "posts")
        // ^ writes posts
        _, err = db.Exec(query)
        row := q.db.QueryRowContext(ctx, getUser, id)
        // ^ reads users
        sq.Select("a").From("orders o").Join("lines USING (id)").Where("a = 1")
        // ^ reads orders, reads lines
        sq.Insert("payments").Columns("a").Values(1)
        // ^ writes payments
        return err
      }
      """)
  }

  @Test func tablesOfStructs() throws {
    let system = try MarkedSystem(models).linked(parsed: false)
    #expect(
      system.catalog.tables.map(\.name.text) == ["app_roles", "order_lines", "orders", "user_roles", "users"])
    let users = try #require(system.catalog.tables.last)
    #expect(
      users.columns.map { "\($0.name) \($0.type)" } == [
        "id bigint", "created_at timestamptz", "updated_at timestamptz", "deleted_at timestamptz", "name varchar(40)",
      ])
  }

  @Test func routes() throws {
    let system = try MarkedSystem(
      """
      //- /main.go
      package main
      type Handler struct {}
      func (h *Handler) Show(c *gin.Context) {}
      func health(w http.ResponseWriter, r *http.Request) {}
      func main() {
        api := r.Group("/api")
        api.GET("/orders/:id", h.Show)
        http.HandleFunc("/health", health)
      }
      """
    ).linked(parsed: false)
    #expect(
      Set(system.entryPoints.map { "\(system.units[$0.unit].name) \($0.kind.rawValue) \($0.trigger)" }) == [
        "main main ", "Handler.Show route GET /api/orders/:id", "health route ANY /health",
      ])
  }

  @Test func migrationsOfGooseAndGolangMigrate() throws {
    let system = try MarkedSystem(
      """
      //- /migrations/0001_a.sql
      -- +goose Up
      CREATE TABLE users (id bigint primary key);
      -- +goose Down
      DROP TABLE users;
      //- /migrations/0002_b.sql
      -- +goose Up
      ALTER TABLE users ADD COLUMN name text;
      -- +goose Down
      ALTER TABLE users DROP COLUMN name;
      """
    ).linked(parsed: false)
    #expect(system.catalog.tables.map { $0.columns.map(\.name) } == [["id", "name"]])
  }
}
