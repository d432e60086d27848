extension TabSeparatedTable {
  /// The names under which a table may keep the key of the participant, in any case; the first that is there is it.
  public static let participantColumns = ["patient", "participant_id", "patient_id", "subject", "subject_id"]

  /// The column of the participants as it is written; nil if there is none.
  public var participantColumn: String? {
    Self.participantColumns.lazy.compactMap { index(of: $0) }.first.map { columns[$0] }
  }

  /// The key of the participant in every row; nil without such a column.
  ///
  /// - Throws: `missingKey` with the line of a row without one.
  public func participants() throws(TableError) -> [String]? {
    guard let column = participantColumn else { return nil }
    let keys = try strings(column)
    for (row, key) in zip(rows, keys) where Self.isMissing(key) {
      throw .missingKey(file: name, line: row.line, column: column)
    }
    return keys
  }
}
