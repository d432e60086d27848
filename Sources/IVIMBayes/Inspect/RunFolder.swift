public import Foundation
internal import NIfTI
internal import Reporting
internal import Tables

/// The output folder of a finished fit, opened for reading.
public struct RunFolder: Sendable {
  /// The folder.
  public let folder: URL
  /// The STEM of its files.
  public let stem: String

  /// Opens `folder`.
  ///
  /// - Throws: status 66 if there is no such folder, 65 if no fit has written there.
  public init(_ folder: URL) throws(RunError) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      throw RunError(
        .missingInput, at: folder.relativePath, "there is no such folder", advice: "Give the --out of a fit")
    }
    guard let record = names.sorted().first(where: { $0.hasSuffix("_run.json") }) else {
      throw RunError(
        .badInput, at: folder.relativePath, "this is not the folder of a fit: it has no _run.json",
        advice: "Give the --out of a fit")
    }
    self.folder = folder
    stem = String(record.dropLast("_run.json".count))
  }

  /// True if the run holds least-squares point estimates instead of a posterior.
  ///
  /// - Throws: what `FitConfiguration.read` throws.
  public var isPointEstimate: Bool {
    get throws(RunError) {
      try FitConfiguration.read(file("_run.json")).engine == FitConfiguration.leastSquares
    }
  }

  func file(_ suffix: String) -> URL { folder.appending(path: stem + suffix) }

  func has(_ suffix: String) -> Bool { FileManager.default.fileExists(atPath: file(suffix).path) }

  /// b-values in s/mm², times in s or flip angles in degrees, as the run file states them; empty if it does not.
  func settings() throws(RunError) -> [Double] {
    guard let contents = try? Data(contentsOf: file("_run.json")),
      let record = try? JSONSerialization.jsonObject(with: contents) as? [String: Any]
    else {
      throw RunError(
        .inputOutput, at: file("_run.json").relativePath, "the run file cannot be read",
        advice: "Check its permissions, or run the fit again")
    }
    return RecordedSettings(record["protocol"] as? [String: Any] ?? [:]).values
  }

  /// The table of lesions.
  ///
  /// - Throws: status 65 if the run had no lesions.
  func lesions() throws(RunError) -> TabSeparatedTable {
    guard has("_lesions.tsv") else {
      throw RunError(
        .badInput, at: folder.relativePath, "the run had no lesions",
        advice: "Fit with --lesions, or summarise with --by voxel")
    }
    do { return try TabSeparatedTable.read(file("_lesions.tsv")) } catch { throw RunError(error) }
  }

  /// The parameters that have maps of `statistic`.
  func mappedParameters(statistic: String = "median") -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      if name.hasSuffix("_desc-\(statistic)_T1map.nii.gz") { return "t1" }
      guard name.hasSuffix("_desc-\(statistic)_dwimap.nii.gz"), let start = name.range(of: "_param-"),
        let end = name.range(of: "_desc-")
      else { return nil }
      return String(name[start.upperBound..<end.lowerBound])
    }
  }

  /// The map of one statistic of one parameter.
  func map(_ parameter: String, _ statistic: String) throws(RunError) -> NIfTIImage {
    do {
      return try NIfTIImage.read(
        folder.appending(path: ParameterMaps.name(stem, parameter, statistic) + ".nii.gz"))
    } catch { throw RunError(error) }
  }
}
