import Acquisitions
import Diagnostics
import Foundation
import LaneMath
import Samplers
import SignalModels
import TestSupport
import Testing

/// Simulation-based calibration of the lesion priors for IVIM and for T1 by inversion recovery.
///
/// 50 replicates of the default prior in every run, false alarms in one of 300 seeds for each; 200 replicates of every
/// prior with IVIMBAYES_LONG_TESTS set, as `Tests/long.sh` does.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct FieldRankTests {
  private static let isLong = ProcessInfo.processInfo.environment["IVIMBAYES_LONG_TESTS"] != nil

  private func ivim(_ structure: FieldPrior.Structure, count: Int) -> FieldReplicates<BiexponentialIVIM> {
    let bValues = [0.0, 0, 10, 20, 40, 80, 150, 300, 500, 800]
    return FieldReplicates(
      BiexponentialIVIM(bValues: bValues.map { BValue($0) }),
      prior: FieldPrior(
        axes: [
          .init(mean: Double.log(1.1), sd: 0.4, spread: .halfNormal(scale: 0.3)),
          .init(mean: Double.log(0.25), sd: 1, spread: .halfNormal(scale: 0.5)),
          .init(mean: Double.log(20), sd: 0.8, spread: .halfNormal(scale: 0.3)),
        ], structure: structure), count: count, seed: 21)
  }

  private func t1(_ structure: FieldPrior.Structure, count: Int) -> FieldReplicates<MagnetizationRecovery> {
    FieldReplicates(
      MagnetizationRecovery(
        inversionTimes: [0.05, 0.15, 0.4, 0.8, 1.4, 2.2, 3.5].map { InversionTime(seconds: $0) },
        repetitionTime: 8),
      prior: FieldPrior(
        axes: [
          .init(mean: Double.log(1.4), sd: 0.35, spread: .halfNormal(scale: 0.3)),
          .init(mean: 1.9, sd: 0.1, spread: .halfNormal(scale: 0.02)),
        ], structure: structure), count: count, seed: 22)
  }

  private func suspects(_ calibration: RankCalibration, _ title: String) -> [String] {
    let verdicts = calibration.verdicts(falseAlarm: 0.0033, points: 10)
    for verdict in verdicts { print("\(title): \(verdict.name): chi-squared p \(verdict.pValue)") }
    return verdicts.filter { !$0.holds }.map(\.name)
  }

  @Test func `Ranks of the default prior are uniform for IVIM and T1`() {
    #expect(suspects(ivim(.leroux, count: 50).ranks(), "IVIM, Leroux").isEmpty)
    #expect(suspects(t1(.leroux, count: 50).ranks(), "T1, Leroux").isEmpty)
  }

  @Test func `Twin: a density without the determinant of the field's precision is found out`() {
    var moves = FieldMoves()
    moves.keepsDeterminant = false
    #expect(!suspects(t1(.leroux, count: 50).ranks(moves), "T1 without determinant").isEmpty)
  }

  @Test(
    .enabled(if: FieldRankTests.isLong, "200 replicates of every prior: Tests/long.sh"),
    arguments: [FieldPrior.Structure.exchangeable, .leroux, .intrinsic])
  func `Ranks of 200 replicates are uniform`(_ structure: FieldPrior.Structure) {
    #expect(suspects(ivim(structure, count: 200).ranks(), "IVIM, \(structure)").isEmpty)
    #expect(suspects(t1(structure, count: 200).ranks(), "T1, \(structure)").isEmpty)
  }
}
