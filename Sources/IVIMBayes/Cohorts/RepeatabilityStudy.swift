public import Foundation
internal import Lesions
internal import NIfTI
public import Tables

/// `repeatability`: from test–retest pairs to what `delta --repeatability` takes.
public enum RepeatabilityStudy {
  /// Reads `pairs` and writes `repeatability.tsv` and `repeatability.json` into the new folder `output`.
  ///
  /// - `source`: what tables call the study; nil takes the name of the file.
  /// - `force`: takes measurements that are the same twice.
  public static func run(
    _ pairs: URL, to output: URL, source: String?, overwriting: Bool, force: Bool = false
  ) throws(RunError) -> TabSeparatedTable {
    try OutputFolder.write(
      OutputPlace(output, kind: .repeatability, overwriting: overwriting, inputs: [pairs])
    ) { folder in
      let study = try RepeatabilityTable(
        pairs: try TabSeparatedTable.read(pairs), allowsEqual: force)
      guard !study.studies.isEmpty else {
        throw RunError(
          .badInput, at: pairs.relativePath, "no pair is complete",
          advice: "Give first and second of every pair")
      }
      try AtomicFile.write(study.table.text, to: folder.file("repeatability.tsv"))
      let json = try study.json(source: source ?? pairs.deletingPathExtension().lastPathComponent)
      try AtomicFile.write(
        String(decoding: json, as: UTF8.self) + "\n", to: folder.file("repeatability.json"))
      try AtomicFile.write(
        DatasetDescription.text("ivimbayes repeatability", type: "derivative"),
        to: folder.file(DatasetDescription.name))
      return study.table
    }
  }

  /// The built-in figures with their sources: what `delta` uses without a study of the user's own.
  public static var builtIn: TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: ["parameter", "wsd_log", "rc_percent_lower", "rc_percent_upper", "borrowed", "source"],
      name: "built-in repeatability")
    func append(_ name: String, _ figure: ScanVariability?) {
      guard let figure else { return }
      let limits = Interval(center: 0, halfWidth: figure.repeatabilityCoefficient).map {
        (1000 * (Foundation.exp($0) - 1)).rounded() / 10
      }
      table.append(
        [name] + [figure.total, limits.lower, limits.upper].map(TabSeparatedTable.field)
          + [figure.isBorrowed ? "yes" : "no", figure.source])
    }
    for parameter in LesionParameter.allCases { append(parameter.rawValue, .builtIn(parameter)) }
    append("t1 (vfa)", .builtIn(.t1, t1Method: .variableFlipAngle))
    return table
  }
}
