import Basics
import Facts
import Testing

@Suite("Schema of Rails")
struct RailsSchemaTests {
  /// The tables that files of Ruby come to, one a line: columns with types, `!` where they may not be empty.
  private func tables(_ text: String) throws -> [String] {
    try MarkedSystem(text).linked(parsed: false).catalog.tables.map { table in
      let columns = table.columns.map { "\($0.name) \($0.type)\($0.isNullable ? "" : "!")" }
      let keys = table.foreignKeys.map { "\($0.columns.joined())->\($0.target)(\($0.targetColumns.joined()))" }
      return
        ([table.name.text + ": " + columns.joined(separator: ", "), "key " + table.primaryKey.joined(separator: "+")]
        + keys + table.uniqueKeys.map { "unique " + $0.joined(separator: "+") }).joined(separator: "; ")
    }
  }

  @Test func typesAndKeysOfMigrations() throws {
    #expect(
      try tables(
        """
        //- /db/migrate/20200101000000_create_orders.rb
        class CreateOrders < ActiveRecord::Migration[7.0]
          def change
            create_table :orders, id: :uuid do |t|
              t.string :number, limit: 32, null: false
              t.decimal :total, precision: 10, scale: 2, default: 0.0
              t.references :customer, null: false, foreign_key: true
              t.belongs_to :owner, polymorphic: true
              t.jsonb :data, default: {}
              t.timestamps
              t.index [:number], unique: true
            end
            create_table(:customers) { |t| t.text :name }
            create_join_table :orders, :tags
            create_table :codes, primary_key: :code, id: :string
            create_table(:pairs, primary_key: [:a, :b]) { |t| t.integer :a, :b }
          end
        end
        """) == [
          "codes: code character varying!; key code", "customers: id bigint!, name text; key id",
          "orders: id uuid!, number character varying(32)!, total numeric(10,2), customer_id bigint!,"
            + " owner_type character varying, owner_id bigint, data jsonb, created_at timestamp(6) without time zone!,"
            + " updated_at timestamp(6) without time zone!; key id; customer_id->customers(id); unique number",
          "orders_tags: order_id bigint!, tag_id bigint!; key ", "pairs: a integer!, b integer!; key a+b",
        ])
  }

  @Test func laterMigrationsChangeTables() throws {
    #expect(
      try tables(
        """
        //- /db/migrate/20200101000000_create_items.rb
        class CreateItems < ActiveRecord::Migration[4.2]
          def self.up
            create_table :items do |t|
              t.string :name
              t.string :gone, :kept
              t.timestamps
            end
          end
          def self.down
            drop_table :items
          end
        end
        //- /engines/extra/db/migrate/20210101000000_change_items.rb
        class ChangeItems < ActiveRecord::Migration[5.1]
          COLUMNS = %i[width height].freeze
          def up
            rename_table :items, :parts
            return if column_exists?(:parts, :label)
            rename_column :parts, :name, :label
            remove_column :parts, :gone, :string
            change_column_null :parts, :label, false
            change_column :parts, :kept, :text
            add_reference :parts, :parent, foreign_key: { to_table: :parts }
            COLUMNS.each { |name| add_column :parts, name, :float }
            change_table :parts, bulk: true do |t|
              t.boolean :active, default: true
              t.remove :created_at
            end
            add_index :parts, [:label, :parent_id], unique: true
            reversible do |dir|
              dir.up { execute "ALTER TABLE parts ADD COLUMN raw integer" }
              dir.down { execute "ALTER TABLE parts DROP COLUMN raw" }
            end
            add_rest(:parts)
          end
          def down
            drop_table :parts
          end
          private
          def add_rest(table)
            add_column table, :rest, :integer
          end
        end
        //- /spec/dummy/db/migrate/20220101000000_create_dummies.rb
        class CreateDummies < ActiveRecord::Migration[5.1]
          def change
            create_table :dummies
          end
        end
        """) == [
          "parts: id integer!, label character varying!, kept text, updated_at timestamp without time zone,"
            + " parent_id bigint, width double precision, height double precision, active boolean, raw integer,"
            + " rest integer; key id; parent_id->parts(id); unique label+parent_id"
        ])
  }

  @Test func schemaFilesWinOverTheMigrationsTheyHold() throws {
    #expect(
      try tables(
        """
        //- /Gemfile
        gem "mysql2"
        //- /db/schema.rb
        ActiveRecord::Schema[7.1].define(version: 2022_01_01_000000) do
          create_table "users", charset: "utf8mb4", force: :cascade do |t|
            t.string "email", null: false
            t.datetime "seen_at"
            t.index ["email"], name: "index_users_on_email", unique: true
          end
          create_table "posts", id: :integer, force: :cascade do |t|
            t.bigint "user_id"
          end
          add_foreign_key "posts", "users"
        end
        //- /db/migrate/20200101000000_old.rb
        class Old < ActiveRecord::Migration[5.0]
          def change
            create_table :forgotten
          end
        end
        //- /db/migrate/20230101000000_newer.rb
        class Newer < ActiveRecord::Migration[7.1]
          def change
            add_column :users, :name, :string
          end
        end
        """) == [
          "posts: id int!, user_id bigint; key id; user_id->users(id)",
          "users: id bigint!, email varchar(255)!, seen_at datetime(6), name varchar(255); key id; unique email",
        ])
  }
}
