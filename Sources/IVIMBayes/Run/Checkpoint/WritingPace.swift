/// When unfinished work is written: often enough that little is lost, and seldom enough that writing costs little.
struct WritingPace {
  /// Nothing is written more often than that; what is finished earlier leaves no file.
  static let interval = Duration.seconds(5)
  /// At most one part in so many of the time is spent writing.
  private static let restShare = 20
  /// The clock is looked at about as often, or after every sweep if everything is to be written.
  private let look: Duration

  /// Sweeps until the clock is looked at again.
  private(set) var part = 1
  private let interval: Duration
  private var lastLook = ContinuousClock.now
  private var lastWrite = ContinuousClock.now
  private var cost = Duration.zero

  /// At least `interval` between two writes.
  init(_ interval: Duration) { (self.interval, look) = (interval, min(interval, .seconds(1))) }

  /// The time until the first write begins.
  mutating func begin() { (lastLook, lastWrite) = (.now, .now) }

  /// True if it is time to write; how long the last part took says how long the next one is.
  mutating func isDue(atBeginOfPhase isNew: Bool) -> Bool {
    let now = ContinuousClock.now
    if isNew {
      // Sweeps of another phase take another time.
      part = 1
    } else if now - lastLook > look {
      part = max(1, part / 2)
    } else if now - lastLook < look / 4 {
      part = min(4 * part, 1 << 20)
    }
    lastLook = now
    return now - lastWrite >= max(interval, cost * Self.restShare)
  }

  /// Says that the write that was due is done.
  mutating func wrote() {
    lastWrite = .now
    cost = lastWrite - lastLook
    lastLook = lastWrite
  }
}
