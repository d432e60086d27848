internal import LaneMath

/// One number for each tissue parameter, on the axes log D, logit f, log D* and log T1: changes or standard deviations.
public struct TissueAxes: Codable, Sendable, Equatable {
  /// Of log D.
  public var d: Double
  /// Of logit f.
  public var f: Double
  /// Of log D*.
  public var dstar: Double
  /// Of log T1.
  public var t1: Double

  /// These four numbers.
  public init(d: Double = 0, f: Double = 0, dstar: Double = 0, t1: Double = 0) {
    self.d = d
    self.f = f
    self.dstar = dstar
    self.t1 = t1
  }

  /// The numbers in the order d, f, dstar, t1.
  var values: [Double] { [d, f, dstar, t1] }

  init(values: [Double]) {
    self.init(d: values[0], f: values[1], dstar: values[2], t1: values[3])
  }

  /// True if no number is negative or infinite: what standard deviations must be.
  var areDeviations: Bool { values.allSatisfy { $0 >= 0 && $0.isFinite } }

  static func + (left: TissueAxes, right: TissueAxes) -> TissueAxes {
    TissueAxes(values: zip(left.values, right.values).map(+))
  }

  static func * (left: TissueAxes, right: TissueAxes) -> TissueAxes {
    TissueAxes(values: zip(left.values, right.values).map(*))
  }

  static func * (factor: Double, axes: TissueAxes) -> TissueAxes {
    TissueAxes(values: axes.values.map { factor * $0 })
  }
}

/// What a piece of tissue is made of: the truth of a simulation.
public struct SimulatedTissue: Codable, Sendable, Equatable {
  /// D, mm²/s.
  public var d = 1.1e-3
  /// f, the share of the signal.
  public var f = 0.18
  /// D*, mm²/s.
  public var dstar = 20e-3
  /// T1, s.
  public var t1 = 1.4
  /// The diffusion signal at b = 0.
  public var s0 = 800.0
  /// The T1 signal at full recovery.
  public var m0 = 1000.0

  /// The default: a lung tumour.
  public init() {}

  /// This tissue moved by `step` along the axes; D* stays above 1.5 D.
  func moved(by step: TissueAxes) -> SimulatedTissue {
    var tissue = self
    tissue.d = d * Double.exp(step.d)
    tissue.f = Double.logistic(Double.log(f / (1 - f)) + step.f)
    tissue.dstar = max(dstar * Double.exp(step.dstar), 1.5 * tissue.d)
    tissue.t1 = t1 * Double.exp(step.t1)
    return tissue
  }

  var complaint: String? {
    let isOrdered = d > 0 && dstar > d
    let isPositive = [t1, s0, m0].allSatisfy { $0 > 0 && $0.isFinite }
    return isOrdered && f > 0 && f < 1 && isPositive
      ? nil : "each tissue needs 0 < f < 1, 0 < d < dstar, and t1, s0 and m0 above 0"
  }
}
