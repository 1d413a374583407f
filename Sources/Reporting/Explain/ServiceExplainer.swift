/// Answers `explain` for a service: what holds it together, what it is nearest to, where data crosses.
struct ServiceExplainer {
  private let report: Report
  private let serviceOf: (Int) -> String
  private let nameOf: (Int) -> String

  private static let evidenceLimit = 5
  private static let neighbours = 3
  private static let kinds = 4
  private static let seamLimit = 12

  /// `serviceOf` and `nameOf` tell the service and the name of a node of the evidence.
  init(_ report: Report, serviceOf: @escaping (Int) -> String, nameOf: @escaping (Int) -> String) {
    self.report = report
    self.serviceOf = serviceOf
    self.nameOf = nameOf
  }

  func explanation(of service: ReportService) -> Explanation {
    var answer = Explanation()
    answer.kind = "service"
    answer.name = service.name
    answer.service = service.name
    let ties = ties(of: service.name)
    let total = ties.values.map(\.weight).sorted().reduce(0, +)
    let others = ties.filter { ![service.name, "", Report.sharedName].contains($0.key) }
      .sorted { ($1.value.weight, $0.key) < ($0.value.weight, $1.key) }
    answer.reason = reason(service, ties[service.name])
    if let own = ties[service.name] { answer.pulls = [pull(service.name, own, total)] }
    answer.pulls += others.prefix(Self.neighbours).map { pull($0.key, $0.value, total) }
    if let nearest = others.first {
      let share = (total > 0 ? nearest.value.weight / total * 100 : 0).rounded(to: 0)
      let between = report.seams.count {
        [$0.from, $0.to] == [service.name, nearest.key] || [$0.to, $0.from] == [service.name, nearest.key]
      }
      answer.flip =
        "nearest neighbour: \(nearest.key) with \(share)% of its ties; merging the two would heal "
        + counted(between, "seam")
    }
    answer.seams = seams(service.name)
    answer.constraints = report.constraints.filter { constraint in
      !Set(constraint.tables).isDisjoint(with: service.tables) || !Set(constraint.units).isDisjoint(with: service.units)
    }.map(\.line)
    return answer
  }

  private struct Tie {
    var weight = 0.0
    var kinds: [String: Double] = [:]
    var evidence: [(weight: Double, text: String)] = []
  }

  /// Weighted evidence with one end in the service, by the service of the other.
  private func ties(of service: String) -> [String: Tie] {
    let evidence = report.evidence
    var ties: [String: Tie] = [:]
    for index in 0..<evidence.count {
      let from = serviceOf(evidence.froms[index])
      let to = serviceOf(evidence.tos[index])
      guard from == service || to == service else { continue }
      let kind = evidence.kindNames[evidence.kinds[index]]
      var text =
        "\(kind) from \(nameOf(evidence.froms[index])) to \(nameOf(evidence.tos[index])), weight "
        + evidence.weights[index].rounded(to: 1)
      if evidence.files[index] >= 0 {
        text += ", \(ReportPlace(file: report.code.files[evidence.files[index]], line: evidence.lines[index]).text)"
      }
      var tie = ties[from == service ? to : from] ?? Tie()
      tie.weight += evidence.weights[index]
      tie.kinds[kind, default: 0] += evidence.weights[index]
      tie.evidence.append((evidence.weights[index], text))
      ties[from == service ? to : from] = tie
    }
    return ties
  }

  private func pull(_ name: String, _ tie: Tie, _ total: Double) -> Explanation.Pull {
    var pull = Explanation.Pull()
    pull.service = name
    pull.weight = tie.weight
    pull.share = total > 0 ? tie.weight / total : 0
    pull.evidence = tie.evidence.sorted { ($1.weight, $0.text) < ($0.weight, $1.text) }.prefix(Self.evidenceLimit)
      .map(\.text)
    return pull
  }

  private func reason(_ service: ReportService, _ own: Tie?) -> String {
    let kinds = (own?.kinds ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.kinds)
      .map { "\($0.key) \($0.value.rounded(to: 1))" }
    let tables = service.tables.isEmpty ? "" : ": \(service.tables.joined(separator: ", "))"
    return "\(counted(service.tables.count, "table"))\(tables); \(counted(service.units.count, "unit")); "
      + "\((service.cohesion * 100).rounded(to: 0))% of its ties stay inside"
      + (kinds.isEmpty ? "" : ", most by \(kinds.joined(separator: ", "))")
  }

  /// Seams of one kind, direction, neighbour and table together, the most frequent first.
  private func seams(_ service: String) -> [String] {
    let own = report.seams.filter { $0.from == service || $0.to == service }
    let groups = Dictionary(grouping: own) { seam in
      "\(seam.from) \(GraphPicture.verb(seam.kind)) \(seam.table) of \(seam.to)"
    }
    let ranked = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let rows = ranked.prefix(Self.seamLimit).map { text, seams in
      "\(text) (\(seams.count)), first at \(seams.map(\.place).min()?.text ?? "")"
    }
    return rows + (ranked.count > Self.seamLimit ? ["+\(ranked.count - Self.seamLimit) more"] : [])
  }
}
