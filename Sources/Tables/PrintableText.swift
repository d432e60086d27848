/// Text of strangers (names of lesions, patients, files) as a terminal or a page may show it.
public enum PrintableText {
  /// `text` on one line, without what a terminal or a browser would obey.
  ///
  /// Control characters (among them ESC and the C1 set), ends of lines and paragraphs, and the characters that turn the
  /// direction of all text after them (embeddings, overrides and isolates of the bidirectional algorithm, UAX 9) become
  /// U+FFFD. Letters of every script stay as they are.
  public static func line(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isObeyed) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isObeyed($0) ? "\u{FFFD}" : $0 }))
  }

  /// As ``line(_:)``, but line feeds and tabs stay.
  public static func lines(_ text: String) -> String {
    func isKept(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\t" }
    guard text.unicodeScalars.contains(where: { isObeyed($0) && !isKept($0) }) else { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { isObeyed($0) && !isKept($0) ? "\u{FFFD}" : $0 }))
  }

  /// True for a character that does something in place of being shown.
  static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x202A...0x202E, 0x2066...0x2069: true
    case 0x20..<0x7F, 0xA0..<0x2028: false
    default:
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
  }
}
