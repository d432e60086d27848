import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// `efficacy` as a user runs it: training, judging, refusals.
@Suite(.enabled(if: Optimization.isOn, "hundreds of refits; run with -c release"))
struct EfficacyTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ cohort: SyntheticCohort = SyntheticCohort(), _ options: [String] = []) throws -> URL {
    let table = try folder.write(cohort.text, as: "SYNTHETIC-cohort.tsv")
    let model = folder.file("model.json")
    try Command.succeed(["efficacy", "train", table.path, "--out", model.path, "--overwrite"] + options)
    return model
  }

  private func judged(_ arguments: [String]) throws -> TabSeparatedTable {
    let out = folder.file("judged").path
    try Command.succeed(["efficacy", "predict"] + arguments + ["--out", out, "--overwrite", "--quiet"])
    return try TabSeparatedTable.read(URL(filePath: out).appending(path: "efficacy.tsv"))
  }

  private func changes(adc: Double, t1: Double, settings: [Double] = [0, 50, 100, 400, 800]) throws -> URL {
    var before = SyntheticRun.ivim(adc: [1e-3])
    var after = SyntheticRun.ivim(adc: [1e-3 * adc], stem: "sub-P1_ses-post", seed: 2)
    (before.settings, after.settings) = (settings, settings)
    let runs = [
      try before.write(in: folder, as: "a-\(adc)-\(settings.count)"),
      try SyntheticRun.t1([1.5]).write(in: folder, as: "b-\(adc)-\(settings.count)"),
      try after.write(in: folder, as: "c-\(adc)-\(settings.count)"),
      try SyntheticRun.t1([t1], stem: "sub-P1_ses-post", seed: 2).write(
        in: folder, as: "d-\(adc)-\(settings.count)"),
    ].map(\.path)
    let out = folder.file("changes-\(adc)-\(settings.count)")
    try Command.succeed([
      "delta", "--pre", runs[0], runs[1], "--post", runs[2], runs[3], "--quiet", "--out", out.path,
    ])
    return out
  }

  @Test
  func `A model of 23 patients judges a lesion, and everything that qualifies the number stands beside it`()
    throws
  {
    let model = try train()
    let table = try judged([model.path, try changes(adc: 1.25, t1: 1.2).path])
    #expect(table.columns == EfficacyJudging.columns)
    #expect(try table.strings("level") == ["patient", "lesion"])
    let p = try table.numbers("p_effective")
    // One lesion: patient and lesion are the same question.
    #expect(p[0] == p[1] && p[0] > 0.8 && p[0] < 1)
    #expect(try table.numbers("p_lower")[0] < p[0] && table.numbers("p_upper")[0] > p[0])
    #expect(try table.numbers("p_if_known_low")[0] < table.numbers("p_if_known_high")[0])
    #expect(try table.numbers("bayes_factor")[0] > 1)
    let shares = (try table.numbers("share_imaging")[0], try table.numbers("share_cohort")[0])
    #expect(shares.0 > 0 && shares.1 > 0 && abs(shares.0 + shares.1 - 1) < 1e-9)
    #expect(try abs(table.numbers("prevalence")[0] - 13.0 / 25) < 0.05)
    let cohort = try table.strings("cohort")[0]
    #expect(
      cohort.hasPrefix("SYNTHETIC-cohort, n = 23 (12 effective, 11 ineffective), leave-one-patient-out Brier")
    )
    #expect(cohort.hasSuffix("research use only"))
    #expect(try table.strings("calibrated")[0] == "true")
    #expect(try table.strings("flag")[0].contains("protocol unknown"))
    let less = try judged([model.path, try changes(adc: 1.0, t1: 1.55).path])
    #expect(try less.numbers("p_effective")[0] < 0.25)
  }

  @Test func `The words on standard output claim no more than the model does`() throws {
    let model = try train()
    let output = try Command.succeed([
      "efficacy", "predict", model.path, changes(adc: 1.25, t1: 1.2).path, "--out", folder.file("out").path,
    ]).output
    for words in [
      "estimated probability under the model", "Concurrent assessment, not prediction", "research use only",
      IVIMBayesVersion.researchUse, "Pseudoprogression cannot be excluded", "Brier",
    ] { #expect(output.contains(words), "\(words)") }
    for never in ["responder", "predicts", "success"] { #expect(!output.lowercased().contains(never)) }
  }

  @Test func `The same cohort and seed give the same bytes, and no patient is in the model`() throws {
    let first = try Data(contentsOf: train())
    let second = try Data(contentsOf: train())
    #expect(first == second)
    #expect(try Data(contentsOf: train(SyntheticCohort(), ["--seed", "2"])) != first)
    let text = String(decoding: first, as: UTF8.self)
    #expect(!text.contains("\"S1\"") && !text.contains(folder.url.path))
  }

  @Test func `A model file and the record of a judgement repeat what made them`() throws {
    let table = try folder.write(SyntheticCohort(lesions: 2).text, as: "SYNTHETIC-cohort.tsv").path
    let (one, two) = (folder.file("one.json").path, folder.file("two.json").path)
    try Command.succeed([
      "efficacy", "train", table, "--features", "post_t1", "--effective", "CR,PR,SD", "--name", "trial",
      "--prevalence", "0.3", "--seed", "7", "--out", one,
    ])
    try Command.succeed(["efficacy", "train", table, "--config", one, "--out", two])
    #expect(try Data(contentsOf: folder.file("one.json")) == Data(contentsOf: folder.file("two.json")))
    // The command line wins.
    try Command.succeed([
      "efficacy", "train", table, "--config", one, "--name", "other", "--out", two, "--overwrite",
    ])
    #expect(try Data(contentsOf: folder.file("one.json")) != Data(contentsOf: folder.file("two.json")))
    let changes = try changes(adc: 1.25, t1: 1.2).path
    for (name, options) in [
      ("first", ["--prevalence", "0.2"]),
      ("second", ["--config", folder.file("first/efficacy_run.json").path]),
    ] {
      try Command.succeed(
        ["efficacy", "predict", one, changes, "--quiet", "--out", folder.file(name).path] + options)
    }
    for name in ["efficacy.tsv", "efficacy_run.json", "efficacy_report.html"] {
      #expect(
        try Data(contentsOf: folder.file("first/\(name)")) == Data(contentsOf: folder.file("second/\(name)")),
        "\(name)")
    }
    let prevalence = try TabSeparatedTable.read(folder.file("second/efficacy.tsv")).numbers("prevalence")
    #expect(prevalence.allSatisfy { $0 == 0.2 })
    let wrong = try folder.write(#"{"prevalence": 0.2, "sead": 1}"#, as: "wrong.json").path
    for command in [["train", table], ["predict", one, changes]] {
      let outcome = try Command.run(
        ["efficacy"] + command + ["--config", wrong, "--out", folder.file("none").path])
      #expect(outcome.status == 65 && outcome.errors.contains("unknown option"), "\(outcome.errors)")
    }
  }

  @Test func `A model file that was altered, or is none, is refused`() throws {
    let model = try train()
    let text = try String(contentsOf: model, encoding: .utf8)
    let altered = try folder.write(
      text.replacingOccurrences(of: "\"effectiveCount\":12", with: "\"effectiveCount\":13"),
      as: "altered.json")
    let changes = try changes(adc: 1.25, t1: 1.2).path
    for (file, status, words) in [
      (altered.path, Int32(65), "do not have the digest"),
      (try folder.write("{}", as: "none.json").path, 65, "not an efficacy model"),
      (folder.file("missing.json").path, 66, "no probability is given"),
    ] {
      let outcome = try Command.run(["efficacy", "predict", file, changes, "--out", folder.file("out").path])
      #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
    }
  }

  @Test func `Small cohorts are refused or withhold single patients`() throws {
    let tiny = try folder.write(SyntheticCohort(effective: 4, ineffective: 11).text, as: "tiny.tsv")
    let refused = try Command.run(["efficacy", "train", tiny.path, "--out", folder.file("tiny.json").path])
    #expect(refused.status == 65 && refused.errors.contains("needs 5 in each class"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("tiny.json").path))
    let single = try folder.write(SyntheticCohort(effective: 12, ineffective: 0).text, as: "single.tsv")
    #expect(
      try Command.run(["efficacy", "train", single.path, "--out", folder.file("s.json").path]).status == 65)
    let small = try train(SyntheticCohort(effective: 6, ineffective: 9))
    let changes = try changes(adc: 1.25, t1: 1.2).path
    let withheld = try judged([small.path, changes])
    #expect(try withheld.numbers("p_effective").allSatisfy(\.isNaN))
    #expect(try withheld.strings("flag").allSatisfy { $0.contains("exploratory") && $0.contains("withheld") })
    let asked = try judged([small.path, changes, "--allow-small"])
    #expect(try asked.numbers("p_effective").allSatisfy { (0...1).contains($0) })
  }

  @Test func `Draws of the cohort carry its protocol, and another protocol is refused`() throws {
    // The cohort as paths of draws: six patients of each class.
    var rows = "patient\tlesion\toutcome\tchanges\n"
    for index in 0..<12 {
      let changes = try changes(
        adc: (index < 6 ? 1.2 : 1.0) + 0.013 * Double(index % 6),
        t1: (index < 6 ? 1.2 : 1.45) + 0.021 * Double(index % 6))
      rows += "P\(index)\tupper\t\(index < 6 ? "PR" : "PD")\t\(changes.lastPathComponent)/changes.nc\n"
    }
    let table = try folder.write(rows, as: "cohort.tsv")
    let model = folder.file("draws.json")
    try Command.succeed(["efficacy", "train", table.path, "--out", model.path])
    let own = try judged([model.path, try changes(adc: 1.3, t1: 1.2).path, "--allow-small"])
    #expect(try own.numbers("p_effective")[0] > 0.6)
    let flag = try own.strings("flag")[0]
    #expect(flag.hasPrefix("exploratory") && !flag.contains("protocol"))
    let other = try changes(adc: 1.3, t1: 1.2, settings: [0, 50, 100, 400, 600, 1000])
    let arguments = [
      "efficacy", "predict", model.path, other.path, "--allow-small", "--out", folder.file("o").path,
    ]
    let refused = try Command.run(arguments)
    #expect(refused.status == 65 && refused.errors.contains("ivim settings"))
    #expect(try Command.succeed(arguments + ["--force"]).output.contains("different protocol"))
    let wrong = try folder.write(
      rows.replacingOccurrences(of: "P3\tupper", with: "P3\tlower"), as: "wrong.tsv")
    let missing = try Command.run(["efficacy", "train", wrong.path, "--out", folder.file("w.json").path])
    #expect(missing.status == 65 && missing.errors.contains("wrong.tsv, line 5, column \"changes\""))
  }

  @Test
  func `Several lesions of a patient are judged together, and another prevalence leaves the Bayes factor`()
    throws
  {
    let model = try train(SyntheticCohort(lesions: 2))
    let table = try folder.write(
      SyntheticCohort(effective: 1, ineffective: 1, lesions: 2, seed: 9).text, as: "new.tsv")
    let usual = try judged([model.path, table.path])
    #expect(try usual.strings("level") == ["patient", "lesion", "lesion", "patient", "lesion", "lesion"])
    #expect(try usual.numbers("p_effective").allSatisfy { (0...1).contains($0) })
    let rare = try judged([model.path, table.path, "--prevalence", "0.1"])
    #expect(try rare.numbers("prevalence").allSatisfy { $0 == 0.1 })
    #expect(try rare.numbers("p_effective")[0] < usual.numbers("p_effective")[0])
    let factors = (try usual.numbers("bayes_factor")[0], try rare.numbers("bayes_factor")[0])
    #expect(abs(factors.0 / factors.1 - 1) < 1e-9)
  }

  @Test func `Every patient of the cohort is judged by the models fitted without it`() throws {
    let file = folder.file("left-out.tsv")
    _ = try train(SyntheticCohort(), ["--left-out", file.path])
    let table = try TabSeparatedTable.read(file)
    #expect(table.columns == ["patient", "outcome", "p_effective", "p_logistic", "pareto_k"])
    #expect(try table.strings("outcome").count { $0 == "effective" } == 12)
    #expect(try Set(table.strings("patient")).count == 23)
    // Their Brier score is the one of the model.
    let errors = try zip(table.numbers("p_effective"), table.strings("outcome")).map { p, outcome in
      pow(p - (outcome == "effective" ? 1 : 0), 2)
    }
    let brier = errors.reduce(0, +) / Double(errors.count)
    let model = try String(contentsOf: folder.file("model.json"), encoding: .utf8)
    #expect(model.contains("\"brier\":\(brier)") || model.contains("\"brier\" : \(brier)"))
    #expect(!model.contains("S12"))
    let cohort = folder.file("SYNTHETIC-cohort.tsv").path
    let again = try Command.run([
      "efficacy", "train", cohort, "--out", folder.file("other.json").path, "--left-out", file.path,
    ])
    #expect(again.status == 73 && again.errors.contains("left-out.tsv"))
  }

  @Test func `Group summaries give the probability of their predictive t, stamped uncalibrated`() throws {
    let groups = try folder.write(
      #"{"name": "paper", "feature": "delta_adc", "effective": {"n": 12, "mean": 0.20, "sd": 0.15}, "ineffective": {"n": 11, "mean": 0.02, "sd": 0.14}, "prevalence": 0.5}"#,
      as: "groups.json")
    let model = folder.file("summary.json")
    let outcome = try Command.succeed(["efficacy", "from-summary", groups.path, "--out", model.path])
    #expect(outcome.output.contains("uncalibrated, built from group summaries"))
    let table = try folder.write(
      "patient\tlesion\tpre_adc\tpre_adc_sd\tpost_adc\tpost_adc_sd\nP1\t1\t1e-3\t0.03\t1.2214027581601699e-3\t0.03\n",
      as: "new.tsv")
    let judged = try judged([model.path, table.path])
    #expect(try judged.strings("calibrated") == ["false", "false"])
    let expected = try GroupSummaryModel(
      name: "paper", feature: "delta_adc", effective: .init(n: 12, mean: 0.2, sd: 0.15),
      ineffective: .init(n: 11, mean: 0.02, sd: 0.14)
    ).predict(0.2)
    #expect(isClose(try judged.numbers("p_effective")[1], expected.probability, relative: 1e-9))
    let onlyAUC = try folder.write(
      #"{"name": "paper", "feature": "delta_adc", "auc": 0.886}"#, as: "auc.json")
    let refused = try Command.run([
      "efficacy", "from-summary", onlyAUC.path, "--out", folder.file("a.json").path,
    ])
    #expect(refused.status == 65 && refused.errors.contains("an AUC or a p-value alone"))
  }
}

/// What a cohort table may not say, with the line. Needs no sampling.
@Suite struct CohortTableErrorTests {
  @Test(arguments: [
    (
      "patient\tlesion\toutcome\tpost_t1\nA\t1\tresponse\t1.3\n",
      "line 2, column \"outcome\": \"response\" is not an outcome"
    ),
    (
      "patient\tlesion\toutcome\tpost_t1\nA\t1\tPR\t1.3\nA\t1\tPR\t1.2\n",
      "line 3: lesion \"1\" of patient \"A\" stands in line 2"
    ),
    (
      "patient\tlesion\toutcome\tpost_t1\nA\t1\tPR\t1.3\nA\t2\tPD\t1.2\n",
      "line 3, column \"outcome\": patient \"A\" has another"
    ),
    (
      "patient\tlesion\toutcome\tpost_t1\nA\t1\tPR\t1.3\nB\t1\tPR\t0\n",
      "line 3, column \"post_t1\": 0 cannot be used"
    ),
    ("patient\tlesion\toutcome\tpre_f\nA\t1\tPR\t1.2\n", "line 2, column \"pre_f\": 1.2 is no plausible f"),
    (
      "patient\tlesion\toutcome\tpost_t1\nA\t1\tPR\tlong\n",
      "line 2, column \"post_t1\": \"long\" is not a number"
    ),
    ("patient\tlesion\toutcome\tpost_t1\tpost_t1_sd\nA\t1\tPR\t1.3\t-0.1\n", "line 2, column \"post_t1_sd\""),
    (
      "patient\tlesion\toutcome\tpost_T2\nA\t1\tPR\t1.3\n",
      "line 1: the column \"post_T2\" cannot be used: it is not"
    ),
    ("patient\tlesion\tpost_t1\nA\t1\t1.3\n", "there is no column \"outcome\""),
    ("patient\tlesion\toutcome\tpdl1\tpost_t1\nA\t1\tPR\thigh\t1.3\n", "line 2, column \"pdl1\": \"high\""),
    ("patient\tlesion\toutcome\tpost_t1\n", "has a header and no rows"),
    (
      "patient\tlesion\toutcome\tpost_t1\nA\t1\tPR\t1.3\nB\t1\tPR\t1.4\n",
      "2 patients with effective and 0 with ineffective"
    ),
  ])
  func `A table that cannot be used is refused with line and reason`(text: String, message: String) throws {
    let folder = try TemporaryFolder()
    let table = try folder.write(text, as: "cohort.tsv")
    let outcome = try Command.run([
      "efficacy", "train", table.path, "--features", "post_t1", "--out", folder.file("model.json").path,
    ])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(folder.contents == ["cohort.tsv"])
  }
}
