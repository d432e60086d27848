internal import Foundation
internal import Tables

/// A file of options, or the record of an earlier run whose `configuration` holds them.
enum ConfigurationFile {
  /// The options in `file` on top of `standard`, which has the `keys`.
  ///
  /// - Throws: `RunError` if the file cannot be read, is no JSON object, or has an unknown or unusable entry.
  static func read<Options: Codable>(_ file: URL, default standard: Options, keys: [String]) throws(RunError)
    -> Options
  {
    let place = file.relativePath
    guard let contents = try? SmallFile.read(file) else {
      throw RunError(
        .missingInput, at: place, "the configuration cannot be read", advice: "Check its path and permissions"
      )
    }
    guard let object = try? JSONSerialization.jsonObject(with: contents) as? [String: Any] else {
      throw RunError(
        .badInput, at: place, "this is not a JSON object",
        advice: "Give a file of options, or the _run.json of an earlier run")
    }
    let options = object["configuration"] as? [String: Any] ?? object
    if let unknown = options.keys.filter({ !keys.contains($0) }).min() {
      throw RunError(
        .badInput, at: place, "unknown option \"\(unknown)\"",
        advice: "Use the names of the command line without the dashes")
    }
    do {
      let complete = try JSONEncoder.ofRuns.encode(standard)
      var merged = try JSONSerialization.jsonObject(with: complete) as? [String: Any] ?? [:]
      merged.merge(options) { $1 }
      return try JSONDecoder.ofRuns.decode(Options.self, from: JSONSerialization.data(withJSONObject: merged))
    } catch {
      throw RunError(
        .badInput, at: place, "an option has a value of the wrong kind: \(JSONText.reason(error))",
        advice: "Compare with the configuration in the _run.json of an earlier run")
    }
  }
}
