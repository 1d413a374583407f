import Basics
import Facts
import Testing

/// Snapshots of Entity Framework Core as the schema.
@Suite struct ModelSnapshotTests {
  private let snapshot = """
    //- /Migrations/ShopDbModelSnapshot.cs
    using Microsoft.EntityFrameworkCore;
    using Microsoft.EntityFrameworkCore.Infrastructure;
    namespace Shop.Migrations
    {
        [DbContext(typeof(ShopDb))]
        partial class ShopDbModelSnapshot : ModelSnapshot
        {
            protected override void BuildModel(ModelBuilder modelBuilder)
            {
                modelBuilder.HasAnnotation("ProductVersion", "8.0.0");
                modelBuilder.Entity("Shop.Buyer", b =>
                    {
                        b.Property<Guid>("Id").ValueGeneratedOnAdd().HasColumnType("uuid");
                        b.HasKey("Id");
                        b.ToTable("buyers", (string)null);
                    });
                modelBuilder.Entity("Shop.Order", b =>
                    {
                        b.Property<int>("Id")
                            .ValueGeneratedOnAdd()
                            .HasColumnType("integer");
                        NpgsqlPropertyBuilderExtensions.UseIdentityByDefaultColumn(b.Property<int>("Id"));
                        b.Property<string>("Note")
                            .IsRequired()
                            .HasMaxLength(40)
                            .HasColumnType("character varying(40)")
                            .HasColumnName("note");
                        b.Property<Guid?>("BuyerId")
                            .HasColumnType("uuid");
                        b.HasKey("Id");
                        b.HasIndex("BuyerId").IsUnique();
                        b.ToTable("orders", "shop");
                    });
                modelBuilder.Entity("Shop.Order", b =>
                    {
                        b.HasOne("Shop.Buyer", "Buyer")
                            .WithMany("Orders")
                            .HasForeignKey("BuyerId")
                            .OnDelete(DeleteBehavior.Cascade);
                        b.Navigation("Buyer");
                        b.OwnsOne("Shop.Address", "Address", b1 =>
                            {
                                b1.Property<int>("OrderId").HasColumnType("integer");
                                b1.Property<string>("City").HasColumnType("text");
                                b1.HasKey("OrderId");
                                b1.ToTable("orders", "shop");
                                b1.WithOwner().HasForeignKey("OrderId");
                            });
                    });
            }
        }
    }

    """

  private func tables(_ text: String) throws -> [String] {
    try MarkedSystem(text).linked(parsed: false).catalog.tables.map { table in
      let columns = table.columns.map { "\($0.name) \($0.type)\($0.isNullable ? "?" : "")" }
      let keys = table.foreignKeys.map { key in
        "\(key.columns.joined(separator: "+"))->\(key.target.text)(\(key.targetColumns.joined(separator: "+")))"
      }
      return "\(table.name.text): \(columns.joined(separator: ", ")); \(table.primaryKey); \(keys)"
    }
  }

  @Test func snapshotAlone() throws {
    let found = try tables(snapshot)
    #expect(
      found == [
        "buyers: Id uuid; [\"Id\"]; []",
        "shop.orders: Id integer, note character varying(40), BuyerId uuid?, City text?; [\"Id\"]; "
          + "[\"BuyerId->buyers(Id)\"]",
      ])
  }

  /// Migrations and the context say it better.
  @Test func betterSources() throws {
    let migrated = try tables(
      snapshot + """
        //- /Migrations/20240101000000_Init.cs
        using Microsoft.EntityFrameworkCore.Migrations;
        public class Init : Migration
        {
          protected override void Up(MigrationBuilder b)
          {
            b.CreateTable(name: "invoices", columns: t => new { Id = t.Column<int>(type: "integer", nullable: false) });
          }
        }
        """)
    #expect(migrated.count == 1)
    let mapped = try tables(
      snapshot + """
        //- /ShopDb.cs
        using Microsoft.EntityFrameworkCore;
        namespace Shop.Migrations { public class ShopDb : DbContext { public DbSet<Item> Items { get; set; } }
        public class Item { public int Id { get; set; } } }
        """)
    #expect(mapped.count == 1)
  }

  /// Another class with a method of that name is no snapshot.
  @Test func otherBuilders() throws {
    let found = try tables(snapshot.replacing(": ModelSnapshot", with: ": MachineModel"))
    #expect(found.isEmpty)
  }
}
