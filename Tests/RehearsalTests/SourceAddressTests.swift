import Rehearsal
import Testing

/// Addresses of live databases: what is taken, what is refused, and that nothing secret is shown.
struct SourceAddressTests {
  private func read(_ text: String, _ environment: [String: String] = [:]) throws -> SourceAddress {
    try SourceAddress(text, environment: environment)
  }

  @Test(arguments: [
    ("postgres://ann@db.example:6543/shop?sslmode=verify-full", "postgres://db.example:6543/shop", "ann"),
    ("postgresql://db.example/shop", "postgres://db.example/shop", ""),
    ("postgres://ann@[2001:db8::1]:5432/shop", "postgres://[2001:db8::1]:5432/shop", "ann"),
    ("postgres:///shop?host=/run/postgresql&user=ann", "postgres:///run/postgresql/shop", "ann"),
    ("postgres://ann@%2Frun%2Fpostgresql/shop", "postgres:///run/postgresql/shop", "ann"),
    ("mysql://ann@db.example:3306/shop", "mysql://db.example:3306/shop", "ann"),
    ("mariadb://a%40b@localhost/sh%20op%27", "mysql://localhost/sh op'", "a@b"),
    ("mysql://ann@/shop?socket=/run/mysqld/mysqld.sock", "mysql:///run/mysqld/mysqld.sock/shop", "ann"),
    ("postgres://ann@db.example/-shop", "postgres://db.example/-shop", "ann"),
  ])
  func addressesAreRead(_ text: String, _ shown: String, _ user: String) throws {
    let address = try read(text)
    #expect(address.text == shown && address.user == user && !address.isPasswordExposed && address.warning == nil)
  }

  @Test(arguments: [
    "http://db.example/shop", "db.example/shop", "postgres://db.example", "postgres://db.example/", "postgres:///shop",
    "postgres://-h/shop", "postgres://--host=x/shop", "postgres://a,b/shop", "postgres://db example/shop",
    "postgres://db.example;ls/shop", "postgres://db.example:0/shop", "postgres://db.example:99999/shop",
    "postgres://db.example:54a/shop", "postgres://db.example:+54/shop", "postgres://db.example/shop?options=-c%20x",
    "postgres://db.example/shop?sslmode=maybe", "postgres://db.example/shop?passfile=/etc/shadow",
    "postgres://db.example/shop?service=x", "postgres://db.example/shop?dbname=postgres",
    "postgres://db.example/shop?password=x", "postgres://db.example/shop?user=a&user=b",
    "postgres://db.example/shop?host=/tmp", "postgres:///shop?host=-x", "postgres:///shop?host=@abstract",
    "postgres://db.example/sh%00op", "postgres://db.example/sh%0Aop", "postgres://db.example/sh%zzop",
    "postgres://db.example/sh%C3op", "mysql://db.example/shop?socket=/run/x", "mysql:///shop?socket=x",
    "mysql://db.example/shop?init-command=x", "mysql://db.example/shop?host=/run", "env:NOT_THERE", "env:", "",
    "postgres://db.example/a/b", "postgres://[::1/shop", "postgres://[::1]x/shop",
  ])
  func hostileOnesAreRefused(_ text: String) {
    #expect(throws: SourceAddressError.self) { try read(text) }
  }

  /// Passwords with signs that were not encoded end up in other parts of a URL: they must not be shown from there.
  @Test(arguments: [
    "postgres://ann:se/cret@db.example/shop", "postgres://ann:se?cret@db.example/shop",
    "postgres://ann:se#cret@db.example/shop", "postgres://ann:se@cret@db.example/shop",
    "postgres://ann:se:cret@db.example/shop", "postgres://ann:secret/shop", "postgres://ann:secret",
    "postgres://ann:secret@db.example/shop?x=secret", "postgres://ann:%zsecret@db.example/shop",
    "mysql://ann:secret@db example/shop", "postgres://db.example/shop?SECRETsecret=1",
  ])
  func errorsShowNoPassword(_ text: String) {
    do {
      _ = try read(text)
      Issue.record("\(text) was taken")
    } catch {
      #expect(!"\(error)".contains("cret") && !"\(error)".contains("ann"), "\(error)")
    }
  }

  @Test func aPasswordIsTakenAndNeverShown() throws {
    let address = try read("postgres://ann:se%2Fcr%27et@db.example/shop")
    #expect(address.isPasswordExposed && address.warning?.contains("PGPASSWORD") == true)
    for text in ["\(address)", String(reflecting: address), address.text, address.warning ?? ""] {
      #expect(!text.contains("se/cr'et") && !text.contains("cr%27"), "\(text)")
    }
    var dumped = ""
    dump(address, to: &dumped)
    #expect(!dumped.contains("se/cr'et"))
  }

  @Test func aVariableHoldsTheAddress() throws {
    let address = try read("env:SHOP", ["SHOP": "mysql://ann:pa55word@db.example/shop"])
    #expect(address.text == "mysql://db.example/shop" && address.warning == nil)
    #expect(!"\(address)".contains("pa55word"))
    #expect(throws: SourceAddressError.self) { try read("env:SHOP", ["SHOP": "env:SHOP"]) }
  }
}
