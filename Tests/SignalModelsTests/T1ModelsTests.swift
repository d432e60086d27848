import Acquisitions
import LaneMath
import SignalModels
import TestSupport
import Testing

private let times = [0.06, 0.15, 0.4, 0.8, 1.1, 1.6, 2.6, 4.5]
private let inversions = times.map { InversionTime(seconds: $0) }
private let saturations = times.map { SaturationTime(seconds: $0) }
private let angles = [2.0, 4, 8, 12, 18].map { FlipAngle(degrees: $0) }

@Suite struct T1ModelsTests {
  private let reference: ReferenceCase
  private let inputs: JSONValue
  private let logT1: Double
  private let m0: Double

  init() throws {
    reference = try ReferenceCase("t1-signals")
    inputs = reference.inputs
    logT1 = Double.log(inputs["T1"].double / 1000)
    m0 = inputs["M0"].double
  }

  private func seconds(_ key: String) -> [Double] { inputs[key].doubles.map { $0 / 1000 } }

  private func expectSignal(_ shape: some SignalShape, at eta: [Double], is name: String) {
    for (value, exact) in zip(evaluated(shape, at: eta).signal, reference.expected[name].doubles) {
      #expect(isClose(m0 * value, exact, relative: 1e-12, absolute: 1e-10))
    }
  }

  @Test func `Inversion recovery with a repetition time is that of the reference`() {
    let shape = MagnetizationRecovery(
      inversionTimes: seconds("TI").map { InversionTime(seconds: $0) },
      repetitionTime: inputs["TR_ir"].double / 1000)
    expectSignal(shape, at: [logT1, inputs["inv_factor"].double], is: "IR")
  }

  @Test func `Saturation recovery with two and three parameters is that of the reference`() {
    let times = seconds("TS").map { SaturationTime(seconds: $0) }
    expectSignal(
      MagnetizationRecovery(saturationTimes: times, isSaturationPerfect: true), at: [logT1], is: "SASHA_2p")
    expectSignal(
      MagnetizationRecovery(saturationTimes: times, isSaturationPerfect: false),
      at: [logT1, inputs["sat_eff"].double], is: "SASHA_3p")
  }

  @Test func `Spoiled gradient echo is that of the reference, B1 as a coordinate and fixed`() {
    let angles = inputs["FA"].doubles.map { FlipAngle(degrees: $0) }
    let (tr, b1) = (inputs["TR"].double / 1000, inputs["B1"].double)
    expectSignal(
      SpoiledGradientEcho(flipAngles: angles, repetitionTime: tr), at: [logT1, b1], is: "SPGR")
    expectSignal(
      SpoiledGradientEcho(flipAngles: angles, repetitionTime: tr, fixedB1: b1), at: [logT1], is: "SPGR")
  }

  @Test func `A continuous Look-Locker is that of the reference, and so is what its correction makes of it`()
  {
    let readout = LookLockerReadout(
      t1: inputs["T1"].double, angle: FlipAngle(degrees: inputs["FA_ll"].double),
      repetitionTime: inputs["TR_ll"].double, efficiency: inputs["inv_eff"].double)
    let expected = reference.expected
    #expect(isClose(readout.apparentT1, expected["LL_T1star"].double, relative: 1e-12))
    #expect(isClose(m0 * readout.amplitude, expected["LL_A"].double, relative: 1e-12))
    #expect(isClose(m0 * readout.depth, expected["LL_B"].double, relative: 1e-12))
    for (time, exact) in zip(inputs["TI"].doubles, expected["LL"].doubles) {
      #expect(isClose(m0 * readout.signal(at: time), exact, relative: 1e-11))
    }
    let corrected = LookLockerRecovery.correctedT1(
      amplitude: readout.amplitude, depth: readout.depth, apparent: readout.apparentT1)
    #expect(isClose(corrected, expected["LL_T1_deichmann"].double, relative: 1e-12))
  }

  @Test func `The correction of Deichmann and Haase is that of the reference`() throws {
    let reference = try ReferenceCase("deichmann-haase")
    for (row, exact) in zip(reference.inputs["A_B_T1star"].matrix, reference.expected["T1"].doubles) {
      let t1 = LookLockerRecovery.correctedT1(amplitude: row[0], depth: row[1], apparent: row[2])
      #expect(isClose(t1, exact, relative: 1e-14))
    }
  }

  @Test func `The Look-Locker model is A − B exp(−t/T1*) whose correction gives its T1`() {
    let (t1, ratio, efficiency) = (1.42, 1.5, 0.96)
    let shape = LookLockerRecovery(inversionTimes: inversions, efficiency: nil)
    let signal = evaluated(shape, at: [Double.log(t1), Double.log(ratio), efficiency]).signal
    let depth = 1 + efficiency * ratio
    for (time, value) in zip(times, signal) {
      #expect(isClose(value, 1 - depth * Double.exp(-time * ratio / t1), relative: 1e-12, absolute: 1e-14))
    }
    let corrected = LookLockerRecovery.correctedT1(
      amplitude: 1, depth: depth, apparent: t1 / ratio, efficiency: efficiency)
    #expect(isClose(corrected, t1, relative: 1e-13))
  }

  @Test func `A saturation time of infinity gives the whole signal, with derivatives of zero`() {
    let shape = MagnetizationRecovery(
      saturationTimes: [SaturationTime(seconds: .infinity), SaturationTime(seconds: 0.5)],
      isSaturationPerfect: false)
    let (signal, _, derivatives) = evaluated(shape, at: [0.3, 0.97])
    #expect(signal[0] == 1)
    #expect(derivatives[0] == 0)
    #expect(derivatives[2] == 0)
  }

  @Test func `Every Jacobian is that of central differences`() {
    let recovery = MagnetizationRecovery(inversionTimes: inversions, repetitionTime: 5)
    #expect(worstDerivativeError(of: recovery, at: [0.3, 1.9]) < 1e-10)
    let short = MagnetizationRecovery(inversionTimes: inversions)
    #expect(worstDerivativeError(of: short, at: [0.7, 1.7]) < 1e-10)
    let fixed = MagnetizationRecovery(inversionTimes: inversions, repetitionTime: 3, fixedInversion: 2)
    #expect(worstDerivativeError(of: fixed, at: [-0.4]) < 1e-10)
    let sasha = MagnetizationRecovery(saturationTimes: saturations, isSaturationPerfect: false)
    #expect(worstDerivativeError(of: sasha, at: [0.1, 0.95]) < 1e-10)
    #expect(worstDerivativeError(of: LookLockerRecovery(inversionTimes: inversions), at: [0.3, 0.4]) < 1e-10)
    let uncertain = LookLockerRecovery(inversionTimes: inversions, efficiency: nil)
    #expect(worstDerivativeError(of: uncertain, at: [0.3, 0.4, 0.96]) < 1e-10)
    let echo = SpoiledGradientEcho(flipAngles: angles, repetitionTime: 0.005)
    #expect(worstDerivativeError(of: echo, at: [0.3, 0.93]) < 1e-10)
    let offset = OffsetShape(short, averages: [1, 2, 1, 1, 3, 1, 1, 1])
    #expect(worstDerivativeError(of: offset, at: [0.3, 1.8]) < 1e-10)
  }

  @Test func `Eight lanes are bit-identical to one`() {
    expectLanesIdentical(
      MagnetizationRecovery(inversionTimes: inversions, repetitionTime: 5), means: [0.3, 1.9],
      deviations: [0.4, 0.1])
    expectLanesIdentical(
      LookLockerRecovery(inversionTimes: inversions, efficiency: nil), means: [0.3, 0.3, 0.96],
      deviations: [0.4, 0.3, 0.02])
    expectLanesIdentical(
      SpoiledGradientEcho(flipAngles: angles, repetitionTime: 0.005), means: [0.3, 1], deviations: [0.4, 0.1])
    expectLanesIdentical(
      OffsetShape(
        MagnetizationRecovery(saturationTimes: saturations, isSaturationPerfect: true),
        averages: times.map { _ in 1 }),
      means: [0.3], deviations: [0.4])
  }

  @Test func `A constant of its own leaves deviations from the weighted mean`() {
    let averages = [1.0, 2, 1, 1, 3, 1, 1, 1]
    let base = MagnetizationRecovery(inversionTimes: inversions, fixedInversion: 1)
    let offset = OffsetShape(base, averages: averages)
    let signal = evaluated(offset, at: [0.3]).signal
    let plain = evaluated(base, at: [0.3]).signal
    let mean = zip(averages, plain).map { $0 * $1 }.reduce(0, +) / averages.reduce(0, +)
    for (value, raw) in zip(signal, plain) { #expect(isClose(value, raw - mean, absolute: 1e-14)) }
    #expect(isClose(offset.weightedMean(plain), mean, relative: 1e-14))
    #expect(abs(offset.weightedMean(offset.reduced([4.0, 8, 1, 0, 2, 2, 9, 7]))) < 1e-14)
    #expect(offset.absorbedCount == 1 && base.absorbedCount == 0)
  }
}

@Suite struct BloodRelaxationTests {
  @Test func `The volume fraction is that of the reference, and its inverse gives the signal fraction back`()
    throws
  {
    let reference = try ReferenceCase("blood-correction")
    let inputs = reference.inputs
    let blood = BloodRelaxation(
      echoTime: inputs["TE"].double, repetitionTime: inputs["TR"].double,
      tissueT1: inputs["T1_tissue"].double,
      tissueT2: inputs["T2_tissue"].double, bloodT1: inputs["T1_blood"].double,
      bloodT2: inputs["T2_blood"].double)
    for (f, pair) in zip(
      inputs["f_apparent"].doubles, reference.expected["f_corrected_and_roundtrip"].matrix)
    {
      let volume = blood.volumeFraction(ofSignalFraction: f)
      #expect(isClose(volume, pair[0], relative: 1e-13))
      #expect(isClose(blood.signalFraction(ofVolumeFraction: volume), pair[1], relative: 1e-13))
    }
    #expect(blood.volumeFraction(ofSignalFraction: 1) == 1)
  }
}
