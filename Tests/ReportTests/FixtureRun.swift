import Checksums
import Foundation
import NIfTI
import Reporting
import Tables
import TestSupport

@testable import Diagnostics
@testable import GSLSupport
@testable import IVIMBayes
@testable import InferenceCore

/// The output folder of a fit that never happened, whole: draws of stated laws, and every file computed from them.
struct FixtureRun {
  /// A lesion: centre and spread of the logarithm of each parameter.
  struct Lesion {
    var label: Int
    var name: String
    var parameters: [String: (center: Double, spread: Double)]
    var grades: [String: Grade] = [:]
    var status = Verdict.pass
  }

  var stem: String
  var lesions: [Lesion]
  var method: String?
  var isSynthetic = true
  var verdict = Verdict.pass
  var flags: [[String]] = []
  var seed: UInt64 = 1
  var keepsDraws = true
  /// Noise of the measured means, in units of their predicted standard deviation.
  var noiseFactor = 1.0

  static let bValues: [Double] = [0, 10, 20, 50, 100, 200, 400, 600, 800]
  var times = [0.1, 0.4, 0.9, 1.6, 3.0]
  static let (chains, draws, voxelsOfLesion) = (4, 250, 12)

  /// A diffusion run; `scale` multiplies D and ADC.
  static func diffusion(
    _ names: [String], stem: String = "sub-P1_ses-pre", scale: [Double]? = nil, seed: UInt64 = 1
  )
    -> FixtureRun
  {
    FixtureRun(
      stem: stem,
      lesions: names.enumerated().map { index, name in
        let factor = scale?[index] ?? 1
        return Lesion(
          label: index + 1, name: name,
          parameters: [
            "adc": (log(1.06e-3 * factor), 0.02), "d": (log(0.93e-3 * factor), 0.03), "f": (log(0.124), 0.06),
            "dstar": (log(31.41592e-3), 0.6), "fdstar": (log(3.7e-3), 0.6),
          ], grades: ["dstar": .priorDominated, "fdstar": .priorDominated])
      }, seed: seed)
  }

  /// A T1 run.
  static func t1(_ names: [String], stem: String = "sub-P1_ses-pre", scale: [Double]? = nil, seed: UInt64 = 2)
    -> FixtureRun
  {
    FixtureRun(
      stem: stem,
      lesions: names.enumerated().map { index, name in
        Lesion(label: index + 1, name: name, parameters: ["t1": (log(1.48 * (scale?[index] ?? 1)), 0.012)])
      }, method: "ir", seed: seed)
  }

  private var parameters: [String] { Set(lesions.flatMap(\.parameters.keys)).sorted() }
  private var settingsName: String {
    method.map { $0 == "sasha" ? "saturation_times" : "inversion_times" } ?? "b_values"
  }
  private var settings: [Double] { method == nil ? Self.bValues : times }

  /// Chains of the mean of a parameter.
  func draws(_ lesion: Lesion, _ parameter: String) -> [[Double]] {
    let law = lesion.parameters[parameter] ?? (0, 0)
    let index = parameters.firstIndex(of: parameter) ?? 0
    return (0..<Self.chains).map { chain in
      var stream = RandomStream(
        StreamKey(seed: seed, chain: chain, unit: 100 * lesion.label + index, purpose: .simulation))
      return (0..<Self.draws).map { _ in exp(law.center + law.spread * stream.normal()) }
    }
  }

  /// Writes the folder `name` of `folder`.
  @discardableResult func write(in folder: TemporaryFolder, as name: String) throws -> URL {
    let url = folder.file(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    func file(_ suffix: String) -> URL { url.appending(path: stem + suffix) }
    try AtomicFile.write(record, to: file("_run.json"))
    try AtomicFile.write(table.text, to: file("_lesions.tsv"))
    try AtomicFile.write(signals.text, to: file("_signals.tsv"))
    try AtomicFile.write(quality.text, to: file("_qc.tsv"))
    if keepsDraws { try drawsFile.write(to: file("_draws.nc")) }
    try writeImages(to: url)
    return url
  }

  private var record: String {
    var configuration: [String: Any] = ["seed": seed]
    if let method { configuration["method"] = method }
    return JSONText.object([
      "software": ["name": "ivimbayes", "version": "1.2.3"], "configuration": configuration,
      "inputs": ["\(stem)_dwi.nii.gz": String(repeating: "ab", count: 32)],
      "priors": ["name": "lung-tumour", "values": ["d": ["median": 1.1e-3, "sd_log": 0.4]]],
      "protocol": [
        settingsName: settings.map { $0.isFinite ? $0 as Any : "inf" as Any },
        "averages": settings.map { _ in 1 },
      ],
      "excluded_voxels": ["not finite": 3], "notices": [], "synthetic": isSynthetic,
      "health": ["verdict": verdict.word, "flags": flags],
    ])
  }

  private var table: TabSeparatedTable {
    var table = TabSeparatedTable(columns: LesionTable.columns, name: "lesions")
    let scores = NormalScores(chainCount: Self.chains, drawCount: Self.draws)
    for lesion in lesions {
      for parameter in parameters where lesion.parameters[parameter] != nil {
        let unit = ["f": "1", "t1": "s"][parameter] ?? "mm2/s"
        let s = PosteriorSummary(
          Parameter(parameter, unit: unit), chains: draws(lesion, parameter), scores: scores)
        let grade = lesion.grades[parameter] ?? .dataDominated
        let contraction = [Grade.dataDominated: 0.97, .mixed: 0.5, .priorDominated: -0.05, .outside: .nan][
          grade]
        let numbers = [
          s.mean, s.sd, s.q05, s.median, s.q95, s.hdi.lower, s.hdi.upper, s.mcseMean, s.rHat, s.bulkESS,
          s.tailESS,
          contraction ?? .nan, grade == .priorDominated ? 0.93 : 0.2,
        ]
        table.append(
          ["\(lesion.label)", lesion.name, "\(Self.voxelsOfLesion)", parameter, "mean", unit]
            + numbers.map(TabSeparatedTable.field) + [grade.word, lesion.status.word])
      }
    }
    return table
  }

  /// The truth of the signal: S₀ = 1000, σ = 40, and the centres of the laws.
  private func signal(_ lesion: Lesion, at setting: Double) -> Double {
    func center(_ name: String) -> Double { exp(lesion.parameters[name]?.center ?? 0) }
    if method != nil { return 1000 * abs(1 - 1.9 * exp(-setting / center("t1"))) }
    let f = center("f")
    return 1000 * ((1 - f) * exp(-setting * center("d")) + f * exp(-setting * center("dstar")))
  }

  private var signals: TabSeparatedTable {
    var table = TabSeparatedTable(columns: ReportSources.signalColumns, name: "signals")
    for lesion in lesions {
      var stream = RandomStream(StreamKey(seed: seed, unit: lesion.label, purpose: .resampling))
      for setting in settings {
        let noise = 40 / Double(Self.voxelsOfLesion).squareRoot() * stream.normal() * noiseFactor
        table.append(
          ["\(lesion.label)", lesion.name]
            + [setting, 1, signal(lesion, at: setting) + noise].map(TabSeparatedTable.field)
            + ["\(Self.voxelsOfLesion)"])
      }
    }
    return table
  }

  private var quality: TabSeparatedTable {
    var table = TabSeparatedTable(columns: ["lesion", "name", "volume", "snr", "flag"], name: "qc")
    for lesion in lesions {
      for volume in settings.indices {
        table.append([
          "\(lesion.label)", lesion.name, "\(volume)", "25",
          volume == 3 && lesion.label == 1 ? "shift+outliers" : "ok",
        ])
      }
    }
    return table
  }

  private var drawsFile: DrawsFile {
    let labels = DrawsCoordinate(.lesion, labels: .integer(lesions.map(\.label)))
    let means = parameters.map { parameter in
      let columns = lesions.map { draws($0, parameter) }
      let values = (0..<Self.chains).flatMap { chain in
        (0..<Self.draws).flatMap { draw in columns.map { $0[chain][draw] } }
      }
      return DrawsVariable(
        "\(parameter)_mean", dimensions: [.chain, .draw, .lesion], values: .double(values))
    }
    let voxels = lesions.flatMap { lesion in (0..<Self.voxelsOfLesion).map { _ in lesion } }
    func constant(_ name: String, _ value: (Lesion) -> Double) -> DrawsVariable {
      let one = voxels.map { Float(value($0)) }
      return DrawsVariable(
        name, dimensions: [.chain, .draw, .voxel],
        values: .single((0..<Self.chains * Self.draws).flatMap { _ in one }))
    }
    let own = method == nil ? ["d", "f", "dstar"] : ["t1"]
    let parts =
      own.map { name in constant(name) { exp($0.parameters[name]?.center ?? 0) } }
      + [constant("s0") { _ in 1000 }, constant("sigma") { _ in 40 }]
    let coordinates = [
      DrawsCoordinate(.chain, count: Self.chains), DrawsCoordinate(.draw, count: Self.draws), labels,
    ]
    let posterior = DrawsGroup(
      "posterior", coordinates: coordinates + [DrawsCoordinate(.voxel, count: voxels.count)],
      variables: means + parts)
    let places = DrawsGroup.places(
      ofVoxels: voxels.indices.map { (i: $0, j: 0, k: 0) }, inLesions: voxels.map(\.label),
      labels: lesions.map(\.label), names: lesions.map(\.name))
    return DrawsFile(groups: [posterior, places], libraryVersion: "1.2.3")
  }

  /// A grid on which each lesion has 4 × 3 voxels in one slice.
  private func writeImages(to url: URL) throws {
    let width = 8 * max(2, Int(Double(lesions.count).squareRoot().rounded(.up)))
    let grid = Grid(shape: [width, width, 2], affine: .scaling([2, 2, 4]))
    var labels = [Int32](repeating: 0, count: grid.voxelCount)
    for (index, lesion) in lesions.enumerated() {
      let (x, y) = (2 + 8 * (index % (width / 8)), 2 + 8 * (index / (width / 8)))
      for dy in 0..<3 {
        for dx in 0..<4 { labels[grid.index(x: x + dx, y: y + dy, z: 1)] = Int32(lesion.label) }
      }
    }
    try LabelImage(grid: grid, labels: labels)
      .write(to: url.appending(path: "\(stem)_desc-lesions_dseg.nii.gz"))
    let reference = labels.indices.map { Float(100 + $0 % width) }
    try NIfTIImage(grid: grid, values: reference).writeFloat32(
      to: url.appending(path: "\(stem)_reference.nii.gz"))
    for parameter in parameters where parameter != "fdstar" {
      for statistic in ["median", "sd", "grade"] {
        let values = labels.enumerated().map { index, label -> Float in
          guard let lesion = lesions.first(where: { $0.label == Int(label) }) else {
            return statistic == "grade" ? 0 : .nan
          }
          if statistic == "grade" { return Float((lesion.grades[parameter] ?? .dataDominated).rawValue) }
          let center = exp(lesion.parameters[parameter]?.center ?? 0) * (1 + 0.02 * Double(index % 5))
          return Float(statistic == "sd" ? 0.1 * center : center)
        }
        try NIfTIImage(grid: grid, values: values).writeFloat32(
          to: url.appending(path: ParameterMaps.name(stem, parameter, statistic) + ".nii.gz"))
      }
    }
  }
}

/// Two visits of one patient and what changed between them, in a folder of their own.
struct FixturePatient {
  let folder: TemporaryFolder
  let pre: [URL]
  let post: [URL]
  let changes: URL

  /// Runs of both visits, compared by `Delta` itself.
  init(pre: [FixtureRun], post: [FixtureRun], match: String? = nil) async throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    self.pre = try pre.enumerated().map { try $0.element.write(in: folder, as: "pre\($0.offset)") }
    self.post = try post.enumerated().map { try $0.element.write(in: folder, as: "post\($0.offset)") }
    changes = folder.file("changes")
    var files = DeltaFiles(pre: self.pre, post: self.post, output: changes)
    files.match = try match.map { try folder.write($0, as: "match.tsv") }
    _ = try await Delta(files, DeltaConfiguration()).run()
  }

  /// The patient of most tests: a mass that changes and a node that does not.
  static func standard(names: [String] = ["right upper lobe", "hilar node"]) async throws -> FixturePatient {
    try await FixturePatient(
      pre: [.diffusion(names), .t1(names)],
      post: [
        .diffusion(names, stem: "sub-P1_ses-post", scale: [1.24, 1.03], seed: 3),
        .t1(names, stem: "sub-P1_ses-post", scale: [0.91, 0.99], seed: 4),
      ])
  }

  /// The page as HTML.
  func page(adding more: [URL] = []) throws -> String {
    let out = folder.file("page-\(UUID().uuidString).html")
    try Report(pre + post + [changes] + more, output: out).run()
    return try String(contentsOf: out, encoding: .utf8)
  }
}
