internal import Foundation
internal import Lesions
internal import Reporting

extension CohortPage {
  var groupSection: PageSection {
    var table = ReportTable(
      [
        .init(""), .init("group a, mean"), .init("group b, mean"),
        .init("difference, Bayesian (90 %)"), .init("Hedges g"), .init("Mann–Whitney p"),
        .init("Welch p"),
        .init("p, Holm"), .init("p, Benjamini–Hochberg"),
      ],
      caption:
        "Group a against group b (response: effective against ineffective; PD-L1: positive against negative). Values before and after in ms, % and 10⁻³ mm²/s; changes in percent, their SD on the logarithmic scale (f: logit). Differences from a Behrens–Fisher posterior. Bold: Holm p below 0.05; both corrections are over all features of a grouping.",
      style: "wide")
    for grouping in groups.distinct("grouping") {
      table.addGroup(Self.grouping(grouping))
      for row in groups.rows where groups.text("grouping", row) == grouping {
        table.addRow(
          head(groups.text("feature", row)),
          [
            .init(side("a", row)), .init(side("b", row)), .init(difference(row)),
            .init(Markup(Self.signed(groups.number("hedges_g", row)))),
            .init(Markup(NumberText.pValue(groups.number("mann_whitney_p", row)))),
            .init(Markup(NumberText.pValue(groups.number("welch_p", row)))),
            .init(Self.corrected(groups, row)),
            .init(Markup(NumberText.pValue(groups.number("p_bh", row)))),
          ])
      }
    }
    return PageSection("groups", label: "Groups", heading: "Group comparison", [.table(table)])
  }

  /// "1.10 (SD 0.15), n = 12" in the unit of display; of a change "+21 % (SD 0.14), n = 12". Breaks between lines fall
  /// between its parts.
  private func side(_ side: String, _ row: Int) -> Markup {
    let (value, count) = sideParts(side, row)
    guard let value else { return "<span class=\"nw\">\(count)</span>" }
    return "<span class=\"nw\">\(value),</span> <span class=\"nw\">\(count)</span>"
  }

  private func sideParts(_ side: String, _ row: Int) -> (value: String?, count: String) {
    let (mean, sd) = (groups.number("mean_\(side)", row), groups.number("sd_\(side)", row))
    let parts = groups.text("feature", row).split(separator: "_", maxSplits: 1).map(String.init)
    let count = "n = \(groups.text("n_\(side)", row))"
    guard mean.isFinite else { return (nil, count) }
    guard parts.count == 2, ["pre", "post", "delta"].contains(parts[0]) else {
      let places = DecimalPlaces(halfWidth: sd, mcse: .nan, significantDigits: 2)
      return ("\(places.text(mean)) (SD \(places.text(sd)))", count)
    }
    let isFraction = parts[1] == "f" || parts[1] == "f_vol"
    if parts[0] == "delta" {
      let text =
        isFraction
        ? DecimalPlaces(2).text(mean) + " logit" : NumberText.percentChange(exp(mean) - 1)
      return ("\(text) (SD \(DecimalPlaces(2).text(sd)))", count)
    }
    let factor = DisplayUnit(parameter: parts[1], unit: ReportContents.fileUnit(parts[1])).factor
    let places = DecimalPlaces(halfWidth: sd * factor, mcse: .nan, significantDigits: 2)
    return ("\(places.text(mean * factor)) (SD \(places.text(sd * factor)))", count)
  }

  /// The difference a − b with its 90 % interval, in the unit of its row.
  private func difference(_ row: Int) -> Markup {
    let numbers = ["bayes_difference", "bayes_q05", "bayes_q95"].map { groups.number($0, row) }
    let parts = groups.text("feature", row).split(separator: "_", maxSplits: 1).map(String.init)
    guard numbers.allSatisfy(\.isFinite) else { return "–" }
    let isFeature = parts.count == 2 && ["pre", "post", "delta"].contains(parts[0])
    if isFeature, parts[0] == "delta" { return Self.change(parts[1], numbers) }
    let factor =
      !isFeature
      ? 1 : DisplayUnit(parameter: parts[1], unit: ReportContents.fileUnit(parts[1])).factor
    return Self.signed(numbers.map { $0 * factor })
  }

  /// A change on the axis of `parameter`, its median and interval: in percent from the logarithm, logits as they are.
  static func change(_ parameter: String, _ numbers: [Double]) -> Markup {
    guard LesionParameter(rawValue: parameter)?.scale == .log else { return signed(numbers, unit: " logit") }
    let texts = numbers.map { NumberText.percentChange(exp($0) - 1) }
    let (lower, upper) = (texts[1].replacing(" %", with: ""), texts[2].replacing(" %", with: ""))
    return "\(texts[0]) <span class=\"nw\">(\(lower) to \(upper))</span>"
  }

  /// A median with its interval, each with its sign, all with the decimals that the interval allows.
  private static func signed(_ numbers: [Double], unit: String = "") -> Markup {
    let places = DecimalPlaces(
      halfWidth: (numbers[2] - numbers[1]) / 2, mcse: .nan, significantDigits: 2)
    let texts = numbers.map { number in
      let text = places.text(number)
      return number > 0 && text.contains(where: { "123456789".contains($0) }) ? "+\(text)" : text
    }
    return "\(texts[0])\(unit) <span class=\"nw\">(\(texts[1]) to \(texts[2]))</span>"
  }

  /// The name of a feature with its unit as the head of a row.
  func head(_ feature: String) -> Markup {
    let parts = feature.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts.count == 2, ["pre", "post"].contains(parts[0]) else { return Markup(Self.feature(feature)) }
    return Self.head(Self.feature(feature), parts[1])
  }

  /// The name of a parameter with its unit as the head of a row.
  static func head(of parameter: String) -> Markup { head(ParameterName.text(parameter), parameter) }

  private static func head(_ title: String, _ parameter: String) -> Markup {
    let unit = DisplayUnit(parameter: parameter, unit: ReportContents.fileUnit(parameter)).symbol
    return unit.isEmpty ? Markup(title) : "\(title) <span class=\"u\">\(unit)</span>"
  }
}
