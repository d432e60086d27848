/// Was the sampling good enough? The raw value is the exit code of a command that asks.
public enum Verdict: Int, Sendable, Codable, CaseIterable, Comparable {
  case pass = 0
  /// Usable with the reservation that the flags state.
  case warn = 1
  /// Not to be used.
  case fail = 2

  /// The code a process ends with: 0, 1 or 2.
  public var exitCode: Int32 { Int32(rawValue) }

  /// `pass`, `warn` or `fail`, as tables print it.
  public var word: String {
    switch self {
    case .pass: "pass"
    case .warn: "warn"
    case .fail: "fail"
    }
  }

  /// Pass is below warn, warn below fail: the verdict on many is the largest.
  public static func < (one: Verdict, other: Verdict) -> Bool { one.rawValue < other.rawValue }
}

extension Sequence where Element == Verdict {
  /// The worst of these; pass of none.
  public var worst: Verdict { self.max() ?? .pass }
}
