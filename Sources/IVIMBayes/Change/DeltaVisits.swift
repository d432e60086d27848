internal import Foundation
internal import Lesions
internal import Tables

/// The runs of the two visits, checked against each other, with their lesions matched.
struct DeltaVisits: Sendable {
  let pre: [Modality: VisitRun]
  let post: [Modality: VisitRun]
  let patient: String
  let matches: [LesionMatching.Match]
  let notices: [String]

  /// Opens and matches the runs of `files`.
  ///
  /// - Throws: `RunError`: no runs, two of one modality at a visit, runs of two subjects, protocols that differ
  ///   (unless `configuration.force`), a match table that names what is not there.
  init(_ files: DeltaFiles, _ configuration: DeltaConfiguration) throws(RunError) {
    pre = try Self.open(files.pre, visit: "--pre")
    post = try Self.open(files.post, visit: "--post")
    var notices: [String] = files.order.map { [$0] } ?? []
    try Self.refuseEqualScans(pre, post, configuration, &notices)
    patient = try Self.patient(Array(pre.values) + Array(post.values), configuration, &notices)
    let differences = Self.fingerprint(pre).differences(from: Self.fingerprint(post))
    if !differences.isEmpty {
      guard configuration.force else {
        throw RunError(LesionsError.protocolsDiffer(differences: differences))
      }
      notices.append("compared in spite of different protocols: \(differences.joined(separator: "; "))")
    }
    for modality in Modality.allCases where (pre[modality] == nil) != (post[modality] == nil) {
      notices.append("\(modality.rawValue) was fitted at one visit only: its changes are listed as missing")
    }
    matches = try Self.matches(pre, post, table: files.match, &notices)
    self.notices = notices
  }

  private static func open(_ urls: [URL], visit: String) throws(RunError) -> [Modality: VisitRun] {
    var runs: [Modality: VisitRun] = [:]
    for url in urls {
      let run = try VisitRun(url)
      if let other = runs[run.modality] {
        throw RunError(
          .badInput, at: visit,
          "\(other.folder.folder.relativePath) and \(url.relativePath) are both \(run.modality.rawValue) runs",
          advice: "Give at most one run of fit ivim and one of fit t1 for a visit")
      }
      runs[run.modality] = run
    }
    guard !runs.isEmpty else {
      throw RunError(
        .usage, at: visit, "no run is given", advice: "Give the --out folder of at least one fit")
    }
    return runs
  }

  /// Refuses a scan that stands for both visits: the digests of the images are in the records.
  private static func refuseEqualScans(
    _ pre: [Modality: VisitRun], _ post: [Modality: VisitRun], _ configuration: DeltaConfiguration,
    _ notices: inout [String]
  ) throws(RunError) {
    for modality in Modality.allCases {
      guard let one = pre[modality], let two = post[modality] else { continue }
      let isSameFolder = one.folder.folder.canonicalPath == two.folder.folder.canonicalPath
      guard isSameFolder || !one.images.isDisjoint(with: two.images) else { continue }
      let problem =
        isSameFolder
        ? "\(one.folder.folder.relativePath) stands for both visits"
        : "\(one.folder.folder.relativePath) and \(two.folder.folder.relativePath) are fits of the same image"
      guard configuration.force else {
        throw RunError(
          .badInput, at: "--pre, --post", problem,
          advice: "Give the fits of two different scans; --force compares them all the same")
      }
      notices.append("\(problem): compared in spite of it")
    }
  }

  private static func patient(
    _ runs: [VisitRun], _ configuration: DeltaConfiguration, _ notices: inout [String]
  ) throws(RunError) -> String {
    let subjects = Set(runs.compactMap(\.subject)).sorted()
    if let patient = configuration.patient { return patient }
    if subjects.count > 1 {
      throw RunError(
        .badInput, at: "--pre, --post",
        "the runs are of different subjects: \(subjects.joined(separator: ", "))",
        advice: "Give the runs of one patient, or name the patient with --patient if they are")
    }
    if let subject = subjects.first { return subject }
    notices.append("no --patient was given: the lesions are listed under \"unnamed\"")
    return "unnamed"
  }

  private static func fingerprint(_ runs: [Modality: VisitRun]) -> ProtocolFingerprint {
    ProtocolFingerprint(
      Dictionary(uniqueKeysWithValues: runs.map { ($0.key.rawValue, $0.value.fingerprint) }))
  }

  /// The protocol of both visits, that of the baseline where they differ.
  var fingerprint: ProtocolFingerprint {
    let (one, two) = (Self.fingerprint(pre).fits, Self.fingerprint(post).fits)
    return ProtocolFingerprint(one.merging(two) { first, _ in first })
  }

  /// What separates the two protocols, in words.
  var protocolDifferences: [String] { Self.fingerprint(pre).differences(from: Self.fingerprint(post)) }

  private static func matches(
    _ pre: [Modality: VisitRun], _ post: [Modality: VisitRun], table: URL?, _ notices: inout [String]
  ) throws(RunError) -> [LesionMatching.Match] {
    let (before, after) = (lesions(pre), lesions(post))
    let (preLabels, postLabels) = (before.map(\.label), after.map(\.label))
    let matching: LesionMatching
    if let table {
      let pairs = try Self.pairs(table, before, after)
      do { matching = try LesionMatching(pre: preLabels, post: postLabels, pairs: pairs) } catch {
        throw RunError(error)
      }
    } else {
      matching = LesionMatching(pre: preLabels, post: postLabels)
    }
    return matching.matches.map { match in
      let names = (
        before.first { $0.label == match.pre }?.name, after.first { $0.label == match.post }?.name
      )
      if table == nil, let one = names.0, let two = names.1, one != two {
        notices.append(
          "lesion \(match.pre ?? "") is called \(one) before and \(two) after: equal labels are compared; "
            + "say with --match if they are different lesions")
      }
      let isNamed = match.name != match.pre && match.name != match.post
      return LesionMatching.Match(
        pre: match.pre, post: match.post, name: isNamed ? match.name : names.0 ?? names.1 ?? match.name)
    }
  }

  /// The lesions of a visit over its modalities, each label once.
  private static func lesions(_ runs: [Modality: VisitRun]) -> [VisitRun.VisitLesion] {
    Modality.allCases.compactMap { runs[$0] }.reduce(into: []) { found, run in
      found += run.lesions.filter { lesion in !found.contains { $0.label == lesion.label } }
    }
  }

  /// The pairs of a match table; lesions are named by label, or by a name that only one of them has.
  private static func pairs(
    _ file: URL, _ before: [VisitRun.VisitLesion], _ after: [VisitRun.VisitLesion]
  ) throws(RunError) -> [LesionMatching.Match] {
    func label(_ text: String, _ lesions: [VisitRun.VisitLesion]) -> String? {
      if text.isEmpty || text == TabSeparatedTable.missing { return nil }
      if lesions.contains(where: { $0.label == text }) { return text }
      let named = lesions.filter { $0.name == text }
      return named.count == 1 ? named[0].label : text
    }
    do throws(TableError) {
      let table = try TabSeparatedTable.read(file)
      let (pre, post) = (try table.strings("pre"), try table.strings("post"))
      let names = table.has("name") ? try table.strings("name") : pre
      return table.rows.indices.compactMap { row in
        let (one, two) = (label(pre[row], before), label(post[row], after))
        guard one != nil || two != nil else { return nil }
        let name = names[row].isEmpty || names[row] == TabSeparatedTable.missing ? nil : names[row]
        return LesionMatching.Match(pre: one, post: two, name: name ?? one ?? two ?? "")
      }
    } catch { throw RunError(error) }
  }
}
