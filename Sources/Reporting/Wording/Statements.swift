/// Sentences that stand on every page and table word for word.
public enum Statements {
  /// What the software may be used for.
  public static let researchUse =
    "Research use only. Not a medical device; not for diagnosis, treatment decisions or patient management. "
    + "Not cleared or approved by any authority."
  /// What simulated data are worth.
  public static let synthetic =
    "All numbers on this page are synthetic: they come from a simulation with known truth and describe no patient."
  /// What a change may be due to besides the tissue.
  public static let otherCauses = "Changes may be due to scanner, protocol or contour."
  /// What a change of a tumour on treatment may be.
  public static let pseudoprogression = "Pseudoprogression cannot be excluded by this tool."
  /// What an efficacy probability is not.
  public static let concurrent = "Concurrent assessment, not prediction."
  /// What is said of a quantity that the data do not determine.
  public static let notInformed = "not informed by these data; interval is the prior’s"
}
