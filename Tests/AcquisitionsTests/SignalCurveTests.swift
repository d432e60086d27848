import Acquisitions
import TestSupport
import Testing

struct SignalCurveTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func reading(_ text: String) throws -> [SignalCurve] {
    try SignalCurve.read(folder.write(text, as: "rois.tsv"))
  }

  @Test func `rows of one id and lesion are one curve, wherever they stand`() throws {
    let curves = try reading(
      "id\tlesion\tsetting\tsignal\tn\np1\ta\t0\t100\t2\np1\tb\t0\t90\t1\np1\ta\t800\t40\t6\n")
    #expect(
      curves == [
        SignalCurve(id: "p1", lesion: "a", settings: [0, 800], signals: [100, 40], averages: [2, 6]),
        SignalCurve(id: "p1", lesion: "b", settings: [0], signals: [90], averages: [1]),
      ])
    #expect(try curves[0].bValues().map(\.secondsPerSquareMillimeter) == [0, 800])
    #expect(curves[0].selecting(DiffusionSelection(highestB: 500)).signals == [100])
  }

  @Test func `n is one where it is not given, and commas do`() throws {
    #expect(try reading("id,lesion,setting,signal\n1,x,0.35,-12.5\n")[0].averages == [1])
  }

  @Test func `rows that cannot be are named by their line`() throws {
    let header = "id\tlesion\tsetting\tsignal\tn\n1\ta\t0\t100\t1\n"
    for (row, problem) in [
      ("1\ta\t-5\t100\t1", "negative or missing"), ("1\ta\tn/a\t100\t1", "negative or missing"),
      ("1\ta\t5\tn/a\t1", "signal"), ("1\ta\t5\tinf\t1", "signal"), ("1\ta\t5\t1\t0", "not positive"),
    ] {
      expect(
        failure { try reading(header + row) }, at: "rois.tsv, line 3", says: problem,
        advises: "Correct the row")
    }
    expect(
      failure { try reading("id\tlesion\n") }, at: "rois.tsv", says: "no column \"setting\"", advises: "Add")
    expect(
      failure { try reading("id\tlesion\tsetting\tsignal\n") }, at: "rois.tsv", says: "no rows", advises: "")
    let high = try reading("id\tlesion\tsetting\tsignal\np1\ta\t200\t100\n")[0]
    expect(
      failure { try high.bValues() }, at: "p1, a", says: "lowest b-value in use is 200", advises: "b = 0")
  }
}
