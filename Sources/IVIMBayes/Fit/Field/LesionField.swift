internal import Acquisitions
internal import Diagnostics
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import NIfTI
internal import Posteriors
internal import Samplers

/// The voxels of a lesion as one model: their joint posterior under a hierarchical or spatial prior.
protocol LesionField: Sendable {
  associatedtype Chain: LesionChain

  /// What is reported of the population.
  var population: [PopulationParameter] { get }
  /// Chain `index`, at its start.
  func chain(_ index: Int) -> Chain
  /// The quantities of every voxel of a lesion drawn from the prior, `[quantity][voxel]`; NaN where the prior is flat.
  func priorDraw(using random: inout RandomStream) -> [[Double]]
}

/// A Markov chain over all voxels of a lesion and their population.
protocol LesionChain: Sendable {
  /// Runs sweeps that adapt the proposals and are thrown away: a stage of the warm-up, or a part of one.
  mutating func adapt(sweeps count: Int)
  /// Takes over what all `chains` have learned of the posterior in their last sweeps.
  static func learn(_ chains: inout [Self])
  /// Ends the adaptation.
  mutating func endWarmUp()
  /// Runs one sweep.
  mutating func sweep()
  /// How often the steps were accepted since the warm-up.
  var steps: [StepAcceptance] { get }
  /// The state of the chain, which is read into one newly made.
  mutating func transfer(through archive: inout StateArchive)
  /// Writes the current state to `draw`, beginning at the given places.
  mutating func read(into draw: inout JointDraw, quantity: Int, population: Int)
}

/// One joint draw of a lesion.
struct JointDraw: Sendable {
  /// `[quantity][voxel of the lesion]`.
  var quantities: [[Double]]
  /// The population's parameters.
  var population: [Double]
}

/// A parameter of a lesion's population, by the name under which draws and flags print it.
struct PopulationParameter: Sendable, Equatable {
  /// `mu_d`, `tau_d`, `lambda_d`, `rho_d_f`, ….
  let name: String
  /// The unit of medians; the others are pure numbers on the axis of their quantity.
  let unit: String

  init(_ name: String, unit: String = "") {
    self.name = name
    self.unit = unit
  }
}

/// The place of a lesion's voxels: what all its models share.
struct LesionGraph: Sendable {
  /// The label of the lesion, which keys the random numbers of its populations.
  let label: Int
  /// The rows of the lesion's voxels.
  let rows: [Int]
  let structure: LesionStructure
  let graph: SiteGraph
  let spectrum: FieldSpectrum

  /// The voxels of `lesion` in `series`, joined within the lesion and nowhere else.
  init(_ lesion: Lesion, in series: FitSeries, structure: LesionStructure) {
    label = lesion.label
    rows = lesion.rows
    self.structure = structure
    let size = series.grid.voxelSize
    graph = SiteGraph(
      positions: lesion.rows.map { series.grid.position(ofIndex: series.voxels[$0]) },
      spacing: [size.x, size.y, size.z])
    spectrum =
      structure.field == .exchangeable
      ? FieldSpectrum(SiteGraph(positions: [[0]], spacing: [1])) : FieldSpectrum(graph)
  }
}

/// One coordinate of a tissue under the prior of a lesion.
struct FieldAxis: Sendable {
  /// The name in hyperparameters: `d f dstar_minus_d adc t1`, or what the method leaves open.
  let name: String
  /// The unit of the population's median.
  let unit: String
  let prior: FieldPrior.Axis
  /// From the axis to the natural value.
  let natural: @Sendable (Double) -> Double

  init(
    _ name: String, unit: String, mean: Double, sd: Double, spread: Double,
    natural: @escaping @Sendable (Double) -> Double
  ) {
    self.name = name
    self.unit = unit
    prior = FieldPrior.Axis(mean: mean, sd: sd, spread: .halfNormal(scale: spread))
    self.natural = natural
  }
}
