import Foundation

/// Maps items on a bounded number of threads; the only parallelism of the house.
///
/// Threads of our own instead of a task group: libclang and the walk over deep syntax trees recurse, and the threads of
/// the concurrency runtime have stacks of half a megabyte.
enum WorkerPool {
  /// Stack of one worker, in bytes; address space, not memory, until used.
  private static let stackBytes = 256 << 20

  /// Results of `body` in the order of `items`. Each worker makes one `state` and uses it for all its items; `done` is
  /// called on the caller's thread with batches of finished results, in no particular order.
  static func map<Item: Sendable, State, Output: Sendable>(
    _ items: [Item], jobs: Int, state: @escaping @Sendable () -> State,
    done: ([(index: Int, output: Output)]) -> Void = { _ in },
    body: @escaping @Sendable (State, Item) -> Output
  ) -> [Output] {
    guard !items.isEmpty else { return [] }
    let board = Board<Output>(count: items.count)
    let workers = max(1, min(jobs, items.count))
    for _ in 0..<workers {
      let thread = Thread {
        let own = state()
        while let index = board.take() {
          board.finish(index, body(own, items[index]))
        }
      }
      thread.stackSize = stackBytes
      thread.start()
    }
    var outputs = [Output?](repeating: nil, count: items.count)
    var finished = 0
    while finished < items.count {
      let batch = board.wait()
      finished += batch.count
      for entry in batch { outputs[entry.index] = entry.output }
      done(batch)
    }
    return outputs.compactMap { $0 }
  }
}

/// Work handed out and results collected.
///
/// `@unchecked Sendable`: every field is touched only while `condition` is locked.
private final class Board<Output: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let count: Int
  private var next = 0
  private var ready: [(index: Int, output: Output)] = []

  init(count: Int) { self.count = count }

  func take() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    guard next < count else { return nil }
    next += 1
    return next - 1
  }

  func finish(_ index: Int, _ output: Output) {
    condition.lock()
    ready.append((index, output))
    condition.signal()
    condition.unlock()
  }

  func wait() -> [(index: Int, output: Output)] {
    condition.lock()
    defer { condition.unlock() }
    while ready.isEmpty { condition.wait() }
    defer { ready = [] }
    return ready
  }
}
