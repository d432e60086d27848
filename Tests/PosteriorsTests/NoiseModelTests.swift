import Acquisitions
import Foundation
import Posteriors
import TestSupport
import Testing

/// The moments of each noise against its own density, and what each allows.
@Suite struct NoiseModelTests {
  /// Mean and variance by quadrature of the density that the posteriors use.
  private static func quadrature(_ density: MagnitudeDensity, nu: Double, sigma: Double) -> (
    mean: Double, variance: Double
  ) {
    let (step, count) = (sigma / 200, 200 * 40)
    let top = max(0, nu - 15 * sigma)
    var (mass, first, second) = (0.0, 0.0, 0.0)
    for k in 0..<count {
      let y = top + (Double(k) + 0.5) * step
      let p = exp(density.logDensity(of: y, noiseless: nu, sigma: sigma))
      mass += p
      first += p * y
      second += p * y * y
    }
    let mean = first / mass
    return (mean, second / mass - mean * mean)
  }

  @Test(arguments: [1, 2, 4, 8, 32], [0.0, 0.3, 1, 2.5, 6, 12])
  func `Moments are those of the density`(coils: Int, nu: Double) {
    let sigma = 1.7
    let noise = coils == 1 ? NoiseModel.rician : .noncentralChi(coils: coils)
    let found = noise.moments(noiseless: nu * sigma, sigma: sigma)
    let exact = Self.quadrature(MagnitudeDensity(coilCount: coils), nu: nu * sigma, sigma: sigma)
    #expect(abs(found.mean - exact.mean) < 2e-4 * sigma)
    #expect(abs(found.variance - exact.variance) < 2e-3 * sigma * sigma)
  }

  /// The twin: the shortcut √(ν² + (2L − 1)σ²) with variance σ² is not good enough near the noise.
  @Test func `The shortcut for eight coils is found out`() {
    let exact = Self.quadrature(MagnitudeDensity(coilCount: 8), nu: 0, sigma: 1)
    #expect(abs(15.0.squareRoot() - exact.mean) > 2e-4)
    #expect(abs(1 - exact.variance) > 0.4)
  }

  @Test func `Far from the noise the forms meet`() {
    for coils in [1, 8] {
      let edge = (600.0 * Double(coils)).squareRoot()
      let noise = NoiseModel.noncentralChi(coils: coils)
      let (below, above) = (
        noise.moments(noiseless: edge * 0.99999, sigma: 1), noise.moments(noiseless: edge * 1.00001, sigma: 1)
      )
      #expect(abs(above.mean - below.mean - 2e-5 * edge) < 1e-3)
      #expect(abs(above.variance - below.variance) < 2e-2)
    }
  }

  @Test func `Names, words and what each noise allows`() {
    for name in NoiseModel.names { #expect(NoiseModel(name: name, coils: 3)?.name == name) }
    #expect(NoiseModel(name: "poisson") == nil)
    #expect(NoiseModel.gaussian.acceptsSigns && NoiseModel.gaussian.acceptsAverages)
    #expect(!NoiseModel.rician.acceptsSigns && NoiseModel.rician.acceptsAverages)
    #expect(
      !NoiseModel.noncentralChi(coils: 8).acceptsAverages
        && NoiseModel.noncentralChi(coils: 1).acceptsAverages)
    #expect(NoiseModel(ofMethod: nil) == .gaussian)
    #expect(NoiseModel(ofMethod: .inversionRecovery) == .rician)
    #expect(NoiseModel(ofMethod: .inversionRecovery, polarity: .signed) == .gaussian)
    #expect(NoiseModel(ofMethod: .variableFlipAngle) == .gaussian)
    #expect(NoiseModel.gaussian.moments(noiseless: -3, sigma: 2) == (-3, 4))
  }
}
