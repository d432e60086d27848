internal import Acquisitions
internal import NIfTI
internal import Posteriors
internal import Samplers

extension FitConfiguration {
  /// Refuses values that are none of the choices.
  func check() throws(RunError) {
    let choices: [(String, String?, [String])] = [
      ("--model", model, ["biexponential", "monoexponential"]),
      ("--prior", prior, ["spatial", "hierarchical", "independent"]),
      ("--spatial-field", spatialField, ["leroux", "icar", "laplace", "student-t"]),
      ("--population-prior", populationPrior, ["half-normal-lkj", "huang-wand"]),
      ("--noise", noise, NoiseModel.names),
      ("--place", place, GridMatching.allCases.map(\.rawValue)),
      ("--engine", engine, SamplingEngine.allCases.map(\.rawValue) + [Self.leastSquares]),
      ("--save-draws", saveDraws, ["lesions", "none"]), ("--polarity", polarity, ["magnitude", "signed"]),
      ("--method", method, T1Method.allCases.map(\.rawValue)),
      ("--saturation-model", saturationModel, ["two-parameter", "three-parameter"]),
    ]
    for (option, value, allowed) in choices {
      guard let value, !allowed.contains(value) else { continue }
      throw RunError(
        .usage, at: option, "\"\(value)\" is not one of the choices of this version",
        advice: "Choose one of \(allowed.joined(separator: ", "))")
    }
    guard joinsVoxels || (prior ?? "independent") == "independent" else {
      throw RunError(
        .usage, at: "--prior \(prior ?? "")",
        "--engine \(engine) knows single voxels only and cannot join those of a lesion",
        advice: "Leave --engine out, or give --prior independent")
    }
    if let noise, polarity == SignalPolarity.signed.rawValue, !noiseModel.acceptsSigns {
      throw RunError(
        .usage, at: "--noise \(noise)",
        "--polarity signed says that signals carry their sign, and magnitudes do not",
        advice: "Leave out one of them")
    }
    guard !sensitivity || (lesionStructure != nil && lesionStructure?.field != .exchangeable && !roiMean)
    else {
      throw RunError(
        .usage, at: "--sensitivity", "there is no field whose effect could be shown",
        advice: "Give --prior spatial, without --roi-mean")
    }
    guard !saveLogLikelihood || (saveDraws != "none" && engine != Self.leastSquares) else {
      throw RunError(
        .usage, at: "--save-log-likelihood", "there will be no draws to which it could belong",
        advice: "Leave out --save-draws none, and use an engine that draws")
    }
    func require(_ holds: Bool, _ option: String, _ problem: String, _ advice: String) throws(RunError) {
      if !holds { throw RunError(.usage, at: option, problem, advice: advice) }
    }
    try require(
      adcRange.count == 2 && adcRange[0] < adcRange[1] && adcRange.allSatisfy(\.isFinite), "--adc-range",
      "the range needs two increasing b-values",
      "Give for example 0,1000")
    try require(
      bMin >= 0 && bMin < bMax && bMax.isFinite, "--b-min \(bMin) --b-max \(bMax)",
      "these are not the ends of a range of b-values", "Give two increasing numbers, for example 0 and 1000")
    try require(
      sigmaPooling.map { $0 >= 0 && $0.isFinite } ?? true, "--sigma-pooling",
      "the number of pseudo-observations is negative", "Give 0 for each voxel alone, or a positive number")
    try require(
      sigma.map { $0 > 0 && $0.isFinite } ?? true, "--sigma", "\(sigma ?? 0) is no standard deviation",
      "Give a positive number")
    try require((1...64).contains(coils), "--coils", "\(coils) coils", "Give 1 to 64")
    try require(
      b1Sd.map { $0 > 0 } ?? true, "--b1-sd", "that is no standard deviation", "Give a positive number")
    try require(
      (1...2).contains(inversionEfficiency.count) && inversionEfficiency.allSatisfy { $0 > 0 },
      "--inversion-efficiency", "the efficiency is one positive number, or mean and SD",
      "Give for example 0.96,0.02")
  }
}
