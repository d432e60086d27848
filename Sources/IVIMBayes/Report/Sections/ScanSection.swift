internal import Foundation
internal import Reporting

/// What two scans of an unchanged lesion differ by, for every parameter, and where the figure comes from.
struct ScanSection {
  let contents: ReportContents
  let changes: ReportedChanges

  /// Nil if no change was computed.
  var section: PageSection? {
    var table = ReportTable(
      [
        .init(""), .init("within-subject SD"), .init("not from image noise"),
        .init("RC, smallest certain observed change"),
        .init("source"),
      ],
      caption:
        "Within-subject SD on the scale of the change (log, or logit for f). The part that is not image noise widens every change of this page by √2; the repeatability coefficient (RC) is 2.77 SD, and is asked of the observed change only.",
      style: "wide")
    for parameter in contents.mainParameters {
      guard let row = changes.rows.first(where: { $0.parameter == parameter && $0.rc.isFinite }) else {
        continue
      }
      table.addRow(
        contents.head(parameter),
        [
          .init(Markup(DecimalPlaces(3).text(row.wsdTotal))),
          .init(Markup(DecimalPlaces(3).text(row.wsdPhysiological))),
          .init(Markup(row.repeatabilityText)), .init(Markup(row.wsdSource)),
        ])
    }
    let unknown = contents.mainParameters.filter { parameter in
      let rows = changes.rows.filter { $0.parameter == parameter && $0.isReadable }
      return !rows.isEmpty && rows.allSatisfy { !$0.rc.isFinite }
    }
    guard !table.isEmpty || !unknown.isEmpty else { return nil }
    return PageSection(
      "scan", label: "Scan-to-scan", heading: "Scan-to-scan variation",
      (table.isEmpty ? [] : [.table(table)])
        + (unknown.isEmpty
          ? []
          : [
            .prose(
              "\(ParameterName.list(unknown.map(ParameterName.text))): no figure is known, so that their changes have no interval and no probability."
            )
          ]))
  }
}
