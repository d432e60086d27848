public import Foundation
internal import Tables

/// A plan of a simulation: a JSON file in which every entry has a default.
public protocol SimulationPlan: Codable, Sendable {
  /// The default plan.
  init()
  /// What is wrong with the plan, each as one clause; empty if it can be carried out.
  var complaints: [String] { get }
}

extension SimulationPlan {
  /// Reads a plan; entries that are missing take their defaults.
  ///
  /// - Throws: status 66 or 65, with the file and the entry.
  public static func read(_ file: URL) throws(RunError) -> Self {
    guard let contents = try? SmallFile.read(file) else {
      throw RunError(
        .missingInput, at: file.relativePath, "the plan cannot be read",
        advice: "Check its path and permissions")
    }
    let advice = "Compare with what --write-default-plan prints"
    let plan: Self
    do {
      let defaults = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Self()))
      let given = try JSONSerialization.jsonObject(with: contents)
      if let unknown = JSONMerge.unknownEntry(of: given, in: defaults) {
        throw RunError(.badInput, at: file.relativePath, "unknown entry \"\(unknown)\"", advice: advice)
      }
      let merged = JSONMerge.merged(defaults, with: given)
      plan = try JSONDecoder().decode(
        Self.self, from: JSONSerialization.data(withJSONObject: merged, options: .fragmentsAllowed))
    } catch let error as RunError {
      throw error
    } catch {
      throw RunError(
        .badInput, at: file.relativePath, "this is not a plan: \(JSONText.reason(error))",
        advice: "Start from what --write-default-plan prints")
    }
    if let complaint = plan.complaints.first {
      throw RunError(.badInput, at: file.relativePath, complaint, advice: advice)
    }
    return plan
  }

  /// What is said of an image of `shape` that would take gigabytes; nil if it can be made.
  ///
  /// A simulation keeps the truth of every voxel beside its signals: 2²⁴ voxels, and 16 volumes of so many, are enough.
  static func complaint(ofShape shape: [Double], volumes: Int) -> String? {
    let (voxels, most) = (shape.reduce(1, *), Double(1 << 24))
    return voxels <= most && voxels * Double(volumes) <= 16 * most
      ? nil : "an image may have 2^24 voxels, and 2^28 values in all its volumes"
  }

  /// The plan as text.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = (try? encoder.encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}

/// Lays one JSON object over another, member by member; arrays are replaced, and their members completed from the
/// first member of the array they replace.
enum JSONMerge {
  /// The first entry of `overlay` that `base` does not have, as `lesions.tissue.d`; nil if there is none.
  static func unknownEntry(of overlay: Any, in base: Any) -> String? {
    if let base = base as? [String: Any], let overlay = overlay as? [String: Any] {
      for (key, value) in overlay.sorted(by: { $0.key < $1.key }) {
        guard let known = base[key] else { return key }
        if let inner = unknownEntry(of: value, in: known) { return "\(key).\(inner)" }
      }
    } else if let model = (base as? [[String: Any]])?.first, let overlay = overlay as? [[String: Any]] {
      return overlay.lazy.compactMap { unknownEntry(of: $0, in: model) }.first
    }
    return nil
  }

  static func merged(_ base: Any, with overlay: Any) -> Any {
    if let base = base as? [String: Any], let overlay = overlay as? [String: Any] {
      return base.merging(overlay) { merged($0, with: $1) }
    }
    if let base = base as? [[String: Any]], let overlay = overlay as? [[String: Any]], let model = base.first
    {
      return overlay.map { merged(model, with: $0) }
    }
    return overlay
  }
}
