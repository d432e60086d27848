internal import Cohort
internal import Reporting

extension CohortPage {
  var leftOutSection: PageSection? {
    guard let leftOut, let scores = leftOut.scores else { return nil }
    let prevalence =
      Double(leftOut.folds.count { $0.isEffective }) / Double(max(leftOut.folds.count, 1))
    let folds = leftOut.folds.filter(\.probability.isFinite)
    func mark(_ fold: LeaveOnePatientOut.Fold) -> OutcomeMark {
      fold.isEffective ? .effective : .ineffective
    }
    let people = LeftOutFigure(
      folds.map { .init(name: $0.patient, mark: mark($0), probability: $0.probability) }
    )
    .figure(
      name: "left-out", title: "Left-out probability, each patient", prevalence: prevalence,
      isSynthetic: isSynthetic)
    let curve = CalibrationFigure(
      curve: CohortBands.calibration(scores, seed: seed),
      marks: folds.map { (mark($0), $0.probability) }
    ).figure(name: "calibration", title: "Calibration, patients left out", isSynthetic: isSynthetic)
    return PageSection(
      "lopo", label: "Left-out probabilities", heading: "Left-out probabilities and calibration",
      place: .newPage,
      lede:
        "Each patient’s probability comes from a model trained on the other \(max(folds.count - 1, 0)).",
      [
        .figures(
          FigureGrid(
            nil,
            [
              (people, "<b>Bold</b> names: on the other side of 0.5 from their outcome."),
              (
                curve,
                "Curve: logistic recalibration; band: 90&nbsp;%, as wide as \(folds.count) patients make it."
              ),
            ]))
      ])
  }
}
