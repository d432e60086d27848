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
      if text.contains("ReferenceCase(") { texts.append(text) }
    }
    return texts
  }

  @Test func `Every reference case of changes and cohorts is there, and read by a test`() throws {
    let texts = try Self.readers()
    func isRead(_ id: String) -> Bool { texts.contains { $0.contains("\"\(id)\"") } }
    for id in Self.fromScansToProbability {
      #expect(try ReferenceCase(id).expected != .null, "\(id)")
      #expect(isRead(id), "\(id) is read by no test")
    }
    // The twin: a case that nobody reads is found out.
    #expect(!isRead("two-group-summer"))
  }
}
