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
  let quantities: [Quantity]
  let amplitudeIndex = 1
  /// The half-normal scale of the SD of log T1 within a lesion.
  private let heterogeneity: Double

  init(
    _ shape: Shape, openAxis: Int, t1: AxisPrior, others: [(mean: Double, sd: Double)],
    localMeans: [Double]? = nil, heterogeneity: Double = 0.3
  ) {
    self.heterogeneity = heterogeneity
    self.shape = shape
    self.openAxis = openAxis
    means = [Double.log(t1.median)] + others.map(\.mean)
    standardDeviations = [t1.sd] + others.map(\.sd)
    self.localMeans = localMeans
    quantities = .t1 + shape.coordinates.dropFirst().map { Self.nuisance($0) }
  }

  /// What is reported of a coordinate besides T1: the time constant T1* for T1/T1*, the others as they are.
  private static func nuisance(_ coordinate: TissueCoordinate) -> Quantity {
    coordinate.name == "t1_over_t1star"
      ? Quantity("t1star", unit: "s", scale: .log, isMapped: false)
      : Quantity(coordinate.name, unit: "", scale: .identity, isMapped: false)
  }

  /// Reported values of the coordinates besides T1.
  private func nuisances<L: Lane>(_ eta: [L]) -> [L] {
    zip(shape.coordinates, eta).dropFirst().map { coordinate, value in
      coordinate.transform == .log ? L.exp(eta[0] - value) : value
    }
  }

  /// What the method leaves open belongs to scanner and sequence: it is nearly one number in a lesion, and its spread there
  /// is a fifth of what is unknown of it.
  private static var openShare: Double { 0.2 }

  var axes: [FieldAxis] {
    let first = FieldAxis("t1", unit: "s", mean: means[0], sd: standardDeviations[0], spread: heterogeneity) {
      Double.exp($0)
    }
    return [first] + means.indices.dropFirst().map(otherAxis(_:))
  }

  private func otherAxis(_ k: Int) -> FieldAxis {
    let isLog = shape.coordinates[k].transform == .log
    return FieldAxis(
      shape.coordinates[k].name, unit: "", mean: localMeans != nil && k == 1 ? 0 : means[k],
      sd: standardDeviations[k], spread: Self.openShare * standardDeviations[k]
    ) { isLog ? Double.exp($0) : $0 }
  }

  /// B1 of every voxel: the field is what is common to their errors.
  func fieldOffsets(of rows: [Int]) -> [[Double]]? {
    guard let localMeans else { return nil }
    return means.indices.map { k in rows.map { k == 1 ? localMeans[$0] : 0 } }
  }

  func prior(of rows: [Int]) -> NormalPrior<Lane8> {
    var prior = NormalPrior<Lane8>(means: means, standardDeviations: standardDeviations)
    if let localMeans { prior.mean[1] = Lane8(rows.map { localMeans[$0] }) }
    return prior
  }

  /// T1 from 0.05 to 12 s, the others at their prior means: every polarity of an inversion recovery is visited.
  var starts: [[Double]] {
    stride(from: -3.0, through: 2.5, by: 5.5 / 60).map { [$0] + means.dropFirst() }
  }

  func values(eta: [Lane8], amplitude: Lane8, sigma: Lane8) -> [Lane8] {
    [Lane8.exp(eta[0]), amplitude, sigma] + nuisances(eta)
  }

  func coordinates(of values: [Double]) -> [Double] {
    let logT1 = Double.log(values[0])
    return [logT1]
      + zip(shape.coordinates.dropFirst(), values.dropFirst(3)).map { coordinate, value in
        coordinate.transform == .log ? logT1 - Double.log(value) : value
      }
  }

  func priorDraw(using random: inout RandomStream) -> [Double] {
    let eta = zip(means, standardDeviations).map { $0 + $1 * random.normal() }
    return [Double.exp(eta[0]), .nan, .nan] + nuisances(eta)
  }
}

extension [Quantity] {
  /// What every method reports of T1.
  static let t1 = [
    Quantity("t1", unit: "s", scale: .log),
    Quantity("s0", unit: "", scale: .identity, isMapped: false),
    Quantity("sigma", unit: "", scale: .identity, isMapped: false),
  ]
}
