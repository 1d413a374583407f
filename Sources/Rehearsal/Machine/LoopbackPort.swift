import Foundation

/// Ports of the loopback device.
enum LoopbackPort {
  /// Below the range most systems take ports of outgoing connections from: a server that comes back finds its own free.
  private static let range = 20_000..<32_000

  /// A port nobody listens on at the moment.
  static func free() throws(MachineError) -> Int {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let port = Int.random(in: range, using: &random)
      if isFree(port) { return port }
    }
    throw MachineError(description: "no free port between \(range.lowerBound) and \(range.upperBound)")
  }

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
    }
  }
}
