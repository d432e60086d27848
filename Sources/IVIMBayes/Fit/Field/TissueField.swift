internal import Diagnostics
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers

/// A likelihood of voxels that also gives amplitude and noise of a draw.
protocol VoxelLikelihood: SiteDensity where L == Lane8 {
  /// S₀ and σ of a draw with these byproducts; the density holds the data of its voxels.
  mutating func nuisance(from byproducts: [Lane8], using random: inout LaneRandom<Lane8>)
    -> (amplitude: Lane8, sigma: Lane8)
}

extension AmplitudeMarginalPosterior: VoxelLikelihood where L == Lane8 {
  mutating func nuisance(from byproducts: [Lane8], using random: inout LaneRandom<Lane8>)
    -> (amplitude: Lane8, sigma: Lane8)
  { drawNuisance(from: byproducts, using: &random) }
}

extension MagnitudePosterior: VoxelLikelihood where L == Lane8 {
  mutating func nuisance(from byproducts: [Lane8], using random: inout LaneRandom<Lane8>)
    -> (amplitude: Lane8, sigma: Lane8)
  { (byproducts[0], byproducts[1]) }
}

/// A tissue's coordinates as a field over the voxels of a lesion.
struct TissueField<Tissue: TissueModel, Likelihood: VoxelLikelihood>: LesionField {
  let tissue: Tissue
  let lesion: LesionGraph
  let model: FieldModel<Likelihood>
  /// The grid index of every voxel of the lesion.
  let units: [Int]
  let chains: ChainPlan
  let purpose: StreamPurpose

  /// The field of `tissue` over `lesion`.
  ///
  /// - Parameters:
  ///   - tissue: The signal model with its priors.
  ///   - lesion: The voxels and how they touch.
  ///   - series: The scan.
  ///   - chains: How many chains, and from which streams.
  ///   - purpose: What the streams are for.
  ///   - posterior: The likelihood of these rows, without a prior of the tissue's coordinates.
  ///   - data: Its part that changes from group to group.
  ///   - start: Where the search for the modes of these rows starts.
  init(
    _ tissue: Tissue, lesion: LesionGraph, series: FitSeries, chains: ChainPlan, purpose: StreamPurpose,
    posterior: ([Int]) -> Likelihood, data: (Likelihood) -> Likelihood.SiteData,
    start: @escaping ([Int]) -> [Lane8]
  ) {
    self.tissue = tissue
    self.lesion = lesion
    self.chains = chains
    self.purpose = purpose
    units = lesion.rows.map { series.voxels[$0] }
    let rows = lesion.rows
    let group = LaneGroup.groups(of: Array(rows.prefix(Lane8.count)))[0].rows
    model = FieldModel(
      graph: lesion.graph, spectrum: lesion.spectrum,
      prior: lesion.structure.prior(of: tissue.axes.map(\.prior)),
      density: posterior(group), offsets: tissue.fieldOffsets(of: rows),
      data: { sites in data(posterior(sites.map { rows[$0] })) },
      starts: { sites, _ in start(sites.map { rows[$0] }) }, modeAxis: tissue.modeAxis)
  }

  var population: [PopulationParameter] {
    let names = tissue.axes.map(\.name)
    var result = tissue.axes.map { PopulationParameter("mu_\($0.name)", unit: $0.unit) }
    result += names.map { PopulationParameter("tau_\($0)") }
    if lesion.structure.field == .leroux { result += names.map { PopulationParameter("lambda_\($0)") } }
    for i in names.indices {
      for j in 0..<i { result.append(PopulationParameter("rho_\(names[j])_\(names[i])")) }
    }
    return result
  }

  func chain(_ index: Int) -> TissueChain<Tissue, Likelihood> {
    let sampler = FieldChain(
      of: model, units: (units, lesion.label), seed: chains.seed, chain: index, purpose: purpose,
      generator: chains.generator)
    let nuisance = (0..<model.layout.groupCount).map { group in
      LaneRandom<Lane8>(
        model.layout.sites(ofGroup: group).map {
          StreamKey(seed: chains.seed, chain: index, unit: units[$0], purpose: .nuisance)
        }, generator: chains.generator)
    }
    return TissueChain(
      tissue: tissue, structure: lesion.structure.field, sampler: sampler, density: model.density,
      nuisance: nuisance, position: [Lane8](repeating: 0, count: model.dimension))
  }

  func priorDraw(using random: inout RandomStream) -> [[Double]] {
    let hyper = model.prior.drawPopulation(using: &random)
    let field = model.prior.drawField(of: hyper, on: lesion.graph, spectrum: lesion.spectrum, using: &random)
    let offsets = tissue.fieldOffsets(of: lesion.rows)
    var result = [[Double]](repeating: [], count: tissue.quantities.count)
    for start in stride(from: 0, to: field.count, by: Lane8.count) {
      let sites = Array(start..<min(start + Lane8.count, field.count))
      let eta = tissue.axes.indices.map { k in
        Lane8(sites.map { field[$0][k] + (offsets?[k][$0] ?? 0) })
      }
      let values = tissue.values(eta: eta, amplitude: Lane8(.nan), sigma: Lane8(.nan))
      for (q, value) in values.enumerated() { result[q] += value.array.prefix(sites.count) }
    }
    return result
  }
}

/// A chain of a `TissueField`.
struct TissueChain<Tissue: TissueModel, Likelihood: VoxelLikelihood>: LesionChain {
  let tissue: Tissue
  let structure: FieldPrior.Structure
  var sampler: FieldChain<Likelihood>
  var density: Likelihood
  var nuisance: [LaneRandom<Lane8>]
  var position: [Lane8]

  mutating func adapt(sweeps count: Int) { sampler.adapt(sweeps: count) }
  mutating func endWarmUp() { sampler.endWarmUp() }

  static func learn(_ chains: inout [TissueChain]) {
    var samplers = chains.map(\.sampler)
    FieldChain.learn(&samplers)
    for index in chains.indices { chains[index].sampler = samplers[index] }
  }

  mutating func sweep() { sampler.sweep() }

  mutating func transfer(through archive: inout StateArchive) {
    sampler.transfer(through: &archive)
    for group in nuisance.indices { nuisance[group].transfer(through: &archive) }
  }

  /// Named by the axes: the second field of a lesion has steps of its own.
  var steps: [StepAcceptance] {
    let axes = tissue.axes.map(\.name).joined(separator: ", ")
    return sampler.steps.map {
      StepAcceptance(
        "\($0.name) (\(axes))", accepted: $0.accepted, tried: $0.tried, isWalk: $0.isWalk)
    }
  }

  mutating func read(into draw: inout JointDraw, quantity: Int, population: Int) {
    let layout = sampler.model.layout
    for group in 0..<layout.groupCount {
      sampler.copyPosition(ofGroup: group, into: &position)
      density.take(sampler.model.groups[group])
      let (amplitude, sigma) = density.nuisance(
        from: sampler.byproducts(ofGroup: group), using: &nuisance[group])
      let values = tissue.values(eta: position, amplitude: amplitude, sigma: sigma)
      for lane in 0..<Lane8.count where layout.own[group][lane] > 0 {
        let site = layout.sites[group * Lane8.count + lane]
        for (q, value) in values.enumerated() { draw.quantities[quantity + q][site] = value[lane] }
      }
    }
    let hyper = sampler.hyper
    let means = structure == .intrinsic ? sampler.meanPosition : hyper.mean
    var values = zip(tissue.axes, means).map { $0.natural($1) } + hyper.spread
    if structure == .leroux { values += hyper.dependence }
    values += hyper.correlations
    for (k, value) in values.enumerated() { draw.population[population + k] = value }
  }
}
