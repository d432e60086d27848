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

    /// Units a second in this run; 0 before anything is done.
    public var rate: Double { seconds > 0 ? Double(done - restored) / seconds : 0 }

    /// Seconds until all is done at this rate; nil as long as there is none.
    public var secondsLeft: Double? { rate > 0 ? Double(total - done) / rate : nil }
  }

  private let state = Mutex((done: 0, restored: 0, isFinished: false))
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

  /// Counts units that are done.
  func add(_ count: Int) { state.withLock { $0.done += count } }

  /// Counts units that an earlier run has done.
  func skip(_ count: Int) {
    state.withLock {
      $0.done += count
      $0.restored += count
    }
  }

  private func tell() {
    let (done, restored, _) = state.withLock { $0 }
    let seconds = ProcessInfo.processInfo.systemUptime - start
    report(Reading(done: done, restored: restored, total: total, seconds: seconds, unit: unit))
  }
}
