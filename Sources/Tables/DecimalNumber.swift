/// Numbers as tables write them.
public enum DecimalNumber {
  /// The number that `text` writes in decimal digits, with a point and an exponent if need be: `12`, `-0.5`, `1.2e-3`.
  ///
  /// Nil for anything else. Hexadecimal digits (`0x1p3`), `nan` and words of infinity are no decimal numbers, although
  /// `Double(_:)` takes them. A decimal number too large for a `Double` is infinite.
  public static func parse(_ text: some StringProtocol) -> Double? {
    let isDecimal = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    return isDecimal ? Double(text) : nil
  }
}

/// How the numbers of a table write their fraction.
enum DecimalMark {
  /// The kind of number that a field is, as far as its mark tells.
  enum Kind {
    case point
    case comma
    case other
  }

  /// Whether `field` is a number with a point, a number with one comma, or neither.
  static func kind(of field: String) -> Kind {
    var (points, commas) = (0, 0)
    for byte in field.utf8 {
      switch byte {
      case UInt8(ascii: "."): points += 1
      case UInt8(ascii: ","): commas += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "e"),
        UInt8(ascii: "E"):
        break
      default: return .other
      }
    }
    if points == 1, commas == 0 { return DecimalNumber.parse(field) == nil ? .other : .point }
    guard commas == 1, points == 0 else { return .other }
    return DecimalNumber.parse(withPoint(field)) == nil ? .other : .comma
  }

  /// `0,5` as `0.5`.
  static func withPoint(_ field: String) -> String { String(field.map { $0 == "," ? "." : $0 }) }
}
