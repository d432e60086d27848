/// What the prior of a lesion's voxels is, in words.
enum PriorWords {
  /// "spatial (Leroux field)": for a list of facts.
  static func name(_ configuration: FitConfiguration) -> String {
    switch configuration.lesionPrior {
    case "spatial": "spatial (\(configuration.spatialField == "icar" ? "ICAR" : "Leroux") field)"
    default: configuration.lesionPrior
    }
  }

  /// The end of a sentence that begins "estimated … with".
  static func clause(_ configuration: FitConfiguration) -> String {
    switch configuration.lesionPrior {
    case "spatial":
      "a spatial prior in each lesion (neighbouring voxels are alike, \(configuration.spatialField == "icar" ? "intrinsic CAR" : "Leroux") field)"
    case "hierarchical": "a hierarchical prior in each lesion (its voxels share one population)"
    default: "independent priors for each voxel"
    }
  }
}
