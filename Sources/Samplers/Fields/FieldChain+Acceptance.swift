public import Diagnostics

extension FieldChain {
  /// How often the steps of the sites were accepted that the warm-up has shaped.
  public var steps: [StepAcceptance] {
    [
      StepAcceptance(
        "steps of single sites", accepted: acceptedSites[0], tried: triedSites[0], isWalk: false)
    ]
  }
}
