internal import Foundation
internal import GSLSupport

/// A relaxation time: known (`spread` 0), or log-normal about its median.
struct RelaxationTime: Sendable, Equatable {
  /// s.
  var median: Double
  /// SD of the logarithm.
  var spread = 0.0

  func draw(using random: inout RandomStream) -> Double {
    // A number is taken in any case: what is drawn of one time does not depend on what is known of another.
    let z = random.normal()
    return median * exp(spread * z)
  }

  /// What a file says: seconds, or `{"median": s, "sd_log": x}`; nil if it is neither.
  init?(json: Any) {
    if let seconds = json as? Double {
      self.init(median: seconds)
    } else if let members = json as? [String: Any], Set(members.keys) == ["median", "sd_log"],
      let median = members["median"] as? Double, let spread = members["sd_log"] as? Double, spread >= 0,
      spread.isFinite
    {
      self.init(median: median, spread: spread)
    } else {
      return nil
    }
    guard median > 0, median.isFinite else { return nil }
  }

  init(median: Double, spread: Double = 0) {
    self.median = median
    self.spread = spread
  }

  var record: [String: Double] { ["median": median, "sd_log": spread] }
}
