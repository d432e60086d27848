internal import Tables

/// The probability of each patient by a model trained on the others, ordered.
public struct LeftOutFigure: Sendable {
  /// One patient.
  public struct Patient: Sendable {
    var name: String
    var mark: OutcomeMark
    var probability: Double

    /// A patient with the probability of effective treatment that the others give.
    public init(name: String, mark: OutcomeMark, probability: Double) {
      (self.name, self.mark, self.probability) = (name, mark, probability)
    }

    var isOnOtherSide: Bool { (mark == .effective) != (probability > 0.5) }
  }

  private let patients: [Patient]

  /// Patients in any order; the surest are drawn first.
  public init(_ patients: [Patient]) {
    self.patients = patients.sorted { ($0.probability, $1.name) > ($1.probability, $0.name) }
  }

  /// The figure; names of patients on the other side of 0.5 are bold.
  public func figure(name: String, title: String, prevalence: Double, isSynthetic: Bool) -> Figure {
    let step = patients.count > 40 ? 9.0 : 14
    let height = 72 + step * Double(max(patients.count, 4))
    var panel = Panel(
      title, axes: .init(x: (0, 1), y: (0, 1)), height: height, left: 110, isSynthetic: isSynthetic)
    panel.canvas.line(
      from: (panel.x.place(0.5), panel.top), to: (panel.x.place(0.5), panel.bottom),
      .stroke(Palette.axis, dash: "3 3"))
    panel.canvas.line(
      from: (panel.x.place(prevalence), panel.top), to: (panel.x.place(prevalence), panel.bottom),
      .stroke(Palette.rule))
    for (index, patient) in patients.enumerated() {
      let y = panel.top + 6 + step * Double(index)
      panel.canvas.text(
        Panel.shortened(patient.name, to: 17), x: 103, y: y + 4, anchor: .end,
        style: patient.isOnOtherSide ? "tick b" : "tick")
      panel.canvas.line(from: (panel.left, y), to: (panel.right, y), .stroke("#e9e6df"))
      patient.mark.draw(on: &panel.canvas, x: panel.x.place(patient.probability), y: y)
    }
    panel.xAxis("probability of the effective group, patient left out", ticks: [0, 0.25, 0.5, 0.75, 1])
    var data = TabSeparatedTable(columns: ["patient", "group", "probability"], name: "left-out")
    for patient in patients {
      data.append([
        patient.name, patient.mark == .effective ? "effective" : "ineffective",
        TabSeparatedTable.field(patient.probability),
      ])
    }
    return Figure(
      name: name, title: title,
      description:
        "\(patients.count) patients; \(patients.count { $0.isOnOtherSide }) lie on the other side of 0.5 from their outcome.",
      width: Panel.width, height: height, canvas: panel.canvas, data: data)
  }
}
