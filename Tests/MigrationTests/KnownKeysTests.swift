import Foundation
import Migration
import Testing

/// Lists of known keys, the readers in front of them and what they refuse.
@Suite struct KnownKeysTests {
  @Test func listsAreReadable() {
    for list in PlanChecks.keyLists {
      #expect(!list.keys.isEmpty && !list.version.isEmpty && !list.source.isEmpty, "\(list.system)")
      for key in list.sorted {
        #expect(!key.name.contains(" "), "\(list.system): \(key.name)")
        // Not all defaults are spelled like the words: LogMiner, INSERT_INSERT.
        #expect(
          key.allowed.isEmpty || key.standard.isEmpty || key.type == .list
            || key.allowed.contains { $0.lowercased() == key.standard.lowercased() }, "\(list.system): \(key.name)")
      }
    }
  }

  private func connector(
    _ path: String = "S6-capture/crm-forward.json", _ change: (inout [String: String]) -> Void
  ) throws -> [String] {
    struct File: Codable {
      let name: String
      var config: [String: String]
    }
    let plan = try Shop.plan(.postgres)
    let file = plan.files().first { $0.path.hasSuffix(path) }!
    var parsed = try JSONDecoder().decode(File.self, from: Data(file.contents.utf8))
    change(&parsed.config)
    // Written anew in the order the reader asks for.
    let text = JSONText.connector(
      name: parsed.name, settings: parsed.config.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    return PlanChecks.check([PlanFile(path: file.path, contents: text)])[0].problems
  }

  @Test func aFileAsWrittenHasNoProblem() throws { #expect(try connector { _ in } == []) }

  /// Each change of a connector file is a mistake people make; each is named with its key.
  @Test(arguments: [
    ("table.includelist", "x", "not a key"), ("publication.autocreate.mode", "all_tables", "updates of tables"),
    ("publication.autocreate.mode", "some", "none of"), ("heartbeat.interval.ms", "soon", "not of type whole"),
    ("heartbeat.interval.ms", "0", "confirm its position"), ("slot.drop.on.stop", "true", "until the restart"),
    ("slot.drop.on.stop", "maybe", "not of type flag"), ("plugin.name", "decoderbufs", "plugin"),
    ("decimal.handling.mode", "double", "loses digits"), ("event.processing.failure.handling.mode", "skip", "skipped"),
    ("transforms.outbox.table.op.invalid.behavior", "explode", "none of"),
    ("transforms.outbox.table.op.invalid.behavior", "warn", "passed over"),
    ("transforms.outbox.table.expand.json.payload", "true", "empty arrays"),
    ("transforms.outbox.route.by.fields", "x", "not a key"), ("predicates.isOutbox.patterns", "x", "not a key"),
    ("connector.class", "io.debezium.connector.oracle.Connector", "no keys are known"),
    ("snapshot.mode", "never", "none of"), ("snapshot.mode", "initial_only", "other modes"),
    ("errors.tolerance", "all", "dropped"), ("table.exclude.list", "a.b", "nobody thought of"),
  ]) func mistakesAreNamed(_ key: String, _ value: String, _ words: String) throws {
    let isEvents = key.hasPrefix("transforms.") || key.hasPrefix("predicates.")
    let problems = try connector(isEvents ? "S4-outbox/crm-events.json" : "S6-capture/crm-forward.json") {
      $0[key] = value
    }
    #expect(problems.contains { $0.hasPrefix("\(key): ") && $0.contains(words) }, "\(problems)")
  }

  @Test(arguments: ["table.include.list", "slot.name", "topic.prefix", "database.hostname", "connector.class"])
  func missingKeysAreNamed(_ key: String) throws {
    let problems = try connector { $0[key] = nil }
    #expect(problems.contains { $0.hasPrefix("\(key): ") }, "\(problems)")
  }

  @Test func brokenFilesAreRefused() {
    func problems(_ text: String, _ path: String = "crm/S6-capture/crm-forward.json") -> [String] {
      PlanChecks.check([PlanFile(path: path, contents: text)]).flatMap(\.problems)
    }
    #expect(problems("{\"name\": \"x\"") == ["not JSON at byte 12"])
    #expect(problems("{\"name\": \"x\", \"config\": {}, }").count == 1)
    #expect(problems("{\"name\": \"x\", \"config\": {\"a\": 1}}") == ["a: not a text"])
    #expect(problems("[]") == ["not an object"])
    let twice = "{\"name\": \"x\", \"config\": {\"slot.name\": \"a\", \"slot.name\": \"b\"}}"
    #expect(problems(twice).contains("slot.name: given twice"))
    #expect(problems("queue.mode=x", "a/queue.properties").contains { $0.hasPrefix("queue.mode: not a key") })
  }

  /// The readers of the product read what the real ones read.
  @Test func readersAgreeWithPython() throws {
    let texts = try Shop.plan(.postgres).files().filter { $0.path.hasSuffix(".yaml") || $0.path.hasSuffix(".json") }
    let input = String(
      decoding: try JSONEncoder().encode(texts.map { [$0.path, $0.contents] }), as: UTF8.self)
    let script = """
      import json, sys, yaml
      def flat(node, path, out):
        if isinstance(node, dict) and node:
          for key, value in node.items(): flat(value, (path + "." + key) if path else key, out)
        elif isinstance(node, list) and node:
          for value in node: flat(value, path + "[]", out)
        else:
          end = "[]" if isinstance(node, list) else ""
          text = "" if node is None or node == [] or node == {} else ("true" if node else "false") if isinstance(node, bool) else str(node)
          out.append([path + end, text])
      result = []
      for path, text in json.load(sys.stdin):
        out = []
        flat(json.loads(text) if path.endswith(".json") else yaml.safe_load(text), "", out)
        result.append(out)
      print(json.dumps(result))
      """
    let run = try Command.run(["python3", "-c", script], input: input)
    try #require(run.status == 0, "\(run.errors)")
    let expected = try JSONDecoder().decode([[[String]]].self, from: Data(run.output.utf8))
    for (file, entries) in zip(texts, expected) {
      let (node, problem) =
        file.path.hasSuffix(".json") ? JSONReader.read(file.contents) : YAMLReader.read(file.contents)
      #expect(problem == nil, "\(file.path): \(problem ?? "")")
      let own = node.map { ConfigEntry.flat($0).map { [$0.key, $0.value] } } ?? []
      let isSame = own == entries
      #expect(isSame, "\(file.path): \(zip(own, entries).first { $0 != $1 } ?? ([], []))")
    }
  }

  @Test(arguments: [
    "{\"a\": [1, 2.5, -3, true, null, \"\\u00e9\\ud83d\\ude00\\n\"]}", "[]", "\"x\"", "{\"a\":{}}", "[1,]", "{\"a\" 1}",
    "01", "+1", ".5", "1.", "{\"a\":1,}", "\"\\x\"", "[1] 2", "nul", "\"a\nb\"", "", "-", "[\"\u{7f}\"]",
  ]) func jsonIsReadAsPythonDoes(_ text: String) throws {
    let run = try Command.run(["python3", "-c", "import json, sys; json.loads(sys.stdin.read())"], input: text)
    #expect((JSONReader.read(text).problem == nil) == (run.status == 0), "\(text)")
  }

  /// One mistake in a file of each tool: path, what stands there, what is put in its place, and the word that tells.
  @Test(arguments: [
    (CDCTool.canal, Broker.kafka, "canal.properties", "pos.mode=false", "pos.mode=true", "jumped over"),
    (.canal, .kafka, "canal.properties", "kafka.acks=all", "kafka.acks=1", "could be lost"),
    (.canal, .kafka, "canal.properties", "canal.serverMode=kafka", "canal.servermode=kafka", "not a key"),
    (.canal, .rocketmq, "instance.properties", "table.error=false", "table.error=true", "skipped"),
    (.canal, .rocketmq, "instance.properties", "filter.regex=", "filter.regex=Shop", "lower case"),
    (.canal, .rocketmq, "instance.properties", "journal.name=", "journal.names=", "not a key"),
    (.canal, .rocketmq, "broker.conf", "transactionCheckMax=240", "transactionCheckMax=5", "neither delivered"),
    (.canal, .none, "adapter/application.yml", "retries: -1", "retries: 3", "dropped"),
    (.canal, .none, "adapter/application.yml", "canalAdapters:", "outAdapters:", "not a key"),
    (.canal, .none, "rdb/session.yml", "targetTable:", "targettable:", "missing"),
    (.maxwell, .kafka, "config.properties", "ignore_producer_error=false", "ignore_producer_error=true", "goes on"),
    (.maxwell, .kafka, "config.properties", "exclude: *.*", "exclude: a.*", "nobody named"),
    (.maxwell, .redis, "config.properties", "redis_type=xadd", "redis_type=pubsub", "nobody listens"),
    (.spinaltap, .kafka, "standalone.yaml", "port: 3306", "port: 5672", "another protocol"),
    (.spinaltap, .kafka, "standalone.yaml", "socket_timeout_seconds", "socketTimeoutSeconds", "not a key"),
    (.debezium, .redis, "crm-forward/application.properties", "format=extended", "format=compact", "headers"),
  ]) func mistakesOfEveryToolAreNamed(
    _ cdc: CDCTool, _ broker: Broker, _ path: String, _ from: String, _ to: String, _ words: String
  ) throws {
    let plan = try Shop.plan(.mysql, cdc: cdc, broker: broker)
    let file = try #require(plan.files().first { $0.path.hasSuffix(path) })
    try #require(file.contents.contains(from), "\(file.contents)")
    let text = file.contents.replacingOccurrences(of: from, with: to)
    let problems = PlanChecks.check([PlanFile(path: file.path, contents: text)]).flatMap(\.problems)
    #expect(problems.contains { $0.contains(words) }, "\(problems)")
  }
}
