internal import Diagnostics

/// What the samplers of a lesion met after their warm-up.
struct SamplerReport: Sendable, Equatable {
  /// Divergent transitions of the no-U-turn sampler.
  var divergences = 0
  /// The steps of every chain over a lesion whose voxels are joined; empty where they are not.
  var steps: [[StepAcceptance]] = []

  /// Divergences, and adaptations that froze at the wrong size, in the lesion `name`.
  func flags(of name: String) -> [HealthFlag] {
    var flags: [HealthFlag] = []
    if divergences > 0 {
      flags.append(
        HealthFlag(
          .divergence, subject: name, severity: .warn, evidence: "\(divergences) after warm-up (limit 0)"))
    }
    for (chain, steps) in steps.enumerated() {
      flags += steps.compactMap { $0.flag(subject: "chain \(chain + 1) of \(name)") }
    }
    return flags
  }
}

extension SamplerReport {
  /// The report as rows of text: the divergences, then chain, name, accepted, tried and kind of every step.
  var text: String {
    let lines = steps.enumerated().flatMap { chain, steps in
      steps.map { "\(chain)\t\($0.name)\t\($0.accepted)\t\($0.tried)\t\($0.isWalk)" }
    }
    return (["\(divergences)"] + lines).joined(separator: "\n")
  }

  /// The report that `text` holds; nil if it is none.
  init?(_ text: String) {
    let lines = text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    guard let first = lines.first, first.count == 1, let divergences = Int(first[0]) else { return nil }
    self.divergences = divergences
    for fields in lines.dropFirst() {
      guard fields.count == 5, let chain = Int(fields[0]), (0...steps.count).contains(chain),
        let accepted = Double(fields[2]), let tried = Double(fields[3]), let isWalk = Bool(fields[4])
      else { return nil }
      if chain == steps.count { steps.append([]) }
      steps[chain].append(StepAcceptance(fields[1], accepted: accepted, tried: tried, isWalk: isWalk))
    }
  }
}
