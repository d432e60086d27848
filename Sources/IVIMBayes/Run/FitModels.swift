internal import Acquisitions
internal import Foundation
internal import Posteriors
internal import SignalModels

/// The models of a diffusion fit.
struct DiffusionFit {
  let runner: RegionRunner
  let place: String

  func run() async throws -> FitResults {
    let (priors, plan) = (runner.inputs.priors, runner.plan)
    let configuration = runner.configuration
    let density = configuration.magnitudeDensity
    if configuration.model == "monoexponential" {
      return try await runner.run { series in
        let own = series.selecting(try adcSettings(of: series))
        return SwitchedModel(
          MonoexponentialTissue(bValues: own.settings, priors: priors, isAlone: true), series: own,
          chains: plan,
          density: density)
      }
    }
    return try await runner.run { series in
      let own = series.selecting(try adcSettings(of: series))
      return PairedModel(
        SwitchedModel(
          BiexponentialTissue(bValues: series.settings, priors: priors), series: series, chains: plan,
          density: density),
        SwitchedModel(
          MonoexponentialTissue(bValues: own.settings, priors: priors, isAlone: false), series: own,
          chains: plan, density: density, purpose: .companion))
    }
  }

  private func adcSettings(of series: FitSeries) throws(RunError) -> [Int] {
    try runner.configuration.adcSettings(of: series, place: place)
  }
}

/// The models of a T1 fit.
struct T1Fit {
  let runner: RegionRunner
  let scan: T1Scan

  func run() async throws -> FitResults {
    let configuration = runner.configuration
    let priors = runner.inputs.priors
    let scanProtocol = scan.scanProtocol
    switch (scanProtocol.method, scanProtocol.settings) {
    case (.lookLocker, .inversionTimes(let times)), (.molli, .inversionTimes(let times)):
      let efficiency = configuration.inversionEfficiency
      let open: (mean: Double, sd: Double)? = efficiency.count == 2 ? (efficiency[0], efficiency[1]) : nil
      let shape = LookLockerRecovery(inversionTimes: times, efficiency: open == nil ? efficiency[0] : nil)
      return try await run(
        T1Tissue(
          shape, openAxis: 0, t1: priors.t1, others: [(0.3, 0.3)] + (open.map { [$0] } ?? []),
          heterogeneity: priors.heterogeneity["t1"] ?? 0.3))
    case (.inversionRecovery, .inversionTimes(let times)):
      let shape = MagnetizationRecovery(
        inversionTimes: times, repetitionTime: scanProtocol.repetitionTime)
      return try await run(
        T1Tissue(
          shape, openAxis: 0, t1: priors.t1, others: [(priors.inversion.median, priors.inversion.sd)],
          heterogeneity: priors.heterogeneity["t1"] ?? 0.3))
    case (.sasha, .saturationTimes(let times)):
      let isPerfect = configuration.saturationModel == "two-parameter"
      let shape = MagnetizationRecovery(saturationTimes: times, isSaturationPerfect: isPerfect)
      return try await run(
        T1Tissue(
          shape, openAxis: 0, t1: priors.t1, others: isPerfect ? [] : [(1, 0.1)],
          heterogeneity: priors.heterogeneity["t1"] ?? 0.3))
    case (_, .flipAngles(let angles)):
      let shape = SpoiledGradientEcho(
        flipAngles: angles, repetitionTime: scanProtocol.repetitionTime ?? .nan)
      return try await runner.run { series in
        let local = scan.b1.map { map in series.voxels.map { map[$0] } }
        return model(
          T1Tissue(
            shape, openAxis: 1, t1: priors.t1, others: [(1, scan.b1Deviation)], localMeans: local,
            heterogeneity: priors.heterogeneity["t1"] ?? 0.3),
          series)
      }
    default:
      throw RunError(
        .usage, at: "--method", "the settings do not belong to the method \(scanProtocol.method.rawValue)",
        advice: "Give \(scanProtocol.method.settingName)")
    }
  }

  private func run<Shape: SignalShape>(_ tissue: T1Tissue<Shape>) async throws -> FitResults {
    try await runner.run { series in model(tissue, series) }
  }

  private func model<Shape: SignalShape>(_ tissue: T1Tissue<Shape>, _ series: FitSeries)
    -> SwitchedModel<T1Tissue<Shape>>
  {
    SwitchedModel(tissue, series: series, chains: runner.plan, density: runner.configuration.magnitudeDensity)
  }
}
