internal import InferenceCore

/// A covariance as draws tables keep it: standard deviations, then correlations below the diagonal, row by
/// row.
enum SpreadCoordinates<let count: Int> {
  /// The number of coordinates.
  static var size: Int { count * (count + 1) / 2 }

  private static var pairs: [(Int, Int)] { (0..<count).flatMap { i in (0..<i).map { (i, $0) } } }

  /// `sd_<level>[feature]` …, `corr_<level>[feature,feature]` ….
  static func parameters(_ level: String, features: [String]) -> [Parameter] {
    features.map { Parameter("sd_\(level)[\($0)]") }
      + pairs.map { Parameter("corr_\(level)[\(features[$0.0]),\(features[$0.1])]") }
  }

  /// Appends the coordinates of `covariance`.
  static func append(_ covariance: FeatureMatrix<count>, to values: inout [Double]) {
    for i in 0..<count { values.append(covariance[i, i].squareRoot()) }
    for i in 0..<count {
      for j in 0..<i { values.append(covariance[i, j] / (covariance[i, i] * covariance[j, j]).squareRoot()) }
    }
  }

  /// The covariance whose coordinates begin at `first`.
  static func covariance(_ values: [Double], from first: Int) -> FeatureMatrix<count> {
    var matrix = FeatureMatrix<count>()
    var place = first + count
    for i in 0..<count {
      matrix[i, i] = values[first + i] * values[first + i]
      for j in 0..<i {
        let entry = values[place] * values[first + i] * values[first + j]
        matrix[i, j] = entry
        matrix[j, i] = entry
        place += 1
      }
    }
    return matrix
  }
}
