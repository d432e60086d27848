internal import Foundation
internal import Tables

/// Numbers in a text: one row or one column, separated by spaces, tabs or commas.
enum NumberList {
  /// What every number of a list must be.
  enum Requirement: String {
    case zeroOrMore = "a number that is not negative"
    case positive = "a positive number"
    case positiveOrInfinite = "a positive number, or inf"

    func holds(_ value: Double) -> Bool {
      switch self {
      case .zeroOrMore: value.isFinite && value >= 0
      case .positive: value.isFinite && value > 0
      case .positiveOrInfinite: value > 0
      }
    }
  }

  /// The numbers of a text file.
  ///
  /// - Throws: `unreadable`, `notOneRow`, `notANumber`, `badNumber`, each with the file, and the entry from 1.
  static func read(_ file: URL, requirement: Requirement) throws(AcquisitionError) -> [Double] {
    let bytes: Data
    do throws(SmallFile.Failure) {
      bytes = try SmallFile.read(file)
    } catch {
      throw .unreadable(file: file, reason: error.reason)
    }
    let rows = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(entries)
      .filter { !$0.isEmpty }
    let longest = rows.map(\.count).max() ?? 0
    guard rows.count <= 1 || longest == 1 else {
      throw .notOneRow(file: file, rows: rows.count, columns: longest)
    }
    return try numbers(rows.flatMap { $0 }, place: file.relativePath, requirement: requirement)
  }

  /// The numbers of an option's value.
  ///
  /// - Throws: `notANumber`, `badNumber`.
  static func parse(
    _ text: String, place: String, requirement: Requirement
  ) throws(AcquisitionError) -> [Double] {
    try numbers(entries(text[...]), place: place, requirement: requirement)
  }

  private static func entries(_ line: Substring) -> [Substring] {
    line.split { $0.isWhitespace || $0 == "," || $0 == "\u{feff}" }
  }

  private static func numbers(
    _ entries: [Substring], place: String, requirement: Requirement
  ) throws(AcquisitionError) -> [Double] {
    var numbers: [Double] = []
    for (index, text) in entries.enumerated() {
      guard let number = Double(text) else {
        // The text comes from a file that may be anything: enough of it to be recognised.
        throw .notANumber(place: place, entry: index + 1, text: String(text.prefix(40)))
      }
      guard requirement.holds(number) else {
        throw .badNumber(place: place, entry: index + 1, value: number, requirement: requirement.rawValue)
      }
      numbers.append(number)
    }
    return numbers
  }
}
