internal import Acquisitions

/// The least that must be measured for a model: the one rule of `fit`, `calibrate`, `import` and `bids`.
///
/// N measurements at k different settings are fitted by an amplitude and d coordinates of a curve.
///
/// - Where nothing varies (k = 1), or where k is less than d, most of the answer would be the prior's: refused.
/// - Once the amplitude is taken off, N − 1 values are left. A curve meets min(d, k − 1) of them whatever they are. Where
///   that is all of them, nothing shows the noise: σ must be known.
/// - k below d + 1 under a known σ is fitted, with a notice: what the data leave open is the prior's.
struct LeastSettings {
  /// d.
  let coordinateCount: Int
  /// What is varied, in a message: "b-values".
  let name: String
  /// How many of the settings differ; b-values of one shell do not.
  let distinctCount: @Sendable ([Double]) -> Int
  /// What to do if there are too few, as the beginning of an advice.
  let advice: String

  /// The rule of a diffusion model.
  static func diffusion(isMonoexponential: Bool) -> LeastSettings {
    LeastSettings(
      coordinateCount: isMonoexponential ? 1 : 3, name: "b-values",
      distinctCount: { Shell.shells(of: $0.map { BValue($0) }).count },
      advice: isMonoexponential
        ? "Measure at more b-values" : "Use --model monoexponential, or measure at more b-values")
  }

  /// The rule of a T1 method.
  static func t1(_ method: T1Method, _ configuration: FitConfiguration) -> LeastSettings {
    let count =
      switch method {
      case .inversionRecovery, .lookLocker, .molli: 2
      case .sasha: configuration.saturationModel == "three-parameter" ? 2 : 1
      case .variableFlipAngle: 1
      }
    let name =
      switch method {
      case .inversionRecovery, .lookLocker, .molli: "inversion times"
      case .sasha: "saturation times"
      case .variableFlipAngle: "flip angles"
      }
    return LeastSettings(
      coordinateCount: count, name: name, distinctCount: { Set($0).count }, advice: "Measure at more \(name)")
  }

  /// The rule of a fit.
  static func of(_ configuration: FitConfiguration) -> LeastSettings {
    guard let method = configuration.method.flatMap({ T1Method(rawValue: $0) }) else {
      return diffusion(isMonoexponential: configuration.model == "monoexponential")
    }
    return t1(method, configuration)
  }

  /// Checks the settings of one curve.
  ///
  /// `takesSigma` is false for a command that has no option for the noise.
  ///
  /// - Returns: What a reader should know.
  /// - Throws: `status` with what is missing.
  func check(
    _ settings: [Double], isSigmaKnown: Bool, isPointEstimate: Bool, takesSigma: Bool = true,
    status: ExitStatus = .badInput, place: String
  ) throws(RunError) -> [String] {
    let (count, distinct) = (settings.count, distinctCount(settings))
    func refusal(_ problem: String, _ advice: String) -> RunError {
      RunError(status, at: place, problem, advice: advice)
    }
    let parameters = coordinateCount + 1
    if distinct < 2, let only = settings.first {
      throw refusal(
        "all \(count) measurements have one setting, \(only), so that nothing varies",
        "Check the sidecars and the order of the files; the model needs \(parameters) different \(name)")
    }
    if distinct < coordinateCount || (isPointEstimate && distinct < parameters) {
      throw refusal(
        "\(distinct) different \(name) cannot determine the \(parameters) parameters of the model", advice)
    }
    if !isSigmaKnown && !isPointEstimate && count - 1 <= min(coordinateCount, distinct - 1) {
      throw refusal(
        "\(count) measurements at \(distinct) different \(name) cannot tell \(parameters) parameters and the noise apart",
        takesSigma
          ? "Give the noise SD with --sigma, the SD of a homogeneous region or a map of it; or "
            + advice.prefix(1).lowercased() + advice.dropFirst() : advice)
    }
    return distinct < parameters
      ? [
        "\(distinct) different \(name) for \(parameters) parameters: what the data leave open is the prior's"
      ]
      : []
  }
}
