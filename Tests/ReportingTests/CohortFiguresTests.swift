import Foundation
import Tables
import TestSupport
import Testing

@testable import Reporting

/// Figures about all patients: ROC curve, recalibration, left-out probabilities, pairs.
@Suite struct CohortFiguresTests {
  private func roc(band: [(falsePositive: Double, lower: Double, upper: Double)]) -> Figure {
    ROCFigure(points: [(0, 0), (0, 0.5), (0.25, 1), (1, 1)], band: band)
      .figure(name: "roc", title: "ADC", note: ["AUC 0.90", "0.75 to 1.00"], isSynthetic: false)
  }

  @Test func `An ROC curve passes through its corners and its data have one row for each`() throws {
    let figure = roc(band: [(0, 0, 0.4), (1, 0.9, 1)])
    let curve = DrawnElements(figure).all("path").first { $0.attributes["stroke"] == Palette.effective }
    let corners = try #require(curve?.corners)
    #expect(corners.count == 4)
    let panel = Panel("", axes: .init(x: (0, 1), y: (0, 1)), height: figure.height, isSynthetic: false)
    for (corner, (x, y)) in zip(corners, [(0.0, 0.0), (0, 0.5), (0.25, 1), (1, 1)]) {
      #expect(isClose(corner.x, panel.x.place(x), absolute: 0.01))
      #expect(isClose(corner.y, panel.y.place(y), absolute: 0.01))
    }
    try #expect(figure.data.strings("kind") == ["curve", "curve", "curve", "curve", "band", "band"])
    try #expect(figure.data.numbers("q95").suffix(2) == [0.4, 1])
    #expect(figure.description.contains("90 % band"))
  }

  @Test func `Without a band none is drawn or spoken of, and the note reads from top to bottom`() throws {
    let figure = roc(band: [])
    let elements = DrawnElements(figure)
    #expect(!elements.all("path").contains { $0.attributes["fill-opacity"] != nil })
    #expect(!figure.description.contains("band") && figure.description.contains("AUC 0.90; 0.75 to 1.00"))
    let (first, second) = (
      try #require(elements.text("AUC 0.90")), try #require(elements.text("0.75 to 1.00"))
    )
    #expect(second["y"] - first["y"] == 16 && first.attributes["class"] == "b halo")
  }

  @Test func `Patients of a calibration curve stand above or below it by their outcome`() throws {
    let figure = CalibrationFigure(
      curve: [(0, 0.1, 0, 0.3), (1, 0.9, 0.7, 1)], marks: [(.effective, 0.8), (.ineffective, 0.2)]
    ).figure(name: "c", title: "t", isSynthetic: true)
    let elements = DrawnElements(figure)
    let (effective, ineffective) = (elements.all("circle")[0], elements.all("rect")[0])
    #expect(effective["cy"] < 60 && ineffective["y"] > 270)
    #expect(isClose(effective["cx"], 44 + 0.8 * 316, absolute: 0.01))
    #expect(elements.texts.contains("SYNTHETIC"))
    try #expect(figure.data.numbers("observed") == [0.1, 0.9] && figure.data.numbers("q05") == [0, 0.7])
  }

  @Test func `Left-out probabilities are ordered, equal ones by name, and the mistaken are bold and counted`()
    throws
  {
    let figure = LeftOutFigure([
      .init(name: "B", mark: .ineffective, probability: 0.7),
      .init(name: "C", mark: .effective, probability: 0.9),
      .init(name: "A", mark: .effective, probability: 0.7),
      .init(name: "D", mark: .effective, probability: 0.5),
    ]).figure(name: "l", title: "t", prevalence: 0.5, isSynthetic: false)
    try #expect(figure.data.strings("patient") == ["C", "A", "B", "D"])
    // B has more than 0.5 and was not treated effectively; D does not exceed 0.5 and was.
    #expect(figure.description.hasPrefix("4 patients; 2 lie on the other side"))
    let elements = DrawnElements(figure)
    let bold = ["A", "B", "C", "D"].filter { elements.text($0)?.attributes["class"] == "tick b" }
    #expect(bold == ["B", "D"])
  }

  @Test func `Many patients stand closer, few keep their room, and long names end in an ellipsis`() {
    func height(_ count: Int) -> Double {
      LeftOutFigure((0..<count).map { .init(name: "p\($0)", mark: .effective, probability: 0.6) })
        .figure(name: "l", title: "t", prevalence: 0.5, isSynthetic: false).height
    }
    #expect(height(1) == height(4) && height(40) - height(4) == 14 * 36)
    #expect(height(60) - height(41) == 9 * 19 && height(41) < height(40))
    let long = LeftOutFigure([.init(name: "sub-LongNameOfAPatient", mark: .effective, probability: 0.6)])
    let figure = long.figure(name: "l", title: "t", prevalence: 0.5, isSynthetic: false)
    #expect(DrawnElements(figure).texts.contains("sub-LongNameOfAP…"))
  }

  @Test func `Equal relative changes are equally steep, and the group's change is their geometric mean`()
    throws
  {
    let figure = PairedLinesFigure([
      .init(mark: .effective, label: "effective", pairs: [(1, 2), (2, 4)]),
      .init(mark: .ineffective, label: "ineffective", pairs: [(1, 2), (2, 1)]),
    ]).figure(name: "p", title: "ADC", isSynthetic: false)
    let lines = DrawnElements(figure).all("path").map(\.corners).filter { $0.count == 2 }
    let rises = lines.map { $0[0].y - $0[1].y }
    // Two patients and the mean of each group, in this order.
    #expect(rises.count == 6 && isClose(rises[0], rises[1], absolute: 0.02))
    #expect(isClose(rises[2], rises[0], absolute: 0.02) && isClose(rises[5], 0, absolute: 0.02))
    #expect(
      figure.description
        == "effective: 2 patients, mean change +100 %; ineffective: 2 patients, mean change 0 %.")
  }

  @Test func `Pairs without a logarithm are left out, and a group without any is not drawn`() throws {
    let figure = PairedLinesFigure([
      .init(mark: .effective, label: "effective", pairs: [(1, 2), (0, 3), (2, -1), (.nan, 1)]),
      .init(mark: .ineffective, label: "ineffective", pairs: []),
    ]).figure(name: "p", title: "ADC", isSynthetic: false)
    #expect(figure.data.rows.count == 1)
    let texts = DrawnElements(figure).texts
    #expect(texts.contains("effective, n = 1") && !texts.contains { $0.hasPrefix("ineffective") })
    #expect(figure.description.hasSuffix("ineffective: 0 patients, mean change n/a %."))
  }

  @Test func `Outcomes and visits differ by shape, not by colour alone`() {
    for outcome in OutcomeMark.allCases {
      var canvas = SVGCanvas()
      outcome.draw(on: &canvas, x: 10, y: 20)
      let drawn = DrawnElements(canvas).elements
      #expect(drawn.map(\.name) == [outcome == .effective ? "circle" : "rect"])
    }
    for visit in VisitMark.allCases {
      var canvas = SVGCanvas()
      visit.draw(on: &canvas, x: 10, y: 20)
      #expect(DrawnElements(canvas).elements.map(\.name) == [visit == .after ? "circle" : "rect"])
      #expect((visit.dash == nil) == (visit == .after))
    }
  }
}
