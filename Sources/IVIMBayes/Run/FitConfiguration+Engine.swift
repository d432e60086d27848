internal import Acquisitions
internal import Samplers

extension FitConfiguration {
  /// Refuses the grid where a posterior has more than its four coordinates.
  ///
  /// - Throws: status 64 with the number of coordinates.
  func checkEngine(for inputs: FitInputs) throws(RunError) {
    guard engine == SamplingEngine.grid.rawValue else { return }
    let isMagnitude = magnitudeDensity != nil
    let count = tissueCoordinateCount(inputs.t1) + (isMagnitude ? (inputs.knownSigma == nil ? 2 : 1) : 0)
    guard count > 4 else { return }
    throw RunError(
      .usage, at: "--engine grid", "the posterior of a voxel has \(count) coordinates, and a grid takes four",
      advice: isMagnitude && inputs.knownSigma == nil
        ? "Give the noise with --sigma, or choose another engine" : "Choose another engine")
  }

  /// The coordinates that are sampled besides S₀ and σ.
  private func tissueCoordinateCount(_ scan: T1Scan?) -> Int {
    guard let scan else { return model == "monoexponential" ? 1 : 3 }
    switch scan.scanProtocol.method {
    case .inversionRecovery, .variableFlipAngle: return 2
    case .lookLocker, .molli: return 1 + inversionEfficiency.count
    case .sasha: return saturationModel == "three-parameter" ? 2 : 1
    }
  }
}
