import Diagnostics
import GSLSupport
import TestSupport
import Testing

struct RankCalibrationTests {
  /// 200 replicates of θ ~ N(0, 1), y ~ N(θ, 1), with draws of the posterior N(y/2, 1/√2), distorted.
  private func calibration(scale: Double = 1, shift: Double = 0) -> RankCalibration {
    var calibration = RankCalibration(of: ["theta", "theta squared"])
    var ties = RandomStream(StreamKey(seed: 1, purpose: .resampling))
    for replicate in 0..<200 {
      var random = RandomStream(StreamKey(seed: 7, unit: replicate, purpose: .simulation))
      let truth = random.normal()
      let y = random.normal(mean: truth, standardDeviation: 1)
      let draws = (0..<300).map { _ in
        random.normal(mean: y / 2 + shift, standardDeviation: scale * 0.5.squareRoot())
      }
      calibration.add(truth: [truth, truth * truth], draws: [draws, draws.map { $0 * $0 }], using: &ties)
    }
    return calibration
  }

  // False alarm: 1 % by construction; the seed is fixed.
  @Test func `an exact posterior holds`() {
    let calibration = calibration()
    #expect(calibration.replicateCount == 200)
    let verdicts = calibration.verdicts()
    #expect(verdicts.allSatisfy { $0.holds })
    for verdict in verdicts {
      #expect(verdict.differences.count == 20 && verdict.differences[19] == 0)
      for k in 0..<20 {
        #expect(verdict.lowerLimits[k] <= verdict.differences[k])
        #expect(verdict.differences[k] <= verdict.upperLimits[k])
      }
      #expect(abs(verdict.locationZ) < 4 && abs(verdict.spreadZ) < 4)
    }
  }

  @Test(arguments: [
    (0.6, 0.0, RankVerdict.Reading.intervalsTooNarrow), (1.8, 0, .intervalsTooWide), (1, 0.4, .drawsTooHigh),
    (1, -0.4, .drawsTooLow),
  ])
  func `Twin: a distorted posterior is found out and named`(
    scale: Double, shift: Double, reading: RankVerdict.Reading
  ) throws {
    let verdict = try #require(calibration(scale: scale, shift: shift).verdicts().first)
    #expect(!verdict.holds)
    #expect(verdict.reading == reading)
  }

  @Test func `a NaN among the draws never holds`() {
    var calibration = RankCalibration(of: ["x"], drawCount: 19)
    var random = RandomStream(StreamKey(seed: 2, purpose: .resampling))
    for replicate in 0..<20 {
      var draws = (0..<19).map(Double.init)
      if replicate == 3 { draws[18] = .nan }
      calibration.add(truth: [Double(replicate) - 0.5], draws: [draws], using: &random)
    }
    let verdict = calibration.verdicts(points: 20)[0]
    #expect(!verdict.holds && verdict.reading == .notFinite)
    #expect(calibration.unusableCounts == [1])
  }

  @Test func `thinning keeps equal distances and the last draw`() {
    #expect(RankCalibration.thinned([1, 2, 3], to: 3) == [1, 2, 3])
    #expect(RankCalibration.thinned((1...10).map(Double.init), to: 3) == [3, 6, 10])
  }

  @Test func `no replicates, no verdicts`() { #expect(RankCalibration(of: ["x"]).verdicts().isEmpty) }
}
