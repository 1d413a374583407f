import Basics
import Facts
import Testing
import TreeSitterFrontend

@Suite("Ruby as facts")
struct RubyFrontendTests {
  private func read(_ text: String, file: String = "app/shop.rb") throws -> FileFacts {
    let frontend = try #require(LanguageFrontend.of(file))
    return Array(text.utf8).withUnsafeBufferPointer { frontend.read(RepoPath(file), $0) }
  }

  /// The events of the first function.
  private func events(_ body: String) throws -> [CodeEvent] {
    let facts = try read("def run(order, list)\n\(body)\nend\n")
    #expect(facts.diagnostics.isEmpty)
    return facts.functions[0].events.map(\.event)
  }

  private func call(_ callee: String, _ receiver: Value? = nil, _ arguments: Value...) -> Value {
    .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  private func result(of body: String) throws -> Value? {
    for case .result(let value) in try events(body).reversed() { return value }
    return nil
  }

  @Test(arguments: ["a.rb", "lib/tasks/a.rake", "Rakefile", "config.ru"])
  func filesOfRuby(name: String) { #expect(LanguageFrontend.of(name)?.language == .ruby) }

  @Test func typesHaveTheNamesOfAllModulesAround() throws {
    let facts = try read(
      """
      module Shop
        class Order < Base::Record
          include Totals
          class Line < Struct.new(:sku, :count); end
        end
        class ::Shop::Migration < ActiveRecord::Migration[7.0]; end
        Error = Class.new(StandardError)
        Point = Data.define(:x, :y)
        module Empty; end
      end
      """)
    #expect(
      facts.types.map(\.name) == [
        "Shop::Order", "Shop::Order::Line", "Shop::Shop::Migration", "Shop::Error", "Shop::Point",
      ])
    #expect(
      facts.types.map(\.bases) == [
        ["Base::Record", "Totals"], ["Struct"], ["ActiveRecord::Migration<7.0>"], ["StandardError"], ["Data"],
      ])
    #expect(facts.types[1].fields.map(\.name) == ["sku", "count"])
    #expect(facts.types[4].fields.map(\.name) == ["x", "y"])
  }

  @Test func methodsOfObjectsAndOfTheClass() throws {
    let facts = try read(
      """
      class Order
        attr_accessor :note, :total
        def pay; end
        def self.open = where(paid: false)
        class << self
          def closed; end
        end
        define_method(:ship) { |to| send_to(to) }
        scope :late, ->(day) { where(day: day) }
        private def secret; end
      end
      def free; end
      """)
    #expect(
      facts.functions.map(\.name) == [
        "Order#pay", "Order.open", "Order.closed", "Order#ship", "Order.late", "Order#secret", "free",
      ])
    #expect(facts.functions.map(\.isStatic) == [false, true, true, false, true, false, false])
    #expect(facts.functions[1].events.last?.event == .result(call("where", nil, .member("paid", .literal("false")))))
    #expect(facts.types[0].fields.map(\.name) == ["note", "total"])
  }

  @Test func bodiesOfClassesAreKept() throws {
    let facts = try read(
      """
      module Payable
        extend ActiveSupport::Concern
        included do
          belongs_to :customer, class_name: "Person"
          after_create { touch_all }
        end
        class_methods do
          def cheapest; end
        end
      end
      Order.class_eval do
        has_many :items
      end
      """)
    let calls = facts.types.map { type in
      type.body.compactMap { if case .call(let call) = $0.event { call.callee } else { nil } }
    }
    #expect(
      calls == [["extend", "included", "belongs_to", "after_create", "touch_all", "class_methods"], ["has_many"]])
    #expect(facts.types.map(\.name) == ["Payable", "Order"])
    #expect(facts.functions.map(\.name) == ["Payable.<static>", "Payable.cheapest", "<main>"])
  }

  @Test func textsAreJoinedAndDedented() throws {
    #expect(try result(of: "'a' 'b' + \"c\\n\" + 'd'") == .text("abc\nd"))
    #expect(try result(of: ":name") == .text("name"))
    #expect(try result(of: "%w[a b]") == .list([.text("a"), .text("b")]))
    #expect(try result(of: "\"x #{order} y\"") == .join([.text("x "), .name("order"), .text(" y")]))
    #expect(try result(of: "<<~SQL.squish\n    SELECT 1\n      FROM t\nSQL") == .text("SELECT 1\n  FROM t\n"))
    #expect(
      try result(of: "send(<<~A, <<-B)\n  one\nA\n  two\n  B")
        == call("send", nil, .text("one\n"), .text("  two\n")))
    #expect(try result(of: "\"%s!\" % order") == call("format", nil, .text("%s!"), .name("order")))
  }

  @Test func callsWithAndWithoutParentheses() throws {
    #expect(try result(of: "order.customer") == .name("order.customer"))
    #expect(try result(of: "order.items.first") == call("first", .name("order.items")))
    #expect(try result(of: "order&.save!") == call("save!", .name("order")))
    #expect(try result(of: "Order.all") == call("all", .name("Order")))
    #expect(try result(of: "total") == call("total"))
    #expect(try result(of: "self.total") == .name("this.total"))
    #expect(try result(of: "@total") == .name("this.total"))
    #expect(
      try result(of: "Shop::Order.new id: 1, 'b' => 2")
        == call("Shop::Order", nil, .member("id", .literal("1")), .member("b", .literal("2"))))
    #expect(try result(of: "super") == call("run", .name("super")))
    #expect(try result(of: "find_by(order:)") == call("find_by", nil, .member("order", .name("order"))))
    #expect(
      try events("order.save").contains(
        .call(CallFact(callee: "save", receiver: .name("order"), arguments: [], dispatch: .virtual))))
  }

  @Test func callsOfAChainComeInnermostFirst() throws {
    let names = try events("list.where(a: now).order(:b).first").compactMap { event in
      if case .call(let call) = event { call.callee } else { nil }
    }
    #expect(names == ["now", "where", "order", "first"])
  }

  @Test func blocksComeBehindTheirCall() throws {
    let closure = Value.closure(parameters: ["item"], result: .name("item.price"))
    let element = Value.element(of: .name("list"), at: .opaque)
    #expect(
      try events("list.map { |item| item.price }") == [
        .call(CallFact(callee: "map", receiver: .name("list"), arguments: [closure], dispatch: .virtual)),
        .enterScope(callee: "map"), .declare(name: "item", type: "", value: element),
        .call(CallFact(callee: "price", receiver: .name("item"), arguments: [], dispatch: .virtual)), .leave,
        .result(call("map", .name("list"), closure)),
      ])
    #expect(
      try result(of: "list.each(&:save)")
        == call("each", .name("list"), .closure(parameters: ["it"], result: call("save", .name("it")))))
    #expect(
      try result(of: "list.map { it.a }")
        == call("map", .name("list"), .closure(parameters: ["it"], result: .name("it.a"))))
    #expect(
      try result(of: "list.map { _1.a }")
        == call("map", .name("list"), .closure(parameters: ["_1"], result: .name("_1.a"))))
  }

  @Test func branchesLoopsAndRescues() throws {
    #expect(
      try events("x = 1 if order\nwhile list\n  x += 2\nend\nreturn x") == [
        .enterBranch, .declare(name: "x", type: "", value: .literal("1")), .leave, .enterLoop,
        .append(name: "x", value: .literal("2")), .leave, .result(.name("x")),
      ])
    #expect(
      try events("if order then 1 else 2 end")
        == [.enterBranch, .result(.literal("1")), .nextBranch, .result(.literal("2")), .leave])
    #expect(
      try events("list\nrescue A => e\n e\nensure\n order") == [
        .result(.name("list")), .enterBranch, .declare(name: "e", type: "", value: .opaque), .result(.name("e")),
        .leave, .mention(.name("order")),
      ])
    #expect(
      try events("case order\nin {db: {user:}} then user\nend") == [
        .enterBranch,
        .declare(
          name: "user", type: "",
          value: .element(of: .element(of: .name("order"), at: .text("db")), at: .text("user"))),
        .result(.name("user")), .leave,
      ])
    #expect(try result(of: "a = order || list") == .either([.name("order"), .name("list")]))
  }

  @Test func assignments() throws {
    #expect(
      try events("order.note = 1\n@a = 2\na, b = list\n@c ||= 3\nlist.first.name = 4") == [
        .assign(name: "order.note", value: .literal("1")), .assign(name: "this.a", value: .literal("2")),
        .declare(name: "a", type: "", value: .element(of: .name("list"), at: .literal("0"))),
        .declare(name: "b", type: "", value: .element(of: .name("list"), at: .literal("1"))),
        .assign(name: "this.c", value: .either([.name("this.c"), .literal("3")])),
        .call(CallFact(callee: "first", receiver: .name("list"), arguments: [], dispatch: .virtual)),
        .assign(name: "list.first.name", value: .literal("4")), .result(.literal("4")),
      ])
  }

  @Test func constantsAndRequires() throws {
    let facts = try read("require 'a/b'\nLIMIT = 3\nmodule Shop\n  NAMES = %w[x].freeze\nend\n")
    #expect(facts.imports == [ImportFact(path: "a/b")])
    #expect(facts.constants.map(\.name) == ["LIMIT", "Shop::NAMES"])
    #expect(facts.constants.map(\.value) == [.literal("3"), .list([.text("x")])])
  }

  @Test func healthyPartsOfBrokenFilesCount() throws {
    let facts = try read("class A\n  def x\n    Order.find(1)\n  end\n  def y(((\n  end\nend\n")
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    #expect(facts.functions.contains { $0.name.hasSuffix("x") && !$0.events.isEmpty })
  }

  @Test func deepAndLongTextIsRead() throws {
    let deep = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
    _ = try read("def a\n\(deep)\nend\n")
    _ = try read("def a\n" + String(repeating: "[", count: 5000))
    _ = try read(String(repeating: "a { ", count: 3000) + String(repeating: "}", count: 3000))
    _ = try read(String(repeating: "if a\n", count: 3000))
    _ = try read("\u{0}\u{1}class \u{FFFD} <<~X\n")
    _ = try read("")
    let sum = try result(of: (0..<10_000).map { "'\($0)'" }.joined(separator: " + "))
    #expect(sum == .text((0..<10_000).map(String.init).joined()))
    let chain = try result(of: "Order" + String(repeating: ".where(1)", count: 3000))
    #expect(chain != nil)
  }
}
