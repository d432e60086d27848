internal import Acquisitions
public import Posteriors
internal import Samplers
internal import SignalModels

/// What `calibrate` does: a protocol, how noisy it is, how large the lesions are, and how they are fitted.
public struct CalibrationPlan: Sendable {
  /// What the scanner measures.
  public enum Design: Sendable {
    /// Diffusion weighting with these b-values, s/mm², one for each volume.
    case diffusion(bValues: [Double])
    /// T1: times in s or flip angles in degrees, and the repetition time in s where the method needs it.
    case t1(settings: [Double], repetitionTime: Double?)
  }

  /// One part of a calibration.
  public enum Check: String, Sendable, CaseIterable {
    /// Simulation-based calibration: are ranks uniform?
    case ranks
    /// Geweke's joint test of the sampler.
    case geweke
    /// Do intervals of lesion means hold the truth as often as they claim?
    case coverage
  }

  /// The protocol.
  public var design: Design
  /// S₀/σ at b = 0, or M₀/σ.
  public var signalToNoise = 30.0
  /// Voxels of each simulated lesion.
  public var lesionVoxels = 100
  /// Simulated lesions: of the ranks, and of each kind of reference lesion.
  public var replicates = 100
  /// How lesions are fitted: prior, noise, method, chains, seed. Its protocol is not used.
  public var configuration: FitConfiguration
  /// What is known of the tissue.
  public var priors: TissuePriors
  /// What is checked.
  public var checks = Set(Check.allCases)

  /// A calibration of `design` with the defaults.
  public init(
    _ design: Design, configuration: FitConfiguration = FitConfiguration(), priors: TissuePriors = .lungTumour
  ) {
    self.design = design
    self.configuration = configuration
    self.priors = priors
  }

  /// The probability that each interval of the coverage study claims.
  public static let nominalCoverage = 0.9
  /// Where the coverage of lesion means should lie.
  public static let coverageTarget = 0.85...0.95

  /// Refuses what cannot be simulated or fitted.
  func check() throws(RunError) {
    try configuration.check()
    func require(_ holds: Bool, _ option: String, _ problem: String, _ advice: String) throws(RunError) {
      if !holds { throw RunError(.usage, at: option, problem, advice: advice) }
    }
    try require(
      signalToNoise > 0 && signalToNoise.isFinite, "--snr", "\(signalToNoise) is no signal-to-noise ratio",
      "Give S0/sigma at b = 0, for example 30")
    try require(
      (2...5000).contains(lesionVoxels), "--lesion-voxels", "lesions of \(lesionVoxels) voxels",
      "Give 2 to 5000")
    // Lesions of several patterns and tissues add up; ranks do not.
    let fewest = checks.contains(.ranks) ? 20 : 2
    try require(
      replicates >= fewest, "--replicates", "\(replicates) replicates show nothing",
      "Give at least \(fewest), better 200"
    )
    try require(
      configuration.noise != "noncentral-chi", "--noise", "noncentral-chi noise is not simulated",
      "Choose gaussian or rician")
    if case .diffusion(let bValues) = design {
      try require(
        bValues.allSatisfy { $0 >= 0 && $0.isFinite } && bValues.contains { $0 <= 50 }, "--bval",
        "these are no b-values of a diffusion series", "Give numbers in s/mm2, zero among them")
      do { try BValue.check(bValues, place: "--bval") } catch {
        throw RunError(status: .usage, description: "\(error)")
      }
      _ = try LeastSettings.of(configuration).check(
        bValues, isSigmaKnown: false, isPointEstimate: false, takesSigma: false, status: .usage,
        place: "--bval")
    } else if case .t1(let settings, _) = design {
      _ = try LeastSettings.of(configuration).check(
        settings, isSigmaKnown: false, isPointEstimate: false, takesSigma: false, status: .usage,
        place: "--method \(configuration.method ?? "")"
      )
    }
  }

  /// How the voxels of a lesion depend on each other; nil if they do not.
  var structure: LesionStructure? { configuration.lesionStructure }

  /// The prior of `tissue` in a lesion, a field of `structure` in all its coordinates, as `fit` has it.
  func fieldPrior(of tissue: some TissueModel, structure: LesionStructure) -> FieldPrior {
    structure.prior(of: tissue.axes.map(\.prior))
  }

  /// The scan that a T1 design stands for; nil for diffusion.
  func t1Scan() throws -> T1Scan? {
    guard case .t1(let settings, let repetitionTime) = design else { return nil }
    let method = T1Method(rawValue: configuration.method ?? "") ?? .inversionRecovery
    let scanProtocol = try T1Protocol(
      method, settings: settings, repetitionTime: repetitionTime,
      polarity: configuration.polarity.flatMap { SignalPolarity(rawValue: $0) }, place: "--\(method.rawValue)"
    )
    return T1Scan(simulating: scanProtocol, b1Deviation: configuration.b1Sd ?? 0.05)
  }

  /// True if the noise of the simulated images is Rician.
  func isMagnitude(_ scan: T1Scan?) -> Bool {
    configuration.magnitudeDensity != nil
  }

  /// The tissue whose voxels are simulated and fitted.
  func tissue(_ scan: T1Scan?) -> any TissueModel {
    switch design {
    case .diffusion(let bValues) where configuration.model == "monoexponential":
      MonoexponentialTissue(bValues: bValues, priors: priors, isAlone: true)
    case .diffusion(let bValues): BiexponentialTissue(bValues: bValues, priors: priors)
    case .t1: t1Tissue(scan)
    }
  }

  private func t1Tissue(_ scan: T1Scan?) -> any TissueModel {
    guard let scan else { preconditionFailure("a T1 design has a scan") }
    let repetitionTime = scan.scanProtocol.repetitionTime
    let heterogeneity = priors.heterogeneity["t1"] ?? 0.3
    switch scan.scanProtocol.settings {
    case .inversionTimes(let times) where scan.scanProtocol.method == .inversionRecovery:
      return T1Tissue(
        MagnetizationRecovery(inversionTimes: times, repetitionTime: repetitionTime), openAxis: 0,
        t1: priors.t1, others: [(priors.inversion.median, priors.inversion.sd)],
        heterogeneity: heterogeneity)
    case .inversionTimes(let times):
      return T1Tissue(
        LookLockerRecovery(inversionTimes: times, efficiency: configuration.inversionEfficiency[0]),
        openAxis: 0, t1: priors.t1, others: [(0.3, 0.3)], heterogeneity: heterogeneity)
    case .saturationTimes(let times):
      let isPerfect = configuration.saturationModel == "two-parameter"
      return T1Tissue(
        MagnetizationRecovery(saturationTimes: times, isSaturationPerfect: isPerfect), openAxis: 0,
        t1: priors.t1, others: isPerfect ? [] : [(1, 0.1)], heterogeneity: heterogeneity)
    case .flipAngles(let angles):
      return T1Tissue(
        SpoiledGradientEcho(flipAngles: angles, repetitionTime: repetitionTime ?? .nan), openAxis: 1,
        t1: priors.t1, others: [(1, scan.b1Deviation)], heterogeneity: heterogeneity)
    }
  }
}
