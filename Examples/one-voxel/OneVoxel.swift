import IVIMBayes

/// The posterior of one voxel: from eleven signals to D, f and D* with intervals.
///
///     swift run -c release one-voxel
@main
struct OneVoxel {
  static func main() {
    // What the scanner did, and what it measured.
    let bValues = [0.0, 10, 20, 40, 80, 150, 250, 400, 600, 800, 1000].map { BValue($0) }
    let signals = [1021.0, 985, 946, 917, 869, 781, 702, 602, 480, 392, 309]

    // Likelihood times prior. The amplitude and the noise level are integrated out in closed form.
    let priors = TissuePriors.lungTumour
    let prior = NormalPrior<Double>(
      means: [
        Double.log(1e3 * priors.d.median), Double.log(priors.f.median / (1 - priors.f.median)),
        Double.log(1e3 * priors.dStarMinusD.median),
      ],
      standardDeviations: [priors.d.sd, priors.f.sd, priors.dStarMinusD.sd])
    let posterior = AmplitudeMarginalPosterior<BiexponentialIVIM, Double>(
      BiexponentialIVIM(bValues: bValues), signals: signals, averages: signals.map { _ in 1 },
      noise: .pooled(pseudoObservations: 0, variance: 1), prior: prior)

    // Four chains.
    var sampler = LaneGroupSampler(
      on: posterior, from: prior.mean, openAxis: BiexponentialIVIM.openAxis, units: [0], seed: 1)
    let parameters = [
      Parameter("d", unit: "mm²/s"), Parameter("f"), Parameter("dstar", unit: "mm²/s"),
    ]
    let draws = sampler.draws(1000, of: parameters) { eta in
      let d = 1e-3 * Double.exp(eta[0])
      return [d, Double.logistic(eta[1]), d + 1e-3 * Double.exp(eta[2])]
    }

    let rows = draws.summary().map { SummaryTable.Row([$0.parameter.name], summary: $0) }
    print(SummaryTable(titles: ["parameter"], rows: rows).text())
  }
}
