public import Diagnostics

/// The verdict on a run for a terminal: what `diagnose` prints.
public struct HealthTable: Sendable {
  /// More flags than a screen holds help nobody: the worst are listed, the rest counted.
  private static let listedFlags = 20
  private let health: RunHealth

  /// The table of `health`.
  public init(_ health: RunHealth) { self.health = health }

  /// The verdict, a line for each map, the flags worst first, and each piece of advice once.
  public func text(style: TerminalStyle = .plain) -> String {
    let flags = health.flags
    let verdict =
      "\(health.verdict.word.uppercased()): \(NumberText.count(health.quantities.count, "quantity", plural: "quantities"))"
    let noteCount = flags.count { $0.severity == .pass }
    let notes = noteCount == 0 ? "" : ", \(NumberText.count(noteCount, "note"))"
    var text = style.bold(verdict) + ", \(NumberText.count(flags.count - noteCount, "flag"))\(notes)\n"
    if !health.sites.isEmpty { text += "\n" + maps.text(style: style) }
    guard !flags.isEmpty else { return text }
    var table = TextTable(columns: ["status", "flag", "where", "evidence"].map { ($0, .left) })
    for flag in flags.prefix(Self.listedFlags) {
      let isFailure = flag.severity == .fail
      table.append(
        [flag.severityWord, flag.kind.rawValue, Self.subject(flag.subject), flag.evidence],
        emphasis: isFailure ? .bold : .none)
    }
    text += "\n" + table.text(style: style)
    let unlisted = flags.count - Self.listedFlags
    if unlisted > 0 { text += "… and \(unlisted) more (--format tsv lists all)\n" }
    text += "\nWhat to do:\n"
    return text + advice.map { "  \($0.kind.rawValue): \($0.action)\n" }.joined()
  }

  private var maps: TextTable {
    var table = TextTable(
      columns: [
        ("map", .left), ("sites", .right), ("rhat>1.05", .right), ("rhat>1.01", .right), ("ess p1", .right),
        ("ess p5", .right), ("worst rhat", .right), ("status", .left),
      ])
    for map in health.sites {
      func percent(_ share: Double) -> String { DecimalPlaces(1).text(100 * share) + " %" }
      table.append([
        Self.subject(map.name), "\(map.siteCount)", percent(map.shareAboveFailing),
        percent(map.shareAboveWarning),
        NumberText.effectiveSize(map.firstPercentileESS), NumberText.effectiveSize(map.fifthPercentileESS),
        NumberText.rHat(map.worstRHat), map.verdict.word,
      ])
    }
    return table
  }

  /// The action of the worst flag of each kind; those of the others differ by their estimated factor at most.
  private var advice: [(kind: HealthFlag.Kind, action: String)] {
    var advice: [(kind: HealthFlag.Kind, action: String)] = []
    for flag in health.flags where !advice.contains(where: { $0.kind == flag.kind }) {
      advice.append((flag.kind, flag.scanAction))
    }
    return advice
  }

  /// "map of D*" for `map of dstar`, "D* mean of lesion 2" for `dstar mean of lesion 2`: parameters by the names
  /// of the pages, lesions as they are.
  public static func subject(_ name: String) -> String {
    let lead = "map of "
    if name.hasPrefix(lead) { return lead + ParameterName.text(String(name.dropFirst(lead.count))) }
    let parts = name.split(separator: " of ", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return name }
    let words = parts[0].split(separator: " ").map { ParameterName.text(String($0)) }
    return words.joined(separator: " ") + " of " + parts[1]
  }
}
