internal import Foundation
public import Lesions

/// One feature of the efficacy models: a parameter before or after treatment, or its change.
///
/// Models work in fixed reference units, not in standard deviations of the cohort, so that a stored model can
/// judge a lesion without its cohort:
///
///     x = (axis value − origin) / unit
///
/// on the log axis for D, D*, ADC and T1 and on the logit axis for f. A change has origin 0.
public struct CohortFeature: Sendable, Hashable, Codable {
  /// When the parameter was measured.
  public enum Phase: String, Sendable, Codable, CaseIterable {
    /// Before treatment.
    case pre
    /// After treatment began.
    case post
    /// After minus before, on the axis.
    case delta
  }

  /// When.
  public let phase: Phase
  /// What.
  public let parameter: LesionParameter

  /// The feature of `parameter` at `phase`.
  public init(_ phase: Phase, _ parameter: LesionParameter) {
    self.phase = phase
    self.parameter = parameter
  }

  /// The feature called `pre_…`, `post_…` or `delta_…`; nil for any other name.
  public init?(name: String) {
    guard let split = name.firstIndex(of: "_"), let phase = Phase(rawValue: String(name[..<split])),
      let parameter = LesionParameter(rawValue: String(name[name.index(after: split)...]))
    else { return nil }
    self.init(phase, parameter)
  }

  /// `delta_adc`, `post_t1`, ….
  public var name: String { "\(phase.rawValue)_\(parameter.rawValue)" }

  /// The pair of the motivating study: the change of ADC and T1 after treatment.
  public static let defaults = [CohortFeature(.delta, .apparentDiffusion), CohortFeature(.post, .t1)]

  /// Every feature, in the order of tables.
  public static let all = LesionParameter.allCases.flatMap { parameter in
    Phase.allCases.map { CohortFeature($0, parameter) }
  }

  /// The place of the axis that is 0 in reference units: typical values of lung tumours, D 1.1 and ADC 1.2 ·
  /// 10⁻³ mm²/s, D* 20 · 10⁻³, f · D* 4 · 10⁻³, f 0.2, T1 1.4 s; 0 for a change.
  public var origin: Double {
    if phase == .delta { return 0 }
    let typical =
      switch parameter {
      case .diffusion: 1.1e-3
      case .apparentDiffusion: 1.2e-3
      case .pseudoDiffusion: 20e-3
      case .perfusionProduct: 4e-3
      case .perfusionFraction, .perfusionVolume: 0.2
      case .t1: 1.4
      }
    return parameter.scale.axis(typical)
  }

  /// The step of the axis that is 1 in reference units: about the spread between patients. Changes: 0.15 for
  /// ADC and D, 0.08 for T1, 0.5 for logit f, 0.7 for D*. Levels: 0.25, 0.15, 0.6, 0.7.
  public var unit: Double {
    let isChange = phase == .delta
    return switch parameter {
    case .diffusion, .apparentDiffusion: isChange ? 0.15 : 0.25
    case .t1: isChange ? 0.08 : 0.15
    case .perfusionFraction, .perfusionVolume: isChange ? 0.5 : 0.6
    case .pseudoDiffusion, .perfusionProduct: 0.7
    }
  }

  /// A place of the axis in reference units.
  public func reference(_ place: Double) -> Double { (place - origin) / unit }
}
