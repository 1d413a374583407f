import ArgumentParser
import Foundation
import Reporting

/// The program: arguments in, text and an exit code out.
@main
struct Cleave: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cleave",
    abstract: "Splits a monolith along its data.",
    discussion: """
      Reads source code and SQL schemas, builds one graph of who depends on what and who touches which data, proposes \
      service boundaries, names one owner for every table, and writes a migration plan. Every claim carries file:line \
      evidence; what could not be understood is counted and listed.

      Every command analyzes what changed first, so no view is stale. Results go to standard output, everything else \
      to standard error.

      EXAMPLES
        cleave analyze .                       summary, and .cleave/report.json
        cleave explain accounts                why a table is where it is
        cleave whatif --move table=orders:billing   what a change breaks, heals and costs
        cleave graph --format svg > map.svg    the picture
        cleave plan --out migration/           ordered, reversible steps

      EXIT CODES
        0 fine, 1 a gate failed, 2 wrong usage, 3 nothing could be analyzed, 4 understood less than --min-coverage
      """,
    version: Product.version,
    subcommands: [
      AnalyzeCommand.self, TablesCommand.self, ColumnsCommand.self, AccessesCommand.self, ServicesCommand.self,
      AlternativesCommand.self, OwnersCommand.self, SeamsCommand.self, GraphCommand.self, ExplainCommand.self,
      WhatIfCommand.self, ConfigCommand.self, PlanCommand.self, RehearseCommand.self, StabilityCommand.self,
      EvaluateCommand.self,
      BenchCommand.self,
      DoctorCommand.self, FactsCommand.self, SQLCommand.self, RehearseWorkerCommand.self,
    ])

  static func main() async {
    // A reader that leaves early (`| head`) is no error: writes then fail with a code instead of ending the process.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let stop as Stop {
      Console.say(stop.text)
      Foundation.exit(stop.code.rawValue)
    } catch {
      leave(for: error)
    }
  }

  /// The parser's own outcomes: help and version are fine, everything else is wrong usage.
  private static func leave(for error: any Error) -> Never {
    let text = fullMessage(for: error)
    guard exitCode(for: error) != .success else {
      try? Console.show(text + "\n")
      Foundation.exit(ProgramExit.fine.rawValue)
    }
    Console.say(text)
    Foundation.exit(ProgramExit.usage.rawValue)
  }
}

/// Exit codes, a public contract.
enum ProgramExit: Int32 {
  case fine = 0
  case gateFailed = 1
  case usage = 2
  case nothingAnalyzed = 3
  case belowCoverage = 4
}

/// The end of a command other than success.
struct Stop: Error {
  /// The exit code.
  var code: ProgramExit
  /// What to tell on standard error; empty for nothing.
  var text: String
}
