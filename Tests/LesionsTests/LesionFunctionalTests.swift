import Foundation
import Lesions
import TestSupport
import Testing

@Suite struct LesionFunctionalTests {
  private func functionals(_ values: [Double], _ scale: LesionScale) -> [LesionFunctional: Double] {
    Dictionary(
      uniqueKeysWithValues: zip(LesionFunctional.allCases, LesionFunctional.all(of: values, scale: scale)))
  }

  @Test func `Means are geometric on the log axis and arithmetic elsewhere`() {
    #expect(isClose(functionals([1, 2, 4], .log)[.mean] ?? .nan, 2, relative: 1e-14))
    #expect(isClose(functionals([0.1, 0.2, 0.6], .logit)[.mean] ?? .nan, 0.3, relative: 1e-14))
  }

  @Test func `Percentiles interpolate between voxels, in any order of the voxels`() {
    let values = functionals([5, 1, 3, 2, 4], .log)
    #expect(values[.median] == 3)
    #expect(values[.p25] == 2)
    #expect(values[.p90] == 4.6)
    #expect(isClose(values[.p10] ?? .nan, 1.4, relative: 1e-14))
    #expect(values[.iqr] == 2)
    #expect(isClose(values[.sd] ?? .nan, 2.5.squareRoot(), relative: 1e-14))
  }

  @Test func `One voxel has no spread, and a voxel that is not a number spoils the draw`() {
    #expect(functionals([3], .log)[.sd] == 0)
    #expect(functionals([3], .log)[.median] == 3)
    #expect(functionals([1, .nan], .log).values.allSatisfy { $0.isNaN })
  }

  /// Lesion means of correlated voxels: the functional of each joint draw keeps the correlation, the
  /// variances of single voxels added up do not. 2,000 draws, fixed seed.
  @Test func `The spread of a lesion mean over joint draws contains the correlation of its voxels`() {
    var state: UInt64 = 12
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    var means: [Double] = []
    var single = 0.0
    for _ in 0..<2000 {
      let common = uniform() - 0.5
      let voxels = (0..<50).map { _ in 2 + common + uniform() - 0.5 }
      means.append(LesionFunctional.all(of: voxels, scale: .logit)[0])
      single += (voxels[0] - 2) * (voxels[0] - 2) / 2000
    }
    let center = means.reduce(0, +) / 2000
    let variance = means.reduce(0) { $0 + ($1 - center) * ($1 - center) } / 1999
    #expect(isClose(variance, 1.0 / 12 + 1.0 / 12 / 50, relative: 0.1))
    #expect(single / 50 < 0.1 * variance)
  }
}

@Suite struct LesionParameterTests {
  @Test func `Axis and value undo each other`() {
    for scale in [LesionScale.log, .logit, .identity] {
      #expect(isClose(scale.value(scale.axis(0.3)), 0.3, relative: 1e-14))
    }
  }

  @Test func `A relative step becomes a step of the axis`() {
    #expect(LesionParameter.apparentDiffusion.axisStep(relative: 0.1, at: 1e-3) == 0.1)
    let (step, f) = (LesionParameter.perfusionFraction.axisStep(relative: 0.01, at: 0.2), 0.2)
    let moved = LesionScale.logit.axis(f * 1.01) - LesionScale.logit.axis(f)
    #expect(isClose(step, moved, relative: 0.01))
  }

  @Test func `Every parameter has a name, an axis and a region of practical equivalence`() {
    #expect(LesionParameter.allCases.map(\.rawValue) == ["d", "f", "dstar", "fdstar", "adc", "t1", "f_vol"])
    #expect(LesionParameter.t1.practicalEquivalence == 0.05)
    #expect(LesionParameter.perfusionFraction.scale == .logit)
    #expect(LesionParameter.t1.unit == "s")
  }
}
