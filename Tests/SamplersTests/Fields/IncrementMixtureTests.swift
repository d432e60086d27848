import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@testable import Samplers

/// Densities of differences and the conditionals of their precisions.
@Suite struct IncrementMixtureTests {
  @Test func `Densities and conditionals are those of the reference case`() throws {
    let reference = try ReferenceCase("edge-preserving-mixtures")
    for (input, expected) in zip(
      reference.inputs["d_b"].array, reference.expected["laplace"].array)
    {
      let (d, mixture) = (input[0].double, IncrementMixture.laplace(scale: input[1].double))
      #expect(isClose(mixture.logDensity(d), expected["logpdf"].double, relative: 1e-12))
      guard case .inverseGaussian(let mean, let shape) = mixture.precision(given: d) else {
        Issue.record("a Laplace density is a mixture by inverse Gaussian precisions")
        continue
      }
      #expect(isClose(mean, expected["invgauss_mean"].double, relative: 1e-12))
      #expect(isClose(shape, expected["invgauss_shape"].double, relative: 1e-12))
    }
    for (input, expected) in zip(
      reference.inputs["d_s_nu"].array, reference.expected["student_t"].array)
    {
      let mixture = IncrementMixture.studentT(scale: input[1].double, degreesOfFreedom: input[2].double)
      let d = input[0].double
      #expect(isClose(mixture.logDensity(d), expected["logpdf"].double, relative: 1e-12))
      guard case .gamma(let shape, let rate) = mixture.precision(given: d) else {
        Issue.record("a t density is a mixture by gamma precisions")
        continue
      }
      #expect(isClose(shape, expected["ig_shape"].double, relative: 1e-12))
      #expect(isClose(rate, expected["ig_scale"].double, relative: 1e-12))
    }
    #expect(reference.inputs["d_b"].array.count == 3 && reference.inputs["d_s_nu"].array.count == 2)
  }

  @Test func `Standard increments have the variance 1`() throws {
    #expect(FieldIncrements.normal.mixture == nil)
    // ∫ d² p(d) by the trapezoid in d = sinh u.
    for increments in [FieldIncrements.laplace, .studentT] {
      let mixture = try #require(increments.mixture)
      var (total, variance) = (0.0, 0.0)
      for step in -200_000...200_000 {
        let u = Double(step) * 1e-4
        let (grow, shrink) = (Double.exp(u), Double.exp(-u))
        let (d, weight) = (0.5 * (grow - shrink), 0.5 * (grow + shrink) * 1e-4)
        let density = weight * Double.exp(mixture.logDensity(d))
        total += density
        variance += d * d * density
      }
      // t₃ has a tail of d² p(d) that falls like 1/d²: what lies beyond sinh 20 is below 1e-8.
      #expect(isClose(total, 1, absolute: 1e-6) && isClose(variance, 1, absolute: 1e-6), "\(increments)")
    }
  }

  @Test func `Kernels of many differences are their densities without the constants`() {
    let differences = (0..<37).map { Double($0 % 11) * 0.3 - 1.4 }
    for mixture in [
      IncrementMixture.laplace(scale: 0.7), .studentT(scale: 0.4, degreesOfFreedom: 3),
    ] {
      let (a, b) = (0.8, 1.9)
      func slow(_ scale: Double) -> Double {
        differences.reduce(0) { $0 + mixture.logDensity($1 / scale) - mixture.logDensity(0) }
      }
      for scale in [a, b] {
        #expect(isClose(mixture.logKernel(differences, scale: scale), slow(scale), relative: 1e-12))
      }
    }
  }

  /// Means of x and of 1/x within 4.5 SE of 80,000 draws in lanes and of as many by GSL: 16 comparisons, a false alarm in
  /// fewer than one of 9,000 seeds.
  @Test func `Precisions have the moments of their conditionals`() throws {
    var lanes = LaneRandom<Lane8>((0..<8).map { StreamKey(seed: 4, unit: $0, purpose: .field) })
    var stream = RandomStream(StreamKey(seed: 5, purpose: .field))
    for (mixture, d) in [
      (IncrementMixture.laplace(scale: 0.7), 0.3), (.laplace(scale: 0.7), -2.5),
      (.studentT(scale: 0.5, degreesOfFreedom: 3), 0.3), (.studentT(scale: 0.5, degreesOfFreedom: 3), 4),
    ] {
      var drawn: [Double] = []
      for _ in 0..<10_000 { drawn += mixture.drawPrecision(given: Lane8(d), using: &lanes).array }
      var library: [Double] = []
      for _ in 0..<80_000 { library.append(mixture.drawPrecision(given: d, using: &stream)) }
      let (mean, inverse) =
        switch mixture.precision(given: d) {
        case .inverseGaussian(let mean, let shape): (mean, 1 / mean + 1 / shape)
        case .gamma(let shape, let rate): (shape / rate, rate / (shape - 1))
        }
      for values in [drawn, library] {
        for (transformed, expected) in [(values, mean), (values.map { 1 / $0 }, inverse)] {
          let moments = ChainMoments([transformed])
          let error = moments.sd / Double(transformed.count).squareRoot()
          // 1/x of the gamma numbers of shape 2 has no variance: a wide margin stands for its error.
          let margin =
            mixture == .studentT(scale: 0.5, degreesOfFreedom: 3) && expected == inverse ? 8.0 : 4.5
          #expect(
            abs(moments.mean - expected) < margin * error, "\(mixture) \(d): \(moments.mean) not \(expected)")
        }
      }
    }
    // A difference of nothing has a precision, however large.
    let pinned = IncrementMixture.laplace(scale: 1).drawPrecision(given: Lane8(0), using: &lanes)
    #expect(pinned.array.allSatisfy { $0.isFinite && $0 > 0 })
  }
}
