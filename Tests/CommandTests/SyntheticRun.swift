import Foundation
import IVIMBayes
import Reporting
import Tables
import TestSupport

/// The output folder of a fit that never happened: lesions with log-normal posteriors of known centre and spread.
struct SyntheticRun {
  /// One lesion: the posterior mean and SD of the logarithm of each parameter.
  struct Lesion {
    var label: Int
    var name: String
    var parameters: [String: (mean: Double, sd: Double)]
    var voxels = 40
    var grades: [String: String] = [:]
    var status = "pass"
  }

  var stem = "sub-P1_ses-pre"
  var lesions: [Lesion]
  var configuration: [String: Any] = [:]
  var settings: [Double] = [0, 50, 100, 400, 800]
  var priors: [String: [String: Double]] = ["d": ["median": 1.1e-3, "sd_log": 0.4]]
  var drawCount = 500
  var seed: UInt64 = 1

  /// A diffusion run whose lesions have these ADCs (mm²/s) with 3 % posterior SD.
  static func ivim(adc: [Double], stem: String = "sub-P1_ses-pre", seed: UInt64 = 1) -> SyntheticRun {
    SyntheticRun(
      stem: stem,
      lesions: adc.enumerated().map { index, value in
        Lesion(
          label: index + 1, name: ["upper", "lower", "hilar"][index],
          parameters: [
            "adc": (log(value), 0.03), "d": (log(0.9 * value), 0.04), "f": (log(0.2), 0.1),
            "dstar": (log(20e-3), 0.5),
          ])
      }, seed: seed)
  }

  /// An inversion-recovery run whose lesions have these T1 (s) with 2 % posterior SD.
  static func t1(_ times: [Double], stem: String = "sub-P1_ses-pre", seed: UInt64 = 1) -> SyntheticRun {
    SyntheticRun(
      stem: stem,
      lesions: times.enumerated().map { index, value in
        Lesion(
          label: index + 1, name: ["upper", "lower", "hilar"][index],
          parameters: ["t1": (log(value), 0.02)])
      },
      configuration: ["method": "ir"], settings: [0.1, 0.4, 1, 2.5],
      priors: ["t1": ["median": 1.4, "sd_log": 0.35]], seed: seed)
  }

  private static let functionals = ["mean", "median", "p10", "p25", "p75", "p90", "sd", "iqr"]

  private func draws(_ lesion: Lesion, _ parameter: String, _ functional: String, at index: Int) -> [Double] {
    let law = lesion.parameters[parameter] ?? (0, 0)
    let order = Self.functionals.firstIndex(of: functional) ?? 0
    var stream = RandomStream(
      StreamKey(seed: seed, chain: parameter.hashed, unit: lesion.label, purpose: .simulation))
    let isSpread = ["sd", "iqr"].contains(functional)
    return (0..<4 * drawCount).map { _ in
      let value = exp(law.mean + law.sd * stream.normal())
      return lesion.voxels == 1 && isSpread ? 0 : isSpread ? 0.1 * value : value * (1 + 0.01 * Double(order))
    }
  }

  /// Writes the folder `name` of `folder`.
  @discardableResult
  func write(in folder: TemporaryFolder, as name: String, keepsDraws: Bool = true) throws -> URL {
    let url = folder.file(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    func save(_ text: String, _ suffix: String) throws {
      try Data(text.utf8).write(to: url.appending(path: stem + suffix))
    }
    let isT1 = configuration["method"] != nil
    let record: [String: Any] = [
      "configuration": configuration, "priors": ["name": "test", "values": priors],
      "protocol": [isT1 ? "inversion_times" : "b_values": settings],
    ]
    try save(
      String(decoding: JSONSerialization.data(withJSONObject: record, options: .sortedKeys), as: UTF8.self),
      "_run.json")
    try Data("{\"GeneratedBy\": [{\"Name\": \"ivimbayes\"}]}".utf8).write(
      to: url.appending(path: "dataset_description.json"))
    // A map makes the labels those of an image.
    try save("", isT1 ? "_desc-median_T1map.nii.gz" : "_model-ivim_param-adc_desc-median_dwimap.nii.gz")
    try save(table.text, "_lesions.tsv")
    if keepsDraws { try file.write(to: url.appending(path: stem + "_draws.nc")) }
    return url
  }

  private var table: TabSeparatedTable {
    var table = TabSeparatedTable(columns: [
      "lesion", "name", "voxels", "parameter", "functional", "unit", "grade", "status",
    ])
    for lesion in lesions {
      for parameter in lesion.parameters.keys.sorted() {
        for functional in Self.functionals {
          table.append([
            "\(lesion.label)", lesion.name, "\(lesion.voxels)", parameter, functional, "1",
            lesion.grades[parameter] ?? "data-dominated", lesion.status,
          ])
        }
      }
    }
    return table
  }

  private var file: DrawsFile {
    let parameters = Set(lesions.flatMap(\.parameters.keys)).sorted()
    let variables = parameters.flatMap { parameter in
      Self.functionals.map { functional in
        let columns = lesions.enumerated().map { draws($0.element, parameter, functional, at: $0.offset) }
        return DrawsVariable(
          "\(parameter)_\(functional)", dimensions: [.chain, .draw, .lesion],
          values: .double((0..<4 * drawCount).flatMap { draw in columns.map { $0[draw] } }))
      }
    }
    return DrawsFile(
      groups: [
        DrawsGroup(
          "posterior",
          coordinates: [
            DrawsCoordinate(.chain, count: 4), DrawsCoordinate(.draw, count: drawCount),
            DrawsCoordinate(.lesion, labels: .integer(lesions.map(\.label))),
          ], variables: variables)
      ], libraryVersion: IVIMBayesVersion.current)
  }
}

extension String {
  /// A number that is the same in every process, which `hashValue` is not.
  fileprivate var hashed: Int { utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF } }
}
