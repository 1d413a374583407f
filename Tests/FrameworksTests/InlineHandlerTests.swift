import Facts
import Testing

/// Handlers written where their routes are registered are functions and entries of their own.
@Suite struct InlineHandlerTests {
  private let shop = """
    //- /shop.sql
    CREATE TABLE orders (id INT PRIMARY KEY);
    CREATE TABLE stock (id INT PRIMARY KEY);

    """

  /// Who touches what, and what comes in where.
  private func rows(_ path: String, _ text: String) throws -> [String] {
    let system = try MarkedSystem(shop + "//- /\(path)\n\(text)\n").linked(parsed: false)
    let accesses = system.accesses.map { "\(system.units[$0.unit].name): \($0.operation) \($0.table)" }
    return accesses + system.entryPoints.map { "\($0.kind) \($0.trigger): \(system.units[$0.unit].name)" }.sorted()
  }

  @Test(arguments: ["js", "ts"]) func express(ending: String) throws {
    let found = try rows(
      "app.\(ending)",
      """
      const pool = new Pool();
      app.get('/orders', auth, async (req, res) => {
        res.json(await pool.query('SELECT id FROM orders'));
      });
      app.post('/orders', wrap(async (req, res) => {
        await pool.query('INSERT INTO orders VALUES (1)');
      }));
      router.route('/stock')
        .get((req, res) => {
          pool.query('SELECT id FROM stock');
        })
        .delete((req, res) => {
          pool.query('DELETE FROM stock');
        });
      mailQueue.process('mail', async job => {
        await pool.query('DELETE FROM orders');
      });
      pool.query('UPDATE stock SET id = 1');
      """)
    #expect(
      found == [
        "GET /orders: read orders", "POST /orders: write orders", "GET /stock: read stock",
        "DELETE /stock: write stock", "process mail: write orders", "<main>: write stock",
        "message mail: process mail", "route DELETE /stock: DELETE /stock", "route GET /orders: GET /orders",
        "route GET /stock: GET /stock", "route POST /orders: POST /orders",
      ])
  }

  @Test func minimalAPI() throws {
    let found = try rows(
      "Program.cs",
      """
      using Microsoft.EntityFrameworkCore;
      var app = WebApplication.Create();
      var api = app.MapGroup("/api").RequireAuthorization();
      var orders = api.MapGroup("orders");
      orders.MapGet("/", async (ShopDb db) => await db.Orders.ToListAsync());
      orders.MapPost("/{id}", (ShopDb db, Order order) =>
      {
        db.Orders.Add(order);
        db.SaveChanges();
      }).WithName("create");
      app.MapDelete("/x", Remove);
      public class Order { public int Id { get; set; } }
      public class ShopDb : DbContext { public DbSet<Order> Orders { get; set; } }
      """)
    #expect(
      found == [
        "GET /api/orders: read orders", "POST /api/orders/{id}: write orders", "route DELETE /x: <main>",
        "route GET /api/orders: GET /api/orders", "route POST /api/orders/{id}: POST /api/orders/{id}",
      ])
  }

  @Test func ktor() throws {
    let found = try rows(
      "Routes.kt",
      """
      fun Route.orders(db: Connection) {
        route("/orders") {
          get {
            db.prepareStatement("SELECT id FROM orders")
          }
          authenticate("admin") {
            post("/{id}") {
              db.prepareStatement("INSERT INTO orders VALUES (1)")
            }
          }
        }
        client.get("/stock") { db.prepareStatement("SELECT id FROM stock") }
      }
      """)
    #expect(
      found == [
        "GET /orders: read orders", "POST /orders/{id}: write orders", "Route.orders: read stock",
        "route GET /orders: GET /orders", "route POST /orders/{id}: POST /orders/{id}",
      ])
  }

  @Test func sinatra() throws {
    let found = try rows(
      "app.rb",
      """
      require 'sinatra'
      get '/orders' do
        DB.execute("SELECT id FROM orders")
      end
      class Admin < Sinatra::Base
        post '/stock' do
          DB.execute("INSERT INTO stock VALUES (1)")
        end
      end
      task 'clean' do
        DB.execute("DELETE FROM stock")
      end
      """)
    #expect(
      found == [
        "GET /orders: read orders", "POST /stock: write stock", "<main>: write stock",
        "route GET /orders: GET /orders", "route POST /stock: POST /stock",
      ])
  }

  @Test func goHandlers() throws {
    let found = try rows(
      "main.go",
      """
      package shop
      func Routes(db *sql.DB, r chi.Router) {
        http.HandleFunc("/orders", func(w http.ResponseWriter, q *http.Request) {
          db.Query("SELECT id FROM orders")
        })
        mux.Handle("GET /stock", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
          db.Query("SELECT id FROM stock")
        }))
        api := r.Group("/api")
        api.POST("/orders", func(c *gin.Context) { db.Exec("INSERT INTO orders VALUES (1)") })
        r.Route("/v2", func(r chi.Router) {
          r.Delete("/stock", func(w http.ResponseWriter, q *http.Request) { db.Exec("DELETE FROM stock") })
        })
        each(func(x int) { db.Exec("UPDATE stock SET id = 2") })
      }
      """)
    #expect(
      found == [
        "ANY /orders: read orders", "GET /stock: read stock", "POST /api/orders: write orders",
        "DELETE /v2/stock: write stock", "Routes: write stock", "route ANY /orders: ANY /orders",
        "route DELETE /v2/stock: DELETE /v2/stock", "route GET /stock: GET /stock",
        "route POST /api/orders: POST /api/orders",
      ])
  }

  @Test func javalinAndSpark() throws {
    let found = try rows(
      "App.java",
      """
      class App {
        void routes(Javalin app, Statement db) {
          app.get("/orders", ctx -> {
            db.executeQuery("SELECT id FROM orders");
          });
          post("/orders", (req, res) -> db.executeUpdate("INSERT INTO orders VALUES (1)"));
          router.get("/stock").handler(ctx -> {
            db.executeQuery("SELECT id FROM stock");
          });
          cache.get("/stock", key -> db.executeUpdate("DELETE FROM stock"));
        }
      }
      """)
    #expect(
      found == [
        "GET /orders: read orders", "POST /orders: write orders", "GET /stock: read stock",
        "App.routes: write stock", "route GET /orders: GET /orders", "route GET /stock: GET /stock",
        "route POST /orders: POST /orders",
      ])
  }

  @Test func laravelAndSlim() throws {
    let found = try rows(
      "routes.php",
      """
      <?php
      Route::prefix('api')->group(function () {
        Route::get('orders', function (Request $r) {
          return DB::select("SELECT id FROM orders");
        });
      });
      $app->post('/stock', function ($req, $res) use ($db) {
        $db->query("INSERT INTO stock VALUES (1)");
      });
      """)
    #expect(
      found == [
        "GET /api/orders: read orders", "POST /stock: write stock", "route GET /api/orders: GET /api/orders",
        "route POST /stock: POST /stock",
      ])
  }

  /// What a handler calls is called by the handler, and a transaction inside is its own.
  @Test func callsOfHandlers() throws {
    let text = """
      //- /app.js
      function load() { return pool.query('SELECT id FROM orders'); }
      app.get('/a', (req, res) => {
        load();
      });
      app.get('/b', (req, res) => {
        pool.query('BEGIN');
        pool.query('INSERT INTO orders VALUES (1)');
        pool.query('COMMIT');
      });
      """
    let system = try MarkedSystem(shop + text).linked(parsed: false)
    let calls = system.references.filter { $0.kind == .call }.map {
      system.units[$0.from].name + " calls " + system.units[$0.to].name
    }
    #expect(calls == ["GET /a calls load"])
    #expect(system.transactions.map { system.units[$0.unit].name } == ["GET /b"])
  }
}
