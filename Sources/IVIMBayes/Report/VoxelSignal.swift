internal import Acquisitions
internal import Foundation
internal import Posteriors
internal import Reporting

/// The signal of one voxel in one joint draw, by the model that was fitted, from the quantities in the draws file.
struct VoxelSignal {
  private let s0: [Float]
  private let sigma: [Float]
  /// True if the sign of the signal is lost.
  private let isMagnitude: Bool
  private let noise: NoiseModel
  /// S/S₀ at a setting, of element `index` of the arrays.
  private let shape: (Double, Int) -> Double

  /// Nil if the draws do not hold what the model needs.
  init?(_ run: ReportedRun) {
    guard let posterior = run.posterior else { return nil }
    func values(_ name: String) -> [Float]? {
      guard case .single(let values)? = posterior.variable(name)?.values else { return nil }
      return values
    }
    guard let s0 = values("s0"), let sigma = values("sigma") else { return nil }
    (self.s0, self.sigma) = (s0, sigma)
    let configuration = run.record.configuration
    let method = configuration.method
    isMagnitude =
      NoiseModel(
        ofMethod: method.flatMap { T1Method(rawValue: $0) },
        polarity: configuration.polarity.flatMap { SignalPolarity(rawValue: $0) }) != .gaussian
    noise = configuration.noiseModel
    guard let method else {
      guard let shape = Self.diffusion(values) else { return nil }
      self.shape = shape
      return
    }
    guard let t1 = values("t1"), let shape = Self.recovery(method, t1, run: run, values) else { return nil }
    self.shape = shape
  }

  /// The mean and the variance of a measurement of element `index` at `setting`.
  func moments(at setting: Double, _ index: Int) -> (mean: Double, variance: Double) {
    let signal = Double(s0[index]) * shape(setting, index)
    let deviation = Double(sigma[index])
    return noise.moments(noiseless: isMagnitude ? abs(signal) : signal, sigma: deviation)
  }

  private static func diffusion(_ values: (String) -> [Float]?) -> ((Double, Int) -> Double)? {
    if let d = values("d"), let f = values("f"), let fast = values("dstar") {
      return { b, index in
        let share = Double(f[index])
        return (1 - share) * exp(-b * Double(d[index])) + share * exp(-b * Double(fast[index]))
      }
    }
    guard let adc = values("adc") else { return nil }
    return { b, index in exp(-b * Double(adc[index])) }
  }

  private static func recovery(
    _ method: String, _ t1: [Float], run: ReportedRun, _ values: (String) -> [Float]?
  ) -> ((Double, Int) -> Double)? {
    let repetition = run.record.repetitionTime
    switch method {
    case "ir", "sasha":
      guard
        let depth = values("inversion") ?? values("saturation")
          ?? (method == "sasha" ? t1.map { _ in 1 } : nil)
      else { return nil }
      return { time, index in
        let (rate, k) = (1 / Double(t1[index]), Double(depth[index]))
        return 1 - k * exp(-time * rate) + (repetition.map { (k - 1) * exp(-$0 * rate) } ?? 0)
      }
    case "look-locker", "molli":
      guard let apparent = values("t1star") else { return nil }
      let efficiency = values("inversion_efficiency")
      let fixed = run.record.configuration.inversionEfficiency.first ?? 1
      return { time, index in
        let ratio = Double(t1[index]) / Double(apparent[index])
        let inverted = efficiency.map { Double($0[index]) } ?? fixed
        return 1 - (1 + inverted * ratio) * exp(-time / Double(apparent[index]))
      }
    default:
      guard let repetition else { return nil }
      let factor = values("b1")
      return { degrees, index in
        let angle = degrees * Double.pi / 180 * (factor.map { Double($0[index]) } ?? 1)
        let recovered = exp(-repetition / Double(t1[index]))
        return sin(angle) * (1 - recovered) / (1 - recovered * cos(angle))
      }
    }
  }
}
