internal import Acquisitions
internal import Checksums
internal import Diagnostics
internal import Foundation
internal import Lesions
internal import Reporting
internal import Tables

/// Which scan a run was fitted to.
enum Modality: String, Sendable, CaseIterable {
  case ivim
  case t1

  /// The parameters that changes are reported of.
  var parameters: [LesionParameter] {
    switch self {
    case .ivim:
      [
        .diffusion, .perfusionFraction, .pseudoDiffusion, .perfusionProduct, .apparentDiffusion,
        .perfusionVolume,
      ]
    case .t1: [.t1]
    }
  }
}

/// A run of one visit, opened for comparison: joint draws of its lesions, their grades and how it was scanned and
/// fitted.
struct VisitRun: Sendable {
  /// One lesion of the run.
  struct VisitLesion: Sendable, Equatable {
    /// What identifies it: its label in the image, or its name in a table of curves.
    let label: String
    let name: String
    let voxelCount: Int
  }

  /// What the lesion table says of one functional.
  struct Judgement: Sendable {
    let grade: Grade
    let verdict: Verdict
  }

  let folder: RunFolder
  let modality: Modality
  let fingerprint: ProtocolFingerprint.Fit
  let lesions: [VisitLesion]
  /// How T1 was measured; nil for diffusion.
  let t1Method: T1Method?
  /// `sub-…` of the image's name; nil if it has none.
  var subject: String? {
    folder.stem.split(separator: "_").first { $0.hasPrefix("sub-") }.map { String($0.dropFirst(4)) }
  }
  /// The digests of the images that were fitted; empty if the record does not state them.
  let images: Set<String>
  private let posterior: DrawsGroup
  private let judgements: [String: Judgement]

  /// Opens the run in `url`.
  ///
  /// - Throws: `RunError` if it is no run, had no lesions, or kept no draws.
  init(_ url: URL) throws(RunError) {
    folder = try RunFolder(url)
    let record = try RunRecord(folder)
    modality = record.configuration.method == nil ? .ivim : .t1
    fingerprint = record.fingerprint
    images = record.images
    t1Method = record.configuration.method.flatMap { T1Method(rawValue: $0) }
    if record.configuration.engine == FitConfiguration.leastSquares {
      throw RunError(
        .badInput, at: url.relativePath,
        "the run holds least-squares point estimates, which have no posterior",
        advice: "Fit again with an engine that draws")
    }
    let table = try folder.lesions()
    guard folder.has("_draws.nc") else {
      throw RunError(
        .badInput, at: url.relativePath,
        "the run kept no joint draws, without which no change can be computed",
        advice: "Fit again with --save-draws lesions")
    }
    do {
      let file = try DrawsFile(contentsOf: folder.file("_draws.nc"), groups: ["posterior"])
      posterior = file.groups[0]
      lesions = try Self.lesions(of: table, byName: record.isTable)
      judgements = try Self.judgements(of: table)
    } catch { throw RunError(error) }
    guard let labels = posterior.coordinate("lesion")?.values.doubles, labels.count == lesions.count else {
      throw RunError(
        .badInput, at: folder.file("_draws.nc").relativePath,
        "the draws are not of the \(lesions.count) lesions in the table beside them",
        advice: "Repeat the fit: its files do not belong together")
    }
  }

  private static func lesions(of table: TabSeparatedTable, byName: Bool) throws(TableError) -> [VisitLesion] {
    let (labels, names) = (try table.strings("lesion"), try table.strings("name"))
    let voxels = try table.integers("voxels")
    return labels.indices.filter { !labels[..<$0].contains(labels[$0]) }.map { row in
      VisitLesion(label: byName ? names[row] : labels[row], name: names[row], voxelCount: voxels[row])
    }
  }

  private static func judgements(of table: TabSeparatedTable) throws(TableError) -> [String: Judgement] {
    let (labels, parameters) = (try table.strings("lesion"), try table.strings("parameter"))
    let (functionals, grades) = (try table.strings("functional"), try table.strings("grade"))
    let statuses = try table.strings("status")
    var order: [String: Int] = [:]
    var judgements: [String: Judgement] = [:]
    for row in labels.indices {
      let lesion = order[labels[row]] ?? order.count
      order[labels[row]] = lesion
      judgements["\(lesion) \(parameters[row]) \(functionals[row])"] = Judgement(
        grade: Grade.allCases.first { $0.word == grades[row] } ?? .outside,
        verdict: Verdict(recorded: statuses[row]))
    }
    return judgements
  }

  /// The index of a lesion by its label.
  func index(of label: String) -> Int? { lesions.firstIndex { $0.label == label } }

  /// All draws of a functional, chain after chain; nil if the run has none.
  func draws(_ parameter: LesionParameter, _ functional: LesionFunctional, lesion: Int) -> [Double]? {
    posterior.chains(of: "\(parameter.rawValue)_\(functional.rawValue)", element: lesion)?.flatMap { $0 }
  }

  /// What the lesion table says of a functional; nil if it has no such row.
  func judgement(_ parameter: LesionParameter, _ functional: LesionFunctional, lesion: Int) -> Judgement? {
    judgements["\(lesion) \(parameter.rawValue) \(functional.rawValue)"]
  }

  /// Median S₀ over median σ of a lesion's means: signal to noise without diffusion weighting, or at full recovery.
  func signalToNoise(lesion: Int) -> Double {
    func median(_ name: String) -> Double {
      (posterior.chains(of: name, element: lesion)?.flatMap { $0 }.sorted() ?? []).quantile(0.5)
    }
    return median("s0_mean") / median("sigma_mean")
  }

  /// The number of joint draws, all chains together.
  var drawCount: Int { posterior.extent(of: .chain) * posterior.extent(of: .draw) }
}
