import Acquisitions
import Diagnostics
import Lesions
import Samplers
import Tables
import TestSupport
import Testing

@testable import IVIMBayes

/// What `--sensitivity` says of two posteriors of one lesion.
@Suite struct FieldSensitivityTests {
  private static let quantities = [
    Quantity("d", unit: "mm2/s", scale: .log), Quantity("dstar", unit: "mm2/s", scale: .log), .sigma,
  ]
  private static let graph = SiteGraph(
    positions: (0..<27).map { [$0 % 3, $0 / 3 % 3, $0 / 9] }, spacing: [2, 2, 2])

  /// 27 voxels of a cube; `level` moves the lesion mean of D on its axis by that many of its SDs, `spread` is the SD of
  /// voxel v.
  private static func posterior(
    level: Double = 0, lambda: Double? = nil, spread: (_ voxel: Int) -> Float = { _ in 1 }
  ) -> LesionPosterior {
    let lesion = Lesion(label: 3, name: "lower", rows: Array(0..<27), labelledVoxelCount: 27)
    // Draws of mean 0 and variance 1 on the axis, times 0.01.
    let shape = [-1.5, -0.5, 0.5, 1.5].map { $0 / (5.0 / 3).squareRoot() }
    let draws = shape.map { Double.exp(-7 + 0.01 * ($0 + level)) }
    let functionals = LesionFunctional.allCases
    return LesionPosterior(
      lesion: lesion, quantities: quantities, prior: PriorSpread(means: [0, 0, 0], variances: [1, 1, 1]),
      priorFunctionals: [],
      series: FunctionalSeries(
        quantities: quantities, chainCount: 1,
        values: quantities.map { _ in functionals.map { _ in [draws] } }),
      statistics: lesion.rows.map { voxel in
        quantities.filter(\.isMapped).map { _ in
          VoxelStatistics(planes: [1, spread(voxel), 1, 1, 1, 1, 400, 1])
        }
      },
      voxelDraws: [], keptDraws: 4,
      population: lambda.map {
        [PopulationSeries(parameter: PopulationParameter("lambda_d"), chains: [[$0, $0, $0]])]
      } ?? [])
  }

  private static func compare(_ one: LesionPosterior, _ other: LesionPosterior) -> FieldSensitivity {
    FieldSensitivity(one, without: other, graph: graph, spacing: 2)
  }

  @Test func `Equal fits raise no flag`() {
    let same = Self.compare(Self.posterior(lambda: 0.5), Self.posterior())
    #expect(same.flags.isEmpty && same.rows.map(\.parameter) == ["d", "dstar"])
    #expect(same.rows[0].shift == 0 && same.rows[0].borrowedShare == 0 && same.rows[0].dependence == 0.5)
    // h √(λ c/(1 − λ)) at λ = ½.
    #expect(isClose(same.rows[0].range, 2 * Self.graph.scales[0].squareRoot(), relative: 1e-12))
    #expect(same.rows[1].dependence.isNaN && same.rows[1].range.isNaN)
  }

  @Test func `A lesion mean that moves by more than half its SD warns; of D* it is a note`() {
    let moved = Self.compare(Self.posterior(level: 0.51), Self.posterior())
    #expect(isClose(moved.rows[0].shift, 0.51, relative: 1e-9))
    #expect(moved.flags.map(\.kind) == [.fieldDependent, .fieldDependent])
    #expect(moved.flags.map(\.severity) == [.warn, .pass])
    #expect(moved.flags.map(\.subject) == ["d mean of lower", "dstar mean of lower"])
    #expect(moved.flags[0].evidence == "differs by 0.51 SD from the fit without a field (limit 0.5)")
    #expect(Self.compare(Self.posterior(level: -0.49), Self.posterior()).flags.isEmpty)
  }

  @Test func `A map whose voxels have less than a fifth of their SD, most of them, is borrowed`() {
    let most = Self.compare(Self.posterior { $0 < 14 ? 0.19 : 1 }, Self.posterior())
    #expect(most.flags.map(\.kind) == [.mostlyBorrowed, .mostlyBorrowed])
    #expect(most.flags[0].subject == "map of d in lower")
    #expect(most.flags[0].evidence == "52 % of the voxels have less than 0.2 of their SD without the field")
    #expect(Self.compare(Self.posterior { $0 < 13 ? 0.19 : 1 }, Self.posterior()).flags.isEmpty)
    #expect(Self.compare(Self.posterior { _ in 0.21 }, Self.posterior()).flags.isEmpty)
  }

  @Test func `A dependence at its limit in a lesion of a few voxels is borrowed`() {
    let strong = Self.compare(Self.posterior(lambda: 0.96), Self.posterior())
    #expect(strong.flags.map(\.kind) == [.mostlyBorrowed])
    #expect(strong.flags[0].evidence.hasSuffix("lambda 0.960 in a lesion of radius 1.9 voxels"))
    #expect(Self.compare(Self.posterior(lambda: 0.94), Self.posterior()).flags.isEmpty)
  }

  @Test func `Table, sentence and record say the same`() throws {
    let found = Self.compare(Self.posterior(level: 0.8, lambda: 0.97), Self.posterior())
    let table = SensitivityTable(sensitivities: [found])
    #expect(try table.table.strings("flag") == ["field-dependent,mostly-borrowed", "field-dependent"])
    #expect(try table.table.numbers("shift_in_sd").allSatisfy { isClose($0, 0.8, relative: 1e-9) })
    #expect(try table.table.strings("name") == ["lower", "lower"])
    #expect(
      table.sentence
        == "sensitivity: 1 lesion fitted again without a field: 2 of 2 means differ by more than 0.5 SD, "
        + "0.80 at most (d of lower); 1 of 2 maps are mostly borrowed")
    #expect(found.record.count == 2 && found.record[0]["lambda"] as? Double == 0.97)
    for column in table.table.columns { #expect(table.sidecar.contains("\"\(column)\"")) }
  }
}
