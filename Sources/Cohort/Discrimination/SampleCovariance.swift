internal import Diagnostics

extension Array where Element == Double {
  /// The covariance with n − 1 of two samples in the same order; NaN of fewer than two pairs.
  func sampleCovariance(with other: [Double]) -> Double {
    guard count > 1 else { return .nan }
    let (center, otherCenter) = (mean, other.mean)
    return zip(self, other).reduce(0) { $0 + ($1.0 - center) * ($1.1 - otherCenter) } / Double(count - 1)
  }
}
