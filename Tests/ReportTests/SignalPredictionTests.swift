import TestSupport
import Testing

@testable import IVIMBayes
@testable import Reporting

/// The band holds what its caption says.
@Suite struct SignalPredictionTests {
  /// The share of 40 × 9 measured means inside their 90 % bands, with noise `factor` times what the fit believes.
  static func shareInside(factor: Double) throws -> Double {
    let folder = try TemporaryFolder()
    var run = FixtureRun.diffusion((1...40).map { "lesion \($0)" })
    run.noiseFactor = factor
    let reported = try withExtendedLifetime(folder) {
      try ReportedRun(RunFolder(try run.write(in: folder, as: "run")))
    }
    let shares = try reported.lesions.map { lesion in
      let prediction = try #require(SignalPrediction(reported, lesion: lesion.label)).quantiles(seed: 1)
      return SignalFigure(
        curves: [
          .init(
            mark: .after,
            measurements: reported.signals.filter { $0.lesion == lesion.label }.map {
              .init(setting: $0.setting, signal: $0.signal, isUsed: true)
            }, predictions: prediction)
        ], isLogarithmic: true
      ).shareInside
    }
    return shares.reduce(0, +) / Double(shares.count)
  }

  /// 360 binomial trials at 0.9: the standard error is 0.016, four of it 0.063 (false alarms: 6 in 100,000). The
  /// quantiles of 200 draws add 0.02 to it.
  @Test func `Nine of ten means lie in the 90 % band, and not if the noise is half again as large`() throws {
    let share = try Self.shareInside(factor: 1)
    #expect(abs(share - 0.9) < 0.07, "\(share)")
    let wrong = try Self.shareInside(factor: 1.5)
    #expect(abs(wrong - 0.9) > 0.07, "\(wrong)")
  }
}
