import ArgumentParser
import Pipeline
import Reporting

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Shows the form of cleave.yml, or writes an example.",
    discussion: """
      EXAMPLES
        cleave config --init
        cleave config --schema > cleave.schema.json
      """)

  @Argument(help: "Folder of the system.", completion: .directory) var repo = "."
  @Flag(help: "Write a commented cleave.yml; never over one that is there.") var `init` = false
  @Flag(help: "Print the JSON Schema of cleave.yml.") var schema = false

  func validate() throws {
    guard `init` != schema else { throw ValidationError("Choose --init or --schema.") }
  }

  func run() throws {
    if schema { return try Console.show(Workbench.steeringSchema) }
    let path: String
    do { path = try Workbench.writeSteeringExample(in: repo) } catch { throw Stop(error) }
    try Console.show("\(path) written\n")
  }
}
