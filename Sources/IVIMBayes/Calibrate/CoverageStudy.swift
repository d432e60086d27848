internal import Acquisitions
public import Diagnostics
internal import Foundation
internal import GSLSupport
internal import LaneMath
internal import Lesions
internal import Posteriors
internal import SignalModels

/// One row block of the coverage table: reference lesions of one pattern and tissue.
public struct CoverageStratum: Sendable, Equatable {
  /// homogeneous, rim and core, or gradient.
  public let pattern: String
  /// The tissue: "f 0.15".
  public let level: String
  /// Voxels of each lesion.
  public let voxels: Int
  /// S₀/σ.
  public let signalToNoise: Double
  /// The coverage of the lesion mean of each quantity.
  public let coverages: [IntervalCoverage]

  /// The quantities on which a calibration is judged; D* and what contains it are shown, not judged: they are graded.
  public static let judged: Set<String> = ["d", "f", "adc", "t1"]
}

/// How often the intervals of lesion means hold the truth: reference lesions, simulated and fitted as `fit` does.
struct CoverageStudy<Tissue: TissueModel>: Sendable {
  let plan: CalibrationPlan
  let scan: T1Scan?
  let tissue: Tissue
  let tissues: [ReferenceTissue]

  /// One simulated lesion: its series, and the true mean of each quantity.
  struct Case: Sendable {
    let series: FitSeries
    /// By the name of the quantity.
    let truth: [String: Double]
  }

  /// `plan.replicates` lesions of every pattern and tissue.
  func run(threads: Int, progress: ProgressMeter) async throws -> [CoverageStratum] {
    // A fit keeps its unfinished parts in a folder; these are over in a moment and keep none.
    let folder = FileManager.default.temporaryDirectory.appending(path: "ivimbayes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let checkpoint = Checkpoint(folder, tileSize: 128, run: InterruptibleRun(), keepsLesions: false)
    var strata: [CoverageStratum] = []
    for (p, pattern) in ReferenceLesion.Pattern.allCases.enumerated() {
      let lesion = ReferenceLesion(pattern, voxelCount: plan.lesionVoxels)
      for (t, tissue) in tissues.enumerated() {
        let first = (p * tissues.count + t) * plan.replicates
        let results = try await concurrentMap(Array(0..<plan.replicates), threads: threads) { replicate in
          let simulated = simulate(lesion, tissue, number: replicate, stream: first + replicate)
          let result = (
            simulated.truth, try await fit(simulated.series, label: first + replicate + 1, checkpoint)
          )
          progress.add(1)
          return result
        }
        strata.append(stratum(pattern, tissue, results))
      }
    }
    return strata
  }

  private func stratum(
    _ pattern: ReferenceLesion.Pattern, _ tissue: ReferenceTissue,
    _ results: [(truth: [String: Double], draws: [(name: String, draws: [Double])])]
  ) -> CoverageStratum {
    let names = results.first?.draws.map(\.name) ?? []
    let coverages = names.enumerated().map { index, name in
      var coverage = IntervalCoverage(of: name, nominal: CalibrationPlan.nominalCoverage)
      for result in results {
        coverage.add(truth: result.truth[name] ?? .nan, draws: result.draws[index].draws)
      }
      return coverage
    }
    return CoverageStratum(
      pattern: pattern.rawValue, level: tissue.level, voxels: plan.lesionVoxels,
      signalToNoise: plan.signalToNoise, coverages: coverages)
  }

  /// The draws of the lesion mean of every quantity that has a truth.
  private func fit(_ series: FitSeries, label: Int, _ checkpoint: Checkpoint) async throws -> [(
    name: String, draws: [Double]
  )] {
    let lesion = Lesion(
      label: label, name: "lesion-\(label)", rows: Array(series.voxels.indices),
      labelledVoxelCount: series.voxels.count)
    let inputs = FitInputs(
      series: series, lesions: [FitInputs.FitLesion(lesion: lesion, series: series)], background: [],
      priors: plan.priors, notices: [], isRegional: false, quality: nil, knownSigma: nil, t1: scan)
    let runner = RegionRunner(
      inputs: inputs, configuration: plan.configuration, plan: try plan.configuration.chainPlan(), threads: 1,
      progress: .silent, checkpoint: checkpoint)
    let results =
      if let scan { try await T1Fit(runner: runner, scan: scan).run() } else {
        try await DiffusionFit(runner: runner, place: "--bval").run()
      }
    guard let posterior = results.lesions.first else { return [] }
    let mean = LesionFunctional.allCases.firstIndex(of: .mean) ?? 0
    return posterior.quantities.enumerated().compactMap { q, quantity in
      ["d", "f", "dstar", "adc", "t1"].contains(quantity.name)
        ? (quantity.name, posterior.series.values[q][mean].flatMap { $0 }) : nil
    }
  }

  /// The signals of a lesion and its true means; `stream` numbers its random numbers.
  private func simulate(
    _ lesion: ReferenceLesion, _ reference: ReferenceTissue, number: Int, stream: Int
  ) -> Case {
    var random = RandomStream(StreamKey(seed: plan.configuration.seed, unit: stream, purpose: .simulation))
    let amplitude = 1000.0
    let sigma = amplitude / plan.signalToNoise
    let isMagnitude = plan.isMagnitude(scan)
    let grid = lesion.grid(for: plan.replicates)
    let eta = reference.voxels(of: lesion, using: &random)
    let noiseless = eta.map { signal(at: $0).map { amplitude * $0 } }
    var values: [Float] = []
    values.reserveCapacity(eta.count * tissue.shape.settingCount)
    for signal in noiseless.joined() {
      let real = signal + sigma * random.normal()
      let imaginary = isMagnitude ? sigma * random.normal() : 0
      values.append(Float(isMagnitude ? (real * real + imaginary * imaginary).squareRoot() : real))
    }
    let series = FitSeries(
      settings: settings,
      signals: VoxelTable(voxelCount: eta.count, settingCount: tissue.shape.settingCount, values: values),
      voxels: lesion.voxels(of: number, in: grid), grid: grid)
    return Case(series: series, truth: truth(eta, noiseless: noiseless))
  }

  private var settings: [Double] {
    switch plan.design {
    case .diffusion(let bValues): bValues
    case .t1(let settings, _): settings
    }
  }

  private func signal(at eta: [Double]) -> [Double] {
    var signal = [Double](repeating: 0, count: tissue.shape.settingCount)
    var workspace = [Double](repeating: 0, count: tissue.shape.workspaceCount)
    tissue.shape.evaluate(at: eta, signal: &signal, workspace: &workspace)
    return signal
  }

  /// The lesion mean of every quantity of the tissue, and of the ADC of IVIM tissue: that of the noiseless curve.
  private func truth(_ eta: [[Double]], noiseless: [[Double]]) -> [String: Double] {
    let values = eta.map { tissue.values(eta: $0.map { Lane8($0) }, amplitude: 1, sigma: 1).map { $0[0] } }
    var truth: [String: Double] = [:]
    for (q, quantity) in tissue.quantities.enumerated() {
      truth[quantity.name] = LesionFunctional.all(of: values.map { $0[q] }, scale: quantity.scale)[0]
    }
    if scan == nil && truth["adc"] == nil {
      truth["adc"] = LesionFunctional.all(of: noiseless.map(apparentDiffusion), scale: .log)[0]
    }
    return truth
  }

  /// The ADC (mm²/s) that fits a noiseless curve best by least squares, within the range of the ADC.
  private func apparentDiffusion(of signal: [Double]) -> Double {
    let range = plan.configuration.adcRange
    let chosen = settings.indices.filter { (range[0] - 5...range[1] + 5).contains(settings[$0]) }
    let shape = MonoexponentialADC(bValues: chosen.map { BValue(settings[$0]) })
    // Noise so small that neither prior nor determinant matters: the mode is the least-squares fit.
    var posterior = AmplitudeMarginalPosterior<MonoexponentialADC, Double>(
      shape, signals: chosen.map { signal[$0] }, averages: chosen.map { _ in 1 },
      noise: .known(variance: 1e-6), prior: NormalPrior(means: [0], standardDeviations: [10]))
    let mode = LaneMode(of: &posterior, from: [0])
    return 1e-3 * Double.exp(mode.position[0])
  }
}
