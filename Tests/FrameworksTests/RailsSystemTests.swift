import Basics
import Facts
import Testing

@Suite("Systems on Rails")
struct RailsSystemTests {
  @Test func tablesAreNamedAsActiveSupportDoes() throws {
    let classes = [
      ("Category", "categories"), ("Box", "boxes"), ("Address", "addresses"), ("Person", "people"),
      ("SalesTax", "sales_taxes"), ("Status", "statuses"), ("News", "news"), ("Analysis", "analyses"),
      ("Index", "indices"), ("Child", "children"), ("Equipment", "equipment"), ("Quiz", "quizzes"),
      ("APIKey", "api_keys"), ("Half", "halves"), ("Day", "days"), ("Hero", "heros"), ("Mouse", "mice"),
      ("Datum", "data"), ("Octopus", "octopi"), ("Bus", "buses"), ("Pokemon", "pokemon"), ("Cactus", "cacti"),
    ]
    let models = classes.map { "class \($0.0) < ActiveRecord::Base; end\n" }.joined()
    let uses = classes.map { "    \($0.0).count\n    # ^ reads \($0.1)\n" }.joined()
    try check(
      """
      //- /config/initializers/inflections.rb
      ActiveSupport::Inflector.inflections(:en) do |inflect|
        inflect.uncountable %w[pokemon]
        inflect.irregular "cactus", "cacti"
      end
      //- /app/models.rb
      \(models)
      //- /app/use.rb
      class Use
        def run
      \(uses)
        end
      end
      """)
  }

  @Test func tableNamesOfModulesBasesAndClasses() throws {
    try check(
      """
      //- /app/models.rb
      class LegacyRecord < ActiveRecord::Base
        self.abstract_class = true
        connects_to database: { writing: :legacy }
      end
      module Billing
        def self.table_name_prefix
          "billing_"
        end
        class Invoice < LegacyRecord
          class Line < LegacyRecord
          end
        end
        class Note < LegacyRecord
          self.table_name = "#{table_name_prefix}remarks"
        end
      end
      class Credit < Billing::Invoice
      end
      //- /app/use.rb
      class Use
        def run
          Billing::Invoice.count
          # ^ reads billing_invoices
          Billing::Invoice::Line.count
          # ^ reads billing_invoice_lines
          Billing::Note.count
          # ^ reads billing_remarks
          Credit.count
          # ^ reads billing_invoices
        end
      end
      """)
  }

  @Test func whereRequestsAndJobsComeIn() throws {
    let system = try MarkedSystem(
      ActiveRecordTests.models + """
        //- /config/routes.rb
        Rails.application.routes.draw do
          root to: "orders#index"
          namespace :admin do
            resources :orders, only: [:show] do
              post :pay, on: :member
              get :open, on: :collection
            end
          end
          get "/health" => "orders#health"
        end
        //- /app/controllers.rb
        class OrdersController < ActionController::Base
          def index; end
          def health; end
        end
        class Admin::OrdersController < OrdersController
          def show; end
          def pay; end
          def open; end
        end
        class CloseJob < ApplicationJob
          def perform(id) = Shop::Order.find(id).save
        end
        //- /lib/tasks/shop.rake
        namespace :shop do
          task close: :environment do
            Shop::Order.open.update_all(closed: true)
          end
        end
        """
    ).linked(parsed: false)
    #expect(
      system.entryPoints.map { "\($0.kind.rawValue) \($0.trigger) \(system.units[$0.unit].name)" }.sorted() == [
        "command rake shop:close <main>", "job CloseJob CloseJob#perform", "route GET / OrdersController#index",
        "route GET /admin/orders/:id Admin::OrdersController#show",
        "route GET /admin/orders/open Admin::OrdersController#open", "route GET /health OrdersController#health",
        "route POST /admin/orders/:id/pay Admin::OrdersController#pay",
      ])
  }

  @Test func transactionsHoldWhatIsDoneInTheirBlocks() throws {
    let system = try MarkedSystem(
      ActiveRecordTests.models + """
        //- /app/use.rb
        class Use
          def run(order)
            Shop::Order.transaction do
              order.save!
              Person.create!(name: "x")
            end
            Shop::Tag.create!(name: "y")
          end
          def locked(order)
            order.with_lock { order.update!(number: "1") }
          end
        end
        """
    ).linked(parsed: false)
    #expect(system.transactions.map { $0.writes.map(\.text) } == [["people", "shop_orders"], ["shop_orders"]])
  }

  @Test func classesExtendedFromOutside() throws {
    try check(
      ActiveRecordTests.models + """
        //- /engines/gifts/order_patch.rb
        module Gifts
          module OrderPatch
            def self.prepended(base)
              base.has_many :gifts, class_name: "Shop::Tag"
              base.scope :given, -> { where(given: true) }
              # ^ reads shop_orders
            end
            def wrap
              gifts.each(&:destroy)
              # ^ reads shop_tags, writes shop_tags
            end
            Shop::Order.prepend self
          end
        end
        //- /app/use.rb
        class Use
          def run(order)
            order.gifts.create!(name: "x")
            # ^ writes shop_tags
            Shop::Order.given.update_all(number: 1)
            # ^ writes shop_orders
          end
        end
        """)
  }

  @Test func methodsCalledByNameAndMadeForRelations() throws {
    try check(
      ActiveRecordTests.models + """
        //- /app/use.rb
        class Use
          def run(order, column)
            order.try(:update!, number: 1)
            # ^ writes shop_orders
            order.create_customer!(name: "x")
            # ^ writes shop_customers
            order.build_customer
            order.line_items.build(product_id: 1).save!
            # ^ writes shop_line_items
            order.line_items.new
            order.line_item_ids
            # ^ reads shop_line_items
            order.send(column)
          end
        end
        """)
  }

  @Test func piecesOfSQL() throws {
    try check(
      ActiveRecordTests.models + """
        //- /app/use.rb
        class Use
          def run
            Shop::Order.joins("LEFT JOIN shop_tags ON shop_tags.id = shop_orders.tag_id").count
            # ^ reads shop_orders, reads shop_tags
            ActiveRecord::Base.connection.execute("DELETE FROM #{Shop::Order.table_name} WHERE id = 1")
            # ^ writes shop_orders
          end
        end
        """)
  }
}
