import Basics
import Facts
import Graph
import Testing

@Suite struct DependencyGraphTests {
  private func unit(_ kind: CodeUnit.Kind, _ name: String, _ file: String, owner: String = "", line: Int = 1)
    -> CodeUnit
  {
    CodeUnit(kind: kind, name: name, span: SourceSpan(file: RepoPath(file), line: line), owner: owner)
  }

  private func reference(_ from: Int, _ to: Int, _ kind: Reference.Kind = .call, count: Int = 1) -> Reference {
    Reference(from: from, to: to, kind: kind, span: SourceSpan(file: RepoPath("x"), line: from), count: count)
  }

  private func table(_ name: String, _ file: String = "schema.sql") -> Table {
    Table(name: TableName(name), source: SourceSpan(file: RepoPath(file), line: 1))
  }

  private func weight(_ graph: DependencyGraph, _ from: String, _ to: String) -> Double {
    graph.edges.first { graph.nodes[$0.from].name == from && graph.nodes[$0.to].name == to }?.weight ?? 0
  }

  @Test func unitsMapToTheirNodes() {
    var system = SystemFacts()
    system.units = [
      unit(.function, "A::run", "a.cpp", owner: "A"), unit(.type, "A", "a.h"), unit(.type, "Plain", "a.h"),
      unit(.function, "free", "a.cpp"), unit(.file, "a.cpp", "a.cpp"), unit(.storedProgram, "p", "schema.sql"),
      unit(.function, "B::run", "b.cpp", owner: "B"),
    ]
    let graph = DependencyGraph(system: system)
    let names = system.units.indices.map { graph.node(ofUnit: $0).map { graph.nodes[$0].name } }
    #expect(names == ["A", "A", "a.h", "a.cpp", "a.cpp", nil, "b.cpp"])
    #expect(graph.node(ofUnit: -1) == nil && graph.node(ofUnit: 99) == nil)
    #expect(graph.nodes.map(\.name) == ["A", "a.cpp", "a.h", "b.cpp"])
  }

  @Test func methodOfAnAmbiguousTypeGoesToTheNearest() {
    var system = SystemFacts()
    system.units = [
      unit(.type, "Item", "far/item.h"), unit(.type, "Item", "near/item.h"),
      unit(.function, "Item::a", "near/item.cpp", owner: "Item"),
      unit(.function, "Item::b", "far/item.h", owner: "Item"),
    ]
    let graph = DependencyGraph(system: system)
    #expect(graph.node(ofUnit: 2) == graph.node(ofUnit: 1))
    #expect(graph.node(ofUnit: 3) == graph.node(ofUnit: 0))
    #expect(graph.node(ofUnit: 0) != graph.node(ofUnit: 1))
  }

  @Test func countsEnterByLogarithm() {
    var system = SystemFacts()
    system.units = [unit(.function, "a", "a/a.c"), unit(.function, "b", "b/b.c"), unit(.function, "c", "c/c.c")]
    system.references = [reference(0, 1, count: 1), reference(1, 2, count: 7)]
    let graph = DependencyGraph(system: system)
    #expect(abs(weight(graph, "a/a.c", "b/b.c") - 1) < 1e-9)
    #expect(abs(weight(graph, "b/b.c", "c/c.c") - 3) < 1e-9)
  }

  @Test func popularCalleesPullLess() {
    var system = SystemFacts()
    system.units = (0..<5).map { unit(.function, "f\($0)", "d\($0)/f.c") }
    system.references = (1..<5).map { reference($0, 0) } + [reference(1, 2)]
    let graph = DependencyGraph(system: system)
    let popular = weight(graph, "d1/f.c", "d0/f.c")
    #expect(abs(popular - 0.3219280948873623) < 1e-9, "log2(1 + 1/4)")
    #expect(weight(graph, "d1/f.c", "d2/f.c") == 1)
  }

  @Test func writesPullMoreThanReadsThanKeys() {
    var system = SystemFacts()
    system.units = [unit(.function, "a", "a.c")]
    system.catalog = Catalog(tables: ["t", "u", "v"].map { table($0) })
    system.catalog.tables[2].foreignKeys = [
      ForeignKey(
        name: nil, columns: ["x"], target: TableName("t"), targetColumns: ["id"], onDelete: .noAction,
        span: SourceSpan(file: RepoPath("schema.sql"), line: 9))
    ]
    func access(_ name: String, _ operation: AccessOperation) -> Access {
      Access(
        unit: 0, table: TableName(name), isDeclared: true, operation: operation,
        span: SourceSpan(file: RepoPath("a.c"), line: 3), confidence: .exact, via: "literal", columns: [],
        inLoop: false, statement: 0)
    }
    system.accesses = [access("T", .write), access("u", .read), access("unknown", .write)]
    let graph = DependencyGraph(system: system)
    #expect(weight(graph, "a.c", "t") > weight(graph, "a.c", "u"))
    #expect(weight(graph, "a.c", "u") > weight(graph, "v", "t"))
    #expect(weight(graph, "v", "t") > 0)
    #expect(graph.edges.count == 4, "and both tables are used together")
    #expect(graph.edges.first?.evidence.first?.spans == [SourceSpan(file: RepoPath("a.c"), line: 3)])
  }

  /// Files `f0`, `f1`… in each folder; references inside folders and across by position.
  private func foldered(_ folders: [String], inside: Int, across: Int) -> SystemFacts {
    var system = SystemFacts()
    for folder in folders { for file in 0..<3 { system.units.append(unit(.function, "f", "\(folder)/f\(file).c")) } }
    for folder in folders.indices {
      let first = folder * 3
      if inside > 0 {
        system.references += [
          reference(first, first + 1, count: inside), reference(first + 1, first + 2, count: inside),
        ]
      }
      let next = ((folder + 1) % folders.count) * 3
      if across > 0 {
        for file in 0..<3 { system.references.append(reference(first + file, next + file, count: across)) }
      }
    }
    return system
  }

  @Test(arguments: [
    ["src/modules/acc", "src/modules/lcr", "src/modules/pdt", "src/core"],
    ["com/shop/order", "com/shop/stock", "com/shop/user", "com/shop/mail"],
  ])
  func foldersThatHoldReferencesArePackages(folders: [String]) {
    let graph = DependencyGraph(system: foldered(folders, inside: 8, across: 0))
    #expect(graph.groups.filter { $0.kind == .package }.map(\.name) == folders.sorted())
    #expect(graph.packageQuality > 0.5)
  }

  @Test func subfoldersOfOneModuleStayTogether() {
    var system = foldered(["m/a/x", "m/a/y", "m/b", "m/c"], inside: 4, across: 0)
    system.references += [reference(0, 3, count: 9), reference(1, 4, count: 9), reference(2, 5, count: 9)]
    let graph = DependencyGraph(system: system)
    #expect(graph.groups.filter { $0.kind == .package }.map(\.name) == ["m/a", "m/b", "m/c"])
  }

  @Test func layersAreNoPackages() {
    let graph = DependencyGraph(system: foldered(["app/web", "app/logic", "app/data"], inside: 0, across: 5))
    #expect(graph.groups.filter { $0.kind == .package }.isEmpty)
    #expect(graph.packageQuality == 0)
    #expect(graph.packageOfNode.allSatisfy { $0 == nil })
  }

  @Test func schemaFilesAndNamesTieTablesToPackages() {
    var system = foldered(["src/acc", "src/lcr", "src/dialog", "src/ims_dialog"], inside: 8, across: 0)
    system.catalog = Catalog(tables: [
      table("missed_calls", "db/acc-create.sql"), table("lcr_rules", "db/misc.sql"),
      table("dialog_in", "db/ims_dialog-create.sql"), table("zz", "src/lcr/schema.sql"),
    ])
    let graph = DependencyGraph(system: system)
    let packages = graph.groups.filter { $0.kind == .package }.map { group in
      "\(group.name): "
        + group.members.filter { graph.nodes[$0.node].kind == .table }
        .map { "\(graph.nodes[$0.node].name) \($0.kind.rawValue)" }.joined(separator: ", ")
    }
    #expect(
      packages == [
        "src/acc: missed_calls schema file", "src/dialog: ", "src/ims_dialog: dialog_in schema file",
        "src/lcr: lcr_rules name, zz schema file",
      ])
  }

  @Test func familiesShareAFirstWord() {
    var system = SystemFacts()
    system.units = [unit(.type, "IOGuild", "g.h"), unit(.function, "IOGuild::a", "g.cpp", owner: "IOGuild")]
    system.catalog = Catalog(tables: ["guilds", "guild_ranks", "houses"].map { table($0) })
    let families = DependencyGraph(system: system).groups.filter { $0.kind == .nameFamily }
    #expect(families.map(\.name) == ["guild"])
    #expect(families.first?.members.count == 3)
  }

  /// Floating point sums depend on their order, so the same facts in another order must not be added in that order.
  @Test(arguments: 1...5) func orderOfFactsDoesNotChangeTheLastDigit(rotation: Int) {
    var system = SystemFacts()
    system.units = [unit(.function, "a", "a/a.c"), unit(.function, "b", "b/b.c"), unit(.function, "c", "c/c.c")]
    system.catalog = Catalog(tables: [table("t")])
    system.accesses = (0..<40).map { number in
      Access(
        unit: number % 3, table: TableName("t"), isDeclared: true, operation: .write,
        span: SourceSpan(file: RepoPath("a/a.c"), line: number), confidence: Confidence.allCases[number * 5 / 7 % 3],
        via: "literal", columns: [], inLoop: false, statement: number)
    }
    var other = system
    other.accesses = Array(system.accesses[(rotation * 7)...] + system.accesses[..<(rotation * 7)])
    #expect(DependencyGraph(system: system) == DependencyGraph(system: other))
  }

  /// A folder that keeps the whole schema says nothing about whose tables they are.
  @Test func folderThatHoldsTheWholeSchemaOwnsNothing() {
    var system = foldered(["src/acc", "src/lcr", "tools"], inside: 8, across: 0)
    system.catalog = Catalog(tables: (0..<4).map { table("t\($0)", "tools/sql/\($0).sql") })
    let graph = DependencyGraph(system: system)
    let packages = graph.groups.filter { $0.kind == .package }
    #expect(packages.map(\.name) == ["src/acc", "src/lcr", "tools"])
    #expect(packages.allSatisfy { group in group.members.allSatisfy { graph.nodes[$0.node].kind != .table } })
  }
}
