internal import Diagnostics
internal import Foundation

/// How a tissue parameter is averaged over a lesion and on which axis its changes are measured.
public enum LesionScale: String, Sendable, Codable {
  /// Positive quantities (D, D*, ADC, T1): geometric mean, changes on the log scale.
  case log
  /// Fractions (f): arithmetic mean, changes on the logit scale.
  case logit
  /// Everything else: arithmetic mean and differences.
  case identity

  /// The value on the scale's axis.
  public func axis(_ value: Double) -> Double {
    switch self {
    case .log: Foundation.log(value)
    case .logit: Foundation.log(value / (1 - value))
    case .identity: value
    }
  }
}

/// One number that summarises a parameter over the voxels of a lesion, within one joint draw.
///
/// Functionals are computed in each draw and then summarised; the functional of a map of posterior means
/// would miss the correlation between voxels (mean) or the spread of the tissue (sd, iqr).
public enum LesionFunctional: String, Sendable, Codable, CaseIterable {
  /// The mean: exp of the mean log for quantities on the log scale.
  case mean
  case median
  case p10
  case p25
  case p75
  case p90
  /// The standard deviation between voxels, with V − 1; 0 for one voxel.
  case sd
  /// The interquartile range between voxels.
  case iqr

  /// True of the spread functionals, which have neither a prior to contract from nor a grade.
  public var isSpread: Bool { self == .sd || self == .iqr }

  /// Every functional of the voxel values of one draw, in the order of `allCases`.
  ///
  /// - `values` must not be empty; a NaN anywhere makes every functional NaN.
  public static func all(of values: [Double], scale: LesionScale) -> [Double] {
    guard values.allSatisfy({ !$0.isNaN }) else { return allCases.map { _ in .nan } }
    let sorted = values.sorted()
    let count = Double(values.count)
    let arithmetic = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - arithmetic) * ($1 - arithmetic) }
    return allCases.map { functional in
      switch functional {
      case .mean: scale == .log ? geometricMean(values) : arithmetic
      case .median: sorted.quantile(0.5)
      case .p10: sorted.quantile(0.1)
      case .p25: sorted.quantile(0.25)
      case .p75: sorted.quantile(0.75)
      case .p90: sorted.quantile(0.9)
      case .sd: (squares / max(count - 1, 1)).squareRoot()
      case .iqr: sorted.quantile(0.75) - sorted.quantile(0.25)
      }
    }
  }

  private static func geometricMean(_ values: [Double]) -> Double {
    exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
  }
}
