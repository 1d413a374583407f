import Testing

@Suite("xorm, goqu and squirrel")
struct GoBuilderTests {
  @Test func goBuilders() throws {
    try check(
      """
      //- /store.go
      package main
      import (
        "xorm.io/xorm"
        "github.com/doug-martin/goqu/v9"
        sq "github.com/Masterminds/squirrel"
      )
      type Order struct {
        Id int64 `xorm:"pk autoincr"`
        Total int
      }
      type UserDetail struct { Id int64 }
      func (UserDetail) TableName() string { return "details" }
      func run(engine *xorm.Engine, db *goqu.Database) {
        var orders []Order
        engine.Where("total > ?", 1).Find(&orders)
        // ^ reads order
        has, err := engine.ID(1).Get(&Order{})
        // ^ reads order
        engine.Insert(&Order{Total: 1})
        // ^ writes order
        engine.ID(1).Cols("total").Update(&Order{Total: 2})
        // ^ writes order
        engine.Table("stock").Count()
        // ^ reads stock
        engine.Delete(&UserDetail{Id: 1})
        // ^ writes details
        session := engine.NewSession()
        session.Insert(&Order{})
        // ^ writes order
        db.From("payments").Select("id").Where(goqu.C("id").Eq(1)).ScanStructs(&orders)
        // ^ reads payments
        goqu.Insert("payments").Rows(goqu.Record{"id": 1}).ToSQL()
        // ^ writes payments
        goqu.Update("payments").Set(goqu.Record{"id": 1}).ToSQL()
        // ^ writes payments
        goqu.From(goqu.T("lines")).Join(goqu.T("stock"), goqu.On(goqu.Ex{"a": 1})).ToSQL()
        // ^ reads lines, reads stock
        db.Delete("lines").Executor().Exec()
        // ^ writes lines
        sq.Select("a").From("orders").LeftJoin("stock s ON s.id = orders.id").ToSql()
        // ^ reads orders, reads stock
        sq.Update("orders").Set("a", 1).Where(sq.Eq{"id": 2}).ToSql()
        // ^ writes orders
        sq.Delete("orders").Where("id = 1").ToSql()
        // ^ writes orders
        psql := sq.StatementBuilder.PlaceholderFormat(sq.Dollar)
        psql.Insert("payments").Columns("a").Values(1)
        // ^ writes payments
        cache.Insert("payments")
        list.Delete("orders")
        ui.Select("a").From("b")
        tree.Insert(&Order{})
        conf.Update("orders")
      }
      """)
  }
}
