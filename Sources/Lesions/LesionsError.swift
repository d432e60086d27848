public import Tables

/// What can be wrong when lesions are compared. Every case carries its evidence; `description` says what is
/// wrong, where, and what to do.
public enum LesionsError: Error, Equatable, Sendable {
  /// A match names a lesion that a visit does not have.
  case unknownLesion(visit: String, label: String, present: [String])
  /// A match names a lesion twice.
  case lesionMatchedTwice(visit: String, label: String)
  /// The two visits were scanned or fitted differently.
  case protocolsDiffer(differences: [String])
  /// A parameter name that tables do not have.
  case unknownParameter(file: String, line: Int, name: String)
  /// A value that must be positive is not.
  case notPositive(file: String, line: Int, column: String, value: Double)
  /// A number that no tissue has in the unit of its column.
  case implausible(file: String, line: Int, column: String, PlausibleRange.Implausible)
  /// Test and retest that are one measurement.
  case equalPairs(file: String, line: Int, problem: String)
  /// A table without a single row.
  case noRows(file: String)
  /// A file that is not there, or may not be read.
  case missingFile(file: String)
  /// A file that could not be read or written as what it should be.
  case unreadable(file: String, reason: String)
}

extension LesionsError: CustomStringConvertible {
  /// Where, what is wrong, and what to do: one line.
  public var description: String {
    let (place, problem, advice) = parts
    return "\(place): \(problem). \(advice)."
  }

  private var parts: (place: String, problem: String, advice: String) {
    switch self {
    case .unknownLesion(let visit, let label, let present):
      (
        "match table, column \"\(visit)\"",
        "there is no lesion \"\(label)\" at this visit, only \(present.joined(separator: ", "))",
        "Correct the label, or write n/a if the lesion is missing at this visit"
      )
    case .lesionMatchedTwice(let visit, let label):
      (
        "match table, column \"\(visit)\"", "lesion \"\(label)\" is matched twice",
        "Give each lesion of a visit at most one partner"
      )
    case .protocolsDiffer(let differences):
      (
        "the two visits", "they were scanned or fitted differently: \(differences.joined(separator: "; "))",
        "Fit both visits with the same model, priors and settings, or use --force and read the change as no more than a hint"
      )
    case .unknownParameter(let file, let line, let name):
      (
        "\(file), line \(line), column \"parameter\"", "\"\(name)\" is not a parameter",
        "Use one of \(LesionParameter.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    case .notPositive(let file, let line, let column, let value):
      (
        "\(file), line \(line), column \"\(column)\"", "\(value) is not positive, so it has no logarithm",
        "Give the value in the unit of the parameter, or n/a if it is missing"
      )
    case .implausible(let file, let line, let column, let reason):
      ("\(file), line \(line), column \"\(column)\"", reason.problem, reason.advice)
    case .equalPairs(let file, let line, let problem):
      (
        "\(file), line \(line)", problem,
        "Give two measurements of each subject, or use --force if they are two all the same"
      )
    case .noRows(let file):
      (file, "the table has a header and no rows", "Add one row for each measurement")
    case .missingFile(let file):
      (file, "the file cannot be read", "Check its path and permissions")
    case .unreadable(let file, let reason):
      (file, reason, "Check the path, or write the file again")
    }
  }
}
