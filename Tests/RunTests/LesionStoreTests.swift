import Acquisitions
import Diagnostics
import Foundation
import Lesions
import Posteriors
import TestSupport
import Testing

@testable import IVIMBayes

@Suite struct LesionStoreTests {
  private static let lesion = Lesion(label: 7, name: "upper", rows: [2, 5, 6], labelledVoxelCount: 4)
  private static let quantities = [
    Quantity("d", unit: "mm2/s", scale: .log),
    Quantity("fdstar", unit: "mm2/s", scale: .log, isMapped: false), .sigma,
  ]

  /// Two chains of five draws, every number different, one of them missing.
  private static let posterior: LesionPosterior = {
    var next = 0.1
    func number() -> Double {
      next += 1 / 7
      return next
    }
    let functionals = LesionFunctional.allCases
    return LesionPosterior(
      lesion: lesion, quantities: quantities,
      prior: PriorSpread(means: [1, 2, .nan], variances: [3, 4, .nan]),
      priorFunctionals: quantities.map { _ in functionals.map { _ in (0..<4).map { _ in number() } } },
      series: FunctionalSeries(
        quantities: quantities, chainCount: 2,
        values: quantities.map { _ in
          functionals.map { _ in (0..<2).map { _ in (0..<5).map { _ in number() } } }
        }),
      statistics: lesion.rows.map { row in
        (0..<2).map { VoxelStatistics(planes: [1, 2, 3, 4, Float(row), Float($0), .nan, 2]) }
      },
      voxelDraws: quantities.map { _ in (0..<30).map { _ in Float(number()) } }, keptDraws: 5,
      sampler: SamplerReport(
        divergences: 3,
        steps: [
          [StepAcceptance("walk of the population (d, f)", accepted: 20, tried: 1000)],
          [
            StepAcceptance("steps of single sites (d, f)", accepted: 870.25, tried: 1000, isWalk: false),
            StepAcceptance("walk of the population (d, f)", accepted: 250, tried: 1000),
          ],
        ]))
  }()

  @Test func `A finished lesion comes back number for number, with its noise level`() throws {
    let folder = try TemporaryFolder()
    let store = LesionStore(folder.url)
    let noise = NoiseLevel(variance: 4.5, pseudoObservations: .infinity)
    #expect(store.posterior(at: 0, of: Self.lesion, quantities: Self.quantities) == nil)
    let sensitivity = FieldSensitivity(
      lesion: "upper", label: 7, voxels: 3,
      rows: [
        FieldSensitivity.Row(
          parameter: "d", unit: "mm2/s", mean: 1e-3, sd: 1e-4, meanWithout: 1.1e-3, sdWithout: 2e-4,
          shift: -1,
          dependence: .nan, range: .nan, borrowedShare: 0.25)
      ])
    try store.save(FinishedLesion(posterior: Self.posterior, noise: noise, sensitivity: sensitivity), at: 0)
    let found = try #require(store.posterior(at: 0, of: Self.lesion, quantities: Self.quantities))
    let (one, other) = (Self.posterior, found.posterior)
    #expect(found.noise == noise && other.lesion == Self.lesion && other.keptDraws == 5)
    #expect(other.series.values == one.series.values && other.series.chainCount == 2)
    #expect(other.priorFunctionals == one.priorFunctionals && other.voxelDraws == one.voxelDraws)
    #expect(other.sampler == one.sampler)
    let kept = try #require(found.sensitivity)
    // NaN is no equal of itself: the record compares the rest.
    #expect(kept.rows[0].shift == -1 && kept.rows[0].borrowedShare == 0.25 && kept.rows[0].range.isNaN)
    #expect(kept.lesion == "upper" && kept.label == 7 && kept.voxels == 3)
    #expect(other.prior.means.map(\.bitPattern) == one.prior.means.map(\.bitPattern))
    #expect(other.prior.variances.map(\.bitPattern) == one.prior.variances.map(\.bitPattern))
    #expect(
      other.statistics.map { $0.map { $0.planes.map(\.bitPattern) } }
        == one.statistics.map { $0.map { $0.planes.map(\.bitPattern) } })
  }

  @Test func `A file that is damaged, or of another lesion, is not taken over`() throws {
    let folder = try TemporaryFolder()
    let store = LesionStore(folder.url)
    try store.save(FinishedLesion(posterior: Self.posterior, noise: .none), at: 0)
    let smaller = Lesion(label: 7, name: "upper", rows: [2], labelledVoxelCount: 4)
    #expect(store.posterior(at: 0, of: smaller, quantities: Self.quantities) == nil)
    #expect(store.posterior(at: 0, of: Self.lesion, quantities: Array(Self.quantities.dropLast())) == nil)
    #expect(store.posterior(at: 1, of: Self.lesion, quantities: Self.quantities) == nil)
    let name = try #require(folder.contents.first)
    let bytes = [UInt8](try Data(contentsOf: folder.file(name)))
    _ = try folder.write(Array(bytes.dropLast(40)), as: name)
    #expect(store.posterior(at: 0, of: Self.lesion, quantities: Self.quantities) == nil)
  }

  @Test func `Divergences and frozen adaptations are flags of the lesion, kept with it`() {
    let flags = Self.posterior.sampler.flags(of: "upper")
    #expect(flags.map(\.kind) == [.divergence, .frozenAdaptation])
    #expect(flags.map(\.subject) == ["upper", "chain 1 of upper"])
    #expect(flags[0].evidence == "3 after warm-up (limit 0)")
    #expect(flags[1].evidence == "walk of the population (d, f): acceptance 0.02 (0.1 to 0.6)")
    #expect(Self.posterior.withoutDraws.sampler == Self.posterior.sampler)
    for text in ["", "x", "1\n0\tname\t1\t2", "1\n3\tname\t1\t2\ttrue"] {
      #expect(SamplerReport(text) == nil, "\(text)")
    }
  }

  @Test func `Without its draws a lesion keeps its statistics`() {
    let light = Self.posterior.withoutDraws
    #expect(light.statistics.count == 3 && light.statistics[1][0].planes[4] == 5)
    #expect(light.voxelDraws.isEmpty && light.series.values.isEmpty && light.lesion == Self.lesion)
  }

  @Test func `Draws that the memory cannot hold are refused before any is sampled`() throws {
    let lesions = (1...10_000).map { Lesion(label: $0, name: "l", rows: [0], labelledVoxelCount: 1) }
    let plan = ChainPlan()
    // 2 × 7 quantities × 4 chains × 1000 draws × (64 + 4) bytes × 10⁴ lesions: 38 GB.
    let error = #expect(throws: RunError.self) {
      try LesionDraws.checkRoom(for: lesions, plan: plan, at: "curves.tsv", memory: 16 << 30)
    }
    #expect(error?.status == .badInput)
    #expect(
      error?.description
        == "curves.tsv: the draws of 10000 lesions with 10000 voxels need 36315 MB of memory. "
        + "Leave them out with --save-draws none, or fit fewer lesions at a time.")
    try LesionDraws.checkRoom(
      for: Array(lesions.prefix(1000)), plan: plan, at: "curves.tsv", memory: 16 << 30)
  }
}
