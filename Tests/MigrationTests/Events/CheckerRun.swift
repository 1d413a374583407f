import Foundation

extension PythonCheckers {
  /// Runs a program of the fixtures with the packages; fails with what to install.
  static func run(_ program: String, _ arguments: [String]) throws -> CommandResult {
    guard FileManager.default.fileExists(atPath: path + "/cloudevents") else {
      throw CommandFailure(description: "\(path) is missing: .ci/deps test")
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(program)")
    let result = try Command.run(
      ["python3", file.path] + arguments, environment: ["PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"])
    guard result.status == 0 else { throw CommandFailure(description: result.errors + result.output) }
    return result
  }
}
