import Acquisitions
public import LaneMath
public import Posteriors
public import SignalModels
public import TestSupport

/// A voxel of the reference cases `voxel-posterior-…`, whose posterior is known from quadrature.
public struct ReferenceVoxel: Sendable {
  /// The names of the coordinates in the reference, in the model's order.
  public static let coordinates = ["logD", "logitf", "logDelta"]
  /// The cases with Gaussian noise.
  public static let names = ["identified", "weighted-lowsnr", "f0"]

  /// The expected values.
  public let expected: JSONValue
  /// The prior standard deviations.
  public let priorDeviations: [Double]
  private let inputs: JSONValue

  /// Reads the case `voxel-posterior-<name>`.
  public init(_ name: String) throws {
    let reference = try ReferenceCase("voxel-posterior-\(name)")
    expected = reference.expected
    inputs = reference.inputs
    priorDeviations = inputs["prior_sd"].doubles
  }

  /// The posterior under p(S₀, σ) = 1/σ, the same voxel in every lane.
  public func posterior<L: Lane>(lanes: L.Type) -> AmplitudeMarginalPosterior<BiexponentialIVIM, L> {
    let bValues = inputs["b"].doubles
    let averages = inputs["weights"].doubles
    return AmplitudeMarginalPosterior(
      BiexponentialIVIM(bValues: bValues.map { BValue($0) }), signals: inputs["y"].doubles.map { L($0) },
      averages: averages.isEmpty ? bValues.map { _ in 1 } : averages,
      noise: .pooled(pseudoObservations: 0, variance: 1),
      prior: NormalPrior(means: inputs["prior_mean"].doubles, standardDeviations: priorDeviations))
  }
}
