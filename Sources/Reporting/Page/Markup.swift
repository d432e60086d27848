internal import Tables

/// A piece of HTML: what is interpolated is escaped, what is literal stands as it is.
///
///     let sentence: Markup = "<b>\(name)</b> rose by \(percent)"
///
/// A per cent sign and a unit never begin a line: the space before them does not break.
public struct Markup: Sendable, Equatable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// The HTML.
  public let html: String

  /// Text that is HTML already.
  public init(html: String) { self.html = html }

  /// Plain text, escaped.
  public init(_ text: String) { html = Self.escaped(text) }

  /// A literal, which is HTML already.
  public init(stringLiteral html: String) { self.html = Self.bound(html) }

  /// The HTML of an interpolation.
  public init(stringInterpolation: Interpolation) { html = stringInterpolation.html }

  /// The HTML.
  public var description: String { html }

  /// True if there is nothing.
  public var isEmpty: Bool { html.isEmpty }

  /// Builds a ``Markup`` from a literal with values in it.
  public struct Interpolation: StringInterpolationProtocol {
    var html = ""

    /// Makes room.
    public init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity) }

    /// Literals are HTML.
    public mutating func appendLiteral(_ literal: String) { html += Markup.bound(literal) }

    /// Text is escaped.
    public mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }

    /// Numbers are text.
    public mutating func appendInterpolation(_ number: Int) { html += String(number) }

    /// Markup is HTML.
    public mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
  }

  /// One after the other.
  public static func + (one: Markup, other: Markup) -> Markup { Markup(html: one.html + other.html) }

  /// `text` for use between tags and within quoted attributes, without characters that a browser would obey
  /// (``PrintableText``).
  public static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for character in PrintableText.lines(text).unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return bound(result)
  }

  /// `text` with each unit bound to the number before it.
  static func bound(_ text: String) -> String {
    ["%", "ms", "mm²/s", "s/mm²"].reduce(text) { text, unit in
      text.contains(" \(unit)") ? text.replacing(" \(unit)", with: "\u{a0}\(unit)") : text
    }
  }
}

extension Sequence where Element == Markup {
  /// All of them, with `separator` between.
  public func joined(_ separator: Markup = "") -> Markup {
    Markup(html: map(\.html).joined(separator: separator.html))
  }
}
