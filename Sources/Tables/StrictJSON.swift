public import Foundation

/// A JSON value that is what it says: `true` is no 1, and no key of an object stands twice.
///
/// `JSONSerialization` takes booleans for numbers and the last of two equal keys without a word.
public indirect enum StrictJSON: Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([StrictJSON])
  case object([String: StrictJSON])

  /// Why a text is no such value.
  public enum Failure: Error, Equatable, Sendable {
    /// It is no JSON.
    case notJSON
    /// A key stands twice in one object; with the keys above it, "d.median".
    case duplicateKey(String)
  }

  /// Parses a JSON text.
  ///
  /// - Throws: `notJSON`, `duplicateKey`.
  public init(parsing json: Data) throws(Failure) {
    do { self = try JSONDecoder().decode(StrictJSON.self, from: json) } catch { throw .notJSON }
    if let key = JSONKeys.firstDuplicate(in: json) { throw .duplicateKey(key) }
  }

  /// The number; nil for anything else, booleans among them.
  public var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// The text; nil for anything else.
  public var text: String? { if case .text(let text) = self { text } else { nil } }
  /// The members; nil for anything that is no object.
  public var members: [String: StrictJSON]? { if case .object(let members) = self { members } else { nil } }
}

extension StrictJSON: Decodable {
  /// Decodes a value as what it is.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([StrictJSON].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: StrictJSON].self))
    }
  }
}

/// The keys of a valid JSON text.
enum JSONKeys {
  private struct Level {
    var isObject: Bool
    var keys: Set<String> = []
    /// The key whose value is being read.
    var current: String?
  }

  /// The first key that stands twice in one object, with the keys above it; nil if there is none.
  static func firstDuplicate(in json: Data) -> String? {
    let bytes = [UInt8](json)
    var levels: [Level] = []
    var place = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "{"): levels.append(Level(isObject: true))
      case UInt8(ascii: "["): levels.append(Level(isObject: false))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if !levels.isEmpty { levels.removeLast() }
      case UInt8(ascii: ","):
        if !levels.isEmpty { levels[levels.count - 1].current = nil }
      case UInt8(ascii: "\""):
        let end = endOfText(bytes, from: place)
        if let level = levels.last, level.isObject, level.current == nil {
          let key = text(bytes[place..<end])
          guard levels[levels.count - 1].keys.insert(key).inserted else {
            return (levels.dropLast().compactMap(\.current) + [key]).joined(separator: ".")
          }
          levels[levels.count - 1].current = key
        }
        place = end - 1
      default: break
      }
      place += 1
    }
    return nil
  }

  /// The place after the closing quotation mark of the text that begins at `start`.
  private static func endOfText(_ bytes: [UInt8], from start: Int) -> Int {
    var place = start + 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place + 1, bytes.count)
  }

  /// A quoted text without its quotation marks and escapes.
  private static func text(_ quoted: ArraySlice<UInt8>) -> String {
    let list = Data([UInt8(ascii: "[")] + quoted + [UInt8(ascii: "]")])
    return (try? JSONDecoder().decode([String].self, from: list))?.first
      ?? String(decoding: quoted, as: UTF8.self)
  }
}
