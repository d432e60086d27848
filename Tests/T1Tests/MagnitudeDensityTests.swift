import Foundation
import GSLSupport
import LaneMath
import Posteriors
import TestSupport
import Testing

@Suite struct MagnitudeDensityTests {
  @Test func `The Rician log likelihood is that of the reference`() throws {
    let reference = try ReferenceCase("rician-loglik")
    for (row, exact) in zip(
      reference.inputs["y_nu_sigma"].matrix, reference.expected["loglik"].doubles)
    {
      let value = MagnitudeDensity.rician.logDensity(of: row[0], noiseless: row[1], sigma: row[2])
      #expect(isClose(value, exact, relative: 1e-12))
    }
  }

  @Test func `The noncentral chi log likelihood is that of the reference`() throws {
    let reference = try ReferenceCase("ncchi-loglik")
    for (row, exact) in zip(
      reference.inputs["y_nu_sigma_L"].matrix, reference.expected["loglik"].doubles)
    {
      let density = MagnitudeDensity(coilCount: Int(row[3]))
      #expect(
        isClose(density.logDensity(of: row[0], noiseless: row[1], sigma: row[2]), exact, relative: 1e-11))
    }
  }

  @Test func `Noncentral chi goes over into central chi without a step as the signal vanishes`() {
    let density = MagnitudeDensity(coilCount: 4)
    let central = density.logDensity(of: 1.5, noiseless: 0, sigma: 1)
    for nu in [1e-300, 1e-12, 1e-9, 1e-8, 1e-7] {
      #expect(isClose(density.logDensity(of: 1.5, noiseless: nu, sigma: 1), central, absolute: 1e-13 + nu))
    }
  }

  @Test(arguments: [1, 4, 12])
  func `The density integrates to one`(coils: Int) {
    let density = MagnitudeDensity(coilCount: coils)
    for nu in [0.0, 0.3, 2, 15] {
      let step = 0.002
      let total = (1..<20_000).reduce(0) { sum, k in
        sum + step * Double.exp(density.logDensity(of: step * Double(k), noiseless: nu, sigma: 1))
      }
      #expect(isClose(total, 1, absolute: 1e-5))
    }
  }
}

@Suite struct RiceMomentsTests {
  @Test func `Mean and variance are those of the reference`() throws {
    let reference = try ReferenceCase("rician-moments")
    for (row, exact) in zip(reference.inputs["nu_sigma"].matrix, reference.expected["mean_var"].matrix) {
      let rice = RiceMoments(noiseless: row[0], sigma: row[1])
      #expect(isClose(rice.mean, exact[0], relative: 1e-11))
      #expect(isClose(rice.variance, exact[1], relative: 1e-11))
    }
  }

  @Test func `The two forms of the variance meet at 100 sigma`() {
    let (below, above) = (
      RiceMoments(noiseless: 99.99, sigma: 1.0), RiceMoments(noiseless: 100.01, sigma: 1.0)
    )
    #expect(isClose(below.variance, above.variance, relative: 3e-8))
    #expect(isClose(below.varianceSlope, above.varianceSlope, relative: 1e-2))
  }

  @Test(arguments: [0.05, 0.7, 2, 6, 40, 99])
  func `The slopes are those of central differences`(nu: Double) {
    let step = 1e-4 * (1 + nu)
    let rice = RiceMoments(noiseless: nu, sigma: 1.3)
    let (below, above) = (
      RiceMoments(noiseless: nu - step, sigma: 1.3), RiceMoments(noiseless: nu + step, sigma: 1.3)
    )
    #expect(isClose(rice.meanSlope, (above.mean - below.mean) / (2 * step), relative: 1e-6))
    #expect(
      isClose(
        rice.varianceSlope, (above.variance - below.variance) / (2 * step), relative: 1e-4, absolute: 1e-7))
  }

  @Test func `Eight lanes are bit-identical to one`() {
    let places = [0, 0.01, 0.5, 2, 8, 60, 150, 1e5]
    let eight = RiceMoments(noiseless: Lane8(places), sigma: Lane8(1.3))
    for (lane, nu) in places.enumerated() {
      let one = RiceMoments(noiseless: nu, sigma: 1.3)
      #expect(eight.mean[lane] == one.mean && eight.variance[lane] == one.variance)
      #expect(eight.meanSlope[lane] == one.meanSlope && eight.varianceSlope[lane] == one.varianceSlope)
    }
  }
}
