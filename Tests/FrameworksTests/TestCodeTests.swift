import Facts
import Testing

/// Which code is taken for tests, by path and content.
@Suite struct TestCodeTests {
  private let shop = """
    //- /shop.sql
    CREATE TABLE orders (id INT PRIMARY KEY);
    //- /shop.py
    def load(db): db.execute("SELECT id FROM orders")

    """

  /// Files whose units are tests.
  private func tests(_ text: String) throws -> [String] {
    let units = try MarkedSystem(shop + text).linked(parsed: false).units
    return units.filter { $0.kind == .file && $0.isTest }.map(\.name)
  }

  @Test(arguments: [
    ("a_test.go", "package a\nfunc TestA() {}"),
    ("conftest.py", "import pytest"),
    ("shop/test_orders.py", "def test_orders(): pass"),
    ("shop/tests.py", "class OrderTest(TestCase):\n  def test_all(self): pass"),
    ("shop/orders_test.py", "class T:\n  def test_a(self): pass"),
    ("src/orders.spec.ts", "it('a', () => {})"), ("orders.test.tsx", "it('a', () => {})"),
    ("test/app.e2e-spec.ts", "it('a', () => {})"), ("cypress/orders.cy.js", "it('a', () => {})"),
    ("src/__tests__/data.js", "export const a = 1"), ("src/__mocks__/db.ts", "export const a = 1"),
    ("spec/models/order_spec.rb", "RSpec.describe Order do\nend"),
    ("test/order_test.rb", "class OrderTest < ActiveSupport::TestCase\nend"),
    ("spec/rails_helper.rb", "require 'rspec/rails'"),
    ("src/test/java/shop/Orders.java", "package shop; class Orders { }"),
    ("src/integrationTest/kotlin/Orders.kt", "class Orders"),
    ("tests/OrdersTest.java", "import org.junit.Test; class OrdersTest { @Test void a() { } }"),
    ("Shop.Tests/Orders.cs", "using Xunit; class Orders { [Fact] void A() { } }"),
    ("check/Orders.cs", "class Orders { [TestMethod] public void A() { } }"),
    ("tests/OrderTest.php", "<?php class OrderTest extends TestCase { }"),
    ("src/tests/orders.cpp", "int main() { return 0; }"), ("test-cpp/deep/a.c", "int main() { return 0; }"),
    ("orders_check.cpp", "#include <gtest/gtest.h>\nint main() { return 0; }"),
  ])
  func filesOfTests(path: String, text: String) throws {
    let found = try tests("//- /\(path)\n\(text)\n")
    #expect(found == [path])
  }

  @Test(arguments: [
    ("lab/tests/views.py", "def index(): pass"), ("lab/test_results.py", "def load(): pass"),
    ("src/main/java/lab/tests/Result.java", "package lab.tests; class Result { }"),
    ("src/main/java/shop/TestRig.java", "import org.junit.Test; class TestRig { }"),
    ("app/models/product_spec.rb", "class ProductSpec < ApplicationRecord\nend"),
    ("app/models/test/result.rb", "class Test::Result < ApplicationRecord\nend"),
    ("lib/blood_test.rb", "class BloodTest\nend"), ("src/test.ts", "export const a = 1"),
    ("src/latest/orders.go", "package latest"), ("src/contest/Contest.cs", "class Contest { }"),
    ("src/contests/a.c", "int main() { return 0; }"), ("Attestation/Orders.cs", "class Orders { }"),
    ("app/Tests/Result.php", "<?php class Result extends Model { }"),
  ])
  func otherFiles(path: String, text: String) throws {
    let found = try tests("//- /\(path)\n\(text)\n")
    #expect(found == [])
  }

  /// What lies beside tests in their folder belongs to them.
  @Test func supportOfTests() throws {
    let found = try tests(
      """
      //- /shop/tests/test_orders.py
      def test_orders(): pass
      //- /shop/tests/factories/orders.py
      def make(db): db.execute("INSERT INTO orders VALUES (1)")
      //- /lab/tests/results.py
      def make(db): db.execute("INSERT INTO orders VALUES (1)")
      //- /Shop.IntegrationTests/Seed.cs
      class Seed { }
      //- /Shop.IntegrationTests/OrderTests.cs
      using NUnit.Framework; class OrderTests { [Test] public void A() { } }

      """)
    #expect(
      found == [
        "Shop.IntegrationTests/OrderTests.cs", "Shop.IntegrationTests/Seed.cs", "shop/tests/factories/orders.py",
        "shop/tests/test_orders.py",
      ])
  }

  /// Where nothing but tests touches data they are what there is to look at; the accesses are listed either way.
  @Test func testsAlone() throws {
    let text = """
      //- /a.sql
      CREATE TABLE orders (id INT PRIMARY KEY);
      //- /test_orders.py
      def test_orders(db): db.execute("SELECT id FROM orders")
      //- /setup.py
      setup(name="shop")
      """
    let system = try MarkedSystem(text).linked(parsed: false)
    #expect(system.accesses.count == 1)
    #expect(!system.units.contains { $0.isTest })
  }
}
