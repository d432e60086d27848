internal import Reporting

extension CohortPage {
  /// Every patient's probability by a model of the others, and how well such probabilities hold; nil without any.
  var leftOutSection: PageSection? {
    guard let leftOut else { return nil }
    func mark(_ patient: CohortLeftOut.Patient) -> OutcomeMark {
      patient.isEffective ? .effective : .ineffective
    }
    let people = LeftOutFigure(
      leftOut.patients.map { .init(name: $0.name, mark: mark($0), probability: $0.probability) }
    ).figure(
      name: "left-out", title: "Left-out probability, each patient", prevalence: leftOut.prevalence,
      isSynthetic: isSynthetic)
    let calibration = CalibrationFigure(
      curve: CohortBands.calibration(leftOut.scores, seed: record.seed),
      marks: leftOut.patients.map { (mark($0), $0.probability) }
    ).figure(name: "calibration", title: "Calibration, patients left out", isSynthetic: isSynthetic)
    let features = ParameterName.list(record.modelFeatures.map(Self.feature))
    return PageSection(
      "lopo", label: "Left-out probabilities", heading: "Left-out probabilities and calibration",
      place: .newPage,
      lede:
        "Each patient’s probability comes from a model of \(features) that was trained on the other \(leftOut.patients.count - 1) patients.",
      [
        .figures(
          FigureGrid(
            nil,
            [
              (
                people,
                "<b>Bold</b> names: on the other side of 0.5 from their outcome. Grey line: prevalence \(NumberText.probability(leftOut.prevalence))."
              ),
              (
                calibration,
                "Curve: logistic recalibration; band: 90&nbsp;%, as wide as \(leftOut.patients.count) patients make it."
              ),
            ],
            key:
              "<p><b>How to read.</b> <span class=\"effective\">● effective</span> &nbsp; <span class=\"ineffective\">□ ineffective</span>.</p><p>On the diagonal, patients with a probability of 0.7 turn out effective seven times of ten.</p>"
          ))
      ])
  }
}
