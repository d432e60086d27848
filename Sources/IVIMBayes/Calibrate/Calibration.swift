internal import Diagnostics
public import Foundation
internal import Posteriors
internal import Samplers
internal import SignalModels

/// `calibrate`: can the numbers of this protocol be believed?
///
/// Ranks and joint test judge the program: prior, likelihood and sampler belong together, under a likelihood from which
/// data can be simulated. Coverage judges the fit as it is used: whether the interval of a lesion mean holds the truth.
public struct Calibration: Sendable {
  private let plan: CalibrationPlan
  private let threads: Int
  private let meter: @Sendable (Int) -> ProgressMeter

  /// A calibration as `plan` says, with at most `threads` tasks at work; results do not depend on their number.
  public init(
    _ plan: CalibrationPlan, threads: Int,
    meter: @escaping @Sendable (Int) -> ProgressMeter = { _ in .silent }
  ) {
    self.plan = plan
    self.threads = threads
    self.meter = meter
  }

  /// Simulates, fits and judges, and writes the results into the new folder `folder` if there is to be one.
  ///
  /// - Throws: `RunError` with status 64 or 65 if the plan cannot be simulated or fitted, 73 if `folder` exists, 74 if
  ///   writing fails; then nothing is left behind.
  public func run(writingTo folder: URL? = nil, overwriting: Bool = false, reading inputs: [URL] = [])
    async throws(RunError) -> CalibrationReport
  {
    try plan.check()
    guard let folder else { return try await report() }
    let place = try OutputPlace(folder, kind: .calibration, overwriting: overwriting, inputs: inputs)
    return try await OutputFolder.write(place) { output in
      let report = try await report()
      try report.write(into: output)
      return report
    }
  }

  private func report() async throws(RunError) -> CalibrationReport {
    do {
      let scan = try plan.t1Scan()
      return try await report(of: plan.tissue(scan), scan: scan)
    } catch { throw RunError(error) }
  }

  private func report(of tissue: some TissueModel, scan: T1Scan?) async throws -> CalibrationReport {
    let tissues = referenceTissues(of: tissue, scan: scan)
    let lesions = ReferenceLesion.Pattern.allCases.count * tissues.count * plan.replicates
    let progress = meter(
      (plan.checks.contains(.ranks) ? plan.replicates : 0) + (plan.checks.contains(.coverage) ? lesions : 0))
    var report = CalibrationReport(plan)
    if plan.checks.contains(.ranks) {
      report.ranks = try await ranks(of: tissue, progress: progress).verdicts()
    }
    if plan.checks.contains(.geweke) { report.geweke = try await geweke(of: tissue) }
    if plan.checks.contains(.coverage) {
      let study = CoverageStudy(plan: plan, scan: scan, tissue: tissue, tissues: tissues)
      report.coverage = try await study.run(threads: threads, progress: progress)
    }
    return report
  }

  private func predictive<Tissue: TissueModel>(_ tissue: Tissue, signalToNoise: Double)
    -> PriorPredictive<Tissue>
  {
    PriorPredictive(
      tissue: tissue, averages: [Double](repeating: 1, count: tissue.shape.settingCount),
      noise: ProperNoise(signalToNoise: signalToNoise))
  }

  private func geweke(of tissue: some TissueModel) async throws -> GewekeTest {
    let predictive = predictive(
      tissue, signalToNoise: IndependentGeweke<BiexponentialTissue>.signalToNoise)
    let seed = plan.configuration.seed
    guard let structure = plan.structure else {
      return try await IndependentGeweke(predictive: predictive, seed: seed).run(threads: threads)
    }
    let field = FieldPredictive(
      predictive, prior: plan.fieldPrior(of: tissue, structure: structure),
      graph: FieldGeweke<BiexponentialTissue>.graph)
    return try await FieldGeweke(predictive: field, seed: seed).run(threads: threads)
  }

  private func ranks(of tissue: some TissueModel, progress: ProgressMeter) async throws -> RankCalibration {
    let predictive = predictive(tissue, signalToNoise: plan.signalToNoise)
    guard let structure = plan.structure else {
      let study = IndependentRanks(
        predictive: predictive, voxelCount: plan.lesionVoxels, seed: plan.configuration.seed)
      return try await ranks(study.names, progress) { study.replicate($0) }
    }
    let places = ReferenceLesion.irregularPositions(plan.lesionVoxels)
    let size = ReferenceLesion.voxelSize
    let graph = SiteGraph(positions: places.map { [$0.x, $0.y, $0.z] }, spacing: [size.x, size.y, size.z])
    let study = FieldRanks(
      predictive: FieldPredictive(
        predictive, prior: plan.fieldPrior(of: tissue, structure: structure), graph: graph),
      seed: plan.configuration.seed)
    return try await ranks(study.names, progress) { study.replicate($0) }
  }

  private func ranks(
    _ names: [String], _ progress: ProgressMeter, _ replicate: @escaping @Sendable (Int) -> RankReplicate
  ) async throws -> RankCalibration {
    let replicates = try await concurrentMap(Array(0..<plan.replicates), threads: threads) { index in
      let replicate = replicate(index)
      progress.add(1)
      return replicate
    }
    return RankCalibration(of: names, replicates: replicates, seed: plan.configuration.seed)
  }

  private func referenceTissues(of tissue: some TissueModel, scan: T1Scan?) -> [ReferenceTissue] {
    if scan != nil {
      let means = tissue.prior(of: [Int](repeating: 0, count: 8)).mean.map { $0[0] }
      return ReferenceTissue.t1(plan.priors, means: means)
    }
    return plan.configuration.model == "monoexponential"
      ? ReferenceTissue.monoexponential(plan.priors) : ReferenceTissue.diffusion(plan.priors)
  }
}
