internal import Samplers

/// How the voxels of a lesion depend on each other, and what is known of the covariance of their coordinates.
struct LesionStructure: Sendable, Equatable {
  /// Independent given their population, a field whose dependence is learned, or one at its limit.
  var field: FieldPrior.Structure
  /// How neighbours differ in the first coordinate: D, ADC or T1.
  var increments = FieldIncrements.normal
  /// True of the covariance prior of Huang and Wand, whose scales are half of those of the half-normal spreads.
  var isHuangWand = false

  init(_ field: FieldPrior.Structure, increments: FieldIncrements = .normal, isHuangWand: Bool = false) {
    self.field = field
    self.increments = increments
    self.isHuangWand = isHuangWand
  }

  /// The same population without a field.
  var withoutField: LesionStructure { LesionStructure(.exchangeable, isHuangWand: isHuangWand) }

  /// The prior of a lesion whose coordinates have these axes.
  func prior(of axes: [FieldPrior.Axis]) -> FieldPrior {
    isHuangWand
      ? FieldPrior(huangWand: axes, structure: field, increments: increments)
      : FieldPrior(axes: axes, structure: field, increments: increments)
  }
}

extension FitConfiguration {
  /// The prior of a lesion's voxels as the fits of two visits must share it: defaults go without saying.
  var priorFingerprint: String {
    var words = [lesionPrior]
    if lesionPrior == "spatial", spatialField != "leroux" { words.append(spatialField) }
    if lesionStructure?.isHuangWand == true { words.append(populationPrior) }
    return words.joined(separator: " ")
  }

  /// How the voxels of a lesion depend on each other; nil if they do not.
  var lesionStructure: LesionStructure? {
    let isHuangWand = populationPrior == "huang-wand"
    switch (lesionPrior, spatialField) {
    case ("hierarchical", _): return LesionStructure(.exchangeable, isHuangWand: isHuangWand)
    case ("spatial", "leroux"): return LesionStructure(.leroux, isHuangWand: isHuangWand)
    case ("spatial", let field):
      return LesionStructure(
        .intrinsic, increments: FieldIncrements(rawValue: field) ?? .normal, isHuangWand: isHuangWand)
    default: return nil
    }
  }
}
