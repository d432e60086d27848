import Foundation
import NIfTI
import Tables
import TestSupport
import Testing

/// What `simulate patient` and `simulate cohort` write.
@Suite struct SimulatedPatientTests {
  /// A patient small enough to look into: two lesions that touch every pattern's code, both T1 and diffusion.
  static let plan = """
    {"shape": [20, 12, 5], "lesions": [
       {"name": "a", "center": [5, 6, 2], "radii": [3.5, 3.5, 2], "change": {"d": 0.2, "f": 0.3, "t1": -0.1},
        "size": 0.8},
       {"name": "b", "center": [14, 6, 2], "radii": [3, 3, 2], "heterogeneity": {"pattern": "rim-core"}}]}
    """

  private static func simulate(
    _ kind: String, plan: String, seed: Int = 1, in folder: TemporaryFolder, as name: String = "out",
    _ more: [String] = []
  ) throws -> URL {
    let file = try folder.write(plan, as: "\(name).json")
    let out = folder.file(name)
    try Command.succeed(
      ["simulate", kind, "--plan", file.path, "--seed", "\(seed)", "--out", out.path] + more)
    return out
  }

  /// Every file of a folder, by its path.
  private static func contents(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let file = folder.appending(path: path)
      if let data = try? Data(contentsOf: file) { files[path] = data }
    }
    return files
  }

  private static func rows(_ file: URL) throws -> [[String: String]] {
    let table = try TabSeparatedTable.read(file)
    return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.columns, $0.fields)) }
  }

  @Test func `The same seed gives the same bytes, another seed another patient`() throws {
    let folder = try TemporaryFolder()
    let runs = try [(1, "one"), (1, "again"), (2, "other")].map { seed, name in
      try Self.contents(
        try Self.simulate("patient", plan: Self.plan, seed: seed, in: folder, as: name))
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0].count > 60 && Set(runs[0].keys) == Set(runs[2].keys))
    let scan = "sub-SYN01/ses-pre/dwi/sub-SYN01_ses-pre_dwi.nii.gz"
    #expect(runs[0][scan] != runs[2][scan])
    for name in ["README.md", "dataset_description.json", "participants.json"] {
      #expect(String(decoding: try #require(runs[0][name]), as: UTF8.self).contains("SYNTHETIC"))
    }
  }

  @Test func `True changes are those of the plan, and the maps are the truth of the lesions`() throws {
    let folder = try TemporaryFolder()
    let out = try Self.simulate("patient", plan: Self.plan, in: folder)
    let truth = out.appending(path: "derivatives/truth")
    let changes = try Self.rows(truth.appending(path: "changes.tsv")).filter { $0["functional"] == "mean" }
    func change(_ lesion: String, _ parameter: String) throws -> Double {
      let row = try #require(changes.first { $0["name"] == lesion && $0["parameter"] == parameter })
      return try #require(Double(row["change"] ?? ""))
    }
    #expect(isClose(try change("a", "d"), 0.2, absolute: 1e-12))
    #expect(isClose(try change("a", "t1"), -0.1, absolute: 1e-12))
    // f is averaged on its own scale: its mean moves by the plan's step of the logit only nearly.
    #expect(isClose(try change("a", "f"), 0.3, absolute: 0.02))
    for parameter in ["d", "dstar", "t1"] {
      #expect(isClose(try change("b", parameter), 0, absolute: 1e-12))
    }
    // The ADC follows D and f up.
    #expect(try change("a", "adc") > 0.2)

    for visit in ["pre", "post"] {
      let stem = "sub-SYN01_ses-\(visit)"
      let labels = try LabelImage.read(
        out.appending(
          path: "derivatives/lesions/sub-SYN01/ses-\(visit)/dwi/\(stem)_seg-lesions_dseg.nii.gz"))
      let maps = "sub-SYN01/ses-\(visit)"
      let files = [
        ("d", "\(maps)/dwi/\(stem)_param-d_dwimap.nii.gz"),
        ("t1", "\(maps)/anat/\(stem)_desc-truth_T1map.nii.gz"),
      ]
      for (parameter, file) in files {
        let map = try NIfTIImage.read(truth.appending(path: file))
        for (label, name) in [(Int32(1), "a"), (2, "b")] {
          let logs = labels.labels.indices.filter { labels.labels[$0] == label }.map {
            log(Double(map.values[$0]))
          }
          let rows = try Self.rows(truth.appending(path: "lesions.tsv")).filter {
            $0["session"] == visit && $0["name"] == name && $0["parameter"] == parameter
              && $0["functional"] == "mean"
          }
          #expect(rows.count == 1 && rows[0]["voxels"] == "\(logs.count)")
          let scanned = try #require(Double(rows[0]["scanned"] ?? ""))
          #expect(isClose(exp(logs.reduce(0, +) / Double(logs.count)), scanned, relative: 1e-6))
          #expect(rows[0]["scanned"] != rows[0]["underlying"])
        }
      }
    }
  }

  @Test func `The lesion that shrinks has fewer voxels, the SNR is that of the visit`() throws {
    let folder = try TemporaryFolder()
    let plan = """
      {"shape": [30, 30, 4], "lesions": [{"center": [15, 15, 2], "radii": [10, 10, 1.9], "size": 0.7,
         "heterogeneity": {"pattern": "homogeneous"}}],
       "scan": {"sd_log_signal": 0, "scan_to_scan": {"d": 0, "f": 0, "dstar": 0, "t1": 0},
         "diffusion": {"snr": 50}, "visits": [{"name": "pre"}, {"name": "post", "progress": 1, "snr": 0.5}]}}
      """
    let out = try Self.simulate("patient", plan: plan, in: folder)
    var counts: [Int] = []
    for (visit, expected) in [("pre", 16.0), ("post", 32.0)] {
      let stem = "sub-SYN01_ses-\(visit)"
      let labels = try LabelImage.read(
        out.appending(
          path: "derivatives/lesions/sub-SYN01/ses-\(visit)/dwi/\(stem)_seg-lesions_dseg.nii.gz"))
      let image = try NIfTIImage.read(out.appending(path: "sub-SYN01/ses-\(visit)/dwi/\(stem)_dwi.nii.gz"))
      let first = image.volume(0)
      let residuals = labels.labels.indices.filter { labels.labels[$0] == 1 }.map {
        Double(first[first.startIndex + $0]) - 800
      }
      counts.append(residuals.count)
      let sigma = (residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)).squareRoot()
      // Some 600 voxels: a standard error of 3 %.
      #expect(isClose(sigma, expected, relative: 0.1))
    }
    #expect(Double(counts[1]) < 0.7 * Double(counts[0]))
  }

  @Test func `A cohort has the groups of the plan and the same truth as images and as a table`() throws {
    let folder = try TemporaryFolder()
    let plan = """
      {"patients": 6, "effective": 2, "diameter_mm": [14, 16], "lesions_per_patient": [1, 2],
       "scan": {"t1": {"settings": [0.1, 0.6, 2.5]}, "diffusion": {"b_values": [0, 50, 200, 800]}}}
      """
    let images = try Self.simulate("cohort", plan: plan, in: folder, as: "images")
    let table = try Self.simulate("cohort", plan: plan, in: folder, as: "table", ["--as-table"])
    let participants = try Self.rows(images.appending(path: "participants.tsv"))
    #expect(participants.count == 6 && participants.filter { $0["outcome"] == "PR" }.count == 2)
    #expect(participants.allSatisfy { ["positive", "negative"].contains($0["pdl1"]) })
    let cohort = try Self.rows(table.appending(path: "SYNTHETIC-cohort.tsv"))
    let truths = try Self.rows(table.appending(path: "SYNTHETIC-truth.tsv"))
    let changes = try Self.rows(images.appending(path: "derivatives/truth/changes.tsv"))
    #expect(cohort.count == truths.count && Set(cohort.map { $0["patient"] }).count == 6)
    for (row, truth) in zip(cohort, truths) {
      let outcome = participants.first { $0["participant_id"] == row["patient"] }?["outcome"]
      #expect(row["outcome"] == outcome && row["lesion"] == truth["lesion"])
      for visit in ["pre", "post"] {
        for parameter in ["d", "f", "dstar", "adc", "t1"] {
          let value = try #require(Double(row["\(visit)_\(parameter)"] ?? ""))
          let sd = try #require(Double(row["\(visit)_\(parameter)_sd"] ?? ""))
          #expect(value > 0 && sd > 0)
        }
      }
      let image = try #require(
        changes.first {
          $0["patient"] == row["patient"] && $0["lesion"] == row["lesion"] && $0["parameter"] == "d"
            && $0["functional"] == "mean"
        })
      let (fromTable, fromImage) = (Double(truth["delta_d"] ?? ""), Double(image["change"] ?? ""))
      #expect(isClose(try #require(fromTable), try #require(fromImage), absolute: 1e-9))
    }
  }

  @Test func `Measured lesions scatter about their truth by scan-to-scan variation and their own SD`() throws
  {
    let folder = try TemporaryFolder()
    let table = try Self.simulate(
      "cohort", plan: #"{"patients": 400, "effective": 200}"#, in: folder, ["--as-table"])
    let measured = try TabSeparatedTable.read(table.appending(path: "SYNTHETIC-cohort.tsv"))
    let truth = try TabSeparatedTable.read(table.appending(path: "SYNTHETIC-truth.tsv"))
    for (parameter, physiological) in [("d", 0.05), ("t1", 0.02)] {
      let values = zip(try measured.numbers("pre_\(parameter)"), try truth.numbers("pre_\(parameter)"))
      let sds = try measured.numbers("pre_\(parameter)_sd")
      let scores = zip(values, sds).map { pair, sd in
        log(pair.0 / pair.1) / (sd * sd + physiological * physiological).squareRoot()
      }
      let meanSquare = scores.reduce(0) { $0 + $1 * $1 } / Double(scores.count)
      // About 800 lesions: mean square 1 with a standard error of 0.05; a false alarm in 10⁴.
      #expect(abs(meanSquare - 1) < 0.2, "\(parameter): \(meanSquare)")
      #expect((sds.max() ?? 0) / (sds.min() ?? 0) > 4)
    }
    let outcomes = try truth.strings("outcome")
    let changes = zip(try truth.numbers("delta_adc"), outcomes)
    let effective = changes.filter { $0.1 == "PR" }.map(\.0)
    let others = changes.filter { $0.1 != "PR" }.map(\.0)
    let difference =
      effective.reduce(0, +) / Double(effective.count) - others.reduce(0, +) / Double(others.count)
    // The plan's 0.19 of log D and what f adds to the ADC; patients vary by 0.11.
    #expect((0.14...0.26).contains(difference))
    let pdl1 = zip(try measured.strings("pdl1"), outcomes)
    #expect(
      pdl1.contains { $0.0 == "positive" && $0.1 == "PR" }
        && pdl1.contains { $0.0 == "negative" && $0.1 == "PR" })
  }

  @Test(arguments: [
    ("patient", #"{"lesions": [{"size": 0}]}"#, "size of a lesion must be positive"),
    ("patient", #"{"label": "SYN-1"}"#, "label must consist of letters and digits"),
    ("patient", #"{"lesions": [{"change": {"adc": 1}}]}"#, "unknown entry \"lesions.change.adc\""),
    ("patient", #"{"lesions": [{"center": [90, 0, 0]}]}"#, "lesion upper-lobe has no voxel"),
    ("patient", #"{"scan": {"visits": []}}"#, "visits needs one session or more"),
    ("patient", #"{"scan": {"t1": {"method": "mp2rage"}}}"#, "must be ir, look-locker, molli, vfa or none"),
    ("patient", #"{"scan": {"t1": {"settings": [50, 400, 2500]}}}"#, "inversion times are in seconds"),
    ("cohort", #"{"patients": 5, "effective": 6}"#, "effective must be between 0 and patients"),
    ("cohort", #"{"lesions_per_patient": [3, 1]}"#, "two increasing numbers"),
    ("cohort", #"{"patterns": ["spiral"]}"#, "this is not a plan: "),
    ("cohort", #"{"size": {"CR": 0}}"#, "unknown entry \"size.CR\""),
  ])
  func `A plan that cannot be used ends with 65 and says why`(
    kind: String, plan: String, reason: String
  ) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(plan, as: "plan.json")
    let outcome = try Command.run([
      "simulate", kind, "--plan", file.path, "--out", folder.file("out").path,
    ])
    #expect(outcome.status == 65 && outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(folder.contents == ["plan.json"])
  }

  @Test(arguments: ["patient", "cohort"])
  func `The default plan that is printed is the plan of no plan`(kind: String) throws {
    let folder = try TemporaryFolder()
    let printed = try Command.succeed(["simulate", kind, "--write-default-plan"]).output
    let more = kind == "cohort" ? ["--as-table"] : []
    let with = try Self.contents(Self.simulate(kind, plan: printed, in: folder, as: "with", more))
    let without = try Self.contents(Self.simulate(kind, plan: "{}", in: folder, as: "without", more))
    #expect(with == without)
  }

  @Test(arguments: ["vfa", "molli", "look-locker"])
  func `Every T1 method is written under its BIDS name with its settings`(method: String) throws {
    let folder = try TemporaryFolder()
    let settings = method == "vfa" ? "[3, 10, 20]" : "[0.1, 0.9, 2.6]"
    let plan = """
      {"shape": [8, 8, 3], "lesions": [{"center": [4, 4, 1], "radii": [2, 2, 1]}],
       "scan": {"t1": {"method": "\(method)", "settings": \(settings), "repetition_time": 0.01}}}
      """
    let out = try Self.simulate("patient", plan: plan, in: folder)
    let name = method == "vfa" ? "flip-3_VFA" : "inv-3_IRT1"
    let sidecar = try String(
      contentsOf: out.appending(path: "sub-SYN01/ses-post/anat/sub-SYN01_ses-post_\(name).json"),
      encoding: .utf8)
    #expect(
      sidecar.contains(method == "vfa" ? "\"FlipAngle\" : 20" : "\"InversionTime\" : 2.6"), "\(sidecar)")
    #expect(sidecar.contains(method))
  }
}
