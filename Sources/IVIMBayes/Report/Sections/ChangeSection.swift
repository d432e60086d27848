internal import Diagnostics
internal import Reporting

/// The table of all changes, with the forest.
struct ChangeSection {
  let contents: ReportContents
  let changes: ReportedChanges

  var section: PageSection {
    PageSection(
      "change", label: "All changes", heading: "All changes", place: .together, isQuick: true, [.table(table)]
    )
  }

  private var table: ReportTable {
    var table = ReportTable(
      [
        .init(""), .init("before → after"),
        .init("<span>change, logarithmic axis</span>", label: ""),
        .init("relative change<br>(90&nbsp;% interval)", label: "relative change (90 %)"),
        .init("probability<br>of direction", label: "probability of direction"),
        .init("probability<br>beyond ROPE", label: "probability beyond ROPE"),
        .init("observed change<br>vs RC", label: "observed change vs RC"),
      ],
      caption:
        "Lesion means and their relative change. Two questions, kept apart in each row. <b>Top lane, how large is the true change?</b> Circle: median; thin line: 90&nbsp;% interval including scan-to-scan variation; thick line: what the two scans alone would claim; grey band: region of practical equivalence (ROPE). <b>Bottom lane, could a repeat scan differ as much?</b> Diamond: observed change, filled \(Glyph.beyond.markup) when beyond the repeatability coefficient (RC), whose limits are the two ticks. Arrow: continues beyond the axis.\(unshown)",
      style: "forest")
    for subject in contents.subjects {
      let rows = contents.parameters.filter { !unjudged.contains($0) }
        .compactMap { changes.row($0, of: subject.lesion) }
      guard !rows.isEmpty else { continue }
      table.addGroup(subject.title)
      if rows.contains(where: \.isReadable) {
        table.addAxis(ForestStrip.axis(name: "axis-\(subject.slug)", isSynthetic: contents.isSynthetic))
      }
      for row in rows { add(row, of: subject, to: &table) }
    }
    return table
  }

  /// Parameters that follow from others, and whose scan-to-scan variation is not known: there is nothing to say of them.
  private var unjudged: [String] {
    contents.parameters.filter { parameter in
      !contents.mainParameters.contains(parameter)
        && !changes.rows.contains { $0.parameter == parameter && $0.rc.isFinite }
    }
  }

  /// Where the changes are that have no row.
  private var unshown: Markup {
    let names = unjudged.map(ParameterName.text)
    guard !names.isEmpty else { return "" }
    return
      " Scan-to-scan variation of \(ParameterName.list(names)) is not known: there is no interval and no probability of \(names.count == 1 ? "it" : "them")."
  }

  private func add(_ row: ReportedChange, of subject: ReportContents.Subject, to table: inout ReportTable) {
    let name = "change-\(subject.slug)-\(Figure.slug(row.parameter))"
    let title = "\(subject.title), \(ParameterName.text(row.parameter))"
    let head = contents.head(row.parameter)
    if !row.isReadable {
      let (reason, glyph): (String, Glyph) =
        row.isMissing
        ? (subject.labels.first.flatMap { $0 } == nil ? "no value before" : "no value after", .open)
        : row.isSilent
          ? ("not informed by these data", .hatched) : ("sampling failed: not to be used", .failure)
      let strip = ForestStrip.silent(reason, name: name, title: title)
      let dash = ReportTable.Cell("–")
      let verdict: Markup = row.isMissing ? "none" : row.isSilent ? "do not interpret" : "do not use"
      table.addRow(
        head,
        [
          .init(Markup(row.isMissing ? "one visit only" : "none printed")), .strip(strip),
          .init("none printed"), dash, dash,
        ]
          + [.init("\(glyph.markup) \(verdict)")], isMuted: true)
      return
    }
    let words = row.words
    guard words.direction != .unknown else {
      let dash = ReportTable.Cell("–")
      table.addRow(
        head,
        [
          .init("<span class=\"nw\">\(beforeAfter(row, subject))</span>"),
          .strip(ForestStrip.silent("scan-to-scan variation not known", name: name, title: title)),
          .init("<b>\(words.median)</b> <span class=\"nw\">(\(words.interval))</span>"), dash, dash,
          .init("\(Glyph.open.markup) not known"),
        ])
      return
    }
    let beyond = ChangeWords.repeatability(row.isBeyond)
    let strip = ForestStrip.figure(
      row.strip, name: name, title: title,
      description: "Change \(words.median), 90 % interval \(words.interval) %; observed change \(beyond).")
    let mark: Markup =
      row.isBeyond.map { isBeyond -> Markup in
        "\((isBeyond ? Glyph.beyond : .within).markup) \(isBeyond ? "beyond" : "within") <span class=\"u nw\">(\(row.repeatabilityText))</span>"
      } ?? "\(Glyph.open.markup) not known"
    let grade: Markup = row.grade == .mixed ? " <span class=\"u nw\">\(Glyph.half.markup) mixed</span>" : ""
    table.addRow(
      head,
      [
        .init("<span class=\"nw\">\(beforeAfter(row, subject))</span>\(grade)"), .strip(strip),
        .init("<b>\(words.median)</b> <span class=\"nw\">(\(words.interval))</span>"),
        .init("\(NumberText.probability(words.probability)) <span class=\"u\">\(words.sign)</span>"),
        .init("\(NumberText.probability(row.outsideRope)) <span class=\"u nw\">(\(row.ropeText))</span>"),
        .init(mark),
      ], isMuted: contents.verdict == .fail)
  }

  /// "1.06 → 1.31", both with the decimals of the coarser.
  private func beforeAfter(_ row: ReportedChange, _ subject: ReportContents.Subject) -> String {
    let values = contents.values(row.parameter, of: subject)
    let unit = DisplayUnit(parameter: row.parameter, unit: ReportContents.fileUnit(row.parameter))
    let places = values.compactMap { $0?.places() }.min() ?? DecimalPlaces(2)
    return "\(places.text(row.pre * unit.factor)) → \(places.text(row.post * unit.factor))"
  }
}
