internal import Foundation

/// A tissue parameter that lesions are compared by, under its name in files.
public enum LesionParameter: String, Sendable, Codable, CaseIterable {
  /// D.
  case diffusion = "d"
  /// f, the share of the signal.
  case perfusionFraction = "f"
  /// D*.
  case pseudoDiffusion = "dstar"
  /// f · D*.
  case perfusionProduct = "fdstar"
  /// ADC.
  case apparentDiffusion = "adc"
  /// T1.
  case t1
  /// f, the share of the volume.
  case perfusionVolume = "f_vol"

  /// The axis of its changes, and how it is averaged over a lesion.
  public var scale: LesionScale {
    switch self {
    case .diffusion, .pseudoDiffusion, .perfusionProduct, .apparentDiffusion, .t1: .log
    case .perfusionFraction, .perfusionVolume: .logit
    }
  }

  /// The unit in files; empty for a pure number.
  public var unit: String {
    switch self {
    case .diffusion, .pseudoDiffusion, .perfusionProduct, .apparentDiffusion: "mm2/s"
    case .t1: "s"
    case .perfusionFraction, .perfusionVolume: ""
    }
  }

  /// Half the width of the default region of practical equivalence, as a relative change: 10 % for ADC and D,
  /// 5 % for T1, 25 % for f and, having no figure of their own, D* and f · D*.
  public var practicalEquivalence: Double {
    switch self {
    case .diffusion, .apparentDiffusion: 0.10
    case .t1: 0.05
    case .perfusionFraction, .perfusionVolume, .pseudoDiffusion, .perfusionProduct: 0.25
    }
  }

  /// A relative change r as a step on the axis at `level`: r for the log, r/(1 − level) for the logit.
  ///
  /// From d logit f = df / (f (1 − f)) = d log f / (1 − f); within-subject standard deviations convert alike.
  public func axisStep(relative: Double, at level: Double) -> Double {
    scale == .logit ? relative / (1 - level) : relative
  }
}

extension LesionScale {
  /// The value at a place of the axis: the inverse of ``axis(_:)``.
  public func value(_ place: Double) -> Double {
    switch self {
    case .log: exp(place)
    case .logit: 1 / (1 + exp(-place))
    case .identity: place
    }
  }
}
