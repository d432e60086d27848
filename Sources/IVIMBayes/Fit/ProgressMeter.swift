internal import Foundation
internal import Synchronization

/// Counts finished work and tells a listener at most a few times a second.
public final class ProgressMeter: Sendable {
  /// What a listener is told.
  public struct Reading: Sendable {
    /// Units done.
    public let done: Int
    /// Units in all.
    public let total: Int
    /// Seconds since the start.
    public let seconds: Double
    /// What is counted: voxels, draws, lesions.
    public let unit: String
  }

  private let state: Mutex<(done: Int, lastReport: Double)>
  private let start = ProcessInfo.processInfo.systemUptime
  private let total: Int
  private let unit: String
  private let interval: Double
  private let report: @Sendable (Reading) -> Void

  /// A meter for `total` units that calls `report` at most every `interval` seconds.
  public init(
    total: Int, unit: String, interval: Double, report: @escaping @Sendable (Reading) -> Void
  ) {
    self.total = total
    self.unit = unit
    self.interval = interval
    self.report = report
    state = Mutex((0, 0))
  }

  /// A meter nobody reads.
  public static let silent = ProgressMeter(total: 0, unit: "", interval: .infinity) { _ in }

  func add(_ count: Int) {
    let now = ProcessInfo.processInfo.systemUptime - start
    let done: Int? = state.withLock { state in
      state.done += count
      guard now - state.lastReport >= interval else { return nil }
      state.lastReport = now
      return state.done
    }
    if let done { report(Reading(done: done, total: total, seconds: now, unit: unit)) }
  }
}
