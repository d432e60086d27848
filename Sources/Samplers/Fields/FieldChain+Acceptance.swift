public import Diagnostics

extension FieldChain {
  /// How often the moves were accepted that the warm-up has shaped.
  public var steps: [StepAcceptance] {
    [
      StepAcceptance(
        "steps of single sites", accepted: acceptedSites[0], tried: triedSites[0], isWalk: false),
      StepAcceptance(
        "trajectories of the population", accepted: Double(motion.counts.accepted),
        tried: Double(motion.counts.tried), isWalk: false),
    ]
  }
}
