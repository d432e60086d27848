import Foundation
import TestSupport
import Testing

@testable import IVIMBayes

/// Time is known or asked, never guessed from names.
@Suite struct BIDSSessionOrderTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let name: String
    let sessions: [String]
    /// Files by their path in the dataset.
    var files: [String: String] = [:]
    var order: [String] = []
    var baseline: String?
    let expected: [String]
    /// The beginning of what decided; nil if nothing did.
    let decision: String?
    var testDescription: String { name }
  }

  private static let table = "sub-01/sub-01_sessions.tsv"
  private static func scans(_ session: String, _ time: String) -> (String, String) {
    ("sub-01/\(session)/sub-01_\(session)_scans.tsv", "filename\tacq_time\ndwi/x.nii.gz\t\(time)\n")
  }

  static let examples = [
    Example(
      name: "pre and post, nothing else", sessions: ["ses-pre", "ses-post"],
      expected: ["ses-post", "ses-pre"],
      decision: nil),
    Example(
      name: "numbers", sessions: ["ses-10", "ses-2", "ses-1"], expected: ["ses-1", "ses-2", "ses-10"],
      decision: "labels that are numbers"),
    Example(
      name: "numbers with zeros", sessions: ["ses-02", "ses-01"], expected: ["ses-01", "ses-02"],
      decision: "labels that are numbers"),
    Example(
      name: "one number twice", sessions: ["ses-01", "ses-1"], expected: ["ses-01", "ses-1"], decision: nil),
    Example(
      name: "words with numbers", sessions: ["ses-week10", "ses-week2"],
      expected: ["ses-week10", "ses-week2"],
      decision: nil),
    Example(
      name: "times of the sessions", sessions: ["ses-a", "ses-b"],
      files: [table: "session_id\tacq_time\nses-a\t2020-03-01T10:00:00\nses-b\t2020-01-01T10:00:00\n"],
      expected: ["ses-b", "ses-a"], decision: "acq_time of sub-01_sessions.tsv"),
    Example(
      name: "times go before numbers", sessions: ["ses-1", "ses-2"],
      files: [table: "session_id\tacq_time\nses-1\t2020-03-01\nses-2\t2020-01-01\n"],
      expected: ["ses-2", "ses-1"],
      decision: "acq_time of sub-01_sessions.tsv"),
    Example(
      name: "one time missing", sessions: ["ses-a", "ses-b"],
      files: [table: "session_id\tacq_time\nses-a\tn/a\nses-b\t2020-01-01\n"], expected: ["ses-a", "ses-b"],
      decision: nil),
    Example(
      name: "equal times", sessions: ["ses-a", "ses-b"],
      files: [table: "session_id\tacq_time\nses-a\t2020-01-01\nses-b\t2020-01-01\n"],
      expected: ["ses-a", "ses-b"],
      decision: nil),
    Example(
      name: "rows without times are no order", sessions: ["ses-pre", "ses-post"],
      files: [table: "session_id\nses-pre\nses-post\n"], expected: ["ses-post", "ses-pre"], decision: nil),
    Example(
      name: "times of the scans", sessions: ["ses-a", "ses-b"],
      files: Dictionary(uniqueKeysWithValues: [
        scans("ses-a", "2021-01-01T09:00:00"), scans("ses-b", "2020-12-31T23:00:00"),
      ]),
      expected: ["ses-b", "ses-a"], decision: "acq_time of the _scans.tsv"),
    Example(
      name: "by order", sessions: ["ses-a", "ses-b", "ses-c"], order: ["c", "a", "b"],
      expected: ["ses-c", "ses-a", "ses-b"], decision: "--order"),
    Example(
      name: "an order that lacks a session", sessions: ["ses-a", "ses-b"], order: ["b"],
      expected: ["ses-a", "ses-b"],
      decision: nil),
    Example(
      name: "baseline of two", sessions: ["ses-post", "ses-pre"], baseline: "pre",
      expected: ["ses-pre", "ses-post"],
      decision: "--baseline"),
    Example(
      name: "baseline of three leaves two in doubt", sessions: ["ses-x", "ses-y", "ses-pre"], baseline: "pre",
      expected: ["ses-pre", "ses-x", "ses-y"], decision: nil),
    Example(
      name: "baseline of numbers", sessions: ["ses-1", "ses-2", "ses-3"], baseline: "2",
      expected: ["ses-2", "ses-1", "ses-3"], decision: "--baseline, then labels that are numbers"),
    Example(
      name: "one session", sessions: ["ses-only"], expected: ["ses-only"], decision: "only one session"),
  ]

  @Test(arguments: examples) func `The order of sessions`(_ example: Example) throws {
    let folder = try TemporaryFolder()
    for session in example.sessions {
      try FileManager.default.createDirectory(
        at: folder.file("sub-01/\(session)"), withIntermediateDirectories: true)
    }
    for (path, text) in example.files { try Data(text.utf8).write(to: folder.file(path)) }
    let order = try BIDSSessionOrder(
      example.sessions, of: "sub-01", in: folder.url, given: example.order, baseline: example.baseline)
    #expect(order.sessions == example.expected)
    #expect(order.decision == example.decision)
  }

  @Test func `Two times of one session are refused`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("sub-01"), withIntermediateDirectories: true)
    _ = try folder.write(
      "session_id\tacq_time\nses-a\t2020-01-01\nses-a\t2020-02-01\nses-b\t2020-03-01\n",
      as: Self.table)
    let error = #expect(throws: RunError.self) {
      _ = try BIDSSessionOrder(["ses-a", "ses-b"], of: "sub-01", in: folder.url)
    }
    #expect(error?.status == .badInput && error?.description.contains("two times") == true)
  }
}
