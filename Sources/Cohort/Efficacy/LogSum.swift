internal import Foundation

/// Sums of exponentials that neither overflow nor vanish.
enum LogSum {
  /// log Σ e^x; −∞ of nothing.
  static func of(_ values: [Double]) -> Double {
    guard let largest = values.max(), largest.isFinite else { return values.max() ?? -.infinity }
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }
}
