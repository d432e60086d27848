/// What the prior of a lesion's voxels is, in words.
enum PriorWords {
  /// "spatial (Leroux field)": for a list of facts.
  static func name(_ configuration: FitConfiguration) -> String {
    switch configuration.lesionPrior {
    case "spatial": "spatial (\(field(configuration)) field)"
    default: configuration.lesionPrior
    }
  }

  /// The end of a sentence that begins "estimated … with".
  static func clause(_ configuration: FitConfiguration) -> String {
    switch configuration.lesionPrior {
    case "spatial":
      "a spatial prior in each lesion (neighbouring voxels are alike, \(field(configuration)) field)"
    case "hierarchical": "a hierarchical prior in each lesion (its voxels share one population)"
    default: "independent priors for each voxel (intervals of lesion means are then too narrow)"
    }
  }

  private static func field(_ configuration: FitConfiguration) -> String {
    switch configuration.spatialField {
    case "icar": "intrinsic CAR"
    case "laplace": "edge-preserving Laplace"
    case "student-t": "edge-preserving Student-t"
    default: "Leroux"
    }
  }
}
