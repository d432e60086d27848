import Acquisitions
import Diagnostics
import Posteriors
import Samplers
import SignalModels
import TestSupport
import Testing

@testable import IVIMBayes

/// Ranks and joint test of lesions whose voxels share a population or a field, as `calibrate` runs them, on a mask with
/// two components and voxels alone.
///
/// 50 replicates in bands with 1 % false alarms in all quantities together; joint tests at |z| < 4 of at most 32
/// comparisons, a false alarm in one of 500 seeds. 200 replicates of every structure: `Tests/long.sh ranks`.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct FieldLesionTests {
  private static func ivim(_ structure: LesionStructure, signalToNoise: Double, graph: SiteGraph)
    -> FieldPredictive<BiexponentialTissue>
  {
    let bValues = [0.0, 10, 20, 40, 80, 150, 300, 500, 800, 1000]
    return predictive(
      CalibrationPlan(.diffusion(bValues: bValues)),
      BiexponentialTissue(bValues: bValues, priors: .lungTumour), structure, signalToNoise, graph)
  }

  private static func t1(_ structure: LesionStructure, signalToNoise: Double, graph: SiteGraph)
    -> FieldPredictive<T1Tissue<MagnetizationRecovery>>
  {
    let times = [0.05, 0.15, 0.4, 0.8, 1.4, 2.2, 3.5]
    let tissue = T1Tissue(
      MagnetizationRecovery(
        inversionTimes: times.map { InversionTime(seconds: $0) }, repetitionTime: 5), openAxis: 0,
      t1: AxisPrior(median: 1.4, sd: 0.35), others: [(1.9, 0.1)])
    return predictive(
      CalibrationPlan(.t1(settings: times, repetitionTime: 5)), tissue, structure, signalToNoise, graph)
  }

  private static func predictive<Tissue: TissueModel>(
    _ plan: CalibrationPlan, _ tissue: Tissue, _ structure: LesionStructure, _ signalToNoise: Double,
    _ graph: SiteGraph
  ) -> FieldPredictive<Tissue> {
    FieldPredictive(
      PriorPredictive(
        tissue: tissue, averages: [Double](repeating: 1, count: tissue.shape.settingCount),
        noise: ProperNoise(signalToNoise: signalToNoise)),
      prior: plan.fieldPrior(of: tissue, structure: structure), graph: graph)
  }

  /// 24 voxels: an irregular body of 18, four in a second piece, two alone.
  private static let mask = SiteGraph(
    positions: ReferenceLesion.irregularPositions(24).map { [$0.x, $0.y, $0.z] }, spacing: [2, 2, 5])

  private func failures(ranks predictive: FieldPredictive<some TissueModel>, moves: FieldMoves = FieldMoves())
    async throws -> [String]
  {
    var study = FieldRanks(predictive: predictive, seed: 1)
    study.moves = moves
    let planned = study
    let replicates = try await concurrentMap(Array(0..<50), threads: 2) { planned.replicate($0) }
    return RankCalibration(of: study.names, replicates: replicates, seed: 1).verdicts(falseAlarm: 0.01)
      .filter { !$0.holds }.map { "\($0.name): \($0.reading.rawValue)" }
  }

  private func suspects(
    jointTest predictive: FieldPredictive<some TissueModel>, moves: FieldMoves = FieldMoves()
  ) async throws -> [String] {
    var study = FieldGeweke(predictive: predictive, seed: 1)
    study.moves = moves
    return try await study.run(threads: 2).suspects().map { "\($0.name) \($0.moment): z \($0.z)" }
  }

  private static let small = FieldGeweke<BiexponentialTissue>.graph

  @Test func `The mask has two components and voxels alone`() {
    #expect(Self.mask.siteCount == 24 && Self.mask.isolatedCount == 2 && Self.mask.componentCount == 4)
    #expect(Self.small.siteCount == 8 && Self.small.componentCount == 3)
  }

  @Test func `Ranks of a Leroux field are uniform: IVIM`() async throws {
    let failures = try await failures(
      ranks: Self.ivim(LesionStructure(.leroux), signalToNoise: 20, graph: Self.mask))
    #expect(failures.isEmpty)
  }

  @Test func `Ranks of a Leroux field are uniform: T1`() async throws {
    let failures = try await failures(
      ranks: Self.t1(LesionStructure(.leroux), signalToNoise: 20, graph: Self.mask))
    #expect(failures.isEmpty)
  }

  @Test(arguments: [
    LesionStructure(.leroux), LesionStructure(.intrinsic),
    LesionStructure(.intrinsic, increments: .laplace), LesionStructure(.intrinsic, increments: .studentT),
  ])
  func `The joint test finds nothing`(structure: LesionStructure) async throws {
    let suspects = try await suspects(
      jointTest: Self.t1(structure, signalToNoise: 3, graph: Self.small))
    #expect(suspects.isEmpty, "\(suspects)")
  }

  @Test func `The joint test finds nothing in the default prior of IVIM`() async throws {
    let suspects = try await suspects(
      jointTest: Self.ivim(LesionStructure(.leroux), signalToNoise: 4, graph: Self.small))
    #expect(suspects.isEmpty, "\(suspects)")
  }

  @Test(arguments: [FieldIncrements.laplace, .studentT])
  func `Twin: edge-preserving fields with the exponent V are found out`(increments: FieldIncrements)
    async throws
  {
    var moves = FieldMoves()
    moves.exponent = Double(Self.small.siteCount)
    let structure = LesionStructure(.intrinsic, increments: increments)
    let suspects = try await suspects(
      jointTest: Self.t1(structure, signalToNoise: 3, graph: Self.small), moves: moves)
    #expect(suspects.contains { $0.hasPrefix("log spread") }, "\(suspects)")
  }

  @Test func `Twin: an intrinsic field with the exponent V is found out`() async throws {
    var moves = FieldMoves()
    moves.exponent = Double(Self.small.siteCount)
    let suspects = try await suspects(
      jointTest: Self.t1(LesionStructure(.intrinsic), signalToNoise: 3, graph: Self.small), moves: moves)
    #expect(suspects.contains { $0.hasPrefix("log spread") }, "\(suspects)")
  }

  @Test func `Twin: a Leroux field without its determinant is found out`() async throws {
    var moves = FieldMoves()
    moves.keepsDeterminant = false
    let suspects = try await suspects(
      jointTest: Self.t1(LesionStructure(.leroux), signalToNoise: 3, graph: Self.small), moves: moves)
    #expect(suspects.contains { $0.hasPrefix("dependence") }, "\(suspects)")
  }

  @Test func `Twin: updating all voxels at once is found out`() async throws {
    var moves = FieldMoves()
    moves.isSynchronous = true
    let suspects = try await suspects(
      jointTest: Self.t1(LesionStructure(.intrinsic), signalToNoise: 3, graph: Self.small), moves: moves)
    #expect(!suspects.isEmpty, "\(suspects)")
  }
}
