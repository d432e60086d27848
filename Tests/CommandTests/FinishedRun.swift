import Foundation
import NIfTI
import Tables
import TestSupport

/// The output folder of a fit, for reading.
struct FinishedRun: Sendable {
  let folder: URL
  let stem: String

  /// The run in `folder` with files of `stem`.
  init(_ folder: URL, stem: String = "sub-phantom") {
    self.folder = folder
    self.stem = stem
  }

  /// One fit of the shared phantom with all defaults but a mask of a few voxels: lesions and a rim of tissue.
  static let shared = Result {
    let scan = try PhantomScan.shared.get()
    let labels = try LabelImage.read(scan.lesions)
    let rim = LabelImage(
      grid: labels.grid, labels: labels.labels.indices.map { $0 % 8 == 7 || labels.labels[$0] != 0 ? 1 : 0 })
    let mask = scan.folder.file("mask.nii.gz")
    try rim.write(to: mask)
    let folder = scan.folder.file("run")
    try Command.succeed([
      "fit", "ivim", scan.image.path, "--mask", mask.path, "--lesions", scan.lesions.path,
      "--lesion-names", scan.lesionNames.path, "--out", folder.path,
    ])
    return FinishedRun(folder)
  }

  /// The names of all files, sorted.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

  func file(_ suffix: String) -> URL { folder.appending(path: stem + suffix) }

  func contents(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  func map(_ parameter: String, _ statistic: String) throws -> NIfTIImage {
    try NIfTIImage.read(file("_model-ivim_param-\(parameter)_desc-\(statistic)_dwimap.nii.gz"))
  }

  func json(_ suffix: String) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file(suffix)))
  }

  func lesionTable() throws -> TabSeparatedTable { try TabSeparatedTable.read(file("_lesions.tsv")) }

  /// A column of the lesion table at the rows of one parameter and functional, lesion after lesion.
  func lesions(_ parameter: String, _ functional: String = "mean", _ column: String = "median") throws
    -> [Double]
  {
    let table = try lesionTable()
    let (parameters, functionals) = (try table.strings("parameter"), try table.strings("functional"))
    let values = try table.numbers(column)
    return values.indices.filter { parameters[$0] == parameter && functionals[$0] == functional }.map {
      values[$0]
    }
  }

  /// The bytes of every file whose contents must not depend on the time or the machine's load.
  func reproducibleContents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in names where !name.hasSuffix("_timing.json") {
      contents[name] = try self.contents(name)
    }
    return contents
  }
}
