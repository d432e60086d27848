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

  /// Sweeps that are thrown away unless the plan says otherwise.
  static var warmup: Int { 500 }

  /// Runs the chains to their targets, or to the cap, from where `store` has them.
  func run(threads: Int, progress: ProgressMeter, store: ChainStore = ChainStore()) async throws
    -> LesionPosterior
  {
    var store = store
    var course = try await store.resume { try await start(threads: threads) }
    while true {
      try await course.advance(by: store.part, threads: threads)
      progress.note("\(lesion.name) at sweep \(course.sweepCount)")
      if course.isInstalmentOver, course.isOver || Self.isSampled(course.records, to: plan.minimumESS) {
        break
      }
      if course.isPhaseOver { course.beginPhase() }
      try store.keep(course)
    }
    progress.add(lesion.rows.count)
    return posterior(course.records, steps: course.chains.map(\.steps))
  }

  /// The chains at their beginning.
  func start(threads: Int) async throws -> FieldCourse<Field.Chain> {
    let (field, voxels) = (field, lesion.rows.count)
    let chains = try await concurrentMap(Array(0..<plan.count), threads: threads) { field.chain($0) }
    return FieldCourse(
      chains, warmup: plan.warmup ?? Self.warmup, plan: plan,
      record: LesionRecord(
        quantities: quantities, voxelCount: voxels, populationCount: field.population.count),
      draw: JointDraw(
        quantities: quantities.map { _ in [Double](repeating: .nan, count: voxels) },
        population: field.population.map { _ in .nan }))
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
