internal import Foundation
internal import Synchronization

/// Counts finished work and tells a listener in regular intervals, also while nothing gets finished.
public final class ProgressMeter: Sendable {
  /// What a listener is told.
  public struct Reading: Sendable {
    /// Units done, those of an earlier run included.
    public let done: Int
    /// Units that an earlier run had done.
    public let restored: Int
    /// Units in all.
    public let total: Int
    /// Seconds since the start.
    public let seconds: Double
    /// What is counted: voxels, draws, lesions.
    public let unit: String
    /// What goes on that ends in many units at once, such as "lesion-1 at sweep 1200".
    public var activity: String?

    /// Units a second in this run; 0 before anything is done.
    public var rate: Double { seconds > 0 ? Double(done - restored) / seconds : 0 }

    /// Seconds until all is done at this rate; nil as long as there is none.
    public var secondsLeft: Double? { rate > 0 ? Double(total - done) / rate : nil }

    /// One line: what is done, at which rate, and for how long to come; or what goes on instead of a rate that is 0.
    public var line: String {
      let speed = rate < 10 ? "\((10 * rate).rounded() / 10)" : "\(Int(rate))"
      let time = secondsLeft.map { "\(speed) a second, \(Int($0.rounded(.up))) s left" }
      let rest = [time, activity].compactMap { $0 }
      let told = ["\(done) of \(total) \(unit)"] + (rest.isEmpty ? ["time left unknown"] : rest)
      return told.joined(separator: ", ")
    }
  }

  private struct State {
    var done = 0
    var restored = 0
    var activity: String?
    var isFinished = false
  }

  private let state = Mutex(State())
  private let start = ProcessInfo.processInfo.systemUptime
  private let total: Int
  private let unit: String
  private let report: @Sendable (Reading) -> Void

  /// A meter for `total` units that calls `report` every `interval` seconds until it is finished; never if that is
  /// infinite.
  public init(
    total: Int, unit: String, interval: Double, report: @escaping @Sendable (Reading) -> Void
  ) {
    self.total = total
    self.unit = unit
    self.report = report
    guard interval.isFinite else { return }
    // A thread of its own: the tasks of a run keep every thread of the pool busy.
    Thread.detachNewThread { [weak self] in
      while true {
        Thread.sleep(forTimeInterval: interval)
        guard let self, !self.isFinished else { return }
        self.tell()
      }
    }
  }

  /// A meter nobody reads.
  public static let silent = ProgressMeter(total: 0, unit: "", interval: .infinity) { _ in }

  /// Ends the reports.
  public func finish() { state.withLock { $0.isFinished = true } }

  private var isFinished: Bool { state.withLock { $0.isFinished } }

  /// Counts units that are done; what went on is over.
  func add(_ count: Int) {
    state.withLock {
      $0.done += count
      $0.activity = nil
    }
  }

  /// Says what goes on until the next units are done.
  func note(_ activity: String) { state.withLock { $0.activity = activity } }

  /// Counts units that an earlier run has done.
  func skip(_ count: Int) {
    state.withLock {
      $0.done += count
      $0.restored += count
    }
  }

  private func tell() {
    let state = state.withLock { $0 }
    let seconds = ProcessInfo.processInfo.systemUptime - start
    report(
      Reading(
        done: state.done, restored: state.restored, total: total, seconds: seconds, unit: unit,
        activity: state.activity))
  }
}
