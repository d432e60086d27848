import Foundation
import LaneMath
import NIfTI
import Reporting
import Tables
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

  /// Lesion means of D within 4 SDs of the truth: a false alarm in one of 4,000 seeds.
  @Test(arguments: ["laplace", "student-t"])
  func `An edge-preserving fit finds the lesions and says under which prior`(field: String) throws {
    let folder = try TemporaryFolder()
    let run = try fit(
      "run", ["--prior", "spatial", "--spatial-field", field, "--draws", "2000"], in: folder)
    #expect(try run.json("_run.json")["configuration"]["spatial-field"].string == field)
    let (means, sds) = (try run.lesions("d", "mean", "mean"), try run.lesions("d", "mean", "sd"))
    let scan = try PhantomScan.shared.get()
    let (map, labels) = (try scan.truth(of: "d"), try LabelImage.read(scan.lesions))
    for k in means.indices {
      let logs = labels.labels.indices.filter { labels.labels[$0] == k + 1 }.map {
        Double.log(Double(map.values[$0]))
      }
      let truth = Double.exp(logs.reduce(0, +) / Double(logs.count))
      #expect(abs(means[k] - truth) < 4 * sds[k], "\(means) ± \(sds), truth \(truth)")
    }
    let draws = try DrawsFile(contentsOf: run.file("_draws.nc"))
    let names = try #require(draws.groups.first { $0.name == "posterior" }).variables.map(\.name)
    for name in ["mu_d", "tau_d", "tau_f", "rho_d_f", "tau_adc"] { #expect(names.contains(name)) }
    #expect(!names.contains { $0.hasPrefix("lambda") })
    let page = try String(contentsOf: run.file("_report.html"), encoding: .utf8)
    #expect(
      page.contains(field == "laplace" ? "edge-preserving Laplace field" : "edge-preserving Student-t field"))
    let refused = try Command.run(
      PhantomScan.shared.get().lesionFit(into: folder.file("none")) + ["--spatial-field", "huber"])
    #expect(refused.status == 64 && refused.errors.contains("leroux, icar, laplace, student-t"))
  }

  @Test func `Sensitivity shows every lesion without its field, in table, run file and diagnosis`() throws {
    let folder = try TemporaryFolder()
    let scan = try PhantomScan.shared.get()
    let options = ["--prior", "spatial", "--sensitivity", "--draws", "400", "--warmup", "200"]
    let outcome = try Command.succeed(scan.lesionFit(into: folder.file("run")) + options)
    let run = FinishedRun(folder.file("run"))
    let table = try TabSeparatedTable.read(run.file("_sensitivity.tsv"))
    #expect(
      try table.strings("parameter") == [
        "d", "f", "dstar", "fdstar", "adc", "d", "f", "dstar", "fdstar", "adc",
      ])
    // The means with the field are those of the table of lesions.
    let (means, own) = (try table.numbers("mean"), try run.lesions("d", "mean", "mean"))
    #expect(own.indices.allSatisfy { abs(means[5 * $0] - own[$0]) < 1e-9 * own[$0] })
    let lambdas = try table.numbers("lambda")
    #expect(lambdas.indices.allSatisfy { lambdas[$0].isNaN == ($0 % 5 == 3) })
    #expect(try table.numbers("range_mm").indices.allSatisfy { $0 % 5 == 3 || lambdas[$0] > 0 })
    let record = try run.json("_run.json")
    #expect(record["sensitivity"].array.count == 10 && record["configuration"]["sensitivity"] == .bool(true))
    #expect(outcome.errors.contains("sensitivity: 2 lesions fitted again without a field"))
    // Flags of the table are flags of the run, and `diagnose` repeats them.
    let flagged = zip(
      try table.strings("name"), zip(try table.strings("parameter"), try table.strings("flag"))
    )
    .filter { $0.1.1.contains("field-dependent") }.map { "\($0.1.0) mean of \($0.0)" }
    let diagnosis = try Command.run(["diagnose", run.folder.path, "--format", "tsv"]).lines
      .map { $0.components(separatedBy: "\t") }
    #expect(diagnosis.filter { $0[1] == "field-dependent" }.map { $0[2] }.sorted() == flagged.sorted())
    // The fit itself is the one without --sensitivity.
    let plain = try fit("plain", options.filter { $0 != "--sensitivity" }, in: folder)
    #expect(try plain.contents("sub-phantom_lesions.tsv") == run.contents("sub-phantom_lesions.tsv"))
    let refused = try Command.run(
      scan.lesionFit(into: folder.file("none")) + ["--prior", "hierarchical", "--sensitivity"])
    #expect(refused.status == 64 && refused.errors.contains("--prior spatial"))
  }

  @Test func `Draws do not depend on the number of threads, and every prior gives its own`() throws {
    let folder = try TemporaryFolder()
    let short = ["--draws", "100", "--warmup", "60"]
    var tables: [String] = []
    for (name, options) in [
      ("one", ["--prior", "spatial", "--threads", "1"]), ("two", ["--prior", "spatial", "--threads", "2"]),
      ("icar", ["--prior", "spatial", "--spatial-field", "icar"]),
      ("laplace", ["--prior", "spatial", "--spatial-field", "laplace", "--threads", "1"]),
      ("laplace-2", ["--prior", "spatial", "--spatial-field", "laplace", "--threads", "2"]),
      ("student-t", ["--prior", "spatial", "--spatial-field", "student-t"]),
      ("huang-wand", ["--prior", "spatial", "--population-prior", "huang-wand"]),
      ("hierarchical-huang-wand", ["--prior", "hierarchical", "--population-prior", "huang-wand"]),
      ("hierarchical", ["--prior", "hierarchical"]), ("independent", ["--prior", "independent"]),
    ] {
      _ = try fit(name, short + options, in: folder)
      tables.append(try String(contentsOf: folder.file("\(name)/sub-phantom_lesions.tsv"), encoding: .utf8))
    }
    #expect(tables[0] == tables[1] && tables[3] == tables[4])
    #expect(Set(tables).count == 8)
  }
}
