internal import Tables

/// A PD-L1 status as tables write it: a word, a percentage, or a range of percentages.
enum PDL1Status: Equatable {
  case missing
  case positive
  case negative
  /// Percentages between two bounds, which may be equal.
  case percent(lowest: Double, highest: Double, hasSign: Bool)

  /// `positive`, `neg`, `+`, `60`, `60 %`, `<1%`, `>=50%`, `≥50`, `1-49%`, `n/a`; nil for anything else.
  init?(_ field: String, in table: TabSeparatedTable) {
    if TabSeparatedTable.isMissing(field) {
      self = .missing
      return
    }
    let word = field.lowercased()
    switch word {
    case "positive", "pos", "+": self = .positive
    case "negative", "neg", "-": self = .negative
    default:
      var text = word.filter { !$0.isWhitespace }
      let hasSign = text.contains("%")
      text = text.filter { $0 != "%" }
      func number(_ part: some StringProtocol) -> Double? {
        table.number(String(part)).flatMap { PlausibleRange.pdl1.contains($0) ? $0 : nil }
      }
      for (sign, isLower, isOpen) in [
        (">=", true, false), ("=>", true, false), ("≥", true, false), (">", true, true), ("<=", false, false),
        ("=<", false, false), ("≤", false, false), ("<", false, true),
      ] where text.hasPrefix(sign) {
        guard let bound = number(text.dropFirst(sign.count)) else { return nil }
        let low = isLower ? (isOpen ? bound.nextUp : bound) : 0
        let high = isLower ? 100 : (isOpen ? bound.nextDown : bound)
        guard low <= high else { return nil }
        self = .percent(lowest: low, highest: high, hasSign: hasSign)
        return
      }
      if let percent = number(text) {
        self = .percent(lowest: percent, highest: percent, hasSign: hasSign)
        return
      }
      let parts = text.split(whereSeparator: { "-–—".contains($0) })
      guard parts.count == 2, let low = number(parts[0]), let high = number(parts[1]), low <= high else {
        return nil
      }
      self = .percent(lowest: low, highest: high, hasSign: hasSign)
    }
  }

  /// The statuses of a column, positive from `cutoff` per cent on.
  ///
  /// - Throws: `unknownPDL1` for a field that is none or a range on both sides of the cut-off, `pdl1Share` for a column
  ///   that may hold shares in place of percentages.
  static func column(_ fields: [String], of table: TabSeparatedTable, named column: String, cutoff: Double)
    throws(CohortError) -> [Bool?]
  {
    var statuses: [PDL1Status] = []
    for (row, field) in zip(table.rows, fields) {
      guard let status = PDL1Status(field, in: table) else {
        throw .unknownPDL1(
          table: table.name, line: row.line, column: column, word: field, reason: "it is no PD-L1 status")
      }
      statuses.append(status)
    }
    if let place = firstShare(statuses, cutoff: cutoff) {
      throw .pdl1Share(
        table: table.name, line: table.rows[place].line, column: column, value: fields[place])
    }
    var positive: [Bool?] = []
    for (index, status) in statuses.enumerated() {
      switch status {
      case .missing: positive.append(nil)
      case .positive: positive.append(true)
      case .negative: positive.append(false)
      case .percent(let low, let high, _):
        guard low >= cutoff || high < cutoff else {
          throw .unknownPDL1(
            table: table.name, line: table.rows[index].line, column: column, word: fields[index],
            reason: "it lies on both sides of the cut-off, \(TabSeparatedTable.field(cutoff)) %")
        }
        positive.append(low >= cutoff)
      }
    }
    return positive
  }

  /// The first row whose number would mean something else if the column held shares: no number of the column exceeds 1,
  /// none has a per cent sign, and one lies strictly between 0 and 1, or 1 would be negative.
  private static func firstShare(_ statuses: [PDL1Status], cutoff: Double) -> Int? {
    var doubtful: Int?
    for (index, status) in statuses.enumerated() {
      guard case .percent(let low, let high, let hasSign) = status else { continue }
      if hasSign || high > 1 { return nil }
      if (low > 0 && low < 1) || (low == 1 && cutoff > 1) { doubtful = doubtful ?? index }
    }
    return doubtful
  }
}
