internal import Acquisitions
internal import Diagnostics
internal import GSLSupport
internal import Lesions

/// The change of every functional of every parameter of every lesion, from the joint draws of two visits.
struct VisitChanges: Sendable {
  /// One row of the table with the draws behind it.
  struct Entry: Sendable {
    /// The index of the lesion among the matches.
    let lesion: Int
    let change: LesionChange
    /// Draws before, in the order of the change; nil if the lesion was not measured then.
    let pre: [Double]?
    /// Draws after.
    let post: [Double]?
  }

  let entries: [Entry]
  /// The number of pairs of draws behind every entry.
  let drawCount: Int
  /// Scan-to-scan variation of every parameter that has a figure.
  let variabilities: [LesionParameter: ScanVariability]
  let notices: [String]

  /// - `ownVariabilities`: a study of the user's own; the built-in figures stand in for parameters it lacks.
  init(
    _ visits: DeltaVisits, configuration: DeltaConfiguration,
    ownVariabilities: [LesionParameter: ScanVariability]?
  ) {
    let runs = Array(visits.pre.values) + Array(visits.post.values)
    drawCount = runs.map(\.drawCount).max() ?? 0
    let isFlipAngle = runs.contains { $0.t1Method == .variableFlipAngle }
    variabilities = LesionParameter.allCases.reduce(into: [:]) { figures, parameter in
      figures[parameter] =
        ownVariabilities?[parameter]
        ?? .builtIn(parameter, t1Method: isFlipAngle ? .variableFlipAngle : .recovery)
    }
    var entries: [Entry] = []
    for (index, match) in visits.matches.enumerated() {
      for modality in Modality.allCases {
        let before = Side(visits.pre[modality], label: match.pre)
        let after = Side(visits.post[modality], label: match.post)
        for parameter in modality.parameters {
          for functional in LesionFunctional.allCases {
            let pair = Pair(
              before: before, after: after, parameter: parameter, functional: functional, count: drawCount,
              key: StreamKey(seed: configuration.seed, unit: index, purpose: .resampling))
            guard
              let entry = pair.entry(
                patient: visits.patient, match: match, lesion: index, variability: variabilities[parameter],
                equivalence: configuration.rope[parameter.rawValue])
            else { continue }
            entries.append(entry)
          }
        }
      }
    }
    self.entries = entries
    notices = Self.notices(entries, own: ownVariabilities)
  }

  /// A lesion at one visit in one modality.
  private struct Side {
    let run: VisitRun
    let lesion: Int

    /// Nil if the modality was not fitted, or the lesion is not in it.
    init?(_ run: VisitRun?, label: String?) {
      guard let run, let label, let lesion = run.index(of: label) else { return nil }
      self.run = run
      self.lesion = lesion
    }
  }

  /// One functional of one parameter at both visits.
  private struct Pair {
    let before: Side?
    let after: Side?
    let parameter: LesionParameter
    let functional: LesionFunctional
    let count: Int
    let key: StreamKey

    /// The row; nil if neither visit has the functional, or if it is the spread of a single voxel.
    func entry(
      patient: String, match: LesionMatching.Match, lesion: Int, variability: ScanVariability?,
      equivalence: Double?
    ) -> Entry? {
      let sides = [before, after].compactMap { $0 }
      let (pre, post) = (draws(before), draws(after))
      guard pre != nil || post != nil else { return nil }
      if functional.isSpread, sides.contains(where: { $0.run.lesions[$0.lesion].voxelCount == 1 }) {
        return nil
      }
      let judgements = sides.compactMap { $0.run.judgement(parameter, functional, lesion: $0.lesion) }
      let change = pre.flatMap { pre in
        post.flatMap { post in
          ParameterChange(
            parameter, functional, pre: pre, post: post, variability: variability, equivalence: equivalence,
            pairing: key, count: count)
        }
      }
      let row = LesionChange(
        patient: patient, lesion: match.pre ?? match.post ?? "", name: match.name, parameter: parameter,
        functional: functional, change: change, isMissing: pre == nil || post == nil,
        grade: judgements.map(\.grade).max { $0.rawValue < $1.rawValue } ?? .outside,
        verdict: judgements.map(\.verdict).worst)
      return Entry(
        lesion: lesion, change: row, pre: change?.preDraws ?? pre.map(repeated),
        post: change?.postDraws ?? post.map(repeated))
    }

    private func draws(_ side: Side?) -> [Double]? {
      side.flatMap { $0.run.draws(parameter, functional, lesion: $0.lesion) }
    }

    /// The draws again and again, to the common number.
    private func repeated(_ draws: [Double]) -> [Double] { (0..<count).map { draws[$0 % draws.count] } }
  }

  private static func notices(_ entries: [Entry], own: [LesionParameter: ScanVariability]?) -> [String] {
    let means = entries.filter { $0.change.functional == .mean }.map(\.change)
    let missing = Set(means.filter(\.isMissing).map(\.name)).sorted()
    let withheld = Set(means.filter { $0.change != nil && !$0.isReported }.map(\.name)).sorted()
    let unknown = Set(
      means.filter { $0.change?.variability == nil && $0.isReported }.map(\.parameter.rawValue))
    let lacking = own.map { own in
      Set(means.map(\.parameter)).filter { own[$0] == nil }.map(\.rawValue).sorted()
    }
    return [
      missing.isEmpty ? nil : "without a partner at the other visit: \(missing.joined(separator: ", "))",
      withheld.isEmpty
        ? nil
        : "D* is not informed by these data and its change is not printed: \(withheld.joined(separator: ", "))",
      unknown.isEmpty
        ? nil
        : "scan-to-scan variation of \(unknown.sorted().joined(separator: ", ")) is not known: their changes have no "
          + "interval and no probability",
      lacking.flatMap { names in
        names.isEmpty
          ? nil
          : "not in the repeatability file, so built-in figures are used: \(names.joined(separator: ", "))"
      },
    ].compactMap { $0 }
  }
}
