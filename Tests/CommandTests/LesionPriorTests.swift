import Foundation
import Reporting
import TestSupport
import Testing

/// What `--prior` does to the lesions of a fit.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct LesionPriorTests {
  private func fit(_ name: String, _ options: [String], in folder: TemporaryFolder) throws -> FinishedRun {
    let scan = try PhantomScan.shared.get()
    try Command.succeed(scan.lesionFit(into: folder.file(name)) + ["--quiet"] + options)
    return FinishedRun(folder.file(name))
  }

  @Test func `A spatial fit reaches its targets and reports its population`() throws {
    let folder = try TemporaryFolder()
    let run = try fit("run", ["--prior", "spatial"], in: folder)
    #expect(try run.json("_run.json")["configuration"]["prior"].string == "spatial")
    let draws = try DrawsFile(contentsOf: run.file("_draws.nc"))
    let names = try #require(draws.groups.first { $0.name == "posterior" }).variables.map(\.name)
    for axis in ["d", "f", "dstar_minus_d", "adc"] {
      for parameter in ["mu", "tau", "lambda"] { #expect(names.contains("\(parameter)_\(axis)")) }
    }
    for pair in ["d_f", "d_dstar_minus_d", "f_dstar_minus_d"] { #expect(names.contains("rho_\(pair)")) }
    let flags = try run.json("_run.json")["health"]["flags"].array.map { $0[1].string }
    #expect(!flags.contains { $0.hasPrefix("d mean") || $0.hasPrefix("f mean") || $0.hasPrefix("adc mean") })
  }

  @Test func `Draws do not depend on the number of threads, and every prior gives its own`() throws {
    let folder = try TemporaryFolder()
    let short = ["--draws", "100", "--warmup", "60"]
    var tables: [String] = []
    for (name, options) in [
      ("one", ["--prior", "spatial", "--threads", "1"]), ("two", ["--prior", "spatial", "--threads", "2"]),
      ("icar", ["--prior", "spatial", "--spatial-field", "icar"]),
      ("hierarchical", ["--prior", "hierarchical"]), ("independent", ["--prior", "independent"]),
    ] {
      _ = try fit(name, short + options, in: folder)
      tables.append(try String(contentsOf: folder.file("\(name)/sub-phantom_lesions.tsv"), encoding: .utf8))
    }
    #expect(tables[0] == tables[1])
    #expect(Set(tables).count == 4)
  }
}
