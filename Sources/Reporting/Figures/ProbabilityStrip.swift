internal import Tables

/// A probability with two intervals on one axis, and where its uncertainty comes from.
public enum ProbabilityStrip {
  private static let width = 400.0

  /// Circle: the probability; thick: 90 % over cohorts like this one; thin: if the true change were known exactly; tick: the
  /// prevalence in the cohort.
  public static func figure(
    name: String, title: String, probability: Double, cohort: (lower: Double, upper: Double),
    known: (lower: Double, upper: Double), prevalence: Double
  ) -> Figure {
    let x = PlotScale(.linear, 0, 1, from: 10, to: width - 10)
    var canvas = SVGCanvas()
    canvas.line(from: (x.start, 22), to: (x.end, 22), .stroke(Palette.axis))
    for tick in [0, 0.25, 0.5, 0.75, 1.0] {
      canvas.line(from: (x.place(tick), 22), to: (x.place(tick), 27), .stroke(Palette.axis))
      canvas.text(
        PlotScale.label(tick), x: x.place(tick), y: 39, anchor: .middle, style: "tick", fill: Palette.muted)
    }
    if prevalence.isFinite {
      canvas.line(
        from: (x.place(prevalence), 12), to: (x.place(prevalence), 27), .stroke(Palette.ink, dash: "2 2"))
      let isRight = prevalence > 0.6
      canvas.text(
        "prevalence \(NumberText.probability(prevalence))", x: x.place(prevalence) + (isRight ? -3 : 3),
        y: 10,
        anchor: isRight ? .end : .start, style: "tick", fill: Palette.muted)
    }
    canvas.line(
      from: (x.clamped(known.lower), 22), to: (x.clamped(known.upper), 22), .stroke(Palette.ink, width: 1.6))
    let (low, high) = (x.clamped(cohort.lower), x.clamped(cohort.upper))
    canvas.rectangle(x: low, y: 18.5, width: high - low, height: 7, .fill(Palette.ink))
    canvas.circle(x: x.clamped(probability), y: 22, radius: 5.5, .stroke(Palette.ink, width: 2, fill: "#fff"))
    var data = TabSeparatedTable(
      columns: ["p_effective", "p_lower", "p_upper", "p_if_known_low", "p_if_known_high", "prevalence"],
      name: "probability")
    data.append(
      [probability, cohort.lower, cohort.upper, known.lower, known.upper, prevalence].map(
        TabSeparatedTable.field))
    return Figure(
      name: name, title: title,
      description: "Probability \(NumberText.probability(probability)); 90 % interval "
        + "\(NumberText.probability(cohort.lower)) to \(NumberText.probability(cohort.upper)) from the cohort; prevalence "
        + "\(NumberText.probability(prevalence)).", width: width, height: 42, canvas: canvas, data: data)
  }

  /// The shares of the imaging and of the cohort in the uncertainty of a probability.
  public static func shares(name: String, title: String, imaging: Double, cohort: Double) -> Figure {
    var canvas = SVGCanvas()
    let place = width * min(max(imaging, 0), 1)
    canvas.rectangle(x: 0, y: 0, width: place, height: 12, .fill("#4a4740"))
    canvas.rectangle(x: place, y: 0, width: width - place, height: 12, .fill("#cbc5b8"))
    func percent(_ share: Double) -> String { DecimalPlaces(0).text(100 * share) + " %" }
    canvas.text("imaging (scans and repeatability) \(percent(imaging))", x: 0, y: 28)
    canvas.text("cohort \(percent(cohort))", x: width, y: 28, anchor: .end)
    var data = TabSeparatedTable(columns: ["share_imaging", "share_cohort"], name: "shares")
    data.append([imaging, cohort].map(TabSeparatedTable.field))
    return Figure(
      name: name, title: title,
      description: "Imaging \(percent(imaging)), cohort \(percent(cohort)).", width: width, height: 34,
      canvas: canvas, data: data)
  }
}
