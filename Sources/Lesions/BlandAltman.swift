internal import Diagnostics

/// Agreement of two measurements of the same things: mean difference and limits of agreement.
///
/// Bland and Altman 1986 (doi:10.1016/S0140-6736(86)90837-8).
public struct BlandAltman: Sendable, Equatable {
  /// The mean of first − second.
  public let bias: Double
  /// The standard deviation of the differences, with n − 1.
  public let differenceSD: Double

  /// Compares `first` with `second`, pair by pair.
  public init(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count, "agreement needs pairs")
    let differences = zip(first, second).map { $0 - $1 }
    self.bias = differences.mean
    self.differenceSD = differences.sampleVariance.squareRoot()
  }

  /// bias ∓ 1.96 SD: 95 % of differences are expected between them.
  public var limitsOfAgreement: Interval { Interval(center: bias, halfWidth: 1.96 * differenceSD) }
}
