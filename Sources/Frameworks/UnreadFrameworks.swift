import Facts

/// Libraries that keep data in ways cleave does not follow: their users are counted, so that nobody takes silence for
/// absence.
enum UnreadFrameworks {
  /// What the library is called, and what paths of imports begin with where it is used.
  private static let libraries: [(name: String, imports: [String])] = [
    ("Apache Cassandra drivers", ["com.datastax", "cassandra", "github.com/gocql"]),
    ("Apache Cayenne", ["org.apache.cayenne"]),
    ("Apache OFBiz entity engine", ["org.apache.ofbiz.entity", "org.ofbiz.entity"]),
    ("Beego ORM", ["github.com/beego/beego/v2/client/orm", "github.com/astaxie/beego/orm"]),
    ("Bun", ["github.com/uptrace/bun"]),
    ("CakePHP ORM", ["Cake\\ORM", "Cake\\Database"]),
    ("Ebean", ["io.ebean", "com.avaje.ebean"]),
    ("Elasticsearch clients", ["org.elasticsearch", "elasticsearch", "@elastic/elasticsearch", "Nest"]),
    ("Entgo", ["entgo.io/ent"]),
    ("go-pg", ["github.com/go-pg/pg"]),
    ("JDO", ["javax.jdo"]),
    ("Ktorm", ["org.ktorm"]),
    ("LINQ to DB", ["LinqToDB"]),
    (
      "MongoDB drivers",
      [
        "com.mongodb", "org.springframework.data.mongodb", "mongoose", "mongodb", "pymongo", "mongoengine", "MongoDB",
        "go.mongodb.org", "mongoid",
      ]
    ),
    ("Neo4j drivers", ["org.neo4j", "neo4j", "neomodel"]),
    ("Phalcon models", ["Phalcon\\Mvc\\Model"]),
    ("Pony ORM", ["pony.orm"]),
    ("Propel", ["Propel"]),
    ("Redis clients", ["redis", "ioredis", "redis.clients", "org.springframework.data.redis", "StackExchange.Redis"]),
    ("Seata", ["io.seata", "org.apache.seata"]),
    ("Slick", ["slick"]),
    ("SQLBoiler", ["github.com/volatiletech/sqlboiler"]),
    ("SQLDelight", ["app.cash.sqldelight", "com.squareup.sqldelight"]),
    ("Tortoise ORM", ["tortoise"]),
    ("TX-LCN", ["com.codingapi.txlcn", "com.codingapi.tx"]),
    ("Waterline", ["waterline"]),
    ("Yii ActiveRecord", ["yii\\db"]),
  ]

  /// How many files use each library, sorted by name.
  static func counts(in files: [FileFacts]) -> [UnreadSource] {
    var counts: [String: Int] = [:]
    for facts in files {
      var seen: Set<String> = []
      for fact in facts.imports {
        for library in libraries where library.imports.contains(where: { Self.begins(fact.path, with: $0) }) {
          seen.insert(library.name)
        }
      }
      for name in seen { counts[name, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }.map { UnreadSource(kind: .framework, name: $0.key, files: $0.value) }
  }

  /// Whether a path is `prefix` or goes on behind it.
  private static func begins(_ path: String, with prefix: String) -> Bool {
    guard path.hasPrefix(prefix) else { return false }
    guard let next = path.utf8.dropFirst(prefix.utf8.count).first else { return true }
    return next == UInt8(ascii: ".") || next == UInt8(ascii: "/") || next == UInt8(ascii: "\\")
  }
}
