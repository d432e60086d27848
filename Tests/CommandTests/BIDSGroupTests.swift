import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// `bids … group` on what the participant level leaves, without any scan.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct BIDSGroupTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The changes of patients whose treatment raised ADC and lowered T1, or did neither; `unknown` of them without outcome.
  private func derivatives(effective: Int, ineffective: Int, unknown: Int = 0) throws -> URL {
    let out = folder.file("out")
    var units = "participant_id\tsession_id\tdwi\tanat\n"
    var participants = "participant_id\toutcome\tPD-L1\n"
    for index in 0..<effective + ineffective + unknown {
      let isEffective = index < effective || index >= effective + ineffective
      let subject = "sub-P\(index + 10)"
      var stream = RandomStream(StreamKey(seed: 7, unit: index, purpose: .simulation))
      let rise = (isEffective ? 0.2 : 0.02) + 0.08 * stream.normal()
      let before = 1.1e-3 * exp(0.1 * stream.normal())
      let time = (isEffective ? 1.25 : 1.5) * exp(0.06 * stream.normal())
      let stems = ["pre", "post"].map { "\(subject)_ses-\($0)" }
      let places = ["pre", "post"].map { "out/\(subject)/ses-\($0)" }
      let runs = [
        SyntheticRun.ivim(adc: [before], stem: stems[0], seed: UInt64(index)),
        SyntheticRun.t1([1.5], stem: stems[0], seed: UInt64(index)),
        SyntheticRun.ivim(adc: [before * exp(rise)], stem: stems[1], seed: UInt64(100 + index)),
        SyntheticRun.t1([time], stem: stems[1], seed: UInt64(100 + index)),
      ]
      let urls = try zip(
        runs, [places[0] + "/dwi", places[0] + "/anat", places[1] + "/dwi", places[1] + "/anat"]
      )
      .map { run, place in
        var short = run
        short.drawCount = 100
        return try short.write(in: folder, as: place).path
      }
      try Command.succeed([
        "delta", "--pre", urls[0], urls[1], "--post", urls[2], urls[3], "--patient", subject, "--quiet",
        "--out",
        folder.file(places[1] + "/changes").path,
      ])
      for session in ["pre", "post"] { units += "\(subject)\tses-\(session)\ttrue\ttrue\n" }
      let outcome = index >= effective + ineffective ? "n/a" : isEffective ? "PR" : "PD"
      participants += "\(subject)\t\(outcome)\t\(index % 2 == 0 ? "positive" : "negative")\n"
    }
    try Data(units.utf8).write(to: out.appending(path: "units.tsv"))
    try Data(participants.utf8).write(to: out.appending(path: "participants.tsv"))
    return out
  }

  private func group(_ out: URL, _ options: [String] = []) throws -> Command.Outcome {
    try Command.succeed(["bids", folder.file("none").path, out.path, "group"] + options)
  }

  private func table(_ name: String) throws -> TabSeparatedTable {
    try TabSeparatedTable.read(folder.file("out/group/\(name)"))
  }

  @Test func `A cohort is compared, modelled, and the patients without an outcome are judged`() throws {
    let out = try derivatives(effective: 10, ineffective: 10, unknown: 1)
    let outcome = try group(out, ["--cohort-name", "trial", "--n-cpus", "1"])
    #expect(outcome.errors.contains("trial, n = 20 (10 effective, 10 ineffective)"))
    let names = try FileManager.default.contentsOfDirectory(atPath: out.appending(path: "group").path)
    for name in [
      "cohort.tsv", "missing.tsv", "groups.tsv", "groups.json", "paired.tsv", "roc.tsv", "roc-pairs.tsv",
      "efficacy-model.json", "left-out.tsv", "efficacy.tsv", "efficacy.json", "dataset_description.json",
      "patients.tsv", "cohort_report.html", "cohort_run.json", "efficacy_report.html", "efficacy_run.json",
    ] { #expect(names.contains(name), "\(name)") }
    // The pages show what the tables hold, and report makes them again.
    let page = try String(contentsOf: folder.file("out/group/cohort_report.html"), encoding: .utf8)
    #expect(page.contains("trial") && page.contains("id=\"lopo\"") && page.contains("id=\"lines\""))
    #expect(
      try Command.succeed([
        "report", folder.file("out/group").path, "--out", folder.file("again.html").path,
      ]).status == 0)
    #expect(try String(contentsOf: folder.file("again.html"), encoding: .utf8) == page)
    let groups = try table("groups.tsv")
    #expect(try Set(groups.strings("grouping")) == ["response", "pdl1"])
    #expect(try table("left-out.tsv").rows.count == 20)
    let judged = try table("efficacy.tsv")
    #expect(try judged.strings("patient") == ["sub-P30", "sub-P30"])
    #expect(try judged.numbers("p_effective")[0] > 0.5)
    #expect(try judged.strings("cohort")[0].hasPrefix("trial, n = 20"))
    #expect(try table("missing.tsv").rows.map { $0.fields.joined(separator: " ") } == ["sub-P30 n/a outcome"])
    // Draws by their own path: the model is that of the cohort's table.
    let model = folder.file("model.json")
    try Command.succeed([
      "efficacy", "train", out.appending(path: "group/cohort.tsv").path, "--name", "trial", "--out",
      model.path,
    ])
    #expect(try Data(contentsOf: model) == Data(contentsOf: out.appending(path: "group/efficacy-model.json")))
  }

  @Test func `A cohort too small for a model has its tables, and the lack is listed`() throws {
    let out = try derivatives(effective: 2, ineffective: 3)
    let outcome = try group(out)
    #expect(outcome.errors.contains("no efficacy model: "))
    #expect(outcome.errors.contains("2 patients with effective and 3 with ineffective"))
    #expect(
      try table("missing.tsv").rows.map { $0.fields.joined(separator: " ") } == ["n/a n/a efficacy model"])
    #expect(try table("paired.tsv").rows.count > 0)
    let page = try String(contentsOf: folder.file("out/group/cohort_report.html"), encoding: .utf8)
    #expect(page.contains("fewer than 5 patients of an outcome have delta_adc, post_t1"))
    let names = try FileManager.default.contentsOfDirectory(atPath: out.appending(path: "group").path)
    // A word that is no outcome is named with the line of the table that will be there.
    let participants = out.appending(path: "participants.tsv")
    let text = try String(contentsOf: participants, encoding: .utf8).replacing("PR", with: "response")
    try Data(text.utf8).write(to: participants)
    let unknown = try group(out, ["--overwrite"])
    #expect(unknown.errors.contains("group/cohort.tsv, line 2, column \"outcome\": \"response\""))
    #expect(!names.contains { $0.hasPrefix("efficacy") || $0 == "left-out.tsv" })
  }
}
