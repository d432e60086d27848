internal import Checksums
internal import Foundation
internal import NIfTI

/// What makes two runs the same run: the program, the options, and the bytes of the inputs.
///
/// Work is taken over from a checkpoint only if all of it is equal: then the results are those of an uninterrupted run,
/// bit for bit.
struct RunIdentity {
  static let fileName = "identity.json"

  private let members: [String: Any]

  /// The identity of a run of `configuration` on inputs with these digests.
  init(_ configuration: FitConfiguration, digests: [String: String], stem: String) throws {
    let options = try JSONSerialization.jsonObject(with: JSONEncoder.ofRuns.encode(configuration))
    var members: [String: Any] = [
      "version": IVIMBayesVersion.current, "program": Self.program, "configuration": options,
      "inputs": digests, "stem": stem,
    ]
    if let priors = configuration.priors { members["priors"] = priors.json }
    self.members = members
  }

  /// The digest of the running program: another build may give other bits.
  private static var program: String {
    (try? SHA256Digest(ofFile: URL(filePath: "/proc/self/exe")).description) ?? ""
  }

  private var text: String { JSONText.object(members) }

  /// Takes over the checkpoint in `folder` if it is of this very run, or begins one.
  ///
  /// - Throws: status 65 if the checkpoint there is of another run, which is named.
  func claim(_ folder: URL, for output: URL) throws {
    let file = folder.appending(path: Self.fileName)
    guard FileManager.default.fileExists(atPath: file.path) else {
      return try AtomicFile.write(text, to: file)
    }
    let contents = try Data(contentsOf: file)
    let found = try? JSONSerialization.jsonObject(with: contents) as? [String: Any]
    if String(decoding: contents, as: UTF8.self) == text { return }
    throw RunError(
      .badInput, at: output.relativePath,
      "the unfinished run cannot be resumed: its \(difference(from: found ?? [:])) was another",
      advice: "Give the options and inputs that it was started with, or start anew with --overwrite")
  }

  /// True if the checkpoint in `folder` is of this very run.
  func owns(_ folder: URL) -> Bool {
    (try? Data(contentsOf: folder.appending(path: Self.fileName))) == Data(text.utf8)
  }

  /// True if `record`, the contents of a `_run.json`, is of a run with these options and inputs.
  func matches(record: [String: Any]) -> Bool {
    ["configuration", "inputs"].allSatisfy { Self.isEqual(members[$0], record[$0]) }
  }

  /// The first member that another run had otherwise, in the words of the command line.
  private func difference(from other: [String: Any]) -> String {
    let options = members["configuration"] as? [String: Any] ?? [:]
    let others = other["configuration"] as? [String: Any] ?? [:]
    for option in Set(options.keys).union(others.keys).sorted()
    where !Self.isEqual(options[option], others[option]) {
      return "--\(option)"
    }
    let inputs = members["inputs"] as? [String: Any] ?? [:]
    let otherInputs = other["inputs"] as? [String: Any] ?? [:]
    for input in Set(inputs.keys).union(otherInputs.keys).sorted()
    where !Self.isEqual(inputs[input], otherInputs[input]) {
      return "input \(input)"
    }
    return Self.isEqual(members["stem"], other["stem"]) ? "build of ivimbayes" : "input"
  }

  private static func isEqual(_ one: Any?, _ other: Any?) -> Bool {
    switch (one, other) {
    case (nil, nil): true
    case (let one as NSObject, let other as NSObject): one.isEqual(other)
    case (let one?, let other?): JSONText.object(["": one]) == JSONText.object(["": other])
    default: false
    }
  }
}
