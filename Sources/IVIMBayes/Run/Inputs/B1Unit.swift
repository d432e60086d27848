internal import Acquisitions
internal import Foundation

/// The unit of a B1 map: a ratio of true to nominal flip angle, or percent of the nominal.
enum B1Unit {
  /// True if `values` are percent: the sidecar says so, or the map is called `_TB1map`, which BIDS has in percent, and its
  /// median is one.
  static func isPercent(_ file: URL, values: [Float]) -> Bool {
    let usable = values.filter { $0.isFinite && $0 > 0 }.sorted()
    guard !usable.isEmpty, (20...300).contains(usable[usable.count / 2]) else { return false }
    let units = BIDSInheritance.files(of: file, ".json").lazy.compactMap { sidecar -> String? in
      let members = (try? Data(contentsOf: sidecar)).flatMap {
        try? JSONSerialization.jsonObject(with: $0) as? [String: Any]
      }
      return members?["Units"] as? String
    }.first
    if let units { return ["percent", "%", "percentage"].contains(units.lowercased()) }
    return file.lastPathComponent.contains("_TB1map.")
  }
}
