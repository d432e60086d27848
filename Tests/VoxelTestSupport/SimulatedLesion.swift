public import Acquisitions
import GSLSupport
public import LaneMath
public import Posteriors
public import Samplers
public import SignalModels

/// A lesion of IVIM tissue drawn from a Leroux field, with Gaussian noise about signals of S₀ = 1000.
public struct SimulatedLesion {
  /// The voxels and who their neighbours are.
  public var graph: SiteGraph
  /// The b-values.
  public var bValues: [BValue]
  /// S₀/σ.
  public var signalToNoise: Double
  /// f of the population.
  public var perfusionFraction: Double
  /// τ of log D, logit f and log(D* − D).
  public var spread: [Double]

  /// A lesion over `graph`.
  public init(
    _ graph: SiteGraph, bValues: [BValue], signalToNoise: Double, perfusionFraction: Double, spread: [Double]
  ) {
    self.graph = graph
    self.bValues = bValues
    self.signalToNoise = signalToNoise
    self.perfusionFraction = perfusionFraction
    self.spread = spread
  }

  /// The posterior of one draw of the lesion by `seed`, under the prior of its own family.
  ///
  /// - Parameters:
  ///   - seed: The seed of the draw.
  ///   - modeAxis: The coordinate along which patches go from one mode to another; nil leaves those moves out.
  /// - Returns: The posterior of the coordinates of every voxel and of the population.
  public func model(seed: UInt64, modeAxis: Int? = nil)
    -> FieldModel<AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>>
  {
    let spectrum = FieldSpectrum(graph)
    let prior = FieldPrior(
      axes: [
        .init(mean: Double.log(1.1), sd: 0.4, spread: .halfNormal(scale: 0.3)),
        .init(mean: Double.log(0.25), sd: 1, spread: .halfNormal(scale: 0.5)),
        .init(mean: Double.log(20), sd: 0.8, spread: .halfNormal(scale: 0.3)),
      ], structure: .leroux)
    let odds = perfusionFraction / (1 - perfusionFraction)
    let truth = FieldHyperparameters(
      mean: [Double.log(1.1), Double.log(odds), Double.log(18)], spread: spread, partial: [0, 0, 0],
      dependence: [0.8, 0.8, 0.8])
    var random = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    let (shape, sigma) = (BiexponentialIVIM(bValues: bValues), 1000 / signalToNoise)
    var relative = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    let signals = prior.drawField(of: truth, on: graph, spectrum: spectrum, using: &random).map { eta in
      shape.evaluate(at: eta, signal: &relative, workspace: &workspace)
      return relative.map { 1000 * $0 + sigma * random.normal() }
    }
    func posterior(_ sites: [Int]) -> AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8> {
      AmplitudeMarginalPosterior(
        shape, signals: (0..<shape.settingCount).map { i in Lane8(sites.map { signals[$0][i] }) },
        averages: [Double](repeating: 1, count: shape.settingCount),
        noise: .pooled(pseudoObservations: 4, variance: Lane8(sigma * sigma)), prior: .flat(count: 3))
    }
    return FieldModel(
      graph: graph, spectrum: spectrum, prior: prior, density: posterior([Int](repeating: 0, count: 8)),
      data: { AmplitudeMarginalPosterior.SiteData(of: posterior($0)) }, modeAxis: modeAxis)
  }
}
