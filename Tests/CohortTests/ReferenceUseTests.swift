import Foundation
import TestSupport
import Testing

/// No exact answer lies unused.
@Suite struct ReferenceUseTests {
  /// What the change of a lesion, repeatability, efficacy and the tables of a cohort are held against.
  private static let fromScansToProbability = [
    "delta-probabilities", "repeatability", "overlap-contraction", "auc-delong", "group-tests",
    "icc-two-readers", "calibration-decision", "logistic-eiv", "logistic-separation", "two-group-summary",
    "two-group-mv", "two-group-measurement-error", "polya-gamma-moments", "recist-1-1",
  ]

  /// Every Swift file of the tests that reads a case, but this one.
  private static func readers() throws -> [String] {
    let files = FileManager.default.enumerator(at: Folders.tests, includingPropertiesForKeys: nil)
    var texts: [String] = []
    while let file = files?.nextObject() as? URL {
      let name = file.lastPathComponent
      guard name.hasSuffix(".swift"), name != "ReferenceUseTests.swift" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      if text.contains("ReferenceCase(") || text.contains("ReferenceVoxel(") { texts.append(text) }
    }
    return texts
  }

  /// True if a test names the case: whole, in a numbered series up to its number, or a voxel by the end of its name.
  private static func isRead(_ id: String, by texts: [String]) -> Bool {
    let series = id.replacing(#/[0-9]+$/#, with: "")
    var names = ["\"\(id)\""]
    if series != id { names.append("\"\(series)\\(") }
    let voxel = "voxel-posterior-"
    if id.hasPrefix(voxel) { names.append("\"\(id.dropFirst(voxel.count))\"") }
    return texts.contains { text in names.contains(where: text.contains) }
  }

  @Test func `Every reference case is read by a test`() throws {
    let texts = try Self.readers()
    let folder = Folders.tests.appending(path: "Reference/cases")
    let cases = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) }
    #expect(Set(Self.fromScansToProbability).isSubset(of: cases))
    for id in cases.sorted() { #expect(Self.isRead(id, by: texts), "\(id) is read by no test") }
    // The twin: a case that nobody reads is found out.
    #expect(!Self.isRead("two-group-summer", by: texts))
  }
}
