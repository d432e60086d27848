import Acquisitions
import Posteriors
import Samplers
import SignalModels
import Testing

@testable import IVIMBayes

/// What is calibrated is what is fitted.
@Suite struct CalibrationPlanTests {
  /// The prior under which `fit` draws a lesion of `tissue`.
  private func fitted<Tissue: TissueModel>(_ tissue: Tissue, settings: [Double]) -> FieldPrior {
    let (lesion, count) = (ReferenceLesion(.homogeneous, voxelCount: 4), 4)
    let grid = lesion.grid(for: 1)
    let series = FitSeries(
      settings: settings,
      signals: VoxelTable(
        voxelCount: count, settingCount: settings.count,
        values: [Float](repeating: 1, count: count * settings.count)),
      voxels: lesion.voxels(of: 0, in: grid), grid: grid)
    let model = GaussianModel(tissue, series: series, chains: ChainPlan())
    let graph = LesionGraph(
      Lesion(label: 1, name: "one", rows: Array(0..<count), labelledVoxelCount: count), in: series,
      structure: LesionStructure(.leroux))
    return model.field(over: graph).model.prior
  }

  private func expect<Tissue: TissueModel>(
    _ plan: CalibrationPlan, _ tissue: Tissue, axes: [String], settings: [Double]
  ) {
    let planned = plan.fieldPrior(of: tissue, structure: LesionStructure(.leroux))
    #expect(planned == fitted(tissue, settings: settings))
    #expect(tissue.axes.map(\.name) == axes && planned.axes.count == axes.count)
  }

  @Test func `Every coordinate of a lesion is in the field that is calibrated, as in that of a fit`() throws {
    let bValues = [0.0, 10, 50, 200, 500, 800]
    var priors = TissuePriors.lungTumour
    priors.heterogeneity["t1"] = 0.17
    let diffusion = CalibrationPlan(.diffusion(bValues: bValues), priors: priors)
    let ivim = try #require(diffusion.tissue(nil) as? BiexponentialTissue)
    expect(diffusion, ivim, axes: ["d", "f", "dstar_minus_d"], settings: bValues)

    let times = [0.05, 0.2, 0.8, 2.2, 3.5]
    var recovery = CalibrationPlan(.t1(settings: times, repetitionTime: 5), priors: priors)
    recovery.configuration.method = "ir"
    let inversion = try #require(
      recovery.tissue(try recovery.t1Scan()) as? T1Tissue<MagnetizationRecovery>)
    expect(recovery, inversion, axes: ["t1", "inversion"], settings: times)
    let first = recovery.fieldPrior(of: inversion, structure: LesionStructure(.leroux)).axes[0]
    #expect(first.spread == .halfNormal(scale: 0.17))

    var angles = CalibrationPlan(.t1(settings: [2, 5, 10, 15], repetitionTime: 0.005), priors: priors)
    angles.configuration.method = "vfa"
    let echo = try #require(angles.tissue(try angles.t1Scan()) as? T1Tissue<SpoiledGradientEcho>)
    expect(angles, echo, axes: ["t1", "b1"], settings: [2, 5, 10, 15])
  }
}
