internal import Reporting

extension CohortPage {
  /// How far readers agree; nil unless several read the cohort.
  var readerSection: PageSection? {
    guard let readers, !readers.rows.isEmpty else { return nil }
    var table = ReportTable(
      [
        .init(""), .init("readers"), .init("lesions"), .init("ICC(2,1), absolute agreement (95 %)"),
        .init("ICC(3,1), consistency (95 %)"), .init("bias, first − second (limits of agreement)"),
      ],
      caption:
        "Agreement of the readers; everything else on this page is of the first. Bias of values in the unit of the row, of changes on the logarithmic axis (f: logit).",
      style: "wide")
    for row in readers.rows {
      func interval(_ column: String) -> String {
        Self.known(
          readers.number(column, row), readers.number("\(column)_low", row),
          readers.number("\(column)_high", row))
      }
      table.addRow(
        head(readers.text("feature", row)),
        [
          .init(Markup(readers.text("readers", row))), .init(Markup(readers.text("n", row))),
          .init(Markup(interval("icc_2_1"))), .init(Markup(interval("icc_3_1"))),
          .init(Markup(bias(readers, row))),
        ])
    }
    return PageSection("readers", label: "Readers", heading: "Agreement of readers", [.table(table)])
  }

  private func bias(_ readers: TableColumns, _ row: Int) -> String {
    let numbers = ["bias", "loa_lower", "loa_upper"].map { readers.number($0, row) }
    guard numbers.allSatisfy(\.isFinite) else { return "–" }
    let parts = readers.text("feature", row).split(separator: "_", maxSplits: 1).map(String.init)
    let isValue = parts.count == 2 && ["pre", "post"].contains(parts[0])
    let factor =
      isValue ? DisplayUnit(parameter: parts[1], unit: ReportContents.fileUnit(parts[1])).factor : 1
    let places = DecimalPlaces(
      halfWidth: (numbers[2] - numbers[1]) / 2 * factor, mcse: .nan, significantDigits: 2)
    let texts = numbers.map { places.text($0 * factor) }
    return "\(texts[0]) (\(texts[1]) to \(texts[2]))"
  }
}
