import Acquisitions
import GSLSupport
import LaneMath
import NIfTI
import Posteriors
import TestSupport
import Testing
import VoxelTestSupport

@testable import IVIMBayes

/// The ADC of perfused tissue: which noise it has decides what its interval means.
///
/// 4,000 voxels of f 0.3 at an SNR of 40, whose single exponential leaves over more misfit than noise. 90 % intervals of the
/// ADC must hold that of the noiseless curve in 88 to 92 %, 4.2 standard errors: a false alarm in one of 40,000 seeds.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct PairedNoiseTests {
  private typealias Model = PairedModel<
    SwitchedModel<BiexponentialTissue>, SwitchedModel<MonoexponentialTissue>
  >

  private static let tissue = {
    var tissue = SimulatedTissue()
    (tissue.d, tissue.f, tissue.dstar) = (1e-3, 0.3, 15e-3)
    return tissue
  }()
  private static let bValues = SimulatedVoxels.w1BValues
  private static let count = 4000

  private static let series = {
    let shape = BiexponentialIVIM(bValues: bValues.map { BValue($0) })
    var signal = [Double](repeating: 0, count: bValues.count)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: tissue.ivimCoordinates, signal: &signal, workspace: &workspace)
    var random = RandomStream(StreamKey(seed: 11, purpose: .simulation))
    let values = (0..<count).flatMap { _ in
      signal.map { Float(1000 * $0 + random.normal(mean: 0, standardDeviation: 25)) }
    }
    return FitSeries(
      settings: bValues,
      signals: VoxelTable(voxelCount: count, settingCount: bValues.count, values: values),
      voxels: Array(0..<count),
      grid: Grid(shape: [count, 1, 1], affine: .scaling(SIMD3(2, 2, 5))))
  }()

  private static var adc: SwitchedModel<MonoexponentialTissue> {
    SwitchedModel(
      MonoexponentialTissue(bValues: bValues, priors: .lungTumour, isAlone: false), series: series,
      chains: ChainPlan(seed: 3), density: nil, purpose: .companion)
  }

  /// The share of intervals of quantity `index` that hold the ADC of the noiseless curve.
  private func coverage(of model: some NoisyVoxelModel, quantity index: Int) -> Double {
    let truth = NoiselessADC(bValues: Self.bValues).value(of: Self.tissue)
    var held = 0
    for group in LaneGroup.groups(of: Array(0..<Self.count)) {
      var sampler = model.sampler(of: group.rows)
      var draws = GroupDraws(quantityCount: model.quantities.count, chainCount: 4)
      sampler.draw(200, into: &draws, at: 0)
      let series = draws.chains(of: index).flatMap { $0 }
      for lane in 0..<group.count {
        let below = series.count { $0[lane] < truth }
        if (40...760).contains(below) { held += 1 }
      }
    }
    return Double(held) / Double(Self.count)
  }

  @Test func `Beside IVIM 90 % intervals of the ADC hold it in 90 % of voxels`() async throws {
    var model = Model(
      SwitchedModel(
        BiexponentialTissue(bValues: Self.bValues, priors: .lungTumour), series: Self.series,
        chains: ChainPlan(seed: 3), density: nil), Self.adc)
    _ = try await model.setNoise(nil, pooling: 4, rows: Array(0..<Self.count), threads: 2)
    let coverage = coverage(of: model, quantity: model.quantities.count - 1)
    #expect((0.88...0.92).contains(coverage), "\(coverage)")
  }

  @Test func `Twin: with its own residuals for noise the intervals hold it nearly always`() async throws {
    var model = Self.adc
    _ = try await model.setNoise(nil, pooling: 4, rows: Array(0..<Self.count), threads: 2)
    let coverage = coverage(of: model, quantity: 0)
    #expect(coverage > 0.96, "\(coverage)")
  }
}
