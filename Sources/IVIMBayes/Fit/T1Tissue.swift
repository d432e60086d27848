internal import Acquisitions
internal import GSLSupport
internal import LaneMath
internal import Posteriors
internal import SignalModels

/// T1 in tissue with these priors, by any of the signal models whose first coordinate is log T1.
struct T1Tissue<Shape: SignalShape>: TissueModel {
  let shape: Shape
  let openAxis: Int
  /// Means and SDs of η: log T1 (s) first, then what the method leaves open.
  private let means: [Double]
  private let standardDeviations: [Double]
  /// The prior mean of coordinate 1 of every voxel of the grid (B1), by row of the series; nil if all are equal.
  private let localMeans: [Double]?
  let quantities = [
    Quantity("t1", unit: "s", scale: .log),
    Quantity("s0", unit: "", scale: .identity, isMapped: false),
    Quantity("sigma", unit: "", scale: .identity, isMapped: false),
  ]

  init(
    _ shape: Shape, openAxis: Int, t1: AxisPrior, others: [(mean: Double, sd: Double)],
    localMeans: [Double]? = nil
  ) {
    self.shape = shape
    self.openAxis = openAxis
    means = [Double.log(t1.median)] + others.map(\.mean)
    standardDeviations = [t1.sd] + others.map(\.sd)
    self.localMeans = localMeans
  }

  func prior(of rows: [Int]) -> NormalPrior<Lane8> {
    var prior = NormalPrior<Lane8>(means: means, standardDeviations: standardDeviations)
    if let localMeans { prior.mean[1] = Lane8(rows.map { localMeans[$0] }) }
    return prior
  }

  /// T1 from 0.05 to 12 s, the others at their prior means: every polarity of an inversion recovery is visited.
  var starts: [[Double]] {
    stride(from: -3.0, through: 2.5, by: 5.5 / 33).map { [$0] + means.dropFirst() }
  }

  func values(eta: [Lane8], amplitude: Lane8, sigma: Lane8) -> [Lane8] {
    [Lane8.exp(eta[0]), amplitude, sigma]
  }

  func priorDraw(using random: inout RandomStream) -> [Double] {
    [Double.exp(means[0] + standardDeviations[0] * random.normal()), .nan, .nan]
  }
}
