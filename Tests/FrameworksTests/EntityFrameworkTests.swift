import Testing

@Suite("Entity Framework")
struct EntityFrameworkTests {
  private let shop = """
    //- /Shop/Model.cs
    namespace Shop.Model;
    public class Order
    {
        public int Id { get; set; }
        public string Status { get; set; }
        public int CustomerId { get; set; }
        public Customer Customer { get; set; }
        public List<Line> Lines { get; set; }
        public void Close() { Status = "closed"; }
        public static Order Open() { return new Order(); }
    }
    public class Line { public int Id { get; set; } public int OrderId { get; set; } public int Amount { get; set; } }
    public class Customer { public int Id { get; set; } public string Name { get; set; } }
    public class OrderDto { public int Id { get; set; } public string Status { get; set; } }
    //- /Shop/ShopContext.cs
    using Microsoft.EntityFrameworkCore;
    using Shop.Model;
    namespace Shop;
    public class ShopContext : DbContext
    {
        public DbSet<Order> Orders { get; set; }
        public DbSet<Customer> Customers { get; set; }
        protected override void OnModelCreating(ModelBuilder builder)
        {
            builder.Entity<Customer>().ToTable("clients");
            builder.Entity<Line>(b => { b.ToTable("order_lines"); b.Property(x => x.Amount).HasColumnName("amount"); });
        }
    }

    """

  @Test func queriesReadAndSetsWrite() throws {
    try check(
      shop + """
        //- /Shop/Service.cs
        using Microsoft.EntityFrameworkCore;
        using Shop.Model;
        namespace Shop;
        public class Service
        {
            private readonly ShopContext _db;
            public Service(ShopContext db) { _db = db; }
            public async Task<List<Order>> All() => await _db.Orders.AsNoTracking().Where(o => o.Status == "x").ToListAsync();
            // ^ reads Orders
            public async Task<Order> One(int id)
            {
                return await _db.Orders.Include(o => o.Customer).ThenInclude(c => c.Name).FirstOrDefaultAsync(o => o.Id == id);
                // ^ reads Orders, reads clients
            }
            public async Task<bool> Any() { return await _db.Orders.AnyAsync(o => o.Customer.Name == "x"); }
            // ^ reads Orders, reads clients
            public void Add(Order order) { _db.Orders.Add(order); }
            // ^ writes Orders
            public void AddAny(Customer customer) { _db.Add(customer); _db.SaveChanges(); }
            // ^ writes clients
            public void AddNew()
            {
                var order = new Order { Status = "new" };
                order.Status = "other";
                _db.Set<Order>().Add(order);
                // ^ writes Orders
            }
            public async Task Purge() { await _db.Orders.Where(o => o.Status == "x").ExecuteDeleteAsync(); }
            // ^ writes Orders
            public async Task Find(int id)
            {
                var customer = await _db.Customers.FindAsync(id);
                // ^ reads clients
                _db.Customers.Remove(customer);
                // ^ writes clients
            }
            public List<string> Linq()
            {
                return (from o in _db.Orders join c in _db.Customers on o.CustomerId equals c.Id select c.Name).ToList();
                // ^ reads Orders, reads clients
            }
        }
        """)
  }

  @Test func changesOfFetchedObjectsAreWritten() throws {
    try check(
      shop + """
        //- /Shop/Handler.cs
        using Shop.Model;
        namespace Shop;
        public interface IOrders { Task<Order> Get(int id); }
        public class OrderStore : IOrders
        {
            private readonly ShopContext _db;
            public OrderStore(ShopContext db) { _db = db; }
            public async Task<Order> Get(int id) => await _db.Orders.SingleAsync(o => o.Id == id);
            // ^ reads Orders
        }
        public class Handler
        {
            private readonly IOrders _orders;
            public Handler(IOrders orders) { _orders = orders; }
            public async Task Close(int id)
            {
                var order = await _orders.Get(id);
                order.Close();
                // ^ writes Orders
                order.Lines.Add(new Line());
                // ^ writes order_lines
            }
            public async Task Open()
            {
                var order = Order.Open();
                order.Close();
            }
            public OrderDto Show(OrderDto shown)
            {
                var list = new List<Order>();
                list.Add(Order.Open());
                shown.Status = "x";
                return shown;
            }
        }
        """)
  }

  @Test func projectionsAreNotTheEntity() throws {
    try check(
      shop + """
        //- /Shop/Report.cs
        using Shop.Model;
        namespace Shop;
        public class Report
        {
            private readonly ShopContext _db;
            public Report(ShopContext db) => _db = db;
            public void Run()
            {
                var rows = _db.Orders.Select(o => new OrderDto { Id = o.Id }).ToList();
                // ^ reads Orders
                foreach (var row in rows) { row.Status = "x"; }
            }
            public void Sql()
            {
                _db.Database.ExecuteSqlRaw("DELETE FROM clients WHERE id = {0}", 3);
                // ^ writes clients
                var some = _db.Customers.FromSqlRaw("SELECT * FROM clients").ToList();
                // ^ reads clients
            }
        }
        """)
  }

  @Test func oneClassInSeveralContexts() throws {
    let context = { (name: String) in
      """
      //- /\(name)/Context.cs
      using Microsoft.EntityFrameworkCore;
      using Shared;
      namespace \(name);
      public class \(name)Context : DbContext
      {
          public DbSet<Message> Messages { get; set; }
          protected override void OnModelCreating(ModelBuilder builder)
              => builder.ApplyConfigurationsFromAssembly(typeof(\(name)Context).Assembly);
      }
      public class MessageConfiguration : IEntityTypeConfiguration<Message>
      {
          public void Configure(EntityTypeBuilder<Message> builder) { builder.ToTable("Messages", "\(name)"); }
      }
      public class \(name)Outbox
      {
          private readonly \(name)Context _context;
          public \(name)Outbox(\(name)Context context) { _context = context; }
          public void Add(Message message) { _context.Messages.Add(message); }
          // ^ writes \(name).Messages
          public void AddAny(Message message) { _context.Add(message); }
          // ^ writes \(name).Messages
      }

      """
    }
    try check(
      """
      //- /Shared/Message.cs
      namespace Shared;
      public class Message { public int Id { get; set; } }

      """ + context("Sales") + context("Stock"))
  }

  @Test func ownedPartsAndBackingFields() throws {
    try check(
      """
      //- /Domain/Meeting.cs
      namespace Domain;
      public class Meeting
      {
          public Guid Id { get; private set; }
          private string _title;
          private Term _term;
          private List<Guest> _guests;
          public void Rename(string title) { _title = title; }
          public void Invite(Guest guest) { _guests.Add(guest); }
          // ^ writes guests
          public bool HasGuests() { return _guests.Any(); }
      }
      public class Term { public DateTime Start { get; } }
      public class Guest { private string _name; }
      //- /Data/Context.cs
      using Microsoft.EntityFrameworkCore;
      using Domain;
      namespace Data;
      public class MeetingContext : DbContext
      {
          public DbSet<Meeting> Meetings { get; set; }
          protected override void OnModelCreating(ModelBuilder builder) { builder.ApplyConfiguration(new MeetingMap()); }
      }
      public class MeetingMap : IEntityTypeConfiguration<Meeting>
      {
          public void Configure(EntityTypeBuilder<Meeting> builder)
          {
              builder.ToTable("meetings");
              builder.HasKey(x => x.Id);
              builder.Property<string>("_title").HasColumnName("title");
              builder.OwnsOne<Term>("_term", b => { b.Property(p => p.Start).HasColumnName("start"); });
              builder.OwnsMany<Guest>("_guests", g =>
              {
                  g.ToTable("guests");
                  g.WithOwner().HasForeignKey("MeetingId");
                  g.Property<string>("_name").HasColumnName("name");
                  g.HasKey("MeetingId", "_name");
              });
          }
      }
      public class Renamer
      {
          private MeetingContext _context;
          public async Task Run(Guid id)
          {
              var meeting = await _context.Meetings.FindAsync(id);
              // ^ reads meetings, reads guests
              meeting.Rename("x");
              // ^ writes meetings
          }
      }
      """)
  }

  @Test func repositoriesOverAnyEntity() throws {
    try check(
      shop + """
        //- /Shop/Repository.cs
        using Shop.Model;
        namespace Shop;
        public interface IRepository<T> { IQueryable<T> Table { get; } Task<T> GetByIdAsync(int id); Task AddAsync(T entity); }
        public class EfRepository<T> : IRepository<T>
        {
            private readonly ShopContext _db;
            public IQueryable<T> Table => _db.Set<T>();
            public async Task<T> GetByIdAsync(int id) => await _db.Set<T>().FindAsync(id);
            public async Task AddAsync(T entity) { await _db.Set<T>().AddAsync(entity); }
        }
        public class Service
        {
            private readonly IRepository<Order> _orders;
            private readonly IRepository<Customer> _customers;
            private readonly IRepository<OrderDto> _others;
            public async Task Run(Customer customer)
            {
                var order = await _orders.GetByIdAsync(3);
                // ^ reads Orders
                order.Status = "x";
                // ^ writes Orders
                await _customers.AddAsync(customer);
                // ^ writes clients
                var all = (from o in _orders.Table where o.Id == 3 select o).ToList();
                // ^ reads Orders
                await _others.GetByIdAsync(3);
            }
        }
        """)
  }

  @Test func partialClassesAreOne() throws {
    try check(
      """
      //- /Data/Context.cs
      using Microsoft.EntityFrameworkCore;
      namespace Data;
      public partial class ShopContext : DbContext { public virtual DbSet<Order> Orders { get; set; } }
      //- /Data/Context.More.cs
      namespace Data;
      public partial class ShopContext
      {
          public Order Last() { return Orders.OrderBy(o => o.Id).LastOrDefault(); }
          // ^ reads Orders
      }
      //- /Data/Order.cs
      namespace Data;
      public partial class Order { public int Id { get; set; } }
      //- /Data/Order.More.cs
      namespace Data;
      public partial class Order { public string Name { get; set; } public void Rename() { Name = "x"; } }
      //- /Data/Service.cs
      namespace Data;
      public class Service
      {
          public void Run(ShopContext context)
          {
              var order = context.Orders.Find(3);
              // ^ reads Orders
              order.Rename();
              // ^ writes Orders
          }
      }
      """)
  }

  @Test func entityFramework6() throws {
    try check(
      """
      //- /Shop/Context.cs
      using System.Data.Entity;
      namespace Shop;
      public class Category { public int Id { get; set; } public virtual ICollection<Product> Products { get; set; } }
      public class Product { public int ProductId { get; set; } public virtual Category Category { get; set; } }
      public class ShopDb : DbContext
      {
          public IDbSet<Product> Products { get; set; }
          public DbSet<Category> All { get; set; }
      }
      public class ProductMap : EntityTypeConfiguration<Product>
      {
          public ProductMap() { ToTable("goods"); HasKey(p => p.ProductId); }
      }
      public class Service
      {
          private readonly ShopDb db = new ShopDb();
          public void Run()
          {
              var category = db.All.FirstOrDefault();
              // ^ reads Categories
              var count = category.Products.Count();
              // ^ reads Products
              db.Products.Remove(db.Products.Find(1));
              // ^ reads Products, writes Products
          }
      }
      """)
  }
}
