internal import Foundation

/// What becomes of several volumes of one b-value: raw diffusion directions or repeats.
public enum DirectionPooling: String, Sendable, CaseIterable, Codable {
  /// Every volume stays a measurement of its own.
  case separate
  /// exp of the mean log: the trace image of three orthogonal directions.
  case geometric
  /// The mean.
  case arithmetic

  /// The pooled signal of `signals` with weights proportional to `averages`.
  ///
  /// - NaN among the signals gives NaN.
  /// - `geometric` gives nil if a signal is zero or negative.
  func pooled(_ signals: [Float], averages: [Double]) -> Float? {
    let total = averages.reduce(0, +)
    switch self {
    case .separate, .arithmetic:
      return Float(zip(signals, averages).reduce(0) { $0 + Double($1.0) * $1.1 } / total)
    case .geometric:
      guard !signals.contains(where: \.isNaN) else { return .nan }
      guard signals.allSatisfy({ $0 > 0 }) else { return nil }
      return Float(exp(zip(signals, averages).reduce(0) { $0 + log(Double($1.0)) * $1.1 } / total))
    }
  }
}
