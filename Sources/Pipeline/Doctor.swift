import Foundation

/// Whether something cleave needs is there.
package struct DoctorFinding: Sendable {
  /// What was looked for.
  package var name: String
  /// Whether it was found.
  package var ok: Bool
  /// What was found.
  package var detail: String
  /// What to do when it is missing.
  package var nextStep: String
}

extension Workbench {
  /// Checks the programs and headers that the commands use.
  package static func doctor() -> [DoctorFinding] {
    [
      program("dot", detail: "draws graphs as SVG", package: "graphviz"),
      program("sfdp", detail: "draws graphs too dense for dot", package: "graphviz"),
      headers(),
    ]
  }

  private static func program(_ name: String, detail: String, package: String) -> DoctorFinding {
    let path = GraphvizRenderer.executable(named: name)
    return DoctorFinding(
      name: name, ok: path != nil, detail: path ?? detail, nextStep: path == nil ? "apt install \(package)" : "")
  }

  /// The C library headers that most units include; without them functions are read from tokens more often.
  private static func headers() -> DoctorFinding {
    let found = FileManager.default.fileExists(atPath: "/usr/include/stdio.h")
    return DoctorFinding(
      name: "C headers", ok: found, detail: found ? "/usr/include" : "not found",
      nextStep: found ? "" : "apt install libc6-dev")
  }
}
