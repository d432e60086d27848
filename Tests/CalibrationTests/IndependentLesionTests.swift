import Acquisitions
import Diagnostics
import Posteriors
import SignalModels
import TestSupport
import Testing

@testable import IVIMBayes

/// Ranks and joint test of lesions of independent voxels, as `calibrate` runs them: IVIM, and T1 by inversion recovery.
///
/// 100 replicates of ten quantities in bands with 1 % false alarms in all; joint tests at |z| < 4 of 12 comparisons, a
/// false alarm in one of 1,300 seeds. The twins fit with a prior of two thirds the width.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct IndependentLesionTests {
  private static let bValues = [0.0, 10, 20, 40, 80, 150, 300, 500, 800, 1000]

  private static func ivim(narrowed: Bool = false) -> BiexponentialTissue {
    var priors = TissuePriors.lungTumour
    if narrowed {
      priors.d.sd *= 2.0 / 3
      priors.f.sd *= 2.0 / 3
      priors.dStarMinusD.sd *= 2.0 / 3
    }
    return BiexponentialTissue(bValues: bValues, priors: priors)
  }

  private static func t1(narrowed: Bool = false) -> T1Tissue<MagnetizationRecovery> {
    let times = [0.05, 0.15, 0.4, 0.8, 1.4, 2.2, 3.5].map { InversionTime(seconds: $0) }
    let factor = narrowed ? 2.0 / 3 : 1
    return T1Tissue(
      MagnetizationRecovery(inversionTimes: times, repetitionTime: 5), openAxis: 0,
      t1: AxisPrior(median: 1.4, sd: 0.35 * factor), others: [(1.9, 0.1 * factor)])
  }

  private func predictive<Tissue: TissueModel>(_ tissue: Tissue, signalToNoise: Double) -> PriorPredictive<
    Tissue
  > {
    PriorPredictive(
      tissue: tissue, averages: [Double](repeating: 1, count: tissue.shape.settingCount),
      noise: ProperNoise(signalToNoise: signalToNoise))
  }

  private func failures<Tissue: TissueModel>(ranks tissue: Tissue, assuming assumed: Tissue) async throws
    -> [String]
  {
    let study = IndependentRanks(
      predictive: predictive(tissue, signalToNoise: 20), voxelCount: 12, seed: 1,
      assumed: predictive(assumed, signalToNoise: 20))
    let replicates = try await concurrentMap(Array(0..<100), threads: 2) { study.replicate($0) }
    let calibration = RankCalibration(of: study.names, replicates: replicates, seed: 1)
    return calibration.verdicts(falseAlarm: 0.01).filter { !$0.holds }.map { "\($0.name): \($0.reading)" }
  }

  private func suspects<Tissue: TissueModel>(jointTest tissue: Tissue, assuming assumed: Tissue) async throws
    -> [GewekeTest.Comparison]
  {
    try await IndependentGeweke(
      predictive: predictive(tissue, signalToNoise: 4), seed: 1,
      assumed: predictive(assumed, signalToNoise: 4)
    ).run(threads: 2).suspects()
  }

  @Test func `Ranks of lesions are uniform`() async throws {
    #expect(try await failures(ranks: Self.ivim(), assuming: Self.ivim()).isEmpty)
    #expect(try await failures(ranks: Self.t1(), assuming: Self.t1()).isEmpty)
  }

  @Test func `Twin: a prior too narrow is found out by the ranks`() async throws {
    #expect(try await !failures(ranks: Self.ivim(), assuming: Self.ivim(narrowed: true)).isEmpty)
    #expect(try await !failures(ranks: Self.t1(), assuming: Self.t1(narrowed: true)).isEmpty)
  }

  @Test func `The joint test finds nothing`() async throws {
    #expect(try await suspects(jointTest: Self.ivim(), assuming: Self.ivim()).isEmpty)
    #expect(try await suspects(jointTest: Self.t1(), assuming: Self.t1()).isEmpty)
  }

  @Test func `Twin: a prior too narrow is found out by the joint test`() async throws {
    #expect(try await !suspects(jointTest: Self.ivim(), assuming: Self.ivim(narrowed: true)).isEmpty)
    #expect(try await !suspects(jointTest: Self.t1(), assuming: Self.t1(narrowed: true)).isEmpty)
  }
}
