internal import Cohort
internal import Foundation
internal import Lesions
internal import Reporting
internal import Tables

/// Reads cohort tables, with the draws that their rows name, and the folders of `delta`.
struct CohortReading {
  let table: CohortTable
  /// The protocol of the files of draws; nil if there are none.
  let fingerprint: ProtocolFingerprint?
  let notices: [String]

  /// The cohort in `file`; paths in a column `changes` are relative to `base`, or to its own folder.
  ///
  /// - Throws: what the table or a file of draws lacks; `protocolsDiffer` if the files are of different protocols, unless
  ///   `force`.
  init(
    _ file: URL, base: URL? = nil, rule: OutcomeRule = OutcomeRule(), pdl1Cutoff: Double = 1,
    force: Bool = false
  ) throws {
    var table = try CohortTable(try TabSeparatedTable.read(file), rule: rule, pdl1Cutoff: pdl1Cutoff)
    var notices = table.notices
    var opened: [String: ChangesReading] = [:]
    var fingerprint: ProtocolFingerprint?
    for index in table.lesions.indices {
      guard let path = table.lesions[index].changes else { continue }
      let place = "\(table.name), line \(table.lesions[index].line), column \"changes\""
      let changes: ChangesReading
      if let known = opened[path] {
        changes = known
      } else {
        changes = try ChangesReading(
          URL(filePath: path, relativeTo: base ?? file.deletingLastPathComponent()).absoluteURL)
        opened[path] = changes
        if let first = fingerprint, let own = changes.fingerprint {
          let differences = first.differences(from: own)
          if !differences.isEmpty && !force {
            throw RunError(
              .badInput, at: place,
              "the cohort was scanned or fitted differently: \(differences.joined(separator: "; "))",
              advice: "Fit all patients alike, or use --force and read the result as no more than a hint")
          }
          if !differences.isEmpty {
            notices.append(
              "\(place): taken in spite of a different protocol: \(differences.joined(separator: "; "))")
          }
        }
        fingerprint = fingerprint ?? changes.fingerprint
      }
      guard let draws = changes.draws(of: table.lesions[index].lesion) else {
        throw RunError(
          .badInput, at: place,
          "\(path) has no lesion \"\(table.lesions[index].lesion)\", only \(changes.names.joined(separator: ", "))",
          advice: "Write the label or the name that delta gave the lesion")
      }
      table.lesions[index].draws = draws
    }
    self.table = table
    self.fingerprint = fingerprint
    self.notices = notices
  }

  /// What is to be judged: a folder of `delta`, its `changes.nc`, or a table of lesions.
  static func judging(_ place: URL) throws -> CohortReading {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder)
    guard exists else {
      throw RunError(
        .missingInput, at: place.relativePath, "there is no such file or folder",
        advice: "Give the --out of delta, its changes.nc, or a table of lesions")
    }
    if !isFolder.boolValue && place.pathExtension.lowercased() != "nc" { return try CohortReading(place) }
    let file = isFolder.boolValue ? place.appending(path: ChangesFile.name) : place
    let changes = try ChangesReading(file)
    var rows = TabSeparatedTable(columns: ["patient", "lesion"], name: place.relativePath)
    for name in changes.names { rows.append([changes.patient, name]) }
    var table = try CohortTable(rows)
    for index in table.lesions.indices {
      table.lesions[index].draws = changes.draws(of: table.lesions[index].lesion)
    }
    return CohortReading(table: table, fingerprint: changes.fingerprint, notices: [])
  }

  private init(table: CohortTable, fingerprint: ProtocolFingerprint?, notices: [String]) {
    self.table = table
    self.fingerprint = fingerprint
    self.notices = notices
  }
}

/// A `changes.nc`, opened for reading.
struct ChangesReading {
  let patient: String
  let fingerprint: ProtocolFingerprint?
  /// What identifies each lesion: its name, or its label where two have one name.
  let names: [String]
  private let labels: [String]
  private let posterior: DrawsGroup

  init(_ file: URL) throws {
    let contents = try DrawsFile(contentsOf: file, groups: ["posterior", "constant_data"])
    posterior = contents.groups[0]
    patient = contents.attributes["patient"] ?? "unnamed"
    fingerprint = contents.attributes["protocol"].flatMap {
      try? JSONDecoder().decode(ProtocolFingerprint.self, from: Data($0.utf8))
    }
    switch posterior.coordinate("lesion")?.values {
    case .text(let texts)?: labels = texts
    case let values?: labels = (values.doubles ?? []).map { "\(Int($0))" }
    case nil: labels = []
    }
    guard case .text(let named)? = contents.groups[1].variable("lesion_name")?.values,
      named.count == labels.count
    else {
      throw RunError(
        .badInput, at: file.relativePath, "these draws are not changes: lesions or their names are missing",
        advice: "Give the changes.nc that delta has written")
    }
    names = Set(named).count == named.count ? named : labels
  }

  /// The draws of a lesion by its label or name; visits that it lacks are left out. Nil if there is no such lesion.
  func draws(of lesion: String) -> Cohort.LesionDraws? {
    guard let index = names.firstIndex(of: lesion) ?? labels.firstIndex(of: lesion) else { return nil }
    func visit(_ phase: String) -> [LesionParameter: [Double]] {
      LesionParameter.allCases.reduce(into: [:]) { found, parameter in
        let name = "\(phase)_\(parameter.rawValue)_\(LesionFunctional.mean.rawValue)"
        guard let draws = posterior.chains(of: name, element: index)?.flatMap({ $0 }),
          draws.allSatisfy(\.isFinite)
        else { return }
        found[parameter] = draws
      }
    }
    return Cohort.LesionDraws(pre: visit("pre"), post: visit("post"))
  }
}
