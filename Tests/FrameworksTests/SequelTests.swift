import Testing

@Suite("Sequel")
struct SequelTests {
  private static let models = """
    //- /schema.sql
    CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT);
    CREATE TABLE customers (id INT PRIMARY KEY, name TEXT);
    CREATE TABLE shop_lines (id INT PRIMARY KEY, order_id INT);
    //- /models.rb
    class Order < Sequel::Model
      many_to_one :customer
      one_to_many :lines
    end
    class Customer < Sequel::Model
    end
    class Line < Sequel::Model(:shop_lines)
    end

    """

  @Test func modelsAndTheirRelations() throws {
    try check(
      Self.models + """
        //- /use.rb
        class Use
          def run(id)
            order = Order.where(id: id).first
            # ^ reads orders
            order.customer.update(name: "x")
            # ^ reads customers, writes customers
            order.lines.each(&:delete)
            # ^ reads shop_lines, writes shop_lines
            Line.exclude(id: id).delete
            # ^ writes shop_lines
            Customer.create(name: "x")
            # ^ writes customers
          end
        end
        """)
  }

  @Test func datasetsOfTablesByName() throws {
    try check(
      Self.models + """
        //- /use.rb
        class Use
          def run(id, hash)
            DB[:orders].where(id: id).update(customer_id: 1)
            # ^ writes orders
            DB[:customers].insert(name: "x")
            # ^ writes customers
            DB[:orders].join(:customers, id: :customer_id).all
            # ^ reads orders, reads customers
            hash[:orders].update(a: 1)
          end
        end
        """)
  }
}
