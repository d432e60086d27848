internal import GSLSupport

extension FitConfiguration {
  /// Draws of all chains of a voxel at most: their ranks are counted in 24 bits.
  private static let mostDraws = 10_000_000

  /// The plan of the chains.
  func chainPlan() throws(RunError) -> ChainPlan {
    guard let generator = Generator(rawValue: rng) else {
      let names = Generator.allCases.map(\.rawValue).joined(separator: ", ")
      throw RunError(
        .usage, at: "--rng", "there is no generator \"\(rng)\"", advice: "Choose one of \(names)")
    }
    let engine = SamplingEngine(rawValue: engine) ?? .metropolis
    let most = Self.mostDraws
    for (name, value, range) in [
      ("chains", chains, 1...1000), ("max-draws", maxDraws ?? 8, 8...most), ("draws", draws ?? 8, 8...most),
      ("warmup", warmup ?? 0, 0...most),
    ] where !range.contains(value) {
      throw RunError(
        .usage, at: "--\(name)", "\(value) is too \(value < range.lowerBound ? "few" : "many")",
        advice: "Give \(range.lowerBound) to \(range.upperBound)")
    }
    guard chains * max(maxDraws ?? 4000, draws ?? 0) <= most else {
      throw RunError(
        .usage, at: "--chains",
        "\(chains) chains of \(max(maxDraws ?? 4000, draws ?? 0)) draws are more than \(most)",
        advice: "Give fewer chains, or fewer draws")
    }
    guard minEss > 0, minEss <= Double(most) else {
      throw RunError(
        .usage, at: "--min-ess", "\(minEss) is no effective sample size that \(most) draws can reach",
        advice: "Give a positive number of at most \(most), for example 400")
    }
    return ChainPlan(
      seed: seed, count: chains, generator: generator, minimumESS: minEss, maximumDraws: maxDraws ?? 4000,
      maximumSweeps: maxDraws ?? 32_000, fixedDraws: draws, warmup: warmup, engine: engine)
  }
}
