import Basics
import Facts
import Testing

@Suite("Entry points, messages and schemas of .NET")
struct DotNetEntryTests {
  private func linked(_ text: String) throws -> SystemFacts { try MarkedSystem(text).linked(parsed: false) }

  private func entries(_ text: String) throws -> [String] {
    let system = try linked(text)
    return system.entryPoints.map { "\($0.kind.rawValue) \($0.trigger) \(system.units[$0.unit].name)" }.sorted()
  }

  @Test func controllers() throws {
    let found = try entries(
      """
      //- /Orders.cs
      using Microsoft.AspNetCore.Mvc;
      [ApiController]
      [Route("api/[controller]")]
      public class OrdersController : ControllerBase
      {
          [HttpGet("{id}")] public IActionResult Get(int id) => Ok();
          [HttpPost] public IActionResult Add() => Ok();
          [HttpDelete("/orders/{id}")] public IActionResult Remove(int id) => Ok();
          private int Count() => 3;
          [NonAction] public IActionResult Hidden() => Ok();
      }
      public class HomeController : Controller { public IActionResult Index() => View(); }
      public class OrderFactory { public Order Get() => new Order(); }
      """)
    #expect(
      found == [
        "route ANY /Home/Index HomeController.Index", "route DELETE /orders/{id} OrdersController.Remove",
        "route GET /api/Orders/{id} OrdersController.Get", "route POST /api/Orders OrdersController.Add",
      ])
  }

  @Test func minimalRoutesAndJobs() throws {
    let found = try entries(
      """
      //- /Program.cs
      var app = builder.Build();
      var group = app.MapGroup("/api");
      group.MapGet("/orders", Orders.List);
      app.MapPost("/ping", () => 1);
      //- /Orders.cs
      public static class Orders { public static int List() => 3; }
      public class Cleaner : BackgroundService { protected override Task ExecuteAsync(CancellationToken t) => Run(); }
      public class Paid : IConsumer<OrderPaid> { public Task Consume(ConsumeContext<OrderPaid> c) => null; }
      public class Nightly : IJob { public Task Execute(IJobExecutionContext c) => null; }
      """)
    #expect(
      found == [
        "job  Cleaner.ExecuteAsync", "job  Nightly.Execute", "message OrderPaid Paid.Consume",
        "route GET /api/orders Orders.List", "route POST /ping <main>",
      ])
  }

  @Test func messagesLeadToTheirHandlers() throws {
    let system = try linked(
      """
      //- /Close.cs
      public record CloseOrder(int Id) : IRequest;
      public record Other(int Id) : IRequest;
      public class CloseOrderHandler : IRequestHandler<CloseOrder>
      {
          public Task Handle(CloseOrder request, CancellationToken token) => null;
      }
      //- /Api.cs
      public class Api
      {
          private readonly IMediator _mediator;
          public Task Close(int id) => _mediator.Send(new CloseOrder(id));
          public Task Else(int id) { var other = new Other(id); return _mediator.Send(other); }
      }
      """)
    let calls = system.references.filter { $0.kind == .call }.map {
      "\(system.units[$0.from].name) \(system.units[$0.to].name)"
    }
    #expect(calls.contains("Api.Close CloseOrderHandler.Handle"))
    #expect(!calls.contains("Api.Else CloseOrderHandler.Handle"))
  }

  @Test func transactionsEndWithTheirScope() throws {
    let system = try linked(
      """
      //- /schema.sql
      CREATE TABLE a (id INT PRIMARY KEY);
      CREATE TABLE b (id INT PRIMARY KEY);
      CREATE TABLE c (id INT PRIMARY KEY);
      //- /Data.cs
      public class Data
      {
          public void Run(IDbConnection connection)
          {
              using (var scope = new TransactionScope())
              {
                  connection.Execute("DELETE FROM a");
                  connection.Execute("DELETE FROM b");
                  scope.Complete();
              }
              connection.Execute("DELETE FROM c");
          }
      }
      """)
    #expect(system.transactions.map { $0.writes.map(\.text) } == [["a", "b"]])
  }

  @Test func migrationsMakeTheSchema() throws {
    let system = try linked(
      """
      //- /Migrations/20240101_Init.cs
      using Microsoft.EntityFrameworkCore.Migrations;
      public partial class Init : Migration
      {
          protected override void Up(MigrationBuilder migrationBuilder)
          {
              migrationBuilder.CreateTable(
                  name: "Customers",
                  columns: table => new { Id = table.Column<int>(type: "int", nullable: false).Annotation("SqlServer:Identity", "1, 1"), Name = table.Column<string>(maxLength: 40, nullable: true) },
                  constraints: table => { table.PrimaryKey("PK_Customers", x => x.Id); });
              migrationBuilder.CreateTable(
                  name: "Orders", schema: "sales",
                  columns: table => new { Id = table.Column<int>(nullable: false), Customer = table.Column<int>(name: "CustomerId", nullable: false) },
                  constraints: table =>
                  {
                      table.PrimaryKey("PK_Orders", x => x.Id);
                      table.ForeignKey("FK_Orders", x => x.Customer, "Customers", "Id", onDelete: ReferentialAction.Cascade);
                  });
          }
          protected override void Down(MigrationBuilder migrationBuilder) { migrationBuilder.DropTable("Orders"); }
      }
      //- /Migrations/20240201_More.cs
      using Microsoft.EntityFrameworkCore.Migrations;
      public partial class More : Migration
      {
          protected override void Up(MigrationBuilder migrationBuilder)
          {
              migrationBuilder.RenameColumn(name: "Name", table: "Customers", newName: "Title");
              migrationBuilder.AddColumn<bool>(name: "Active", table: "Customers", nullable: false, defaultValue: false);
              migrationBuilder.Sql("CREATE TABLE audit (id INT PRIMARY KEY)");
          }
      }
      """)
    let tables = system.catalog.tables
    #expect(tables.map(\.name.text) == ["audit", "Customers", "sales.Orders"])
    #expect(tables[1].columns.map(\.name) == ["Id", "Title", "Active"])
    #expect(tables[1].primaryKey == ["Id"])
    #expect(tables[2].columns.map(\.name) == ["Id", "CustomerId"])
    #expect(tables[2].foreignKeys.map(\.columns) == [["CustomerId"]])
    #expect(tables[2].foreignKeys.map(\.target.text) == ["Customers"])
  }

  @Test func oldMigrationsMakeTheSchema() throws {
    let system = try linked(
      """
      //- /Migrations/2015_Init.cs
      using System.Data.Entity.Migrations;
      public partial class Init : DbMigration
      {
          public override void Up()
          {
              CreateTable("dbo.Orders", c => new { Id = c.Int(nullable: false, identity: true), Name = c.String(maxLength: 20) })
                  .PrimaryKey(t => t.Id);
              AddColumn("dbo.Orders", "Total", c => c.Decimal(nullable: false, precision: 18, scale: 2));
              RenameColumn("dbo.Orders", "Name", "Title");
          }
      }
      """)
    #expect(system.catalog.tables.map(\.name.text) == ["Orders"])
    #expect(system.catalog.tables.first?.columns.map(\.name) == ["Id", "Title", "Total"])
    #expect(system.catalog.tables.first?.primaryKey == ["Id"])
  }

  @Test func mappingsMakeTheSchemaWhereNothingElseDoes() throws {
    let system = try linked(
      """
      //- /Model.cs
      using Microsoft.EntityFrameworkCore;
      public abstract class Base { public int Id { get; set; } }
      [Table("people")]
      public class Person : Base
      {
          [Required, MaxLength(40)] public string Name { get; set; }
          public string? Nick { get; set; }
          [Column("born_at")] public DateTime Born { get; set; }
          [NotMapped] public int Age { get; set; }
          public string Label => Name;
          public Address Home { get; set; }
          public List<Pet> Pets { get; set; }
          public List<Club> Clubs { get; set; }
      }
      [Owned] public class Address { public string Street { get; set; } }
      public class Pet : Base { public Person Owner { get; set; } public Kind Kind { get; set; } }
      public class Dog : Pet { public int Tricks { get; set; } }
      public enum Kind { Cat, Dog }
      public class Club : Base { public List<Person> Members { get; set; } }
      public class Context : DbContext
      {
          public DbSet<Person> Persons { get; set; }
          public DbSet<Dog> Dogs { get; set; }
          public DbSet<Pet> Pets { get; set; }
          public DbSet<Club> Clubs { get; set; }
          protected override void OnModelCreating(ModelBuilder b)
          {
              b.Entity<Pet>().HasOne(p => p.Owner).WithMany(o => o.Pets).HasForeignKey("owner").OnDelete(DeleteBehavior.Cascade);
          }
      }
      """)
    let tables = Dictionary(system.catalog.tables.map { ($0.name.text, $0) }, uniquingKeysWith: { first, _ in first })
    #expect(tables.keys.sorted() == ["ClubPerson", "Clubs", "Pets", "people"])
    #expect(tables["people"]?.columns.map(\.name) == ["Id", "Name", "Nick", "born_at", "Home_Street"])
    #expect(tables["people"]?.columns.map(\.type).prefix(2) == ["integer", "character varying(40)"])
    #expect(tables["people"]?.columns.map(\.isNullable).prefix(3) == [false, false, true])
    #expect(tables["Pets"]?.columns.map(\.name) == ["Id", "owner", "Kind", "Discriminator", "Tricks"])
    #expect(tables["Pets"]?.foreignKeys.map(\.target.text) == ["people"])
    #expect(tables["ClubPerson"]?.columns.map(\.name).sorted() == ["ClubsId", "MembersId"])
  }
}
