internal import Foundation

/// JSON as our files have it: sorted keys, two spaces, a newline at the end.
enum JSONText {
  static func object(_ members: [String: Any]) -> String {
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: members, options: options) else {
      return "{}\n"
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// The members of a value that encodes as an object.
  static func members(of value: some Encodable) throws -> Any {
    try JSONSerialization.jsonObject(with: JSONEncoder.ofRuns.encode(value))
  }

  /// A value on one line, keys sorted.
  static func compact(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// Why JSON could not be read, in words for the person who wrote it.
  static func reason(_ error: any Error) -> String {
    let context: DecodingError.Context? =
      switch error as? DecodingError {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context
      default: nil
      }
    if let context {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return (path.isEmpty ? "" : "\(path): ") + context.debugDescription.trimmedSentence
    }
    let description = (error as NSError).userInfo["NSDebugDescription"] as? String
    return (description ?? "\(error)").trimmedSentence
  }
}

extension String {
  /// The text without the full stop at its end.
  fileprivate var trimmedSentence: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension JSONEncoder {
  /// The encoder of run files: numbers that JSON does not have are the strings `inf`, `-inf` and `nan`.
  static var ofRuns: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  /// The decoder of what `JSONEncoder.ofRuns` wrote.
  static var ofRuns: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
