import Basics
import Facts
import Testing

/// What Rails writes beside the row that is saved or removed.
@Suite("ActiveRecord associations")
struct RailsAssociationTests {
  private let models = """
    //- /db/schema.rb
    ActiveRecord::Schema[7.1].define(version: 2024_01_01_000000) do
      create_table "orders", force: :cascade do |t|
        t.integer "lines_count"
        t.datetime "updated_at"
      end
      create_table "lines", force: :cascade do |t|
        t.bigint "order_id"
        t.string "note"
      end
      create_table "parcels", force: :cascade do |t|
        t.bigint "order_id"
        t.datetime "updated_at"
      end
      create_table "notes", force: :cascade do |t|
        t.bigint "order_id"
      end
      create_table "labels", force: :cascade do |t|
        t.bigint "parcel_id"
      end
    end
    //- /app/models/order.rb
    class Order < ApplicationRecord
      has_many :lines, dependent: :delete_all
      has_many :parcels, dependent: :destroy
      has_many :notes, dependent: :nullify
      accepts_nested_attributes_for :lines
    end
    //- /app/models/line.rb
    class Line < ApplicationRecord
      belongs_to :order, counter_cache: true
    end
    //- /app/models/parcel.rb
    class Parcel < ApplicationRecord
      belongs_to :order, touch: true
      has_many :labels, dependent: :destroy
    end
    //- /app/models/label.rb
    class Label < ApplicationRecord
      belongs_to :parcel
    end
    //- /app/models/note.rb
    class Note < ApplicationRecord
      belongs_to :order
    end

    """

  @Test func rowsBeside() throws {
    try check(
      models + """
        //- /app/services/shop.rb
        class Shop
          def run(id)
            Line.create(note: "a")
            # ^ writes lines, writes orders
            line = Line.new
            line.save!
            # ^ writes lines, writes orders
            old = Line.find(id)
            # ^ reads lines
            old.save
            # ^ writes lines
            old.update(note: "b")
            # ^ writes lines
            old.destroy
            # ^ writes lines, writes orders
            old.update_columns(note: "c")
            # ^ writes lines
            parcel = Parcel.find(id)
            # ^ reads parcels
            parcel.save
            # ^ writes parcels, writes orders
            parcel.update_column(:id, 1)
            # ^ writes parcels
            parcel.delete
            # ^ writes parcels
            Parcel.where(id: 1).update_all(id: 2)
            # ^ writes parcels
            Note.create
            # ^ writes notes
            order = Order.find(id)
            # ^ reads orders
            order.destroy
            # ^ writes orders, writes lines, writes parcels, writes labels, writes notes
            order.update(lines_attributes: [{ note: "x" }])
            # ^ writes orders, writes lines
            order.update(params.require(:order).permit(:id, lines_attributes: [:note]))
            # ^ writes orders, writes lines
            order.update(lines_count: 1)
            # ^ writes orders
            Order.delete_all
            # ^ writes orders
          end
        end
        """)
  }

  @Test func columnsBeside() throws {
    let system = try MarkedSystem(
      models + """
        //- /app/services/shop.rb
        class Shop
          def run(id)
            Line.create(note: "a")
            Parcel.find(id).touch
            Order.find(id).destroy
          end
        end
        """
    ).linked(parsed: false)
    let written = system.accesses.filter { $0.operation == .write && $0.span.file.fileName == "shop.rb" }.map {
      "\($0.span.line) \($0.table): \($0.columns.joined(separator: ","))"
    }
    let echoes = system.accesses.filter(\.isEcho).map { "\($0.span.line) \($0.table)" }
    #expect(echoes == ["3 orders", "4 orders"])
    #expect(written.contains("3 orders: lines_count"))
    #expect(written.contains("4 orders: updated_at"))
    #expect(written.contains("5 notes: order_id"))
  }
}
