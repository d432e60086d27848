internal import Foundation

/// How many decimals of a posterior's numbers mean something.
///
/// So many that the 90 % half-width keeps one significant digit (two in detail tables), and never so many that the last
/// place is finer than two Monte Carlo standard errors: digits below that change from run to run.
public struct DecimalPlaces: Sendable, Equatable, Comparable {
  /// Places after the point; −1 rounds to tens.
  public let count: Int

  /// `count` places after the point.
  public init(_ count: Int) { self.count = count }

  /// The places for a posterior whose central 90 % are ± `halfWidth` and whose mean has the error `mcse`.
  ///
  /// - A half-width of zero, NaN or infinity has no say, nor has such an error; if neither has, three places.
  public init(halfWidth: Double, mcse: Double, significantDigits: Int = 1) {
    precondition(significantDigits > 0, "at least one digit")
    let byWidth = Self.leadingPlace(halfWidth).map { significantDigits - 1 - $0 }
    let byError = Self.leadingPlace(2 * mcse).map { -$0 }
    count = [byWidth, byError].compactMap { $0 }.min() ?? 3
  }

  /// The power of ten of the first digit: 2 for 314, −2 for 0.0314; nil for 0 and what is not finite.
  private static func leadingPlace(_ value: Double) -> Int? {
    value.isFinite && value != 0 ? Int(log10(abs(value)).rounded(.down)) : nil
  }

  /// `value` rounded to these places, with a true minus sign (U+2212); "n/a" for NaN.
  public func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "n/a" : value > 0 ? "∞" : "−∞" }
    let scale = pow(10, Double(-min(count, 0)))
    let rounded = (value / scale).rounded() * scale
    let digits = String(format: "%.\(max(count, 0))f", count < 0 ? rounded : value)
    // Nothing is called minus zero.
    let isZero = digits.allSatisfy { "-0.".contains($0) }
    return digits.replacingOccurrences(of: "-", with: isZero ? "" : "−")
  }

  /// Fewer places are coarser: of two visits of a row, the coarser is `min(first, second)`.
  public static func < (one: DecimalPlaces, other: DecimalPlaces) -> Bool { one.count < other.count }
}
