public import Tables

extension LesionParameter {
  /// What a value of the parameter can plausibly be, in its ``unit``.
  public var plausibleValues: PlausibleRange {
    switch self {
    case .diffusion: .diffusion
    case .apparentDiffusion: .apparentDiffusion
    case .pseudoDiffusion: .pseudoDiffusion
    case .perfusionProduct: .perfusionProduct
    case .perfusionFraction, .perfusionVolume: .perfusionFraction
    case .t1: .t1
    }
  }
}
