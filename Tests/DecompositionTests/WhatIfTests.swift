import Basics
import Decomposition
import Facts
import Graph
import Testing

@Suite struct WhatIfTests {
  private func tried(_ changes: [WhatIfChange], new: Set<String> = [], _ steering: Steering = Steering()) throws
    -> WhatIf
  {
    let system = PlantedSystems.flat().system
    return try WhatIf.tried(
      changes, newServices: new, steering: steering, system: system, graph: DependencyGraph(system: system))
  }

  private func owner(_ table: String, _ proposal: Proposal) -> String {
    proposal.owners.first { $0.table == TableName(table) }?.service ?? ""
  }

  @Test func movesMergesSplitsAndRenamesLeadOnFromEachOther() throws {
    let free = try tried([]).before
    let guild = owner("guilds", free)
    let house = owner("houses", free)
    let result = try tried([
      .move(Selector(.table, "guild_items"), to: house), .merge([house, owner("spells", free)]), .split(guild, into: 2),
      .rename(house, to: "estates"),
    ])
    #expect(owner("guild_items", result.after) == "estates")
    #expect(owner("spells", result.after) == "estates" && owner("spell_items", result.after) == "estates")
    #expect(owner("guilds", result.after) != owner("guild_history", result.after))
    #expect(result.after.services.count == free.services.count)
    #expect(!result.after.diagnostics.contains { $0.severity != .note })
  }

  /// What is saved leads to the same proposal tomorrow.
  @Test func entriesAloneLeadToTheSameProposal() throws {
    let system = PlantedSystems.flat().system
    let free = try tried([]).before
    let result = try tried(
      [.split(owner("guilds", free), into: 3), .move(Selector(.table, "houses"), to: "new-one")], new: ["new-one"])
    let again = Decomposer.propose(
      system: system, graph: DependencyGraph(system: system), steering: Steering(entries: result.entries))
    #expect(again.owners == result.after.owners)
    #expect(again.services == result.after.services)
  }

  @Test func unknownNamesAreRefusedWithNearOnes() throws {
    #expect(throws: WhatIfError.self) { try tried([.move(Selector(.table, "guild"), to: "nowhere")]) }
    let free = try tried([]).before
    let house = owner("houses", free)
    #expect(throws: WhatIfError.unknown(what: "service", name: house + "x", near: [house])) {
      try tried([.move(Selector(.table, "guilds"), to: house + "x")])
    }
    #expect(throws: WhatIfError.self) { try tried([.split(house, into: 1000)]) }
  }

  @Test func changeAgainstADecisionIsRefused() throws {
    let free = try tried([]).before
    let steering = Steering(entries: [
      SteeringEntry(
        rule: .pin(to: owner("guilds", free)), selectors: [Selector(.table, "guilds")],
        span: SourceSpan(file: RepoPath("cleave.yml"), line: 7))
    ])
    do {
      _ = try tried([.move(Selector(.table, "guilds"), to: owner("houses", free))], steering)
      Issue.record("the change was made")
    } catch WhatIfError.impossible(let reason, _) {
      #expect(reason.contains("cleave.yml:7"))
    }
  }

  @Test func differenceNamesWhatAppearsAndVanishes() throws {
    let system = PlantedSystems.flat().system
    let free = try tried([]).before
    let result = try tried([.move(Selector(.table, "guild_items"), to: owner("houses", free))])
    let difference = ProposalDifference(system: system, before: result.before, after: result.after)
    #expect(difference.tables.map(\.name) == ["guild_items"])
    #expect(difference.newSeams.contains { $0.kind == .write && $0.table == TableName("guild_items") })
    #expect(difference.goneSeams == [])
    #expect(difference.figures.first { $0.name == "cross_write" }.map { $0.after - $0.before } == 1)
    let named = try tried([.rename(owner("houses", free), to: "estates")])
    let renaming = ProposalDifference(system: system, before: named.before, after: named.after)
    #expect(renaming.renamed.map(\.to) == ["estates"] && renaming.tables == [] && renaming.units == [])
    let nothing = ProposalDifference(system: system, before: free, after: free)
    #expect(nothing.newSeams == [] && nothing.units == [] && nothing.figures.allSatisfy { $0.before == $0.after })
  }
}

@Suite struct SteeringEditorTests {
  private func pin(_ tables: [String], to service: String, because: String = "") -> SteeringEntry {
    SteeringEntry(
      rule: .pin(to: service), selectors: tables.map { Selector(.table, $0) }, because: because,
      span: SourceSpan(file: RepoPath("--move"), line: 0))
  }

  @Test func emptyFileGetsASection() throws {
    #expect(
      try SteeringEditor.adding([pin(["orders"], to: "billing")], to: "")
        == "pin:\n  - table: orders\n    to: billing\n")
  }

  @Test func commentsAndOrderStay() throws {
    let text = """
      # ours
      pin:
      - table: a   # first
        to: x

      # about names
      names:
        b: y  # why
      services: 4
      """
    let name = SteeringEntry(
      rule: .name("z"), selectors: [Selector(.table, "c")], span: SourceSpan(file: RepoPath("--rename"), line: 0))
    let edited = try SteeringEditor.adding([pin(["d", "e f"], to: "w", because: "it: \"is\" so"), name], to: text)
    #expect(
      edited == """
        # ours
        pin:
        - table: a   # first
          to: x
        - tables: [d, e f]
          to: w
          because: "it: \\"is\\" so"

        # about names
        names:
          b: y  # why
          c: z
        services: 4
        """)
  }

  @Test func otherwiseWrittenSectionsAreLeftAlone() {
    #expect(throws: SteeringEditor.EditError.self) {
      try SteeringEditor.adding([pin(["a"], to: "x")], to: "pin: [{table: b, to: y}]\n")
    }
  }
}
