import Acquisitions
import GSLSupport
import LaneMath
import Posteriors
import SignalModels
import TestSupport
import Testing

private let inversionTimes = [0.05, 0.15, 0.4, 0.7, 1.0, 1.4, 2.0, 3.0].map { InversionTime(seconds: $0) }
private let molliTimes = [0.1, 0.18, 1.1, 1.18, 2.1, 2.18, 3.1, 4.1].map { InversionTime(seconds: $0) }
private let saturationTimes = [0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.5, .infinity].map {
  SaturationTime(seconds: $0)
}
private let angles = [2.0, 5, 10, 15, 20].map { FlipAngle(degrees: $0) }
private let bValues = [0.0, 10, 20, 30, 50, 80, 100, 150, 200, 300, 400, 500, 600, 800, 1000].map {
  BValue($0)
}
/// log T1, and the default priors of what else a method leaves open.
private let (logT1, spread) = (Double.log(1.4), 0.35)
private let ivim = (means: [Double.log(1.1), Double.log(0.25), Double.log(20)], deviations: [0.4, 1, 0.8])
private let bounds = 0.885...0.915

// 8,192 voxels: the standard error of a coverage of 90 % is 0.33 %, so that a calibrated interval leaves 88.5 … 91.5 % in
// fewer than 6 of a million runs; truths of every study are drawn from the priors that its fit assumes.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"), .serialized)
struct CoverageTests {
  private let count = 8192

  private func pooled(_ snr: Double) -> CoverageStudy.Noise {
    CoverageStudy.Noise(sigma: 1000 / snr, pseudoObservations: 4)
  }

  private func expectCovered(_ study: CoverageStudy, _ label: String) {
    print("coverage of 90 % intervals:", label, study.coverage)
    for (k, share) in study.coverage.enumerated() {
      #expect(bounds.contains(share), "\(label), coordinate \(k): \(share)")
    }
  }

  @Test(arguments: [10.0, 20, 40])
  func `Inversion recovery, Rician`(snr: Double) {
    expectCovered(
      .magnitude(
        MagnetizationRecovery(inversionTimes: inversionTimes), means: [logT1, 1.9],
        deviations: [spread, 0.1],
        noise: pooled(snr), openAxis: 0, count: count, seed: 1), "IR Rician SNR \(snr)")
  }

  @Test(arguments: [10.0, 20, 40])
  func `Inversion recovery with a repetition time, Rician with known sigma`(snr: Double) {
    expectCovered(
      .magnitude(
        MagnetizationRecovery(inversionTimes: inversionTimes, repetitionTime: 4), means: [logT1, 1.9],
        deviations: [spread, 0.1], noise: .init(sigma: 1000 / snr), openAxis: 0, count: count, seed: 2),
      "IR TR Rician SNR \(snr)")
  }

  @Test(arguments: [10.0, 20, 40])
  func `MOLLI, Rician`(snr: Double) {
    expectCovered(
      .magnitude(
        LookLockerRecovery(inversionTimes: molliTimes), means: [logT1, 0.3], deviations: [spread, 0.3],
        noise: pooled(snr), openAxis: 0, count: count, seed: 3), "MOLLI Rician SNR \(snr)")
  }

  @Test(arguments: [10.0, 20, 40])
  func `MOLLI with a sign`(snr: Double) {
    let shape = LookLockerRecovery(inversionTimes: molliTimes)
    expectCovered(
      .gaussian(
        shape, means: [logT1, 0.3], deviations: [spread, 0.3], noise: pooled(snr), openAxis: 0, count: count,
        seed: 4
      ) { truth, _ in noiseless(shape, at: truth, amplitude: 1) }, "MOLLI signed SNR \(snr)")
  }

  @Test(arguments: [10.0, 20, 40])
  func `Inversion recovery with a sign`(snr: Double) {
    let shape = MagnetizationRecovery(inversionTimes: inversionTimes)
    expectCovered(
      .gaussian(
        shape, means: [logT1, 1.9], deviations: [spread, 0.1], noise: pooled(snr), openAxis: 0, count: count,
        seed: 5
      ) { truth, _ in noiseless(shape, at: truth, amplitude: 1) }, "IR signed SNR \(snr)")
  }

  // A and B of A − B e are flat in the fit; both are drawn from wide ranges.
  @Test(arguments: [10.0, 20, 40])
  func `Inversion recovery with a sign, A and B and sigma integrated out`(snr: Double) {
    let base = MagnetizationRecovery(inversionTimes: inversionTimes, fixedInversion: 1)
    expectCovered(
      .gaussian(
        OffsetShape(base, averages: inversionTimes.map { _ in 1 }), means: [logT1], deviations: [spread],
        noise: .init(sigma: 1000 / snr), openAxis: 0, count: count, seed: 6
      ) { truth, random in
        // A − B e = B (1 − e) + (A − B).
        let constant = -2 + 3 * random.uniform()
        return noiseless(base, at: truth, amplitude: 1.9).map { $0 + constant }
      }, "IR signed, A and B, SNR \(snr)")
  }

  @Test(arguments: [10.0, 20, 40])
  func `SASHA with two parameters, and with three`(snr: Double) {
    let perfect = MagnetizationRecovery(saturationTimes: saturationTimes, isSaturationPerfect: true)
    expectCovered(
      .gaussian(
        perfect, means: [logT1], deviations: [spread], noise: pooled(snr), openAxis: 0, count: count, seed: 7
      ) { truth, _ in noiseless(perfect, at: truth, amplitude: 1) }, "SASHA 2p SNR \(snr)")
    let imperfect = MagnetizationRecovery(saturationTimes: saturationTimes, isSaturationPerfect: false)
    expectCovered(
      .gaussian(
        imperfect, means: [logT1, 1], deviations: [spread, 0.1], noise: pooled(snr), openAxis: 0,
        count: count, seed: 8
      ) { truth, _ in noiseless(imperfect, at: truth, amplitude: 1) }, "SASHA 3p SNR \(snr)")
  }

  // SNR at the Ernst angle, where the signal is some 5 % of M₀.
  @Test(arguments: [10.0, 20, 40])
  func `Variable flip angles, B1 drawn for each voxel`(snr: Double) {
    let shape = SpoiledGradientEcho(flipAngles: angles, repetitionTime: 0.005)
    let noise = CoverageStudy.Noise(sigma: 0.05 * 1000 / snr, pseudoObservations: 4)
    expectCovered(
      .gaussian(
        shape, means: [logT1, 1], deviations: [spread, 0.05], noise: noise, openAxis: 1, count: count, seed: 9
      ) { truth, _ in noiseless(shape, at: truth, amplitude: 1) }, "VFA SNR \(snr)")
  }

  @Test func `Rician IVIM at an SNR of 8`() {
    expectCovered(
      .magnitude(
        BiexponentialIVIM(bValues: bValues), means: ivim.means, deviations: ivim.deviations,
        noise: pooled(8), openAxis: BiexponentialIVIM.openAxis, count: count, seed: 10), "IVIM Rician SNR 8")
  }

  @Test func `Noncentral chi ADC of four coils at an SNR of 8`() {
    expectCovered(
      .magnitude(
        MonoexponentialADC(bValues: bValues), means: [Double.log(1.2)], deviations: [0.4], noise: pooled(8),
        openAxis: 0, count: count, seed: 11, coils: 4), "ADC chi SNR 8")
  }
}

// Twins of the studies above with one thing wrong; each must leave the bounds.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"), .serialized)
struct CoverageFaultTests {
  private let count = 4096

  @Test func `Sigma stated at half its size is found out`() {
    let study = CoverageStudy.magnitude(
      MagnetizationRecovery(inversionTimes: inversionTimes), means: [logT1, 1.9], deviations: [spread, 0.1],
      noise: .init(sigma: 50), openAxis: 0, count: count, seed: 15, assumed: .init(sigma: 25))
    #expect(study.coverage[0] < 0.8)
  }

  @Test func `B1 taken for known is found out`() {
    let shape = SpoiledGradientEcho(flipAngles: angles, repetitionTime: 0.005)
    let study = CoverageStudy.gaussian(
      SpoiledGradientEcho(flipAngles: angles, repetitionTime: 0.005, fixedB1: 1), means: [logT1],
      deviations: [spread], noise: .init(sigma: 50.0 / 40), openAxis: 0, count: count, seed: 12
    ) { truth, random in
      noiseless(shape, at: truth + [random.normal(mean: 1, standardDeviation: 0.05)], amplitude: 1)
    }
    #expect(study.coverage[0] < 0.8)
  }

  @Test func `The apparent time of MOLLI taken for T1 is found out`() {
    let shape = LookLockerRecovery(inversionTimes: molliTimes)
    let study = CoverageStudy.gaussian(
      OffsetShape(
        MagnetizationRecovery(inversionTimes: molliTimes, fixedInversion: 1),
        averages: molliTimes.map { _ in 1 }), means: [logT1], deviations: [spread],
      noise: .init(sigma: 50), openAxis: 0, count: count, seed: 13
    ) { truth, random in
      noiseless(
        shape, at: truth + [random.normal(mean: 0.3, standardDeviation: 0.3)], amplitude: 1)
    }
    #expect(study.coverage[0] < 0.8)
  }

  // Magnitudes never fall to zero: taken for Gaussian, the floor of a strongly weighted image looks like slow diffusion.
  @Test func `Gaussian noise assumed of magnitudes at an SNR of 8 biases D, Rician noise does not`() {
    let shape = BiexponentialIVIM(bValues: bValues)
    let noise = CoverageStudy.Noise(sigma: 125, pseudoObservations: 4)
    let rician = CoverageStudy.magnitude(
      shape, means: ivim.means, deviations: ivim.deviations, noise: noise,
      openAxis: BiexponentialIVIM.openAxis, count: count, seed: 14)
    let gaussian = CoverageStudy(count: count, openAxis: BiexponentialIVIM.openAxis, seed: 14) { random in
      let truth = zip(ivim.means, ivim.deviations).map { random.normal(mean: $0, standardDeviation: $1) }
      let amplitude = Double.exp(random.normal(mean: Double.log(1000), standardDeviation: 0.5))
      let sigma = noise.draw(&random)
      let signals = noiseless(shape, at: truth, amplitude: amplitude).map {
        CoverageStudy.magnitude(of: $0, sigma: sigma, coils: 1, &random)
      }
      return (truth, signals)
    } posterior: { signals in
      let density = AmplitudeMarginalPosterior(
        shape, signals: signals, averages: signals.map { _ in 1 },
        noise: .pooled(pseudoObservations: Lane8(4), variance: Lane8(noise.sigma * noise.sigma)),
        prior: NormalPrior(means: ivim.means, standardDeviations: ivim.deviations))
      return (density, density.prior.mean)
    }
    print("bias of log D at SNR 8: Rician \(rician.bias[0].mean), Gaussian \(gaussian.bias[0].mean)")
    // 4 standard errors: a false alarm in fewer than one of 10,000 runs.
    #expect(abs(rician.bias[0].mean) < 4 * rician.bias[0].error)
    #expect(gaussian.bias[0].mean < -10 * gaussian.bias[0].error)
    #expect(gaussian.coverage[0] < 0.87)
  }
}
