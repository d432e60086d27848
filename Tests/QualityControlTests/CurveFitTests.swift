import Acquisitions
import Foundation
import GSLSupport
import TestSupport
import Testing

@testable import QualityControl

struct CurveFitTests {
  static let model = CurveModel.biexponential(SimulatedScan.bValues)

  @Test func `a curve without noise is found and predicts a setting that was left out`() {
    let truth = Self.model.evaluate([log(0.9), log(0.25 / 0.75), log(25)]).signal.map { 340 * $0 }
    let fit = CurveFit(
      Self.model, to: truth, averages: truth.map { _ in 1 }, kept: [0, 1, 2, 3, 5, 6, 7, 8, 9], noise: 1e-3)
    #expect(fit.converged)
    for (prediction, signal) in zip(fit.predictions, truth) {
      #expect(isClose(prediction, signal, relative: 1e-6))
    }
    #expect(fit.sumOfSquares < 1e-6)
  }

  @Test func `the slopes are those of the predictions`() {
    let fit = CurveFit(
      Self.model, to: Self.model.evaluate([0, -1, 3]).signal, averages: [Double](repeating: 1, count: 10),
      kept: Array(0..<10), noise: 1e-4)
    // A moves all predictions in proportion: ∂(A g)/∂A is proportional to A g.
    let ratio = fit.slopes[0] / fit.predictions[0]
    for setting in 0..<10 {
      #expect(isClose(fit.slopes[4 * setting], ratio * fit.predictions[setting], relative: 1e-9))
    }
  }

  @Test func `predictions vary as often as their variance says`() {
    // 400 noisy curves: the standardised error of a left-out setting has SD 1 within 4 × 1/√800 = 0.14.
    var random = RandomStream(StreamKey(seed: 1, purpose: .simulation))
    let truth = Self.model.evaluate([log(1.1), log(0.2 / 0.8), log(20)]).signal.map { 100 * $0 }
    let kept = [0, 1, 2, 3, 4, 6, 7, 8, 9]
    let errors = (0..<400).map { _ -> Double in
      let y = truth.map { $0 + 0.3 * random.normal() }
      let fit = CurveFit(Self.model, to: y, averages: y.map { _ in 1 }, kept: kept, noise: 0.3)
      return (fit.predictions[5] - truth[5]) / fit.predictionVariance(at: 5, parameterCount: 4).squareRoot()
    }
    let sd = (errors.reduce(0) { $0 + $1 * $1 } / 400).squareRoot()
    #expect((0.8...1.14).contains(sd))
  }

  @Test func `more averages weigh more`() {
    let model = CurveModel(settingCount: 2, priorMeans: [0], priorSDs: [1e-6]) { _ in ([1, 1], [0, 0]) }
    let fit = CurveFit(model, to: [10, 20], averages: [3, 1], kept: [0, 1], noise: 1)
    #expect(isClose(fit.predictions[0], 12.5, relative: 1e-8))
  }
}

struct MeanCurveTests {
  @Test func `the faulty setting is distrusted and no other`() {
    var signals = CurveFitTests.model.evaluate([0, -1, 3]).signal.map { 100 * $0 }
    signals[4] *= 0.8
    signals[0] *= 1.2
    let curve = MeanCurve(
      model: CurveFitTests.model, signals: signals, averages: signals.map { _ in 1 }, noise: 0.3,
      thresholds: QualityThresholds())
    #expect(curve.trusted(among: Array(0..<10)) == [1, 2, 3, 5, 6, 7, 8, 9])
  }

  @Test func `at most a quarter is distrusted`() {
    let signals = (0..<10).map { $0 % 2 == 0 ? 100.0 : 10.0 }
    let curve = MeanCurve(
      model: CurveFitTests.model, signals: signals, averages: signals.map { _ in 1 }, noise: 0.3,
      thresholds: QualityThresholds())
    #expect(curve.trusted(among: Array(0..<10)).count >= 8)
  }

  @Test func `fewer settings than parameters judge nothing`() {
    let curve = MeanCurve(
      model: CurveFitTests.model, signals: [Double](repeating: 1, count: 10),
      averages: [Double](repeating: 1, count: 10), noise: 1, thresholds: QualityThresholds())
    #expect(curve.judgement(of: 0, against: [0, 1, 2, 3]) == nil)
  }
}

struct VoxelResidualsTests {
  /// Voxels that share the lesion's curve but not its amplitude, with noise of SD 2.
  static func shares(_ fault: (inout [[Double]]) -> Void) -> VoxelResiduals {
    var random = RandomStream(StreamKey(seed: 2, purpose: .simulation))
    let curve = CurveFitTests.model.evaluate([0, -1, 3]).signal
    var voxels = (0..<300).map { _ -> [Double] in
      let amplitude = 100 * exp(0.2 * random.normal())
      return curve.map { amplitude * $0 + 2 * random.normal() }
    }
    fault(&voxels)
    let means = (0..<10).map { i in voxels.reduce(0) { $0 + $1[i] } / 300 }
    let averages = [Double](repeating: 1, count: 10)
    let fit = CurveFit(CurveFitTests.model, to: means, averages: averages, kept: Array(0..<10), noise: 0.5)
    return VoxelResiduals(voxels, around: fit, averages: averages, threshold: 4)
  }

  @Test func `the noise is found although a tenth of the voxels moved`() {
    // SD of the estimate: about 2 · 1.2 / √(2 · 300 · 6) = 0.04.
    #expect(isClose(Self.shares { _ in }.noise, 2, absolute: 0.15))
    let moved = Self.shares { voxels in for v in 0..<30 { voxels[v][6] += 60 } }
    #expect(isClose(moved.noise, 2, relative: 0.15))
    #expect(moved.outlyingShares[6] >= 0.09)
  }

  @Test func `good voxels are hardly ever outliers`() {
    #expect(Self.shares { _ in }.outlyingShares.allSatisfy { $0 < 0.01 })
  }

  @Test func `without freedom there is no noise`() {
    let averages = [Double](repeating: 1, count: 10)
    let fit = CurveFit(
      CurveFitTests.model, to: CurveFitTests.model.evaluate([0, -1, 3]).signal, averages: averages,
      kept: [0, 3, 6, 9], noise: 0.1)
    #expect(VoxelResiduals([averages], around: fit, averages: averages, threshold: 4).noise.isNaN)
  }
}
