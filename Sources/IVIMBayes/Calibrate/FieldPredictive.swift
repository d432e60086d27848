internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

/// Lesions from the joint distribution of population, field, amplitudes, noise and signals.
struct FieldPredictive<Tissue: TissueModel>: Sendable {
  typealias Density = AmplitudeMarginalPosterior<Tissue.Shape, Lane8>

  let voxels: PriorPredictive<Tissue>
  let prior: FieldPrior
  let graph: SiteGraph
  private let spectrum: FieldSpectrum
  /// The priors of the coordinates that a voxel has for itself, beyond those of the field.
  private let own: [(mean: Double, deviation: Double)]
  private let density: Density

  /// Lesions on `graph` whose voxels are those of `voxels` but for the field that joins them.
  init(_ voxels: PriorPredictive<Tissue>, prior: FieldPrior, graph: SiteGraph) {
    let lone = voxels.tissue.prior(of: [Int](repeating: 0, count: Lane8.count))
    let p = prior.axes.count
    own = lone.mean.indices.dropFirst(p).map { k in
      (lone.mean[k][0], 1 / lone.precision[packedIndex(k, k)][0].squareRoot())
    }
    density = Density(
      voxels.tissue.shape, signals: [Lane8](repeating: 1, count: voxels.tissue.shape.settingCount),
      averages: voxels.averages, noise: voxels.noise.lanes,
      // Flat in the field's coordinates, whose prior is the field.
      prior: NormalPrior(
        means: [Double](repeating: 0, count: p) + own.map(\.mean),
        standardDeviations: [Double](repeating: .infinity, count: p) + own.map(\.deviation)))
    self.voxels = voxels
    self.prior = prior
    self.graph = graph
    spectrum = FieldSpectrum(graph)
  }

  /// One lesion.
  struct Lesion {
    var population: FieldHyperparameters
    /// Sites × coordinates.
    var eta: [[Double]]
    /// Amplitude and σ of every site.
    var noise: [(amplitude: Double, sigma: Double)]
    /// Sites × settings.
    var signals: [[Double]]
  }

  /// A lesion from the prior.
  func draw(using random: inout RandomStream) -> Lesion {
    let population = prior.drawPopulation(using: &random)
    var eta = prior.drawField(of: population, on: graph, spectrum: spectrum, using: &random)
    for site in eta.indices {
      for axis in own {
        eta[site].append(random.normal(mean: axis.mean, standardDeviation: axis.deviation))
      }
    }
    var lesion = Lesion(population: population, eta: eta, noise: [], signals: [])
    for _ in eta { lesion.noise.append(voxels.noise.draw(using: &random)) }
    drawSignals(of: &lesion, using: &random)
    return lesion
  }

  /// New signals of a lesion as it is.
  func drawSignals(of lesion: inout Lesion, using random: inout RandomStream) {
    let shape = voxels.tissue.shape
    var relative = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    lesion.signals = []
    for site in lesion.eta.indices {
      shape.evaluate(at: lesion.eta[site], signal: &relative, workspace: &workspace)
      let (amplitude, sigma) = lesion.noise[site]
      var signals: [Double] = []
      for (g, n) in zip(relative, voxels.averages) {
        signals.append(random.normal(mean: amplitude * g, standardDeviation: sigma / n.squareRoot()))
      }
      lesion.signals.append(signals)
    }
  }

  /// What the chains of a lesion sample; with `modeAxis` those that warm up look for patches of several modes along it.
  func model(of lesion: Lesion, modeAxis: Int? = nil) -> FieldModel<Density> {
    let candidates = voxels.tissue.laneStarts(of: [Int](repeating: 0, count: Lane8.count))
    return FieldModel(
      graph: graph, spectrum: spectrum, prior: prior, density: density,
      data: { sites in
        var posterior = density
        posterior.replaceSignals(signals(of: sites, in: lesion))
        return Density.SiteData(of: posterior)
      }, starts: { _, density in density.best(of: candidates) }, modeAxis: modeAxis)
  }

  /// The signals of sites side by side: settings × lanes.
  private func signals(of sites: [Int], in lesion: Lesion) -> [Lane8] {
    lesion.signals[0].indices.map { i in Lane8(sites.map { lesion.signals[$0][i] }) }
  }

  /// The coordinates of a lesion's sites in a group of `model`.
  func lanes(of lesion: Lesion, group: Int, in model: FieldModel<Density>) -> [Lane8] {
    let sites = model.layout.sites(ofGroup: group)
    return lesion.eta[0].indices.map { k in Lane8(sites.map { lesion.eta[$0][k] }) }
  }
}

extension FieldPredictive {
  /// Population, lesion means of the field's coordinates, and the log likelihoods of a voxel and of the lesion.
  var names: [String] {
    let names = Array(voxels.coordinateNames.prefix(prior.axes.count))
    let means = prior.structure == .intrinsic ? [] : names.map { "population mean of \($0)" }
    let pairs = names.indices.flatMap { row in (0..<row).map { (row, $0) } }
    let dependences = prior.structure == .leroux ? names.map { "dependence of \($0)" } : []
    return means + names.map { "log spread of \($0)" }
      + pairs.map { "correlation of \(names[$0.0]) and \(names[$0.1])" } + dependences
      + names.map { "lesion mean of \($0)" } + ["log likelihood of a voxel", "log likelihood of the lesion"]
  }

  /// The quantities of `names`.
  func values(of lesion: Lesion) -> [Double] {
    let (p, count) = (prior.axes.count, graph.siteCount)
    let means = (0..<p).map { k in lesion.eta.reduce(0) { $0 + $1[k] } / Double(count) }
    var posterior = density
    var likelihoods: [Double] = []
    for group in LaneGroup.groups(of: Array(0..<count)) {
      posterior.replaceSignals(signals(of: group.rows, in: lesion))
      let place = lesion.eta[0].indices.map { k in Lane8(group.rows.map { lesion.eta[$0][k] }) }
      likelihoods += posterior.logDensity(at: place).array.prefix(group.count)
    }
    let population = lesion.population
    return (prior.structure == .intrinsic ? [] : population.mean)
      + population.spread.map { Double.log($0) } + population.partial
      + (prior.structure == .leroux ? population.dependence : []) + means
      + [likelihoods[0], likelihoods.reduce(0, +)]
  }

  /// Population and coordinates of `lesion` become those of `chain`.
  func take(_ chain: FieldChain<Density>, into lesion: inout Lesion) {
    lesion.population = chain.hyper
    let layout = chain.model.layout
    var position = [Lane8](repeating: 0, count: chain.model.dimension)
    for group in 0..<layout.groupCount {
      chain.copyPosition(ofGroup: group, into: &position)
      let sites = layout.sites(ofGroup: group)
      for lane in 0..<Lane8.count where layout.own[group][lane] > 0 {
        lesion.eta[sites[lane]] = position.map { $0[lane] }
      }
    }
  }
}

extension ProperNoise {
  /// Amplitude and σ of one voxel.
  func draw(using random: inout RandomStream) -> (amplitude: Double, sigma: Double) {
    let sigma = random.inverseGamma(shape: shape, scale: scale).squareRoot()
    return (random.normal(mean: mean, standardDeviation: sigma * relativeVariance.squareRoot()), sigma)
  }
}
