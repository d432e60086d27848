/// When a warm-up learns what: step size always; the metric in windows that double, each starting afresh.
///
/// A start of 75 steps lets the chain reach its target, windows of 25, 50, 100 … learn the variances, and the last 50
/// steps tune the step size for the final metric (Stan Reference Manual, "Automatic parameter tuning"). Shorter
/// warm-ups give 15 %, 75 % and 10 % to the three; below 20 steps the metric is left alone.
struct WarmupSchedule: Sendable, Equatable {
  /// Steps in all.
  let count: Int
  /// Windows of steps, one after the other; the metric changes at the end of each.
  let windows: [Range<Int>]

  init(count: Int) {
    self.count = count
    var (start, base, end) = (75, 25, 50)
    if start + base + end > count {
      (start, end) = (Int(0.15 * Double(count)), Int(0.1 * Double(count)))
      base = count - start - end
    }
    var windows: [Range<Int>] = []
    var first = start
    while count >= 20, first < count - end {
      let isLast = first + base + 2 * base > count - end
      let next = isLast ? count - end : first + base
      windows.append(first..<next)
      (first, base) = (next, 2 * base)
    }
    self.windows = windows
  }
}
