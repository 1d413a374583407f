import ArgumentParser
import Pipeline
import Reporting

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Checks that the programs and libraries cleave uses are there.",
    discussion: """
      Ends with code 1 when something is missing.

      EXAMPLES
        cleave doctor
      """)

  @Option(help: ArgumentHelp("One of json, text.", valueName: "format")) var format = "text"

  func validate() throws { try checkFormat(format, among: ["json", "text"]) }

  func run() throws {
    let findings = Workbench.doctor().map {
      DoctorText.Finding(name: $0.name, isFine: $0.ok, detail: $0.detail, nextStep: $0.nextStep)
    }
    let answer = DoctorText(findings)
    try Console.show(format == "json" ? answer.jsonText : answer.text)
    if !answer.isFine { throw Stop(code: .gateFailed, text: "") }
  }
}
