internal import Acquisitions
internal import Diagnostics
internal import GSLSupport
internal import LaneMath
internal import Lesions

/// The voxels of one lesion, drawn together until every functional of the lesion has been sampled long enough.
struct LesionFit<Model: VoxelModel>: Sendable {
  let model: Model
  let lesion: Lesion
  let plan: ChainPlan
  let prior: PriorSpread

  /// Draws of a chain before the first look at the functionals.
  private static var firstInstalment: Int { 500 }
  /// Joint draws of a chain that are kept of every voxel.
  static var storedDraws: Int { 500 }

  init(model: Model, lesion: Lesion, plan: ChainPlan) {
    self.model = model
    self.lesion = lesion
    self.plan = plan
    prior = PriorSpread(of: model, seed: plan.seed)
  }

  /// Runs the chains to their targets, or to the cap.
  func run(threads: Int, progress: ProgressMeter) async throws -> LesionPosterior {
    let groups = LaneGroup.groups(of: lesion.rows)
    let empty = GroupDraws(quantityCount: model.quantities.count, chainCount: plan.count)
    var states = try await concurrentMap(groups, threads: threads) { group in
      State(sampler: model.sampler(of: group.rows), kept: empty, count: group.count)
    }
    var drawn = 0
    var instalment = plan.fixedDraws ?? min(Self.firstInstalment, plan.maximumDraws)
    var keepEvery = max(1, (instalment + Self.storedDraws - 1) / Self.storedDraws)
    while true {
      let (count, every) = (instalment, keepEvery)
      states = try await concurrentMap(states, threads: threads) {
        $0.advanced(by: count, keepingEvery: every)
      }
      let series = try await FunctionalSeries(of: states, quantities: model.quantities, threads: threads)
      if drawn == 0 { progress.add(lesion.rows.count) }
      drawn += count
      let isLast = plan.fixedDraws != nil || drawn + drawn > plan.maximumDraws
      if isLast || series.isSampled(to: plan.minimumESS) {
        return LesionPosterior(
          lesion: lesion, quantities: model.quantities, prior: prior, priorFunctionals: priorFunctionals(),
          series: series, states: states.map { ($0.kept, $0.count) },
          sampler: SamplerReport(divergences: states.reduce(0) { $0 + $1.sampler.divergences }))
      }
      // Twice as long a run, of which every second kept draw stays.
      instalment = drawn
      for index in states.indices { states[index].kept.keepEverySecond() }
      keepEvery *= 2
    }
  }

  struct State: Sendable {
    var sampler: Model.Sampler
    var kept: GroupDraws
    /// How many of the lanes are voxels in their own right.
    let count: Int

    func advanced(by count: Int, keepingEvery stride: Int) -> State {
      var next = self
      var instalment = GroupDraws(quantityCount: kept.quantityCount, chainCount: kept.chainCount)
      next.sampler.draw(count, into: &instalment, at: 0)
      next.kept.append(instalment, every: stride)
      return next
    }
  }

  /// Functionals of 400 lesions of this size drawn from the voxel prior: `[quantity][functional][draw]`.
  private func priorFunctionals() -> [[[Double]]] {
    var random = RandomStream(
      StreamKey(seed: plan.seed, unit: lesion.label, purpose: .prior))
    let functionals = LesionFunctional.allCases.count
    var result = [[[Double]]](
      repeating: [[Double]](repeating: [], count: functionals), count: model.quantities.count)
    for _ in 0..<400 {
      let voxels = (0..<lesion.rows.count).map { _ in model.priorDraw(using: &random) }
      for (q, quantity) in model.quantities.enumerated() {
        let values = LesionFunctional.all(of: voxels.map { $0[q] }, scale: quantity.scale)
        for (functional, value) in values.enumerated() { result[q][functional].append(value) }
      }
    }
    return result
  }
}

/// Every functional of every quantity of one lesion, in each kept joint draw.
struct FunctionalSeries: Sendable {
  let quantities: [Quantity]
  let chainCount: Int
  /// `[quantity][functional][chain][draw]`.
  let values: [[[[Double]]]]

  init(quantities: [Quantity], chainCount: Int, values: [[[[Double]]]]) {
    self.quantities = quantities
    self.chainCount = chainCount
    self.values = values
  }

  /// The functionals of the kept draws of `states`, which together hold the voxels of the lesion.
  init<Model>(of states: [LesionFit<Model>.State], quantities: [Quantity], threads: Int) async throws {
    self.quantities = quantities
    let chainCount = states[0].kept.chainCount
    self.chainCount = chainCount
    let jobs = quantities.enumerated().flatMap { q, quantity in
      (0..<chainCount).map { (quantity: q, scale: quantity.scale, chain: $0) }
    }
    let results = try await concurrentMap(jobs, threads: threads) { job in
      let series = states.map { $0.kept[job.quantity, job.chain] }
      return series[0].indices.map { draw in
        let voxels = zip(states, series).flatMap { state, draws in draws[draw].array.prefix(state.count) }
        return LesionFunctional.all(of: voxels, scale: job.scale)
      }
    }
    values = quantities.indices.map { q in
      LesionFunctional.allCases.indices.map { functional in
        (0..<chainCount).map { chain in results[q * chainCount + chain].map { $0[functional] } }
      }
    }
  }

  /// Draws of each chain.
  var drawCount: Int { values[0][0][0].count }

  /// True if every functional that varies has bulk and tail ESS of at least `minimumESS` and R̂ < 1.01.
  func isSampled(to minimumESS: Double) -> Bool {
    let scores = NormalScores(count: chainCount * drawCount)
    return values.allSatisfy { functionals in
      functionals.allSatisfy { chains in
        let diagnostics = ChainDiagnostics(chains, scores: scores)
        guard diagnostics.isAssessable else { return true }
        return diagnostics.bulkESS >= minimumESS && diagnostics.tailESS >= minimumESS
          && diagnostics.rHat < 1.01
      }
    }
  }
}

/// The posterior of one lesion: functionals of every joint draw, and the kept joint draws of its voxels.
struct LesionPosterior: Sendable {
  let lesion: Lesion
  let quantities: [Quantity]
  let prior: PriorSpread
  /// `[quantity][functional][draw]` of lesions drawn from the prior.
  let priorFunctionals: [[[Double]]]
  let series: FunctionalSeries
  /// `[row of the lesion][mapped quantity]`.
  let statistics: [[VoxelStatistics]]
  /// Kept joint draws: `[quantity]`, each chains × draws × voxels, voxels fastest.
  let voxelDraws: [[Float]]
  /// Kept draws of each chain.
  let keptDraws: Int
  /// The parameters of the population; none where voxels are independent.
  let population: [PopulationSeries]
  /// What the samplers met after their warm-up.
  let sampler: SamplerReport

  init(
    lesion: Lesion, quantities: [Quantity], prior: PriorSpread, priorFunctionals: [[[Double]]],
    series: FunctionalSeries, statistics: [[VoxelStatistics]], voxelDraws: [[Float]], keptDraws: Int,
    population: [PopulationSeries] = [], sampler: SamplerReport = SamplerReport()
  ) {
    self.lesion = lesion
    self.quantities = quantities
    self.prior = prior
    self.priorFunctionals = priorFunctionals
    self.series = series
    self.statistics = statistics
    self.voxelDraws = voxelDraws
    self.keptDraws = keptDraws
    self.population = population
    self.sampler = sampler
  }

  init(
    lesion: Lesion, quantities: [Quantity], prior: PriorSpread, priorFunctionals: [[[Double]]],
    series: FunctionalSeries, states: [(kept: GroupDraws, count: Int)], sampler: SamplerReport
  ) {
    self.lesion = lesion
    self.quantities = quantities
    self.prior = prior
    self.priorFunctionals = priorFunctionals
    self.series = series
    keptDraws = states[0].kept.drawsPerChain
    population = []
    self.sampler = sampler
    var summarizer = VoxelSummarizer(quantities: quantities, prior: prior)
    statistics = states.flatMap { summarizer.summarize($0.kept, lanes: 0..<$0.count) }
    voxelDraws = quantities.indices.map { q in
      (0..<series.chainCount).flatMap { chain in
        (0..<states[0].kept.drawsPerChain).flatMap { draw in
          states.flatMap { state in
            state.kept[q, chain][draw].array.prefix(state.count).map { Float($0) }
          }
        }
      }
    }
  }
}
