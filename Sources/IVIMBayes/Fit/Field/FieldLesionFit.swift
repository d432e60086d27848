internal import Acquisitions
internal import Diagnostics
internal import GSLSupport
internal import LaneMath
internal import Lesions
internal import Samplers

/// A lesion under a prior that joins its voxels, drawn until every functional and every parameter of its population has
/// been sampled long enough.
struct FieldLesionFit<Field: LesionField>: Sendable {
  let field: Field
  let lesion: Lesion
  let quantities: [Quantity]
  let plan: ChainPlan
  /// The spread of the prior of one voxel.
  let prior: PriorSpread

  /// Sweeps of a chain before the first look.
  private static var firstInstalment: Int { 1000 }
  /// Joint draws of a chain that are kept.
  private static var storedDraws: Int { 500 }
  /// Sweeps that are thrown away unless the plan says otherwise.
  static var warmup: Int { 500 }

  private struct Runner: Sendable {
    var chain: Field.Chain
    var record: LesionRecord
    var draw: JointDraw

    /// The chain after `count` sweeps that adapt its proposals.
    func adapted(by count: Int) -> Runner {
      var next = self
      next.chain.adapt(sweeps: count)
      return next
    }

    /// `count` more sweeps, of which every `stride`-th is kept.
    func advanced(by count: Int, keepingEvery stride: Int) -> Runner {
      var next = self
      for sweep in 1...max(1, count) {
        next.chain.sweep()
        guard sweep % stride == 0 else { continue }
        next.chain.read(into: &next.draw, quantity: 0, population: 0)
        next.record.append(next.draw)
      }
      return next
    }
  }

  /// Runs the chains to their targets, or to the cap.
  func run(threads: Int, progress: ProgressMeter) async throws -> LesionPosterior {
    let (field, plan, voxels) = (field, plan, lesion.rows.count)
    let empty = LesionRecord(
      quantities: quantities, voxelCount: voxels, populationCount: field.population.count)
    let blank = JointDraw(
      quantities: quantities.map { _ in [Double](repeating: .nan, count: voxels) },
      population: field.population.map { _ in .nan })
    var runners = try await concurrentMap(Array(0..<plan.count), threads: threads) { index in
      Runner(chain: field.chain(index), record: empty, draw: blank)
    }
    for stage in FieldWarmup.stages(plan.warmup ?? Self.warmup) {
      var chains = runners.map(\.chain)
      Field.Chain.learn(&chains)
      for index in runners.indices { runners[index].chain = chains[index] }
      runners = try await concurrentMap(runners, threads: threads) { $0.adapted(by: stage) }
    }
    for index in runners.indices { runners[index].chain.endWarmUp() }
    let cap = plan.maximumSweeps
    var drawn = 0
    var instalment = plan.fixedDraws ?? min(Self.firstInstalment, cap)
    var keepEvery = max(1, (instalment + Self.storedDraws - 1) / Self.storedDraws)
    while true {
      let (count, every) = (instalment, keepEvery)
      runners = try await concurrentMap(runners, threads: threads) {
        $0.advanced(by: count, keepingEvery: every)
      }
      drawn += count
      let records = runners.map(\.record)
      let isLast = plan.fixedDraws != nil || drawn + drawn > cap
      if isLast || Self.isSampled(records, to: plan.minimumESS) {
        progress.add(voxels)
        return posterior(records, steps: runners.map(\.chain.steps))
      }
      instalment = drawn
      for index in runners.indices { runners[index].record.keepEverySecond() }
      keepEvery *= 2
    }
  }

  /// True if every functional and parameter that varies has bulk and tail ESS of `minimumESS` and R̂ < 1.01.
  private static func isSampled(_ records: [LesionRecord], to minimumESS: Double) -> Bool {
    let scores = NormalScores(count: records.count * records[0].drawCount)
    func holds(_ chains: [[Double]]) -> Bool {
      let diagnostics = ChainDiagnostics(chains, scores: scores)
      guard diagnostics.isAssessable else { return true }
      return diagnostics.bulkESS >= minimumESS && diagnostics.tailESS >= minimumESS && diagnostics.rHat < 1.01
    }
    // The population mixes slowest: most looks end here.
    return records[0].population.indices.allSatisfy { k in holds(records.map { $0.population[k] }) }
      && records[0].functionals.indices.allSatisfy { q in
        records[0].functionals[q].indices.allSatisfy { f in holds(records.map { $0.functionals[q][f] }) }
      }
  }

  private func posterior(_ records: [LesionRecord], steps: [[StepAcceptance]]) -> LesionPosterior {
    LesionPosterior(
      lesion: lesion, quantities: quantities, prior: prior, priorFunctionals: priorFunctionals(),
      series: FunctionalSeries(
        quantities: quantities, chainCount: records.count,
        values: quantities.indices.map { q in
          LesionFunctional.allCases.indices.map { f in records.map { $0.functionals[q][f] } }
        }),
      statistics: statistics(records),
      voxelDraws: quantities.indices.map { q in records.flatMap { $0.voxels[q] } },
      keptDraws: records[0].drawCount,
      population: field.population.enumerated().map { k, parameter in
        PopulationSeries(parameter: parameter, chains: records.map { $0.population[k] })
      }, sampler: SamplerReport(steps: steps))
  }

  private func statistics(_ records: [LesionRecord]) -> [[VoxelStatistics]] {
    var summarizer = VoxelSummarizer(quantities: quantities, prior: prior)
    let count = lesion.rows.count
    return stride(from: 0, to: count, by: Lane8.count).flatMap { start in
      let sites = Array(start..<min(start + Lane8.count, count))
      var draws = GroupDraws(quantityCount: quantities.count, chainCount: records.count)
      for (chain, record) in records.enumerated() {
        for q in quantities.indices {
          for draw in 0..<record.drawCount {
            let values = sites.map { Double(record.voxels[q][draw * count + $0]) }
            draws.append(Lane8(values), quantity: q, chain: chain)
          }
        }
      }
      return summarizer.summarize(draws, lanes: sites.indices)
    }
  }

  /// Functionals of 400 lesions of this graph drawn from the prior: `[quantity][functional][draw]`.
  private func priorFunctionals() -> [[[Double]]] {
    var random = RandomStream(StreamKey(seed: plan.seed, unit: lesion.label, purpose: .prior))
    var result = [[[Double]]](
      repeating: [[Double]](repeating: [], count: LesionFunctional.allCases.count), count: quantities.count)
    for _ in 0..<400 {
      let draw = field.priorDraw(using: &random)
      for (q, quantity) in quantities.enumerated() {
        let values = LesionFunctional.all(of: draw[q], scale: quantity.scale)
        for (functional, value) in values.enumerated() { result[q][functional].append(value) }
      }
    }
    return result
  }
}

/// One parameter of a lesion's population in every kept joint draw.
struct PopulationSeries: Sendable {
  let parameter: PopulationParameter
  /// `[chain][draw]`.
  let chains: [[Double]]
}

extension LesionPosterior {
  /// How well the population's parameters were sampled.
  var populationHealth: [QuantityHealth] {
    population.map {
      QuantityHealth("\($0.parameter.name) of \(lesion.name)", chains: $0.chains, role: .hyperparameter)
    }
  }
}
