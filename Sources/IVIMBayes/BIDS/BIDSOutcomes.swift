internal import Tables

/// Outcome and PD-L1 of the participants, from `participants.tsv`.
struct BIDSOutcomes {
  private let outcomes: [String: String]
  private let pdl1: [String: String]

  /// Takes the columns `outcome` and `pdl1`, in any spelling of `PD-L1`; a missing column is missing for all.
  init(_ table: TabSeparatedTable) throws(RunError) {
    do {
      let names = try table.strings("participant_id").map { $0.hasPrefix("sub-") ? $0 : "sub-\($0)" }
      func values(_ wanted: String) throws -> [String: String] {
        let column = table.columns.first { Self.plain($0) == wanted }
        guard let column else { return [:] }
        var values: [String: String] = [:]
        for (row, (name, value)) in zip(names, try table.strings(column)).enumerated() {
          if let other = values[name], other != value {
            throw RunError(
              .badInput, at: "\(table.name), line \(table.rows[row].line)",
              "\(name) has two values of \(column), \(other) and \(value)",
              advice: "Keep one row for each participant, or give all of them one value")
          }
          values[name] = value
        }
        return values
      }
      outcomes = try values("outcome")
      pdl1 = try values("pdl1")
    } catch { throw RunError(error) }
  }

  /// True if the column is read: nothing else of a participant goes into the output.
  static func reads(_ column: String) -> Bool {
    column == "participant_id" || ["outcome", "pdl1"].contains(plain(column))
  }

  /// "PD-L1" as "pdl1".
  private static func plain(_ column: String) -> String {
    column.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  func outcome(of participant: String) -> String { Self.field(outcomes[participant]) }
  func pdl1(of participant: String) -> String { Self.field(pdl1[participant]) }

  private static func field(_ value: String?) -> String {
    guard let value, !value.isEmpty else { return TabSeparatedTable.missing }
    return value
  }
}
