import Foundation
@testable import IVIMBayes
import TestSupport
import Testing

@Suite struct ReportedEfficacyTests {
  @Test func `A lesion is found by its name, and by its label where names do not tell lesions apart`() throws
  {
    let folder = try TemporaryFolder()
    let columns = EfficacyJudging.columns
    func row(_ lesion: String, _ p: Double) -> String {
      columns.map { column in
        switch column {
        case "level": lesion.isEmpty ? "patient" : "lesion"
        case "patient": "P1"
        case "lesion": lesion
        case "cohort", "calibrated", "flag", "model_sha256": "x"
        default: "\(p)"
        }
      }.joined(separator: "\t")
    }
    let text = [columns.joined(separator: "\t"), row("", 0.6), row("lower-lobe", 0.3), row("2", 0.9)]
    let efficacy = try ReportedEfficacy(
      try folder.write(text.joined(separator: "\n") + "\n", as: "efficacy.tsv"))
    #expect(efficacy.patient?.probability == 0.6)
    #expect(efficacy.row(of: ReportedLesion(label: "1", name: "lower-lobe", voxels: 9))?.probability == 0.3)
    #expect(efficacy.row(of: ReportedLesion(label: "2", name: "hilar", voxels: 9))?.probability == 0.9)
    #expect(efficacy.row(of: ReportedLesion(label: "3", name: "upper", voxels: 9)) == nil)
  }
}
