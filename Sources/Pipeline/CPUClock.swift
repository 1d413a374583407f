import Glibc

/// Processor time of the thread that asks.
enum CPUClock {
  /// Seconds since some fixed point of this thread.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// What `body` gives, and the seconds it took.
  static func measure<Result>(_ body: () -> Result) -> (result: Result, seconds: Double) {
    let start = seconds
    let result = body()
    return (result, seconds - start)
  }
}
