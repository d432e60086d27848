import Foundation
import IVIMBayes
import Reporting
import Tables
import TestSupport
import Testing

/// `delta` as a user runs it, on runs of known posteriors.
@Suite struct DeltaTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// ADC of the first lesion rises by 30 %, that of the second by 2 %; T1 of both falls by 10 %.
  private func visits() throws -> [String] {
    let (pre, post) = ("sub-P1_ses-pre", "sub-P1_ses-post")
    let runs = [
      try SyntheticRun.ivim(adc: [1e-3, 1.2e-3], stem: pre).write(in: folder, as: "pre-ivim"),
      try SyntheticRun.t1([1.5, 1.4], stem: pre).write(in: folder, as: "pre-t1"),
      try SyntheticRun.ivim(adc: [1.3e-3, 1.224e-3], stem: post, seed: 2).write(in: folder, as: "post-ivim"),
      try SyntheticRun.t1([1.35, 1.26], stem: post, seed: 2).write(in: folder, as: "post-t1"),
    ].map(\.path)
    return ["delta", "--pre", runs[0], runs[1], "--post", runs[2], runs[3]]
  }

  private func table(_ name: String = "out") throws -> TabSeparatedTable {
    try TabSeparatedTable.read(folder.file("\(name)/changes.tsv"))
  }

  private func rows(
    _ column: String, _ parameter: String, _ functional: String = "mean", in table: TabSeparatedTable
  ) throws -> [String] {
    let (parameters, functionals) = (try table.strings("parameter"), try table.strings("functional"))
    let values = try table.strings(column)
    return values.indices.filter { parameters[$0] == parameter && functionals[$0] == functional }.map {
      values[$0]
    }
  }

  @Test func `Every file is there, and every row has every column`() throws {
    let outcome = try Command.succeed(try visits() + ["--out", folder.file("out").path])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out").path).sorted()
    #expect(
      names == [
        ".bidsignore", ".ivimbayes.json", "changes.json", "changes.nc", "changes.tsv", "changes_report.html",
        "changes_run.json",
        "dataset_description.json",
      ])
    let table = try table()
    #expect(table.columns == ChangeTable.columns)
    // Two lesions × (adc d f dstar and t1) × eight functionals.
    #expect(table.rows.count == 2 * 5 * 8)
    #expect(try Set(table.strings("patient")) == ["P1"])
    #expect(outcome.lines.count == 1 + 2 * 5 + 2)
    #expect(outcome.output.contains("; ADC rose by about 30 % (90 % interval "))
    #expect(outcome.errors.contains("patient P1: written to"))
    let sidecar = try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: folder.file("out/changes.json")))
    #expect(table.columns.allSatisfy { !sidecar[$0]["Description"].string.isEmpty })
  }

  @Test func `Changes, probabilities and the repeatability flag are those of the posteriors`() throws {
    try Command.succeed(try visits() + ["--out", folder.file("out").path])
    let table = try table()
    let percent = try rows("percent_median", "adc", in: table).compactMap(Double.init)
    #expect(abs(percent[0] - 30) < 1.5 && abs(percent[1] - 2) < 1.5)
    #expect(try rows("observed_beyond_rc", "adc", in: table) == ["true", "false"])
    // δ = log 1.3, variance 2 · 0.03² + 2 · 0.071²: P(δ > 0) = Φ(2.41).
    let increase = try rows("p_increase", "adc", in: table).compactMap(Double.init)
    #expect(abs(increase[0] - 0.992) < 0.004)
    // 2 · 0.071² + 2 · 0.03²: the SD with scan-to-scan variation, within 5 % of 2,000 draws.
    let spread = try rows("delta_sd", "adc", in: table).compactMap(Double.init)
    #expect(spread.allSatisfy { abs($0 - 0.109) < 0.004 })
    #expect(try rows("scale", "f", in: table) == ["logit", "logit"])
    #expect(try rows("wsd_source", "t1", in: table)[0].contains("borrowed"))
    let fall = try rows("p_decrease", "t1", in: table).compactMap(Double.init)
    #expect(fall.allSatisfy { $0 > 0.97 })
  }

  @Test func `The draws of a lesion belong together and give the table again`() throws {
    try Command.succeed(try visits() + ["--out", folder.file("out").path])
    let file = try DrawsFile(contentsOf: folder.file("out/changes.nc"), groups: nil)
    let posterior = try #require(file.group("posterior"))
    #expect(file.attributes["patient"] == "P1")
    #expect(file.attributes["protocol"]?.contains("\"ivim\"") == true)
    let delta = try #require(posterior.chains(of: "delta_adc_mean", element: 0)?.first)
    let (pre, post) = (
      try #require(posterior.chains(of: "pre_adc_mean", element: 0)?.first),
      try #require(posterior.chains(of: "post_adc_mean", element: 0)?.first)
    )
    #expect(delta.count == 2000)
    let within = zip(post, pre).map { log($0 / $1) }
    let noise = zip(delta, within).map { $0 - $1 }
    let variance = noise.reduce(0) { $0 + $1 * $1 } / 2000
    // 2 · 0.071² within three standard errors (relative √(2/2000) each).
    #expect(abs(variance / (2 * 0.071 * 0.071) - 1) < 0.1)
    let median = delta.sorted()[1000]
    #expect(
      abs(median - (try rows("delta_median", "adc", in: try table()).compactMap(Double.init))[0]) < 0.005)
    let constants = try #require(file.group("constant_data"))
    #expect(constants.variable("lesion_name")?.values == .text(["upper", "lower"]))
    // Scan-to-scan noise of two parameters is not the same noise.
    let other = try #require(posterior.chains(of: "delta_t1_mean", element: 0)?.first)
    let (preT1, postT1) = (
      posterior.chains(of: "pre_t1_mean", element: 0)?.first ?? [],
      posterior.chains(of: "post_t1_mean", element: 0)?.first ?? []
    )
    let otherNoise = zip(other, zip(postT1, preT1)).map { $0 - log($1.0 / $1.1) }
    let product = zip(noise, otherNoise).reduce(0) { $0 + $1.0 * $1.1 } / 2000
    #expect(abs(product) < 4 * 0.1 * 0.042 / 2000.0.squareRoot())
  }

  @Test func `The same seed gives the same bytes, and the record repeats a run`() throws {
    let arguments = try visits()
    try Command.succeed(arguments + ["--seed", "7", "--rope", "adc=20%", "--out", folder.file("one").path])
    try Command.succeed(
      arguments + [
        "--config", folder.file("one/changes_run.json").path, "--out", folder.file("two").path,
      ])
    for name in ["changes.tsv", "changes.nc", "changes_run.json"] {
      #expect(
        try Data(contentsOf: folder.file("one/\(name)")) == Data(contentsOf: folder.file("two/\(name)")))
    }
    #expect(try rows("rope_high", "adc", in: table("one"))[0] == "0.2")
    try Command.succeed(arguments + ["--seed", "8", "--out", folder.file("three").path])
    #expect(try table("three").text != table("one").text)
  }

  @Test func `A lesion without a partner is missing, and a renamed one is matched by the table`() throws {
    let pre = try SyntheticRun.ivim(adc: [1e-3, 1.2e-3]).write(in: folder, as: "pre")
    var after = SyntheticRun.ivim(adc: [1.3e-3, 1.2e-3], stem: "sub-P1_ses-post", seed: 2)
    after.lesions[0].label = 5
    after.lesions[1].label = 3
    let post = try after.write(in: folder, as: "post")
    let arguments = ["delta", "--pre", pre.path, "--post", post.path]
    let unmatched = try Command.succeed(arguments + ["--out", folder.file("out").path])
    #expect(unmatched.errors.contains("without a partner at the other visit: lower, upper"))
    #expect(try Set(table().strings("status")) == ["missing"])
    #expect(try table().numbers("delta_median").allSatisfy(\.isNaN))
    #expect(try rows("lesion", "adc", in: table()) == ["1", "2", "5", "3"])

    let match = try folder.write("pre\tpost\tname\n1\t5\tapex\n2\tn/a\tbase\nn/a\t3\tnew\n", as: "match.tsv")
    try Command.succeed(arguments + ["--match", match.path, "--out", folder.file("matched").path])
    #expect(try rows("name", "adc", in: table("matched")) == ["apex", "base", "new"])
    #expect(try rows("status", "adc", in: table("matched")) == ["pass", "missing", "missing"])
    let percent = try rows("percent_median", "adc", in: table("matched")).compactMap(Double.init)
    #expect(abs(percent[0] - 30) < 1.5)
    // A lesion seen once still has its draws.
    let posterior = try DrawsFile(contentsOf: folder.file("matched/changes.nc")).groups[0]
    #expect(posterior.chains(of: "pre_adc_mean", element: 1)?[0].allSatisfy { $0 > 0 } == true)
    #expect(posterior.chains(of: "post_adc_mean", element: 1)?[0].allSatisfy(\.isNaN) == true)

    let wrong = try folder.write("pre\tpost\n9\t5\n", as: "wrong.tsv")
    let refused = try Command.run(
      arguments + ["--match", wrong.path, "--out", folder.file("refused").path])
    #expect(refused.status == 65 && refused.errors.contains("no lesion \"9\""))
    #expect(!FileManager.default.fileExists(atPath: folder.file("refused").path))
  }

  @Test func `Protocols that differ are refused with what differs, and --force says so`() throws {
    let pre = try SyntheticRun.ivim(adc: [1e-3]).write(in: folder, as: "pre")
    var other = SyntheticRun.ivim(adc: [1.1e-3], stem: "sub-P1_ses-post")
    other.settings = [0, 50, 100, 400, 1000]
    other.configuration = ["noise": "rician", "prior": "independent"]
    other.priors["d"]?["median"] = 1e-3
    let post = try other.write(in: folder, as: "post")
    let arguments = ["delta", "--pre", pre.path, "--post", post.path, "--out", folder.file("out").path]
    let refused = try Command.run(arguments)
    #expect(refused.status == 65)
    for word in ["ivim noise gaussian against rician", "ivim priors", "1000", "--force"] {
      #expect(refused.errors.contains(word))
    }
    let forced = try Command.succeed(arguments + ["--force"])
    #expect(forced.errors.contains("compared in spite of different protocols"))
  }

  @Test func `Of a lesion whose sampling failed nothing is claimed`() throws {
    let pre = try SyntheticRun.ivim(adc: [1e-3, 1e-3]).write(in: folder, as: "pre")
    var after = SyntheticRun.ivim(adc: [1.6e-3, 1.6e-3], stem: "sub-P1_ses-post", seed: 2)
    after.lesions[0].status = "fail"
    let post = try after.write(in: folder, as: "post")
    let outcome = try Command.succeed([
      "delta", "--pre", pre.path, "--post", post.path, "--out", folder.file("out").path,
    ])
    #expect(outcome.lines.contains("upper: no change can be interpreted"))
    #expect(outcome.lines.contains { $0.hasPrefix("lower: ") && $0.contains("ADC rose by about") })
  }

  @Test func `A prior-dominated D* prints no change, and what was sampled badly is not passed`() throws {
    var before = SyntheticRun.ivim(adc: [1e-3])
    before.lesions[0].grades = ["dstar": "prior-dominated", "f": "mixed"]
    let pre = try before.write(in: folder, as: "pre")
    var after = SyntheticRun.ivim(adc: [1.1e-3], stem: "sub-P1_ses-post")
    after.lesions[0].status = "warn"
    let post = try after.write(in: folder, as: "post")
    let outcome = try Command.succeed([
      "delta", "--pre", pre.path, "--post", post.path, "--out", folder.file("out").path,
    ])
    let table = try table()
    #expect(try rows("delta_median", "dstar", in: table) == ["n/a"])
    #expect(try rows("grade", "dstar", in: table) == ["prior-dominated"])
    #expect(try rows("grade", "f", in: table) == ["mixed"])
    #expect(try Set(table.strings("status")) == ["warn"])
    #expect(outcome.errors.contains("D* is not informed by these data"))
  }

  @Test func `One's own repeatability replaces the figures, and what it lacks is said`() throws {
    let file = try folder.write(
      #"{"adc": {"total": 0.05, "physiological": 0.04, "source": "our study", "isBorrowed": false, "isConservative": false}}"#,
      as: "repeatability.json")
    let outcome = try Command.succeed(
      try visits() + ["--repeatability", file.path, "--out", folder.file("out").path])
    #expect(try rows("wsd_total", "adc", in: table())[0] == "0.05")
    #expect(try rows("wsd_phys", "adc", in: table())[0] == "0.04")
    #expect(try rows("wsd_source", "adc", in: table())[0] == "our study")
    #expect(try rows("wsd_total", "t1", in: table())[0] == "0.03")
    #expect(outcome.errors.contains("built-in figures are used: d, dstar, f, t1"))
  }

  @Test func `A single voxel has no change of spread, and T1 at one visit only is missing`() throws {
    var single = SyntheticRun.ivim(adc: [1e-3])
    single.lesions[0].voxels = 1
    let pre = try single.write(in: folder, as: "pre")
    let times = try SyntheticRun.t1([1.4]).write(in: folder, as: "pre-t1")
    let post = try SyntheticRun.ivim(adc: [1e-3], stem: "sub-P1_ses-post").write(in: folder, as: "post")
    let outcome = try Command.succeed([
      "delta", "--pre", pre.path, times.path, "--post", post.path, "--out", folder.file("out").path,
    ])
    #expect(outcome.errors.contains("t1 was fitted at one visit only"))
    #expect(try rows("status", "adc", "sd", in: table()).isEmpty)
    #expect(try rows("status", "t1", in: table()) == ["missing"])
  }

  @Test func `What cannot be compared is an error of three parts and leaves nothing behind`() throws {
    let arguments = try visits()
    let bare = try SyntheticRun.ivim(adc: [1e-3]).write(in: folder, as: "bare", keepsDraws: false)
    let stranger = try SyntheticRun.ivim(adc: [1e-3], stem: "sub-P2_ses-post").write(
      in: folder, as: "stranger")
    let pre = folder.file("pre-ivim").path
    let cases: [([String], Int32, String)] = [
      (arguments + ["--rope", "adc"], 64, "--rope: \"adc\" is not a region of practical equivalence"),
      (arguments + ["--rope", "adc=-1"], 64, "\"adc=-1\""),
      (arguments + ["--functional", "mode"], 64, "there is no functional \"mode\""),
      (arguments + ["--match", folder.file("none.tsv").path], 66, "none.tsv"),
      (
        arguments + ["--repeatability", folder.file("none.json").path], 66,
        "none.json: the file cannot be read"
      ),
      (["delta", "--pre", pre, "--post", folder.file("none").path], 66, "there is no such folder"),
      (["delta", "--pre", pre, "--post", bare.path], 65, "kept no joint draws"),
      (["delta", "--pre", pre, "--post", stranger.path], 65, "different subjects: P1, P2"),
      (["delta", "--pre", pre, pre, "--post", pre], 65, "are both ivim runs"),
      (["delta", "--pre", pre], 64, "--post"),
    ]
    for (arguments, status, message) in cases {
      let outcome = try Command.run(arguments + ["--out", folder.file("out").path])
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
    }
    try Command.succeed(
      ["delta", "--pre", pre, "--post", stranger.path, "--patient", "P9", "--out", folder.file("out").path])
    #expect(try Set(table().strings("patient")) == ["P9"])
  }
}
