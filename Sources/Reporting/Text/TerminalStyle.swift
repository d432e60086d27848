/// Whether a terminal may be sent escape sequences, and those that are used: bold for what needs a reader, faint for
/// what should be passed over. No colours: status is a word.
public struct TerminalStyle: Sendable, Equatable {
  /// True if text is left as it is.
  public let isPlain: Bool

  /// Text as it is.
  public static let plain = TerminalStyle(isPlain: true)

  init(isPlain: Bool) { self.isPlain = isPlain }

  /// Plain for a pipe or file, if `NO_COLOR` is set to anything (https://no-color.org), or if `TERM` is `dumb` or unset.
  public init(environment: [String: String], isTerminal: Bool) {
    let wantsNone = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    isPlain = !isTerminal || wantsNone || ["", "dumb"].contains(environment["TERM"] ?? "")
  }

  /// `text` in bold.
  public func bold(_ text: String) -> String { isPlain ? text : "\u{1B}[1m\(text)\u{1B}[0m" }

  /// `text` in faint letters.
  public func faint(_ text: String) -> String { isPlain ? text : "\u{1B}[2m\(text)\u{1B}[0m" }
}
