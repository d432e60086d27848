import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// `cohort` and `repeatability` as a user runs them.
@Suite(.enabled(if: Optimization.isOn, "hundreds of refits; run with -c release"))
struct CohortTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(_ name: String) throws -> TabSeparatedTable {
    try TabSeparatedTable.read(folder.file("out/\(name)"))
  }

  private func compare(_ text: String, _ options: [String] = []) throws -> Command.Outcome {
    let cohort = try folder.write(text, as: "cohort.tsv")
    return try Command.succeed(["cohort", cohort.path, "--out", folder.file("out").path] + options)
  }

  @Test func `The record repeats a comparison, and the command line wins over it`() throws {
    _ = try compare(
      SyntheticCohort().text,
      [
        "--features", "delta_adc,age", "--logistic", "delta_adc", "--effective", "CR,PR,SD", "--pdl1-cutoff",
        "50",
      ]
        + ["--seed", "9"])
    let record = folder.file("out/cohort_run.json").path
    let cohort = folder.file("cohort.tsv").path
    try Command.succeed(["cohort", cohort, "--config", record, "--out", folder.file("again").path])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out").path)
    #expect(names.contains("logistic.tsv"))
    for name in names {
      #expect(
        try Data(contentsOf: folder.file("out/\(name)")) == Data(contentsOf: folder.file("again/\(name)")),
        "\(name)")
    }
    try Command.succeed([
      "cohort", cohort, "--config", record, "--features", "age", "--out", folder.file("other").path,
    ])
    let features = try TabSeparatedTable.read(folder.file("other/groups.tsv")).strings("feature")
    #expect(Set(features) == ["age"])
  }

  @Test func `Every table of a paper is there, with a sidecar for every column`() throws {
    let outcome = try compare(SyntheticCohort().text)
    let expected = [
      "groups.tsv":
        "grouping feature group_a n_a mean_a sd_a group_b n_b mean_b sd_b mann_whitney_p welch_p hedges_g "
        + "bayes_difference bayes_q05 bayes_q95 p_holm p_bh",
      "paired.tsv":
        "group parameter n mean_pre mean_post paired_t_p wilcoxon_p bayes_change bayes_q05 bayes_q95 p_holm p_bh",
      "roc.tsv":
        "grouping feature direction n_positive n_negative auc delong_low delong_high bootstrap_low bootstrap_high "
        + "latent_auc latent_low latent_high cutoff cutoff_low cutoff_high sensitivity specificity lopo_auc",
    ]
    for (name, columns) in expected {
      let table = try table(name)
      #expect(table.columns.prefix(columns.split(separator: " ").count).joined(separator: " ") == columns)
      let sidecar = try JSONDecoder().decode(
        JSONValue.self, from: Data(contentsOf: folder.file("out/\(name.dropLast(4)).json")))
      #expect(table.columns.allSatisfy { !sidecar[$0]["Description"].string.isEmpty })
      #expect(!table.rows.isEmpty)
      #expect(outcome.output.contains("== \(name)"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("out/readers.tsv").path))
    let groups = try table("groups.tsv")
    // Response and PD-L1, each with pre, post and delta of ADC and T1 after treatment.
    #expect(groups.rows.count == 2 * 4)
    #expect(try Set(groups.strings("grouping")) == ["response", "pdl1"])
    let roc = try table("roc.tsv")
    #expect(try roc.numbers("auc").allSatisfy { $0 >= 0.5 })
    let (names, directions) = (try roc.strings("feature"), try roc.strings("direction"))
    let t1 = try #require(names.firstIndex(of: "post_t1"))
    let change = try #require(names.firstIndex(of: "delta_adc"))
    #expect(directions[t1] == "lower" && directions[change] == "higher")
    // Without measurement error the groups separate better than as measured.
    #expect(try roc.numbers("latent_auc")[change] > roc.numbers("auc")[change] - 0.05)
    #expect(try roc.numbers("lopo_auc")[change] > 0.6)
    let paired = try table("paired.tsv")
    #expect(try Set(paired.strings("parameter")) == ["adc"])
    #expect(try paired.strings("group")[0] == "all")
    #expect(try paired.numbers("p_holm")[0] >= paired.numbers("wilcoxon_p")[0])
  }

  @Test func `Two readers give intraclass correlations, and the other tables are of the first`() throws {
    var rows = "patient\tlesion\treader\toutcome\tpost_t1\n"
    for index in 0..<8 {
      let value = 1.2 + 0.05 * Double(index)
      rows += "P\(index)\t1\tA\t\(index < 4 ? "PR" : "PD")\t\(value)\n"
      rows += "P\(index)\t1\tB\t\(index < 4 ? "PR" : "PD")\t\(value + (index % 2 == 0 ? 0.03 : -0.01))\n"
    }
    let outcome = try compare(rows)
    #expect(outcome.errors.contains("2 readers"))
    let readers = try table("readers.tsv")
    #expect(
      readers.columns.joined(separator: " ")
        == "feature readers n icc_2_1 icc_2_1_low icc_2_1_high icc_3_1 icc_3_1_low icc_3_1_high bias loa_lower loa_upper"
    )
    #expect(try readers.numbers("n") == [8])
    #expect(try readers.numbers("icc_2_1")[0] > 0.9)
    #expect(isClose(try readers.numbers("bias")[0], -0.01, absolute: 1e-9))
    #expect(try table("groups.tsv").numbers("n_a") == [4])
  }

  /// R's pROC, glm, wilcox.test and t.test on 113 patients (Turck et al. 2010); positive = poor outcome.
  @Test(.enabled(if: Folders.scans != nil, "the folder of real data is absent"))
  func `Real markers give the published figures to every digit`() throws {
    let file = try #require(Folders.scans).appending(path: "roc-asah/aSAH.csv")
    try Command.succeed([
      "cohort", file.path, "--features", "wfns,ndka,s100b,age", "--effective", "Poor", "--ineffective",
      "Good",
      "--logistic", "s100b,ndka,wfns", "--out", folder.file("out").path,
    ])
    let roc = try table("roc.tsv")
    let curves: [(String, [Double])] = [
      ("wfns", [0.823678861788618, 0.00146991470882363, 0.748534887819453, 0.898822835757783]),
      ("ndka", [0.611957994579946, 0.0031908105493913, 0.501244999271703, 0.722670989888189]),
      ("s100b", [0.731368563685637, 0.00266868245717244, 0.630118211761623, 0.832618915609651]),
      ("age", [0.615006775067751, 0.0029722072589657, 0.508153549604572, 0.721860000530929]),
    ]
    #expect(try roc.strings("feature") == curves.map(\.0))
    for (row, curve) in curves.enumerated() {
      for (column, value) in zip(["auc", "delong_variance", "delong_low", "delong_high"], curve.1) {
        #expect(isClose(try roc.numbers(column)[row], value, relative: 1e-12), "\(curve.0) \(column)")
      }
    }
    #expect(isClose(try roc.numbers("cutoff")[2], 0.205, relative: 1e-9))
    #expect(isClose(try roc.numbers("sensitivity")[2], 0.634146341463415, relative: 1e-12))
    #expect(isClose(try roc.numbers("specificity")[2], 0.805555555555556, relative: 1e-12))
    let pairs = try table("roc-pairs.tsv")
    let (one, two) = (try pairs.strings("feature_a"), try pairs.strings("feature_b"))
    for (a, b, z, p, covariance) in [
      ("wfns", "s100b", 2.20898359144091, 0.0271757822291882, 0.00119615567376754),
      ("wfns", "ndka", 2.79777591868904, 0.00514557970691098, -0.000532967856762438),
      ("ndka", "s100b", -1.39077002573558, 0.164295175223054, -0.000756164938056579),
    ] {
      let row = try #require(one.indices.first { one[$0] == a && two[$0] == b })
      #expect(isClose(try pairs.numbers("z")[row], z, relative: 1e-11))
      #expect(isClose(try pairs.numbers("p")[row], p, relative: 1e-11))
      #expect(isClose(try pairs.numbers("covariance")[row], covariance, relative: 1e-11))
    }
    let groups = try table("groups.tsv")
    // R's W counts for Good: 41 · 72 − 793 for Poor.
    #expect(try groups.numbers("mann_whitney_u")[2] == 41 * 72 - 793)
    #expect(isClose(try groups.numbers("mann_whitney_p")[2], 4.50920257632946e-05, relative: 1e-11))
    #expect(isClose(try groups.numbers("welch_t")[3], 2.29090467381429, relative: 1e-12))
    #expect(isClose(try groups.numbers("welch_df")[3], 85.6448495903879, relative: 1e-12))
    #expect(isClose(try groups.numbers("welch_p")[3], 0.0244247102159435, relative: 1e-11))
    let logistic = try table("logistic.tsv")
    #expect(try logistic.strings("term") == ["intercept", "s100b", "ndka", "wfns"])
    for (row, (beta, error)) in zip(
      [-3.88916869904944, 1.93542193737763, 0.0441081408626904, 0.769167208899324],
      [0.728273495514665, 1.51684466351087, 0.0179543042454165, 0.210378144975487]
    ).enumerated() {
      #expect(isClose(try logistic.numbers("coefficient")[row], beta, relative: 1e-7))
      #expect(isClose(try logistic.numbers("standard_error")[row], error, relative: 1e-5))
    }
    #expect(isClose(try logistic.numbers("deviance")[0], 104.253460105999, relative: 1e-10))
    #expect(isClose(try logistic.numbers("auc")[0], 0.860433604336043, relative: 1e-10))
    #expect(isClose(try logistic.numbers("delong_low")[0], 0.795018121085987, relative: 1e-9))
  }

  @Test func `Repeatability of pairs goes to delta, and the built-in figures have sources`() throws {
    let reference = try ReferenceCase("repeatability")
    let values = reference.inputs["pairs"].matrix
    var rows = "subject\tparameter\tfirst\tsecond\n"
    for (index, pair) in values.enumerated() {
      rows += "S\(index)\tadc\t\(pair[0] / 1000)\t\(pair[1] / 1000)\n"
    }
    let pairs = try folder.write(rows, as: "pairs.tsv")
    try Command.succeed([
      "repeatability", pairs.path, "--out", folder.file("study").path, "--source", "our pairs",
    ])
    let table = try TabSeparatedTable.read(folder.file("study/repeatability.tsv"))
    #expect(
      table.columns.prefix(10).joined(separator: " ")
        == "parameter wsd wcv rc rc_lower rc_upper n bias loa_lower loa_upper")
    #expect(try table.numbers("n") == [Double(values.count)])
    let expected = reference.expected
    for (column, value) in [
      ("wsd", expected["wSD"]), ("wcv", expected["wCV_rms"]), ("rc", expected["RC"]),
      ("rc_lower", expected["RC_ci95"][0]), ("rc_upper", expected["RC_ci95"][1]), ("bias", expected["bias"]),
      ("loa_lower", expected["loa"][0]), ("loa_upper", expected["loa"][1]), ("wsd_log", expected["wSD_log"]),
    ] {
      // The reference is in 10⁻³ mm²/s.
      let unit = ["wcv", "wsd_log"].contains(column) ? 1.0 : 1e-3
      #expect(isClose(try table.numbers(column)[0], unit * value.double, relative: 1e-10), "\(column)")
    }
    let json = try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: folder.file("study/repeatability.json")))
    #expect(json["adc"]["source"].string == "our pairs")
    #expect(isClose(json["adc"]["total"].double, try table.numbers("wsd_log")[0], relative: 1e-12))
    let builtIn = try Command.succeed(["repeatability", "--built-in", "--format", "tsv"]).lines
    #expect(builtIn.count == 1 + 7)
    #expect(builtIn.dropFirst().filter { $0.contains("\tno\t") }.count == 1)
    let wrong = try folder.write("subject\tparameter\tfirst\tsecond\nA\tapparent\t1\t1\n", as: "wrong.tsv")
    let refused = try Command.run(["repeatability", wrong.path, "--out", folder.file("w").path])
    #expect(refused.status == 65 && refused.errors.contains("wrong.tsv, line 2, column \"parameter\""))
  }
}
