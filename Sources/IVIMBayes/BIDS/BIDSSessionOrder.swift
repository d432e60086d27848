internal import Foundation
internal import Tables

/// The order in time of a participant's sessions: known or asked, never guessed from names.
///
/// 1. `--order`, labels in their order, or `--baseline`, the label of the first.
/// 2. `acq_time` of every session in `sub-LABEL_sessions.tsv`.
/// 3. The earliest `acq_time` in `ses-LABEL/*_scans.tsv` of every session.
/// 4. Labels that are numbers, as numbers: 1, 2, 10.
struct BIDSSessionOrder: Sendable, Equatable {
  /// The sessions, first to last; by name if nothing decides.
  let sessions: [String]
  /// What decided, in words; nil if nothing did.
  let decision: String?

  /// The order of `sessions` (with `ses-`) of `participant` in `dataset`.
  ///
  /// `given` are the labels of `--order`, `baseline` is that of `--baseline`, without `ses-`.
  ///
  /// - Throws: status 65 if a table of times cannot be read.
  init(
    _ sessions: [String], of participant: String, in dataset: URL, given: [String] = [],
    baseline: String? = nil
  ) throws(RunError) {
    let names = sessions.sorted()
    let listed = given.map { "ses-\($0)" }
    if !listed.isEmpty, Set(names).isSubset(of: listed) {
      self.sessions = listed.filter(names.contains)
      decision = "--order"
      return
    }
    var (order, reason): ([String], String?) = (names, names.count < 2 ? "only one session" : nil)
    let folder = dataset.appending(path: participant)
    let table = folder.appending(path: "\(participant)_sessions.tsv")
    if reason == nil, let times = try Self.times(names, table: table) {
      (order, reason) = Self.sorted(names, by: times, "acq_time of \(table.lastPathComponent)")
    }
    if reason == nil {
      var times: [String: String] = [:]
      for name in names {
        let scans = folder.appending(path: "\(name)/\(participant)_\(name)_scans.tsv")
        times[name] = try Self.earliest(scans)
      }
      if times.count == names.count {
        (order, reason) = Self.sorted(names, by: times, "acq_time of the _scans.tsv")
      }
    }
    if reason == nil {
      let numbers = names.map { Int($0.dropFirst("ses-".count)) }
      if numbers.allSatisfy({ $0 != nil }), Set(numbers).count == names.count {
        order = zip(names, numbers).sorted { ($0.1 ?? 0) < ($1.1 ?? 0) }.map(\.0)
        reason = "labels that are numbers"
      }
    }
    if let baseline, names.contains("ses-\(baseline)") {
      order = ["ses-\(baseline)"] + order.filter { $0 != "ses-\(baseline)" }
      reason = reason.map { "--baseline, then \($0)" } ?? (names.count == 2 ? "--baseline" : nil)
    }
    self.sessions = order
    decision = reason
  }

  /// "acq_time of sub-01_sessions.tsv: ses-pre, ses-post", for notices and records.
  var words: String? { decision.map { "order of sessions by \($0): \(sessions.joined(separator: ", "))" } }

  private static func sorted(_ names: [String], by times: [String: String], _ reason: String) -> (
    [String], String?
  ) {
    // Two sessions of one time have no order.
    guard Set(times.values).count == names.count else { return (names, nil) }
    return (names.sorted { (times[$0] ?? "") < (times[$1] ?? "") }, reason)
  }

  /// The time of every session in `sub-LABEL_sessions.tsv`; nil if not all have one.
  private static func times(_ names: [String], table file: URL) throws(RunError) -> [String: String]? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      let table = try TabSeparatedTable.read(file)
      guard table.has("acq_time") else { return nil }
      let keys = try table.strings("session_id").map { $0.hasPrefix("ses-") ? $0 : "ses-\($0)" }
      var times: [String: String] = [:]
      for (key, text) in zip(keys, try table.strings("acq_time")) {
        guard let time = time(text) else { continue }
        if let other = times[key], other != time {
          throw RunError(
            .badInput, at: file.relativePath, "\(key) has two times, \(other) and \(time)",
            advice: "Keep one row for each session")
        }
        times[key] = time
      }
      return names.allSatisfy { times[$0] != nil } ? times.filter { names.contains($0.key) } : nil
    } catch { throw RunError(error) }
  }

  /// The earliest time of a `_scans.tsv`; nil if there is none.
  private static func earliest(_ file: URL) throws(RunError) -> String? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      let table = try TabSeparatedTable.read(file)
      guard table.has("acq_time") else { return nil }
      return try table.strings("acq_time").compactMap(time).min()
    } catch { throw RunError(error) }
  }

  /// A time as BIDS has it, `YYYY-MM-DDThh:mm:ss[.000000][Z]`, or a date, in a form whose order is that of the alphabet.
  private static func time(_ text: String) -> String? {
    let plain = text.trimmingCharacters(in: .whitespaces).replacing("Z", with: "").replacing(" ", with: "T")
    let parts = plain.split(separator: "T", omittingEmptySubsequences: false)
    let date = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), date.map(\.count) == [4, 2, 2], date.allSatisfy({ Int($0) != nil })
    else { return nil }
    if parts.count == 1 { return "\(parts[0])T00:00:00" }
    let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(clock.count), clock.allSatisfy({ Double($0) != nil }) else { return nil }
    return plain
  }
}
