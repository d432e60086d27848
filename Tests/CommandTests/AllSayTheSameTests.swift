import Foundation
import NIfTI
import Tables
import TestSupport
import Testing

/// Lesion table, run record, page, `summarize` and `diagnose` speak of one run with one word, and the methods paragraph names
/// what ran.
@Suite(.enabled(if: Optimization.isOn, "fits; run with -c release"))
struct AllSayTheSameTests {
  struct Design: CustomTestStringConvertible, Sendable {
    var noise: [String]
    /// The words of the noise in the methods paragraph.
    var noiseWords: String
    var sigma = "none"
    var engine = "metropolis"
    var prior: String?
    var method: String?
    var testDescription: String {
      [noise.joined(separator: " "), "sigma \(sigma)", engine, prior ?? "default prior", method ?? "ivim"]
        .joined(separator: ", ")
    }
  }

  static let designs: [Design] = {
    var designs: [Design] = []
    let noises: [([String], String)] = [
      (["--noise", "gaussian"], "Gaussian"), (["--noise", "rician"], "Rician"),
      (["--noise", "noncentral-chi", "--coils", "1"], "noncentral chi (1 coil)"),
      (["--noise", "noncentral-chi", "--coils", "8"], "noncentral chi (8 coils)"),
      (["--noise", "gaussian", "--averages", "nex"], "Gaussian"), ([], "Gaussian"),
    ]
    for (noise, words) in noises {
      for sigma in ["none", "number", "map"] {
        designs.append(Design(noise: noise, noiseWords: words, sigma: sigma))
      }
    }
    for engine in ["nuts", "laplace", "grid"] {
      for sigma in ["none", "map"] {
        designs.append(Design(noise: [], noiseWords: "Gaussian", sigma: sigma, engine: engine))
      }
    }
    for prior in ["hierarchical", "independent"] {
      designs.append(
        Design(noise: ["--noise", "rician"], noiseWords: "Rician", sigma: "number", prior: prior))
    }
    for (method, words) in [
      ("ir", "Rician"), ("look-locker", "Rician"), ("vfa", "Gaussian"), ("sasha", "Gaussian"),
    ] {
      for sigma in ["none", "map"] {
        designs.append(Design(noise: [], noiseWords: words, sigma: sigma, method: method))
      }
    }
    designs.append(Design(noise: ["--polarity", "signed"], noiseWords: "Gaussian", method: "ir"))
    return designs
  }()

  private static func arguments(_ design: Design, in folder: TemporaryFolder) throws -> [String] {
    let grid: Grid
    let lesions: URL
    var arguments: [String]
    if let method = design.method {
      let scan: T1TestScan
      var settings: [String] = []
      switch method {
      case "vfa": scan = try .flipAngles()
      case "sasha":
        scan = try .inversionRecovery()
        settings = ["--saturation-times", "0.1,0.3,0.5,0.8,1.2,1.8,2.5,inf"]
      default: scan = try .inversionRecovery()
      }
      for file in [
        scan.image, scan.image.deletingLastPathComponent().appending(path: "t1.json"), scan.lesions,
      ] {
        try FileManager.default.copyItem(at: file, to: folder.file(file.lastPathComponent))
      }
      (grid, lesions) = (T1TestScan.grid, folder.file("lesions.nii.gz"))
      arguments = ["fit", "t1", "t1.nii.gz", "--method", method] + settings
    } else {
      let scan = try PhantomScan.shared.get()
      for (file, name) in [
        (scan.image, "t1.nii.gz"), (scan.bValues, "t1.bval"), (scan.lesions, "lesions.nii.gz"),
      ] {
        try FileManager.default.copyItem(at: file, to: folder.file(name))
      }
      _ = try folder.write("2 2 2 2 2 2 2 2 2 2 2 2\n", as: "nex")
      (grid, lesions) = (try NIfTIImage.read(scan.image).grid, folder.file("lesions.nii.gz"))
      arguments = ["fit", "ivim", "t1.nii.gz"]
    }
    // One lesion of one voxel beside a larger one: spreads of nothing are no faults.
    var labels = try LabelImage.read(lesions)
    let last = labels.labels.lastIndex { $0 != 0 } ?? 0
    labels.labels[last] = 7
    try labels.write(to: lesions)
    try NIfTIImage(grid: grid, values: labels.labels.map { _ in 15 }).writeFloat32(
      to: folder.file("noise.nii.gz"))
    switch design.sigma {
    case "number": arguments += ["--sigma", "15"]
    case "map": arguments += ["--sigma", "noise.nii.gz"]
    default: break
    }
    if let prior = design.prior { arguments += ["--prior", prior] }
    if design.engine == "grid" { arguments += ["--roi-mean"] }
    return arguments + design.noise + [
      "--engine", design.engine, "--lesions", "lesions.nii.gz", "--draws", "250",
    ]
      + ["--threads", "2", "--out", "run", "--quiet"]
  }

  /// The verdict that each voice gives: pass, warn or fail.
  private static func voices(_ run: FinishedRun) throws -> [String: String] {
    let health = try run.json("_run.json")["health"]
    guard case .string(let record) = health["verdict"] else { throw Silence(voice: "record") }
    let diagnosis = try Command.run(["diagnose", run.folder.path])
    guard let word = diagnosis.output.split(separator: ":").first.map({ $0.lowercased() }) else {
      throw Silence(voice: "diagnose")
    }
    let page = try String(contentsOf: run.file("_report.html"), encoding: .utf8)
    let words = ["pass", "warn", "fail"]
    guard let place = page.range(of: "Computation: "),
      let verdict = words.first(where: { page[place.upperBound...].lowercased().hasPrefix($0) })
    else { throw Silence(voice: "page") }
    return ["record": record, "diagnose": word, "page": verdict]
  }

  private struct Silence: Error { let voice: String }

  /// The worst status of the rows that a table judges.
  private static func worst(_ statuses: [String]) -> Int {
    statuses.map { ["pass", "warn", "fail"].firstIndex(of: $0) ?? 3 }.max() ?? 0
  }

  /// What the voices say against each other; empty if they agree.
  static func contradictions(voices: [String: String], tableStatuses: [String], summaryStatuses: [String])
    -> [String]
  {
    var found: [String] = []
    if Set(voices.values).count > 1 { found.append("verdicts: \(voices)") }
    if tableStatuses != summaryStatuses { found.append("summarize shows other statuses than the table") }
    let verdict = ["pass", "warn", "fail"].firstIndex(of: voices["record"] ?? "") ?? 3
    if worst(tableStatuses) > verdict {
      found.append("a row of the table is worse than the verdict of the run")
    }
    return found
  }

  @Test(arguments: designs) func `One run has one verdict, and the paragraph says what ran`(_ design: Design)
    throws
  {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(try Self.arguments(design, in: folder), in: folder.url)
    try #require(outcome.status == 0, "\(design): \(outcome.errors)")
    let run = FinishedRun(folder.file("run"), stem: "t1")
    let statuses = try run.lesionTable().strings("status")
    let summary = try Command.succeed([
      "summarize", run.folder.path, "--functional", "all", "--format", "tsv",
    ]).lines
    let header = try #require(summary.first).split(separator: "\t").map(String.init)
    let column = try #require(header.firstIndex(of: "status"))
    let shown = summary.dropFirst().map {
      String($0.split(separator: "\t", omittingEmptySubsequences: false)[column])
    }
    let found = Self.contradictions(
      voices: try Self.voices(run), tableStatuses: statuses.sorted(), summaryStatuses: shown.sorted())
    #expect(found.isEmpty, "\(design): \(found)")
    let page = try String(contentsOf: run.file("_report.html"), encoding: .utf8)
    #expect(page.contains("\(design.noiseWords) noise"), "\(design)")
    let engine = [
      "metropolis": "Markov chain Monte Carlo (Metropolis", "nuts": "no-U-turn sampler",
      "laplace": "normal approximations at the mode", "grid": "integrated over a tensor grid",
    ]
    #expect(page.contains(engine[design.engine] ?? ""), "\(design)")
    let prior =
      design.engine != "metropolis"
      ? "independent priors"
      : [
        "hierarchical": "hierarchical prior",
        "independent": "independent priors",
      ][design.prior ?? ""] ?? "spatial prior"
    #expect(page.contains(prior), "\(design)")
  }

  /// The twin: each voice speaks with another word once, and that is found.
  @Test func `Voices that contradict each other are found`() {
    let good = ["record": "pass", "diagnose": "pass", "page": "pass"]
    #expect(Self.contradictions(voices: good, tableStatuses: ["pass"], summaryStatuses: ["pass"]).isEmpty)
    for voice in good.keys {
      var bad = good
      bad[voice] = "fail"
      #expect(!Self.contradictions(voices: bad, tableStatuses: ["pass"], summaryStatuses: ["pass"]).isEmpty)
    }
    #expect(!Self.contradictions(voices: good, tableStatuses: ["fail"], summaryStatuses: ["fail"]).isEmpty)
    #expect(!Self.contradictions(voices: good, tableStatuses: ["pass"], summaryStatuses: ["warn"]).isEmpty)
    #expect(
      !Self.contradictions(voices: good, tableStatuses: ["unheard"], summaryStatuses: ["unheard"]).isEmpty)
  }
}
