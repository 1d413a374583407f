import Basics

/// Answers `explain` from a report.
package struct Explainer {
  /// What a name led to.
  package enum Answer: Sendable {
    /// Everything of that name.
    case found(Explanations)
    /// Nothing; names that look like it, the nearest first.
    case unknown(near: [String])
  }

  private let report: Report
  private let tableOfName: [String: Int]
  private let serviceOfTable: [String: String]

  /// Pieces of evidence shown for each service.
  private static let evidenceLimit = 5
  /// Services shown.
  private static let pullLimit = 6
  /// Things of one name shown, functions of the same name in many files.
  private static let answerLimit = 8

  /// Prepares answers from `report`.
  package init(_ report: Report) {
    self.report = report
    tableOfName = Dictionary(
      report.tables.enumerated().map { ($1.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    serviceOfTable = Dictionary(
      report.owners.map { ($0.table.lowercased(), $0.service) }, uniquingKeysWith: { first, _ in first })
  }

  /// Looks for a table, then for units of that name, then for units whose last name part or file name it is; without
  /// case. Linear in the report.
  package func answer(_ name: String) -> Answer {
    let wanted = name.lowercased()
    let services = report.services.filter { $0.name.lowercased() == wanted }.map {
      ServiceExplainer(report, serviceOf: service(of:), nameOf: self.name(of:)).explanation(of: $0)
    }
    if let table = table(named: wanted) {
      return .found(Explanations([explain(table: table)] + services, total: 1 + services.count))
    }
    if !services.isEmpty { return .found(Explanations(services)) }
    let code = report.code
    var exact: [Int] = []
    var partial: [Int] = []
    for (unit, candidate) in code.names.enumerated() {
      let spelled = candidate.lowercased()
      if spelled == wanted {
        exact.append(unit)
      } else if lastPart(of: spelled) == wanted {
        partial.append(unit)
      }
    }
    let units = exact.isEmpty ? partial : exact
    if !units.isEmpty {
      return .found(Explanations(units.prefix(Explainer.answerLimit).map(explain(unit:)), total: units.count))
    }
    return .unknown(
      near: NearNames.of(name, among: report.tables.map(\.name) + report.services.map(\.name) + code.names))
  }

  /// A table by its name, or by the last part of a schema-qualified one.
  private func table(named wanted: String) -> Int? {
    tableOfName[wanted] ?? report.tables.firstIndex { lastPart(of: $0.name.lowercased()) == wanted }
  }

  private func lastPart(of name: String) -> String {
    let utf8 = name.utf8
    guard let end = utf8.lastIndex(where: { [UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/")].contains($0) })
    else { return name }
    return String(name[utf8.index(after: end)...])
  }

  private func explain(table index: Int) -> Explanation {
    let table = report.tables[index]
    var answer = Explanation()
    answer.kind = "table"
    answer.name = table.name
    answer.place = table.source
    if let owner = report.owners.first(where: { $0.table.lowercased() == table.name.lowercased() }) {
      answer.service = owner.service
      answer.reason = owner.reason
      answer.writers = owner.writers
      answer.readers = owner.readers
      answer.columns = owner.columns
      answer.hiddenWriters = owner.hiddenWriters
      answer.resolution = owner.resolution.isEmpty ? [] : [owner.resolution] + owner.resolutionLines
      answer.flip = owner.flip.text.isEmpty ? "" : "what would flip it: \(owner.flip.text)"
    }
    answer.pulls = pulls(on: report.code.count + index)
    answer.constraints = constraints { $0.tables.contains { $0.lowercased() == table.name.lowercased() } }
    answer.whyNot = whyNot(answer)
    return answer
  }

  private func explain(unit: Int) -> Explanation {
    let code = report.code
    let home = code.homes[unit]
    var answer = Explanation()
    answer.kind = code.kind(of: unit)
    answer.name = code.names[unit]
    answer.place = code.place(of: unit)
    answer.service = serviceName(ofUnit: unit)
    let isShared = code.services[unit] == ReportCode.sharedService
    if home != unit { answer.reason = "placed with \(code.kind(of: home)) \(code.names[home])" }
    answer.pulls = pulls(on: home)
    answer.constraints = constraints { $0.units.contains(code.names[home]) }
    answer.whyNot = isShared ? [] : whyNot(answer)
    answer.writers = tables(of: unit) { $0 != "read" }
    answer.readers = tables(of: unit) { $0 == "read" }
    if isShared, home == unit { answer.reason = sharedReason(answer) }
    return answer
  }

  /// What to do with code that is in no service, and why it is not.
  private func sharedReason(_ answer: Explanation) -> String {
    let users = answer.pulls.count { ![Report.sharedName, ""].contains($0.service) }
    if !answer.writers.isEmpty {
      return "in no service and yet it writes: let the owners of the tables do that, or make it a service of its own"
    }
    switch users {
    case 0: return "in no service: nothing in any service is tied to it; a tool, a test, or configuration"
    case 1...Explainer.mostCopies:
      return "in no service: tied to \(counted(users, "service")); a copy for each is the least coupling"
    default: return "in no service: tied to \(counted(users, "service")); keep it as a library that all share"
    }
  }

  /// Up to this many users a copy for each couples less than a library does (ours).
  private static let mostCopies = 2

  /// Tables a unit or the units at home in it touch.
  private func tables(of unit: Int, where matches: (String) -> Bool) -> [ReportUse] {
    let own = report.accesses.filter {
      $0.unit >= 0 && ($0.unit == unit || report.code.homes[$0.unit] == unit) && matches($0.op)
    }
    return Dictionary(grouping: own, by: \.table).sorted { $0.key < $1.key }.map { table, accesses in
      ReportUse(
        service: table, columns: Array(Set(accesses.flatMap(\.columns))).sorted(), count: accesses.count,
        places: accesses.map(\.place).sorted())
    }
  }

  private func serviceName(ofUnit unit: Int) -> String {
    let service = report.code.services[unit]
    return service == ReportCode.sharedService
      ? Report.sharedName : service >= 0 ? report.services[service].name : ""
  }

  /// Services that are told why the subject is not theirs.
  private static let rivals = 2

  /// For the services that pull it next: how much, how much less than its own, and by what most.
  private func whyNot(_ answer: Explanation) -> [String] {
    guard !answer.service.isEmpty else { return [] }
    let own = answer.pulls.first { $0.service == answer.service }?.weight ?? 0
    let rivals = answer.pulls.filter { ![answer.service, Report.sharedName, ""].contains($0.service) }
    guard !rivals.isEmpty else { return ["why not elsewhere: no other service is tied to it"] }
    return rivals.prefix(Explainer.rivals).map { rival in
      let difference = own - rival.weight
      let weight = "\(rival.weight.rounded(to: 1)) (\((rival.share * 100).rounded(to: 0))%)"
      let start = "why not \(rival.service): its ties weigh \(weight), "
      let comparison =
        difference > 0
        ? "\(difference.rounded(to: 1)) less than those of \(answer.service)"
        : "\((-difference).rounded(to: 1)) more than those of \(answer.service), "
          + "but the cut as a whole is better this way"
      return start + comparison + (rival.evidence.first.map { "; most by \($0)" } ?? "")
    }
  }

  /// What people decided about a subject, and what it costs.
  private func constraints(about matches: (ReportConstraint) -> Bool) -> [String] {
    report.constraints.filter(matches).map(\.line)
  }
}

// The pull of every service on a node, from the weighted evidence of the report.
extension Explainer {
  private struct Tally {
    var weight = 0.0
    var evidence: [(weight: Double, text: String)] = []
  }

  private func pulls(on node: Int) -> [Explanation.Pull] {
    let tallies = groupTallies(on: node, added: edgeTallies(on: node))
    let total = sum(tallies)
    guard total > 0 else { return [] }
    let ranked = tallies.sorted { ($1.value.weight, $0.key) < ($0.value.weight, $1.key) }
    return ranked.prefix(Explainer.pullLimit).map { service, tally in
      var pull = Explanation.Pull()
      pull.service = service
      pull.weight = tally.weight
      pull.share = tally.weight / total
      pull.evidence = tally.evidence.sorted { ($1.weight, $0.text) < ($0.weight, $1.text) }
        .prefix(Explainer.evidenceLimit).map(\.text)
      return pull
    }
  }

  private func edgeTallies(on node: Int) -> [String: Tally] {
    let evidence = report.evidence
    var tallies: [String: Tally] = [:]
    for index in 0..<evidence.count where evidence.froms[index] == node || evidence.tos[index] == node {
      let isOut = evidence.froms[index] == node
      let other = isOut ? evidence.tos[index] : evidence.froms[index]
      let kind = evidence.kindNames[evidence.kinds[index]]
      var text = "\(kind) \(isOut ? "to" : "from") \(name(of: other)), weight \(evidence.weights[index].rounded(to: 1))"
      if evidence.files[index] >= 0 {
        let place = ReportPlace(file: report.code.files[evidence.files[index]], line: evidence.lines[index])
        text += ", \(place.text)"
      }
      tallies[service(of: other), default: Tally()].weight += evidence.weights[index]
      tallies[service(of: other), default: Tally()].evidence.append((evidence.weights[index], text))
    }
    return tallies
  }

  /// A group pulls a member toward the services of the other members, in proportion to their number.
  private func groupTallies(on node: Int, added tallies: [String: Tally]) -> [String: Tally] {
    var tallies = tallies
    // A node with few edges still follows its groups.
    let strength = max(sum(tallies), 1)
    for group in report.evidence.groups {
      guard let position = group.members.firstIndex(of: node), group.members.count > 1 else { continue }
      var members: [String: Int] = [:]
      for member in group.members where member != node { members[service(of: member), default: 0] += 1 }
      for (service, count) in members.sorted(by: { $0.key < $1.key }) {
        let weight = group.pulls[position] * strength * Double(count) / Double(group.members.count - 1)
        let text =
          "\(group.kind) \(group.name): \(count) of \(counted(group.members.count - 1, "other member")), "
          + "weight \(weight.rounded(to: 1))"
        tallies[service, default: Tally()].weight += weight
        tallies[service, default: Tally()].evidence.append((weight, text))
      }
    }
    return tallies
  }

  /// In a fixed order: sums of fractions depend on it.
  private func sum(_ tallies: [String: Tally]) -> Double { tallies.values.map(\.weight).sorted().reduce(0, +) }

  private func name(of node: Int) -> String {
    node < report.code.count ? report.code.names[node] : report.tables[node - report.code.count].name
  }

  private func service(of node: Int) -> String {
    if node < report.code.count {
      return serviceName(ofUnit: node)
    }
    return serviceOfTable[report.tables[node - report.code.count].name.lowercased()] ?? ""
  }
}
