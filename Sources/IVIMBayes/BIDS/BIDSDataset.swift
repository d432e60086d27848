internal import Acquisitions
public import Foundation
internal import Tables

/// A raw BIDS dataset, opened for finding scans.
public struct BIDSDataset: Sendable {
  /// Its folder.
  public let folder: URL

  /// Opens `folder`.
  ///
  /// - Throws: status 66 if there is no such folder, 65 if it has no participants.
  public init(_ folder: URL) throws(RunError) {
    self.folder = folder
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw RunError(
        .missingInput, at: folder.relativePath, "there is no such folder", advice: "Give a BIDS dataset")
    }
    guard !folder.folders(prefix: "sub-").isEmpty else {
      throw RunError(
        .badInput, at: folder.relativePath, "it has no folder sub-LABEL, so it is no BIDS dataset",
        advice: "Give the folder that holds participants.tsv and the sub- folders")
    }
  }

  /// Every participant and session: participants by name, sessions in their order in time (`BIDSSessionOrder`), by name
  /// where nothing tells it.
  public func units() throws(RunError) -> [BIDSUnit] {
    var units: [BIDSUnit] = []
    for participant in folder.folders(prefix: "sub-") {
      let order = try order(of: participant)
      if order.sessions.isEmpty { units.append(BIDSUnit(participant: participant, session: nil)) }
      units += order.sessions.map { BIDSUnit(participant: participant, session: $0) }
    }
    return units
  }

  /// The order of the sessions of `participant`, with `sub-`.
  func order(of participant: String, given: [String] = [], baseline: String? = nil) throws(RunError)
    -> BIDSSessionOrder
  {
    try BIDSSessionOrder(
      folder.appending(path: participant).folders(prefix: "ses-"), of: participant, in: folder, given: given,
      baseline: baseline)
  }

  /// What is known of the participants: `participants.tsv`, or a table of their names.
  func participants() throws(RunError) -> TabSeparatedTable {
    let file = folder.appending(path: "participants.tsv")
    guard FileManager.default.fileExists(atPath: file.path) else {
      var table = TabSeparatedTable(columns: ["participant_id"], name: "participants.tsv")
      for participant in folder.folders(prefix: "sub-") { table.append([participant]) }
      return table
    }
    do {
      let table = try TabSeparatedTable.read(file)
      _ = try table.strings("participant_id")
      return table
    } catch { throw RunError(error) }
  }

  /// The scan of `series` in `unit`; nil if there is none.
  ///
  /// - Throws: status 65 where several series or segmentations could be meant.
  func scan(_ series: BIDSSeries, of unit: BIDSUnit, _ selection: BIDSSelection) throws(RunError)
    -> BIDSScan?
  {
    let place = folder.appending(path: "\(unit.path)/\(series.rawValue)")
    let suffixes: Set<String> = series == .diffusion ? ["dwi"] : ["IRT1", "VFA"]
    let images = place.bidsImages().filter { image in
      suffixes.contains(image.name.suffix) && ["mag", nil].contains(image.name["part"])
        && image.name.has(selection.entities(series))
    }
    var notices: [String] = []
    if series == .t1, let map = place.bidsImages().first(where: { $0.name.suffix == "T1map" }) {
      notices.append(
        "\(map.file.lastPathComponent) is not used: a finished T1 map does not say how sure it is; its series does"
      )
    }
    let groups = Dictionary(grouping: images) { image in
      [image.name.distinction(ignoring: ["inv", "flip"]), image.name.suffix].joined(separator: " ")
    }
    var candidates = groups
    if series == .t1, let method = selection.t1Method {
      candidates = groups.filter { $0.key.hasSuffix(method == "vfa" ? " VFA" : " IRT1") }
    }
    guard candidates.count <= 1 else {
      let names = candidates.values.compactMap { $0.first?.file.lastPathComponent }.sorted()
      throw RunError(
        .badInput, at: unit.path,
        "there is more than one \(series.name) series: \(names.joined(separator: ", "))",
        advice: "Choose with --select-\(series == .diffusion ? "dwi" : "t1") "
          + Self.choice(among: candidates.values.compactMap { $0.first?.name }))
    }
    guard let chosen = candidates.values.first else { return nil }
    let ordered = chosen.sorted { Self.position($0.name) < Self.position($1.name) }.map(\.file)
    var scan = BIDSScan(series: series, images: ordered, notices: notices)
    if series == .t1 {
      scan.method = selection.t1Method ?? Self.method(ordered, suffix: chosen.first?.name.suffix ?? "")
      if scan.method == "vfa" { scan.b1 = try b1(of: unit) }
    }
    try BIDSLesions(self, selection).add(to: &scan, of: unit)
    return scan
  }

  /// The B1 map of a unit, `fmap/*_TB1map`; nil if there is none.
  ///
  /// - Throws: status 65 if there are several.
  private func b1(of unit: BIDSUnit) throws(RunError) -> URL? {
    let maps = folder.appending(path: "\(unit.path)/fmap").bidsImages().filter { $0.name.suffix == "TB1map" }
    guard maps.count <= 1 else {
      throw RunError(
        .badInput, at: unit.path,
        "there is more than one B1 map: \(maps.map(\.file.lastPathComponent).joined(separator: ", "))",
        advice: "Keep one in fmap")
    }
    return maps.first?.file
  }

  /// The entities that tell series apart, as an option takes them.
  private static func choice(among names: [BIDSFileName]) -> String {
    let all = names.map { Set($0.entities.map { "\($0.key)-\($0.value)" }) }
    let common = all.dropFirst().reduce(all.first ?? []) { $0.intersection($1) }
    let telling = all.map { $0.subtracting(common).sorted().joined(separator: ",") }.filter { !$0.isEmpty }
    return telling.isEmpty ? "acq-LABEL or run-NUMBER" : Set(telling).sorted().joined(separator: " or ")
  }

  /// The place of a file in its series: the number of its inversion or flip angle, then its name.
  private static func position(_ name: BIDSFileName) -> (Int, String) {
    ((name["inv"] ?? name["flip"]).flatMap { Int($0) } ?? 0, name.text)
  }

  /// How T1 was measured, by the suffix, and for IRT1 by what the sidecar says of the sequence.
  private static func method(_ images: [URL], suffix: String) -> String {
    if suffix == "VFA" { return "vfa" }
    let keys = ["PulseSequenceType", "PulseSequenceDetails", "SequenceName", "ProtocolName"]
    let sidecars = (images.first.map { BIDSInheritance.files(of: $0, ".json") } ?? []).compactMap { file in
      (try? Data(contentsOf: file)).flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String: Any] }
    }
    let words = keys.compactMap { key in sidecars.lazy.compactMap { $0[key] as? String }.first }.joined(
      separator: " "
    ).lowercased()
    if words.contains("molli") { return "molli" }
    if words.contains("look") && words.contains("locker") { return "look-locker" }
    return "ir"
  }
}

extension URL {
  /// The names of the folders in this folder that begin with `prefix`, sorted.
  func folders(prefix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { name in
      guard name.hasPrefix(prefix) else { return false }
      let values = try? appending(path: name).resolvingSymlinksInPath().resourceValues(forKeys: [
        .isDirectoryKey
      ])
      return values?.isDirectory == true
    }.sorted()
  }

  /// The images of this folder that have BIDS names, sorted.
  func bidsImages() -> [(file: URL, name: BIDSFileName)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.sorted().compactMap { name in
      let file = appending(path: name)
      return BIDSFileName(file).flatMap { $0.isImage ? (file, $0) : nil }
    }
  }

  /// The file beside this image with another extension.
  func bidsSibling(_ fileExtension: String) -> URL {
    var name = lastPathComponent
    for suffix in [".gz", ".nii"] where name.hasSuffix(suffix) { name = String(name.dropLast(suffix.count)) }
    return deletingLastPathComponent().appending(path: name + fileExtension)
  }
}
