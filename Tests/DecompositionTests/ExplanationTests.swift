import Basics
import Decomposition
import Facts
import Graph
import Testing

@Suite struct ExplanationTests {
  private func explain(_ name: String, in builder: SystemBuilder, lineLimit: Int = 5) -> Explanation? {
    let system = builder.system
    let graph = DependencyGraph(system: system)
    let proposal = Decomposer.propose(system: system, graph: graph)
    guard let subject = Decomposer.subjects(named: name, in: system).first else { return nil }
    return Decomposer.explain(subject, system: system, graph: graph, proposal: proposal, lineLimit: lineLimit)
  }

  @Test func tableNamesItsWriterFirst() {
    var two = TwoServices()
    two.builder.access(two.stock, .read, "orders")
    let explanation = explain("ORDERS", in: two.builder)
    #expect(explanation?.service == "order")
    #expect(explanation?.services.map(\.service) == ["order", "stock"])
    #expect(explanation?.services.first?.lines.first?.kind == .write)
    #expect(explanation?.services.first?.lines.first?.other == "Order")
    #expect(explanation?.services.first?.lines.first?.isOutgoing == false)
    #expect(explanation?.services.first?.lines.first?.span != nil)
    #expect(abs((explanation?.services.map(\.share).reduce(0, +) ?? 0) - 1) < 1e-9)
  }

  @Test(arguments: ["Order", "Order::run", "src/order/order.cpp"]) func unitsAreFoundByName(name: String) {
    let explanation = explain(name, in: TwoServices().builder)
    #expect(explanation?.service == "order")
    #expect(explanation?.services.first?.service == "order")
  }

  @Test func linesAreLimited() {
    let explanation = explain("Order", in: TwoServices().builder, lineLimit: 2)
    #expect(explanation?.services.first?.lines.count == 2)
  }

  @Test func unknownNameIsNoSubject() { #expect(explain("nothing", in: TwoServices().builder) == nil) }
}
