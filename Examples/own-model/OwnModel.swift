import IVIMBayes

/// A model that the package does not have, sampled with everything it has: diffusion kurtosis.
///
///     swift run -c release own-model
///
/// The formula is written once. That is all a model is: the posterior, the sampler and the diagnostics take it from there.
@main
struct OwnModel {
  static func main() {
    let shape = DiffusionKurtosis(bValues: [0, 200, 400, 600, 800, 1000, 1400, 1800, 2200])
    let signals = [998.0, 836, 705, 601, 517, 452, 355, 290, 252]

    let prior = NormalPrior<Double>(
      means: [0, Double.log(0.8)], standardDeviations: [0.5, 0.5])
    let posterior = AmplitudeMarginalPosterior<DiffusionKurtosis, Double>(
      shape, signals: signals, averages: signals.map { _ in 1 },
      noise: .pooled(pseudoObservations: 0, variance: 1), prior: prior)
    var sampler = LaneGroupSampler(on: posterior, from: prior.mean, openAxis: 1, units: [0], seed: 1)
    let draws = sampler.draws(1000, of: [Parameter("d", unit: "mm²/s"), Parameter("kurtosis")]) { eta in
      [1e-3 * Double.exp(eta[0]), Double.exp(eta[1])]
    }

    let rows = draws.summary().map { SummaryTable.Row([$0.parameter.name], summary: $0) }
    print(SummaryTable(titles: ["parameter"], rows: rows).text())
  }
}
