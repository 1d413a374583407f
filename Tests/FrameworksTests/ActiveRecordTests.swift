import Testing

@Suite("ActiveRecord")
struct ActiveRecordTests {
  static let models = """
    //- /db/migrate/20200101000000_create_shop.rb
    class CreateShop < ActiveRecord::Migration[7.0]
      def change
        create_table :shop_orders do |t|
          t.references :customer, foreign_key: { to_table: :shop_customers }
          t.string :number, null: false
        end
        create_table :shop_customers do |t|
          t.string :name
        end
        create_table :shop_line_items do |t|
          t.belongs_to :order
          t.belongs_to :product
        end
        create_table(:shop_products) { |t| t.string :title }
        create_join_table :shop_products, :shop_tags
        create_table(:shop_tags) { |t| t.string :name }
        create_table(:people) { |t| t.string :name }
      end
    end
    //- /lib/shop/engine.rb
    module Shop
      class Engine < ::Rails::Engine
        isolate_namespace Shop
      end
    end
    //- /app/models/application_record.rb
    class ApplicationRecord < ActiveRecord::Base
      self.abstract_class = true
    end
    //- /app/models/shop/base.rb
    module Shop
      class Base < ApplicationRecord
        self.abstract_class = true
      end
    end
    //- /app/models/shop/order.rb
    module Shop
      class Order < Shop::Base
        include Totals
        belongs_to :customer
        has_many :line_items, dependent: :destroy
        has_many :products, through: :line_items
        scope :open, -> { where(closed: false) }
        #  ^ reads shop_orders
      end
      class WebOrder < Order
      end
    end
    //- /app/models/shop/customer.rb
    class Shop::Customer < Shop::Base
      has_many :orders, class_name: "Shop::Order"
    end
    //- /app/models/shop/line_item.rb
    class Shop::LineItem < Shop::Base
      belongs_to :order
      belongs_to :product
    end
    //- /app/models/shop/product.rb
    class Shop::Product < Shop::Base
      has_and_belongs_to_many :tags
    end
    //- /app/models/shop/tag.rb
    class Shop::Tag < Shop::Base
    end
    //- /app/models/person.rb
    class Person < ApplicationRecord
    end

    """

  @Test func classMethodsReadAndWrite() throws {
    try check(
      Self.models + """
        //- /app/use.rb
        class Use
          def run(id)
            Shop::Order.find(id)
            # ^ reads shop_orders
            Shop::WebOrder.find_by!(number: id)
            # ^ reads shop_orders
            Person.where(name: "x").count
            # ^ reads people
            Person.create!(name: "x")
            # ^ writes people
            Person.where(name: "x").update_all(name: "y")
            # ^ writes people
            Person.insert_all([{ name: "x" }])
            # ^ writes people
            Person.find_or_create_by(name: "x")
            # ^ reads people, writes people
            Person.new(name: "x").save
            # ^ writes people
            Person.find_each(&:destroy)
            # ^ reads people, writes people
            Person.pluck(:name).each { |name| puts name }
            # ^ reads people
          end
        end
        """)
  }

  @Test func relationsAreChosenByTheLastCall() throws {
    try check(
      Self.models + """
        //- /app/use.rb
        class Use
          def run(id)
            people = Person.where(id: id)
            people = people.order(:name) if id
            people.delete_all
            # ^ writes people
            Person.none
            Shop::Order.open.exists?
            # ^ reads shop_orders
          end
        end
        """)
  }

  @Test func associationsOfRecords() throws {
    try check(
      Self.models + """
        //- /app/use.rb
        class Use
          def run(id)
            order = Shop::Order.find_by(id: id)
            # ^ reads shop_orders
            order.customer.update!(name: "x")
            # ^ reads shop_customers, writes shop_customers
            order.line_items.create!(product_id: 1)
            # ^ writes shop_line_items
            order.line_items.delete_all
            # ^ writes shop_line_items
            order.line_items.each do |item|
              # ^ reads shop_line_items
              item.destroy
              # ^ writes shop_line_items
            end
            order.products.to_a
            # ^ reads shop_products, reads shop_line_items
            order.number = "x"
            order.save!
            # ^ writes shop_orders
          end
        end
        """)
  }

  @Test func joinsFollowAssociations() throws {
    try check(
      Self.models + """
        //- /app/use.rb
        class Use
          def run
            Shop::Order.joins(:customer).where(number: 1).to_a
            # ^ reads shop_orders, reads shop_customers
            Shop::Customer.includes(orders: { line_items: :product }).first
            # ^ reads shop_customers, reads shop_orders, reads shop_line_items, reads shop_products
            Shop::Product.joins(:tags).pluck(:name)
            # ^ reads shop_products, reads shop_products_tags, reads shop_tags
          end
        end
        """)
  }

  @Test func methodsOfRecordsAndConcerns() throws {
    try check(
      Self.models + """
        //- /app/models/shop/totals.rb
        module Shop::Totals
          extend ActiveSupport::Concern
          included do
            has_many :tags, class_name: "Shop::Tag"
          end
          def rename
            line_items.size
            # ^ reads shop_line_items
            update!(number: tags.first.name)
            # ^ writes shop_orders, reads shop_tags
          end
          class_methods do
            def newest = order(id: :desc).first
            # ^ reads shop_orders
          end
        end
        //- /app/models/shop/order_decorator.rb
        Shop::Order.class_eval do
          def forget
            customer.destroy
            # ^ reads shop_customers, writes shop_customers
            self.class.where(id: id).delete_all
            # ^ writes shop_orders
          end
        end
        """)
  }

  @Test func fieldsAndMemoizedMethods() throws {
    try check(
      Self.models + """
        //- /app/controllers/orders_controller.rb
        class OrdersController
          before_action :load_order
          def update
            @order.update(params)
            # ^ writes shop_orders
            owner.touch
            # ^ writes people
          end
          private
          def load_order
            @order = Shop::Order.find(params[:id])
            # ^ reads shop_orders
          end
          def owner
            @owner ||= Person.find(1)
            # ^ reads people
          end
        end
        """)
  }

  @Test func sqlAsText() throws {
    try check(
      Self.models + """
        //- /app/use.rb
        class Use
          def run(id)
            ActiveRecord::Base.connection.execute("DELETE FROM people WHERE id = #{id}")
            # ^ writes people
            Person.find_by_sql("SELECT people.* FROM people JOIN shop_tags ON shop_tags.name = people.name")
            # ^ reads people, reads shop_tags
          end
        end
        """)
  }

  @Test func lookAlikesAreNoData() throws {
    try check(
      Self.models + """
        //- /app/use.rb
        class Report
          def self.where(x) = x
          def save = true
        end
        class Use
          def run(list, hash)
            Report.where(1)
            Report.new.save
            list.first.update(1)
            hash.delete(:a)
            list.select { |x| x }.count
            File.delete("people")
            Time.current.change(hour: 1)
          end
        end
        """)
  }

  @Test func removedTogetherAndReplaced() throws {
    try check(
      Self.models + """
        //- /app/use.rb
        class Use
          def run(order, items)
            order.destroy!
            # ^ writes shop_orders, writes shop_line_items
            order.delete
            # ^ writes shop_orders
            order.line_items = items
            # ^ writes shop_line_items
            order.line_items << items.first
            # ^ writes shop_line_items
          end
        end
        """)
  }

  @Test func eventsOfStateMachines() throws {
    try check(
      Self.models + """
        //- /app/models/shop/states.rb
        module Shop::States
          def self.included(base)
            base.state_machine initial: :open do
              event :cancel do
                transition to: :canceled
              end
            end
          end
        end
        //- /app/use.rb
        class Use
          def run(order)
            order.cancel!
            # ^ writes shop_orders
            order.unknown!
          end
        end
        """)
  }
}
