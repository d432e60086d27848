import Foundation
@testable import IVIMBayes
import TestSupport
import Testing

@Suite struct ReportedEfficacyTests {
  @Test func `A lesion is found by its name, and by its label where names do not tell lesions apart`() throws
  {
    let folder = try TemporaryFolder()
    let columns = EfficacyJudging.columns
    func line(_ lesion: String, _ p: Double) -> String {
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
    let text = [columns.joined(separator: "\t"), line("", 0.6), line("lower-lobe", 0.3), line("2", 0.9)]
    let efficacy = try ReportedEfficacy(
      try folder.write(text.joined(separator: "\n") + "\n", as: "efficacy.tsv"))
    #expect(efficacy.rows(ofPatient: "P1").map(\.probability) == [0.6, 0.3, 0.9])
    #expect(efficacy.patients == ["P1"])
    func row(_ label: String, _ name: String, patient: String = "P1") -> ReportedEfficacy.Row? {
      efficacy.row(of: ReportedLesion(label: label, name: name, voxels: 9), patient: patient)
    }
    #expect(row("1", "lower-lobe")?.probability == 0.3)
    #expect(row("2", "hilar")?.probability == 0.9)
    #expect(row("3", "upper") == nil && row("1", "lower-lobe", patient: "P2") == nil)
  }
}
