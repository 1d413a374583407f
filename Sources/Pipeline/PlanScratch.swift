import Foundation

/// A folder that goes when a plan has been tried.
struct PlanScratch {
  /// In memory when there is some: what lies there is thrown away anyway.
  static var root: String {
    FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  }

  /// The program that becomes the processes of a trial, whatever name it was called by.
  static var worker: [String] {
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return [program ?? ProcessInfo.processInfo.arguments.first ?? "", "rehearse-worker"]
  }

  let path = "\(root)/cleave-plan-\(UUID().uuidString)"

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
