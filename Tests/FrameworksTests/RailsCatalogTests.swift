import Basics
import Facts
import Foundation
import Testing

/// Runs migrations with the real ActiveRecord on SQLite and compares the catalog.
@Suite("Rails migrations against ActiveRecord itself")
struct RailsCatalogTests {
  private static let migrations = """
    //- /Gemfile
    gem "sqlite3"
    //- /db/migrate/20200101000000_create_shop.rb
    class CreateShop < ActiveRecord::Migration[6.1]
      def change
        create_table :customers do |t|
          t.string :name, null: false, limit: 80
          t.text :notes
          t.integer :visits, default: 0, null: false
          t.decimal :credit, precision: 8, scale: 2
          t.boolean :active, default: true
          t.date :born_on
          t.datetime :seen_at
          t.float :score
          t.binary :picture
          t.timestamps
        end
        create_table :orders do |t|
          t.references :customer, foreign_key: true, null: false
          t.belongs_to :source, polymorphic: true, index: { unique: true }
          t.string :number, index: { unique: true }
          t.timestamps null: true
        end
        create_table :tags, id: false do |t|
          t.string :label
        end
        create_join_table :orders, :tags
        create_table :settings, primary_key: :key_id do |t|
          t.column :value, :string
        end
        %i[left right].each { |side| create_table("#{side}_hands") { |t| t.integer :"#{side}_fingers" } }
      end
    end
    //- /db/migrate/20200201000000_change_shop.rb
    class ChangeShop < ActiveRecord::Migration[5.0]
      def up
        add_column :customers, :nick, :string, limit: 10
        rename_column :customers, :notes, :remarks
        remove_column :customers, :picture
        change_column_null :customers, :name, true
        change_column_default :customers, :visits, from: 0, to: 1
        change_column :customers, :score, :integer
        create_table :items do |t|
          t.references :order
          t.timestamps
        end
        add_foreign_key :items, :orders, on_delete: :cascade
        add_index :items, [:order_id, :created_at], unique: true
        rename_table :settings, :options
        change_table :options do |t|
          t.integer :a, :b
          t.rename :value, :content
        end
        add_reference :options, :customer, foreign_key: { to_table: :customers }
        add_timestamps :options, null: true
        drop_table :tags
        drop_join_table :orders, :tags
        remove_timestamps :orders
        add_columns_of(:left_hands)
        execute "CREATE TABLE raw (id integer PRIMARY KEY, note text NOT NULL)"
      end

      def down
        raise ActiveRecord::IrreversibleMigration
      end

      private

      def add_columns_of(table)
        add_column table, :thumb, :boolean, null: false, default: false
      end
    end
    //- /db/migrate/20200301000000_old_style.rb
    class OldStyle < ActiveRecord::Migration[4.2]
      def self.up
        create_table :old_things do |t|
          t.string :title, default: "new"
          t.references :customer
          t.timestamps
        end
        remove_index :items, column: [:order_id, :created_at]
      end
    end
    """

  private static let dump = """
    require "active_record"
    ActiveRecord::Migration.verbose = false
    ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ":memory:")
    ActiveRecord::MigrationContext.new(ARGV[0], ActiveRecord::SchemaMigration).migrate
    connection = ActiveRecord::Base.connection
    (connection.tables - %w[schema_migrations ar_internal_metadata]).sort.each do |table|
      keys = Array(connection.primary_keys(table))
      connection.columns(table).each do |column|
        null = column.null && !keys.include?(column.name) ? "" : "!"
        puts "#{table}.#{column.name} #{column.sql_type.downcase.delete(" ")}#{null}"
      end
      puts "#{table} key #{keys.join("+")}"
      connection.foreign_keys(table).each { |key| puts "#{table} #{key.column}->#{key.to_table}(#{key.primary_key}) #{key.on_delete.inspect}" }
      connection.indexes(table).select(&:unique).each { |index| puts "#{table} unique #{index.columns.join("+")}" }
    end
    """

  @Test func catalogsAgree() throws {
    let marked = MarkedSystem(Self.migrations)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in marked.files {
      let target = folder.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try file.text.write(to: target, atomically: true, encoding: .utf8)
    }
    let script = folder.appendingPathComponent("dump.rb")
    try Self.dump.write(to: script, atomically: true, encoding: .utf8)
    let real = try output(of: "/usr/bin/ruby", [script.path, folder.appendingPathComponent("db/migrate").path])
    let catalog = try marked.linked(parsed: false).catalog
    #expect(catalog.engine == .sqlite)
    let read = catalog.tables.flatMap { table -> [String] in
      let name = table.name.text
      return table.columns.map {
        "\(name).\($0.name) \($0.type.replacing(" ", with: ""))\($0.isNullable && !table.primaryKey.contains($0.name) ? "" : "!")"
      } + ["\(name) key \(table.primaryKey.joined(separator: "+"))"]
        + table.foreignKeys.map {
          let action = $0.onDelete == .noAction ? "nil" : ":\($0.onDelete.rawValue)"
          return "\(name) \($0.columns.joined())->\($0.target)(\($0.targetColumns.joined())) \(action)"
        } + table.uniqueKeys.map { "\(name) unique \($0.joined(separator: "+"))" }
    }
    let live = Set(real.split(separator: "\n").map(String.init))
    #expect(live.count > 40)
    #expect(live.subtracting(read).sorted() == [])
    #expect(Set(read).subtracting(live).sorted() == [])
  }

  private static let words = """
    access ache address alias analysis appendix archive atlas axis base basis bath belief bonus box
    branch buffalo buoy bus business cache campus canvas case catch category cause census chaos chef
    child class cliff course cow crisis criterion database datum day diagnosis echo epoch equipment essay
    fax fish foot gas german goose half hero hive horse house human index information inquiry jeans key
    knife leaf lease lens license life line_item matrix medium mix monarch money mouse move movie news
    nurse octopus order order_status ox parenthesis path person perspective phase phenomenon photo police
    potato prefix prize process proof property purchase query quiz release response return_item rice roof
    sales_tax salesperson series sex sheep shelf shoe size soliloquy species stadium staff status stomach
    suffix survey synopsis talisman tax testis thesis thief tomato tooth user_alias vertex virus
    warehouse wife wish wolf woman zombie
    """

  @Test func tableNamesAgree() throws {
    let words = Self.words.split { $0 == " " || $0 == "\n" }.map(String.init)
    let script = "require 'active_support/all'; puts ARGV.map { |word| word.camelize + ' ' + word.camelize.tableize }"
    let lines = try output(of: "/usr/bin/ruby", ["-e", script] + words).split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    #expect(lines.count == words.count)
    let classes = lines.map { "class \($0[0]) < ActiveRecord::Base; end\n" }.joined()
    let tables = try MarkedSystem("//- /app/models.rb\n" + classes).linked(parsed: false).catalog.tables
    #expect(tables.map(\.name.text).sorted() == Set(lines.map { $0[1] }).sorted())
  }

  private func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
