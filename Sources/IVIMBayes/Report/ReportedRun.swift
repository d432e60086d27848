internal import Diagnostics
internal import Foundation
internal import Lesions
internal import NIfTI
internal import Reporting
internal import Tables

/// A finished fit as a page sees it: everything is read from the files that the fit wrote.
struct ReportedRun: Sendable {
  let folder: RunFolder
  let record: RunFileContents
  /// Rows of the lesion table.
  private(set) var values: [ReportedValue]
  /// The posterior; nil if no draws were kept.
  let posterior: DrawsGroup?
  /// Lesions before any data; nil if the draws file has none.
  let prior: DrawsGroup?
  /// The rows of `STEM_signals.tsv`.
  let signals: [Signal]
  let quality: TabSeparatedTable?
  /// The places of the voxels among the draws.
  let places: DrawsGroup?

  struct Signal: Sendable {
    let lesion: String
    let setting: Double
    let averages: Double
    let signal: Double
  }

  init(_ folder: RunFolder) throws(RunError) {
    self.folder = folder
    record = try RunFileContents(folder.file("_run.json"))
    do {
      values =
        folder.has("_lesions.tsv")
        ? try ReportedValue.rows(of: TabSeparatedTable.read(folder.file("_lesions.tsv"))) : []
      signals =
        folder.has("_signals.tsv")
        ? try Self.signals(TabSeparatedTable.read(folder.file("_signals.tsv"))) : []
      quality = folder.has("_qc.tsv") ? try TabSeparatedTable.read(folder.file("_qc.tsv")) : nil
      let file =
        folder.has("_draws.nc") ? try DrawsFile(contentsOf: folder.file("_draws.nc"), groups: nil) : nil
      posterior = file?.group("posterior")
      prior = file?.group("prior")
      places = file?.group("constant_data")
    } catch { throw RunError(error) }
    values = values.map { value in
      guard let chains = chains(value.parameter, of: value.lesion, functional: value.functional),
        !value.isPossible(chains)
      else { return value }
      return value.failed
    }
  }

  private static func signals(_ table: TabSeparatedTable) throws(TableError) -> [Signal] {
    let (lesions, settings) = (try table.strings("lesion"), try table.numbers("setting"))
    let (averages, signals) = (try table.numbers("averages"), try table.numbers("signal"))
    return lesions.indices.map {
      Signal(lesion: lesions[$0], setting: settings[$0], averages: averages[$0], signal: signals[$0])
    }
  }

  var isT1: Bool { record.configuration.method != nil }

  /// The lesions in the order of the table.
  var lesions: [ReportedLesion] {
    var lesions: [ReportedLesion] = []
    for value in values
    where lesions.last?.label != value.lesion && !lesions.contains(where: { $0.label == value.lesion }) {
      lesions.append(ReportedLesion(label: value.lesion, name: value.name, voxels: value.voxels))
    }
    return lesions
  }

  func value(_ parameter: String, of lesion: String, functional: String = "mean") -> ReportedValue? {
    values.first { $0.lesion == lesion && $0.parameter == parameter && $0.functional == functional }
  }

  /// Draws of a functional of a lesion, chains × draws; nil if there are none.
  func chains(_ parameter: String, of lesion: String, functional: String = "mean") -> [[Double]]? {
    element(of: lesion, in: posterior).flatMap {
      posterior?.chains(of: "\(parameter)_\(functional)", element: $0)
    }
  }

  /// Draws of the mean of a lesion before any data; empty if there are none.
  func priorDraws(_ parameter: String, of lesion: String) -> [Double] {
    let chains = element(of: lesion, in: prior).flatMap {
      prior?.chains(of: "\(parameter)_mean", element: $0)
    }
    return (chains ?? []).flatMap { $0 }.filter(\.isFinite)
  }

  private func element(of lesion: String, in group: DrawsGroup?) -> Int? {
    group?.coordinate("lesion")?.values.doubles?.firstIndex { "\(Int($0))" == lesion }
  }
}

/// A lesion as the tables name it.
struct ReportedLesion: Sendable, Equatable {
  let label: String
  let name: String
  let voxels: Int

  /// "Lesion 2", or "Lesion upper lobe".
  var title: String {
    let text = name.isEmpty || name == label ? label : name
    return text.lowercased().hasPrefix("lesion")
      ? text.prefix(1).uppercased() + text.dropFirst() : "Lesion \(text)"
  }
}

/// One row of the lesion table.
struct ReportedValue: Sendable {
  let lesion: String
  let name: String
  let voxels: Int
  let parameter: String
  let functional: String
  let unit: String
  let median: Double
  let q05: Double
  let q95: Double
  let mcse: Double
  let rHat: Double
  let bulkESS: Double
  let tailESS: Double
  let contraction: Double
  let overlap: Double
  private(set) var grade: Grade
  private(set) var status: Verdict

  /// False of draws that no lesion can have: not finite, or of a parameter with a logarithm not positive.
  func isPossible(_ chains: [[Double]]) -> Bool {
    let hasAxis = LesionParameter(rawValue: parameter) != nil && !["sd", "iqr"].contains(functional)
    return chains.allSatisfy { $0.allSatisfy { $0.isFinite && (!hasAxis || $0 > 0) } }
  }

  /// The same value as one that must not be used.
  var failed: ReportedValue {
    var value = self
    (value.grade, value.status) = (.outside, .fail)
    return value
  }

  static func rows(of table: TabSeparatedTable) throws(TableError) -> [ReportedValue] {
    let (labels, names) = (try table.strings("lesion"), try table.strings("name"))
    let (voxels, parameters) = (try table.integers("voxels"), try table.strings("parameter"))
    let (functionals, units) = (try table.strings("functional"), try table.strings("unit"))
    let (grades, statuses) = (try table.strings("grade"), try table.strings("status"))
    var numbers: [String: [Double]] = [:]
    for column in [
      "median", "q05", "q95", "mcse_mean", "rhat", "ess_bulk", "ess_tail", "contraction", "overlap",
    ] where table.has(column) { numbers[column] = try table.numbers(column) }
    return labels.indices.map { row in
      func number(_ column: String) -> Double { numbers[column]?[row] ?? .nan }
      return ReportedValue(
        lesion: labels[row], name: names[row], voxels: voxels[row], parameter: parameters[row],
        functional: functionals[row], unit: units[row], median: number("median"), q05: number("q05"),
        q95: number("q95"), mcse: number("mcse_mean"), rHat: number("rhat"), bulkESS: number("ess_bulk"),
        tailESS: number("ess_tail"), contraction: number("contraction"), overlap: number("overlap"),
        grade: Grade.allCases.first { $0.word == grades[row] } ?? .outside,
        status: Verdict(recorded: statuses[row]))
    }
  }

  var display: DisplayUnit { DisplayUnit(parameter: parameter, unit: unit) }

  /// True if no number of it may be printed.
  var isSilent: Bool { grade == .priorDominated }

  /// How many decimals its numbers have, in the unit of display.
  func places(significantDigits: Int = 1) -> DecimalPlaces {
    DecimalPlaces(
      halfWidth: (q95 - q05) / 2 * display.factor, mcse: mcse * display.factor,
      significantDigits: significantDigits)
  }

  /// The median in the unit of display.
  func text(_ places: DecimalPlaces) -> String { places.text(median * display.factor) }

  /// "1.04 to 1.09".
  func interval(_ places: DecimalPlaces) -> String {
    "\(places.text(q05 * display.factor)) to \(places.text(q95 * display.factor))"
  }
}
