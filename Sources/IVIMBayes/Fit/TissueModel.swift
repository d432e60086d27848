internal import GSLSupport
internal import LaneMath
internal import Posteriors
internal import SignalModels

/// A signal model with its priors and what is reported of it: everything but the noise.
protocol TissueModel: Sendable {
  associatedtype Shape: SignalShape

  var shape: Shape { get }
  /// What is reported, in the order of `values` and `priorDraw`.
  var quantities: [Quantity] { get }
  /// The coordinate along which proposals are tabulated.
  var openAxis: Int { get }
  /// The coordinate along which a voxel may have several modes; nil if none is known.
  var modeAxis: Int? { get }
  /// Where the search for the mode starts, besides the prior mean.
  var starts: [[Double]] { get }
  /// η one by one under the prior of a lesion.
  var axes: [FieldAxis] { get }
  /// What is added to η, coordinate after coordinate, at each of these rows; nil if nothing is.
  func fieldOffsets(of rows: [Int]) -> [[Double]]?
  /// True if nothing but the only coordinate is reported, neither S₀ nor σ.
  var reportsOneCoordinate: Bool { get }
  /// The prior of η for eight rows.
  func prior(of rows: [Int]) -> NormalPrior<Lane8>
  /// The reported values of a draw.
  func values(eta: [Lane8], amplitude: Lane8, sigma: Lane8) -> [Lane8]
  /// As `values`, written over `values`, from the density's byproducts, of which the shape's own parameters begin at `first`.
  func set(
    _ values: inout [Lane8], eta: [Lane8], byproducts: [Lane8], from first: Int, amplitude: Lane8,
    sigma: Lane8)
  /// η from the reported values: what `values` did to it, undone.
  func coordinates(of values: [Double]) -> [Double]
  /// The place of S₀ among the values; σ stands behind it.
  var amplitudeIndex: Int { get }
  /// One draw of the reported values from the prior; NaN where it is flat.
  func priorDraw(using random: inout RandomStream) -> [Double]
}

extension Quantity {
  static let s0 = Quantity("s0", unit: "", scale: .identity)
  static let sigma = Quantity("sigma", unit: "", scale: .identity)
}

extension TissueModel {
  var starts: [[Double]] { [] }
  var modeAxis: Int? { nil }

  func fieldOffsets(of rows: [Int]) -> [[Double]]? { nil }
  var reportsOneCoordinate: Bool { false }

  func set(
    _ values: inout [Lane8], eta: [Lane8], byproducts: [Lane8], from first: Int, amplitude: Lane8,
    sigma: Lane8
  ) {
    values = self.values(eta: eta, amplitude: amplitude, sigma: sigma)
  }

  /// The starts of eight lanes: the prior mean first.
  func laneStarts(of rows: [Int]) -> [[Lane8]] {
    [prior(of: rows).mean] + starts.map { $0.map { Lane8($0) } }
  }
}
