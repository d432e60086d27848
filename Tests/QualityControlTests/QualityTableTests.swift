import Acquisitions
import QualityControl
import Tables
import Testing

struct QualityTableTests {
  static func row(_ label: Int, _ volume: Int, _ faults: [VolumeFault]) -> VolumeQuality {
    VolumeQuality(
      label: label, name: "segment IV", volume: volume, setting: 50, meanSignal: 120.5,
      standardizedResidual: -7.25, edgeShift: 1.5, outlyingShare: 0, snr: .nan, faults: faults)
  }

  @Test func `the table names volume, numbers and faults`() {
    let table = QualityTable(rows: [Self.row(2, 3, []), Self.row(2, 4, [.signal, .shift])]).table
    #expect(
      table.text == "lesion\tname\tvolume\tsetting\tmean\tresidual\tedge_shift\toutlying_share\tsnr\tflag\n"
        + "2\tsegment IV\t3\t50\t120.5\t-7.25\t1.5\t0\tn/a\tok\n"
        + "2\tsegment IV\t4\t50\t120.5\t-7.25\t1.5\t0\tn/a\tsignal+shift\n")
  }

  @Test func `flagged volumes become exclusions of their lesion`() {
    let table = QualityTable(rows: [
      Self.row(1, 0, []), Self.row(1, 4, [.signal]), Self.row(2, 4, []), Self.row(3, 7, [.outliers]),
      Self.row(3, 8, [.shift]),
    ])
    #expect(table.exclusions == VolumeExclusions(byLesion: [1: [4], 3: [7, 8]]))
  }
}
