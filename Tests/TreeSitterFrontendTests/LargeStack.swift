import Foundation

/// Runs `body` on a thread with a stack like those of the worker pool; the threads of the test library have 512 KB.
func onLargeStack(_ body: @escaping @Sendable () -> Void) {
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    body()
    done.signal()
  }
  thread.stackSize = 16 << 20
  thread.start()
  done.wait()
}
