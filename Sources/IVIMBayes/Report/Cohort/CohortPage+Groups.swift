internal import Foundation
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
      table.addGroup(
        grouping == "pdl1" ? "PD-L1" : grouping.prefix(1).uppercased() + grouping.dropFirst())
      for row in groups.rows where groups.text("grouping", row) == grouping {
        let holm = groups.number("p_holm", row)
        let text = NumberText.pValue(holm)
        table.addRow(
          head(groups.text("feature", row)),
          [
            .init(Markup(side("a", row))), .init(Markup(side("b", row))),
            .init(Markup(difference(row))),
            .init(Markup(Self.signed(groups.number("hedges_g", row)))),
            .init(Markup(NumberText.pValue(groups.number("mann_whitney_p", row)))),
            .init(Markup(NumberText.pValue(groups.number("welch_p", row)))),
            .init(holm < 0.05 ? "<b>\(text)</b>" : Markup(text)),
            .init(Markup(NumberText.pValue(groups.number("p_bh", row)))),
          ])
      }
    }
    return PageSection("groups", label: "Groups", heading: "Group comparison", [.table(table)])
  }

  /// "1.10 (0.15)" in the unit of display; of a change on the logarithmic axis "+21 % (SD 0.14 on the log scale)".
  private func side(_ side: String, _ row: Int) -> String {
    let (mean, sd) = (groups.number("mean_\(side)", row), groups.number("sd_\(side)", row))
    let parts = groups.text("feature", row).split(separator: "_", maxSplits: 1).map(String.init)
    let count = "n = \(groups.text("n_\(side)", row))"
    guard mean.isFinite else { return count }
    guard parts.count == 2, ["pre", "post", "delta"].contains(parts[0]) else {
      let places = DecimalPlaces(halfWidth: sd, mcse: .nan, significantDigits: 2)
      return "\(places.text(mean)) (SD \(places.text(sd))), \(count)"
    }
    let isFraction = parts[1] == "f" || parts[1] == "f_vol"
    if parts[0] == "delta" {
      let text =
        isFraction
        ? DecimalPlaces(2).text(mean) + " logit" : NumberText.percentChange(exp(mean) - 1)
      return "\(text) (SD \(DecimalPlaces(2).text(sd))), \(count)"
    }
    let factor = DisplayUnit(parameter: parts[1], unit: ReportContents.fileUnit(parts[1])).factor
    let places = DecimalPlaces(halfWidth: sd * factor, mcse: .nan, significantDigits: 2)
    return "\(places.text(mean * factor)) (SD \(places.text(sd * factor))), \(count)"
  }

  /// The difference a − b with its 90 % interval, in the unit of its row.
  private func difference(_ row: Int) -> String {
    let numbers = ["bayes_difference", "bayes_q05", "bayes_q95"].map { groups.number($0, row) }
    let parts = groups.text("feature", row).split(separator: "_", maxSplits: 1).map(String.init)
    guard numbers.allSatisfy(\.isFinite) else { return "–" }
    let isFeature = parts.count == 2 && ["pre", "post", "delta"].contains(parts[0])
    if isFeature, parts[0] == "delta", parts[1] != "f", parts[1] != "f_vol" {
      let texts = numbers.map { NumberText.percentChange(exp($0) - 1) }
      return
        "\(texts[0]) (\(texts[1].replacing(" %", with: "")) to \(texts[2].replacing(" %", with: "")))"
    }
    let factor =
      !isFeature || parts[0] == "delta"
      ? 1 : DisplayUnit(parameter: parts[1], unit: ReportContents.fileUnit(parts[1])).factor
    let places = DecimalPlaces(
      halfWidth: (numbers[2] - numbers[1]) / 2 * factor, mcse: .nan, significantDigits: 2)
    let texts = numbers.map { number in
      let text = places.text(number * factor)
      return number > 0 && text.contains(where: { "123456789".contains($0) }) ? "+\(text)" : text
    }
    return "\(texts[0]) (\(texts[1]) to \(texts[2]))"
  }

  /// The name of a feature with its unit as the head of a row.
  func head(_ feature: String) -> Markup {
    let parts = feature.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts.count == 2, ["pre", "post"].contains(parts[0]) else { return Markup(Self.feature(feature)) }
    let unit = DisplayUnit(parameter: parts[1], unit: ReportContents.fileUnit(parts[1])).symbol
    return "\(Self.feature(feature)) <span class=\"u\">\(unit)</span>"
  }
}
