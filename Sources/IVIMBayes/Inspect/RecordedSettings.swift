internal import Foundation

/// The settings of a scan as the `protocol` of a run file states them.
struct RecordedSettings: Sendable, Equatable {
  /// `b_values`, `inversion_times`, `saturation_times` or `flip_angles`; `settings` if the file states none.
  let name: String
  /// b-values in s/mm², times in s or flip angles in degrees, in the order of the volumes.
  let values: [Double]

  private static let names = ["b_values", "inversion_times", "saturation_times", "flip_angles"]

  /// Reads the member of `scan` that holds settings.
  init(_ scan: [String: Any]) {
    name = Self.names.first { scan[$0] != nil } ?? "settings"
    values = Self.numbers(scan[name])
  }

  /// The numbers of a list; a time without saturation is infinite, which JSON cannot write: it is the text "inf".
  static func numbers(_ list: Any?) -> [Double] {
    (list as? [Any] ?? []).compactMap {
      ($0 as? NSNumber)?.doubleValue ?? ($0 as? String).flatMap(Double.init)
    }
  }
}
