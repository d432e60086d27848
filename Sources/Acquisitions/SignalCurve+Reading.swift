public import Foundation
internal import Tables

extension SignalCurve {
  /// Reads a table `id lesion setting signal n`, one row for each signal: tab- or comma-separated, `n` optional (1).
  ///
  /// Rows of one `id` and `lesion` are one curve, in the order of the file; they need not be adjacent. Settings are
  /// b-values in s/mm², times in s, or angles in degrees.
  ///
  /// - Throws: `table`, or `badRow` for a setting that is negative or missing, a signal that is missing or infinite,
  ///   or an n that is not positive; `nothingSelected` for a table without rows.
  public static func read(_ file: URL) throws(AcquisitionError) -> [SignalCurve] {
    let table: TabSeparatedTable
    let (ids, lesions): ([String], [String])
    let (settings, signals, averages): ([Double], [Double], [Double])
    do throws(TableError) {
      table = try TabSeparatedTable.read(file)
      (ids, lesions) = (try table.strings("id"), try table.strings("lesion"))
      (settings, signals) = (try table.numbers("setting"), try table.numbers("signal"))
      averages = table.has("n") ? try table.numbers("n") : signals.map { _ in 1 }
    } catch {
      throw .table(error)
    }
    guard !table.rows.isEmpty else {
      throw .nothingSelected(place: file.relativePath, reason: "the table has no rows")
    }
    var groups: [[Int]] = []
    var groupOf: [[String]: Int] = [:]
    for (row, line) in table.rows.map(\.line).enumerated() {
      func bad(_ reason: String) -> AcquisitionError {
        .badRow(table: file.relativePath, line: line, reason: reason)
      }
      guard settings[row] >= 0 else { throw bad("the setting \(settings[row]) is negative or missing") }
      guard signals[row].isFinite else { throw bad("the signal \(signals[row]) is no number") }
      guard averages[row] > 0, averages[row].isFinite else {
        throw bad("n = \(averages[row]) is not positive")
      }
      let key = [ids[row], lesions[row]]
      if let group = groupOf[key] {
        groups[group].append(row)
      } else {
        groupOf[key] = groups.count
        groups.append([row])
      }
    }
    return groups.map { rows in
      SignalCurve(
        id: ids[rows[0]], lesion: lesions[rows[0]], settings: rows.map { settings[$0] },
        signals: rows.map { signals[$0] }, averages: rows.map { averages[$0] })
    }
  }

  /// The b-values of the curve.
  ///
  /// - Throws: `noLowB` if none is 50 s/mm² or less.
  public func bValues() throws(AcquisitionError) -> [BValue] {
    guard let lowest = settings.min(), lowest <= 50 else {
      throw .noLowB(place: "\(id), \(lesion)", lowest: settings.min() ?? .nan)
    }
    try BValue.check(settings, place: "\(id), \(lesion)")
    return settings.map { BValue($0) }
  }
}
