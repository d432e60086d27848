internal import Acquisitions
internal import Diagnostics
internal import Posteriors

/// Fits the regions of a scan, each with its own noise level, and keeps what is finished in the checkpoint.
struct RegionRunner {
  let inputs: FitInputs
  let configuration: FitConfiguration
  let plan: ChainPlan
  let threads: Int
  let progress: ProgressMeter
  let checkpoint: Checkpoint
  /// What turns f of a lesion into a volume fraction, if anything does.
  var correction: BloodCorrection?

  /// Lesions of at most this many voxels are sampled side by side, larger ones one after the other with all threads.
  private static let smallLesion = 256

  /// Fits lesions as wholes and the voxels outside them as voxels; `model` makes the model of a series.
  func run<Model: NoisyVoxelModel>(model: (FitSeries) throws -> Model) async throws -> FitResults {
    let whole = try model(inputs.series)
    var jobs: [LesionJob<Model>] = []
    for (index, entry) in inputs.lesions.enumerated() {
      let isOwn = !entry.series.isSameTable(as: inputs.series)
      jobs.append(
        LesionJob(index: index, lesion: entry.lesion, model: isOwn ? try model(entry.series) : whole))
    }
    let small = jobs.filter { $0.lesion.rows.count <= Self.smallLesion }
    let large = jobs.filter { $0.lesion.rows.count > Self.smallLesion }
    var found = try await concurrentMap(small, threads: threads) { try await fit($0, threads: 1) }
    for job in large { found.append(try await fit(job, threads: threads)) }
    found.sort { $0.index < $1.index }
    var levels: [String: NoiseLevel] = [:]
    for lesion in found { levels["lesion-\(lesion.posterior.lesion.label)"] = lesion.noise }
    let before = plan.engineCounts.values.divergences
    let voxels = try await fitBackground(whole, levels: &levels)
    return FitResults(
      quantities: whole.quantities + (correction == nil ? [] : [.volumeFraction]),
      lesions: found.map(\.posterior), rows: found.flatMap(\.rows), population: found.flatMap(\.population),
      checks: found.map(\.check), likelihoods: found.compactMap(\.likelihood), background: voxels,
      sensitivities: found.compactMap(\.sensitivity),
      divergencesOutside: plan.engineCounts.values.divergences - before, noiseLevels: levels)
  }

  private func fit<Model>(_ job: LesionJob<Model>, threads: Int) async throws -> LesionResult {
    if let kept = checkpoint.lesions.posterior(
      at: job.index, of: job.lesion, quantities: job.model.quantities)
    {
      progress.skip(job.lesion.rows.count)
      return result(job, kept)
    }
    var model = job.model
    let noise = try await model.setNoise(
      inputs.knownSigma, pooling: configuration.sigmaPooling, rows: job.lesion.rows, threads: threads)
    let structure = configuration.lesionStructure
    let chains = checkpoint.chains(of: job.lesion, at: job.index)
    let others = checkpoint.chains(of: job.lesion, at: job.index, variant: "-without-field")
    let posterior = try await posterior(
      model, job.lesion, structure: structure, threads: threads, progress: progress, chains: chains)
    let finished = FinishedLesion(
      posterior: posterior, noise: noise,
      sensitivity: try await sensitivity(of: posterior, model, threads: threads, chains: others))
    checkpoint.notePart()
    try checkpoint.lesions.save(finished, at: job.index)
    chains.remove()
    others.remove()
    return result(job, finished)
  }

  /// The lesion as the output needs it: many small lesions fit into the memory if their draws need not.
  private func result<Model>(_ job: LesionJob<Model>, _ finished: FinishedLesion) -> LesionResult {
    let posterior = finished.posterior
    let complete = correction.map { posterior.corrected(by: $0, seed: plan.seed) } ?? posterior
    return LesionResult(
      index: job.index, posterior: configuration.saveDraws == "none" ? complete.withoutDraws : complete,
      rows: LesionTable.rows(of: complete), population: complete.populationHealth,
      // A model without its noise level predicts as well: a draw brings σ with it.
      check: ModelCheck(posterior, by: job.model),
      likelihood: configuration.saveLogLikelihood ? PointwiseLikelihood(posterior, by: job.model) : nil,
      noise: finished.noise, sensitivity: finished.sensitivity)
  }

  /// The lesion once more without its field, if that is asked for and it has one.
  private func sensitivity<Model: VoxelModel>(
    of posterior: LesionPosterior, _ model: Model, threads: Int, chains: ChainStore
  ) async throws -> FieldSensitivity? {
    guard configuration.sensitivity, !posterior.population.isEmpty,
      let structure = configuration.lesionStructure
    else { return nil }
    let without = try await self.posterior(
      model, posterior.lesion, structure: structure.withoutField, threads: threads, progress: .silent,
      chains: chains)
    let size = model.series.grid.voxelSize
    return FieldSensitivity(
      posterior, without: without,
      graph: LesionGraph(posterior.lesion, in: model.series, structure: structure).graph,
      spacing: size.min())
  }

  /// The joint posterior of a lesion under the prior of the configuration; one voxel alone has the population's prior,
  /// and so have the voxels of a lesion that is too large to be joined.
  private func posterior<Model: VoxelModel>(
    _ model: Model, _ lesion: Lesion, structure: LesionStructure?, threads: Int, progress: ProgressMeter,
    chains: ChainStore
  ) async throws -> LesionPosterior {
    guard let structure,
      (2...FitConfiguration.largestJoinedLesion).contains(lesion.rows.count)
    else {
      return try await LesionFit(model: model, lesion: lesion, plan: plan)
        .run(threads: threads, progress: progress)
    }
    let graph = LesionGraph(lesion, in: model.series, structure: structure)
    return try await FieldLesionFit(
      field: model.field(over: graph), lesion: lesion, quantities: model.quantities, plan: plan,
      prior: PriorSpread(of: model, seed: plan.seed)
    ).run(threads: threads, progress: progress, store: chains)
  }

  /// Draws the tiles of the voxels outside lesions that the checkpoint does not hold yet.
  private func fitBackground<Model: NoisyVoxelModel>(_ model: Model, levels: inout [String: NoiseLevel])
    async throws -> VoxelStore
  {
    let (rows, store) = (
      inputs.background,
      try checkpoint.openVoxels(
        rowCount: inputs.background.count, quantityCount: model.quantities.count(where: \.isMapped))
    )
    guard !rows.isEmpty else { return store }
    var model = model
    levels["outside"] = try await model.setNoise(
      inputs.knownSigma, pooling: configuration.sigmaPooling, rows: rows, threads: threads)
    let fit = VoxelRegionFit(model: model, plan: plan)
    let pending = store.pendingTiles
    progress.skip(rows.count - pending.reduce(0) { $0 + store.rows(ofTile: $1).count })
    let (progress, checkpoint) = (progress, checkpoint)
    _ = try await concurrentMap(pending, threads: threads) { tile in
      let range = store.rows(ofTile: tile)
      let statistics = fit.statistics(of: Array(rows[range]))
      checkpoint.notePart()
      try store.save(statistics, tile: tile)
      progress.add(range.count)
    }
    store.flush()
    return store
  }
}

/// A lesion that waits to be sampled.
private struct LesionJob<Model: NoisyVoxelModel>: Sendable {
  let index: Int
  let lesion: Lesion
  let model: Model
}

/// A lesion that has been.
private struct LesionResult: Sendable {
  let index: Int
  let posterior: LesionPosterior
  let rows: [LesionRow]
  let population: [QuantityHealth]
  let check: ModelCheck?
  let likelihood: PointwiseLikelihood?
  let noise: NoiseLevel
  let sensitivity: FieldSensitivity?
}

/// What a fit found, before it is written.
struct FitResults {
  let quantities: [Quantity]
  /// Every lesion, without draws where they are not to be written.
  let lesions: [LesionPosterior]
  /// The table of the lesions.
  let rows: [LesionRow]
  /// How well the parameters of the populations were sampled.
  let population: [QuantityHealth]
  /// The check of every lesion's model; nil where it predicts nothing.
  let checks: [ModelCheck?]
  /// The log-likelihood of the measurements of every lesion; none unless it was asked for.
  let likelihoods: [PointwiseLikelihood]
  /// The statistics of the voxels outside lesions, in the order of the background's rows.
  let background: VoxelStore
  /// Every lesion with its field and without; none unless it was asked for.
  let sensitivities: [FieldSensitivity]
  /// Divergent transitions in the voxels outside lesions that this run has drawn.
  let divergencesOutside: Int
  /// The noise level of every region, by name.
  let noiseLevels: [String: NoiseLevel]
}
