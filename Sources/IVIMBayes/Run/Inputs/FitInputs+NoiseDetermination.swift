internal import Acquisitions

extension FitInputs {
  /// What to tell where no measurement is left over to show the noise: nil if there are enough of them, or σ is given.
  ///
  /// N values of k different settings leave N − 1 to compare once S₀ is taken off, and a curve of d coordinates meets
  /// min(d, k − 1) of them whatever they are. Where that is all of them σ has no lower bound but the posterior's own.
  static func undeterminedNoise(_ inputs: FitInputs, _ configuration: FitConfiguration) -> String? {
    guard inputs.knownSigma == nil else { return nil }
    let settings = inputs.series.settings
    let coordinates =
      inputs.t1.map { coordinateCount(of: $0.scanProtocol.method, configuration) }
      ?? (configuration.model == "monoexponential" ? 1 : 3)
    guard settings.count - 1 <= min(coordinates, Set(settings).count - 1) else { return nil }
    return "\(settings.count) measurements leave none over to show the noise, "
      + "which is then taken for very small: give it by --sigma"
  }

  private static func coordinateCount(of method: T1Method, _ configuration: FitConfiguration) -> Int {
    switch method {
    case .sasha where configuration.saturationModel == "two-parameter": 1
    case .molli, .lookLocker: configuration.inversionEfficiency.count == 2 ? 3 : 2
    default: 2
    }
  }
}
