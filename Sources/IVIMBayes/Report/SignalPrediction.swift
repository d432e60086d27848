internal import Diagnostics
internal import Foundation
internal import GSLSupport
internal import Lesions
internal import Reporting

/// What a new measurement of a lesion's mean signal would show, from the joint draws of its voxels.
///
///     ŷ(b) = (1/V) Σᵥ S₀ᵥ [fᵥ e^(−b D*ᵥ) + (1 − fᵥ) e^(−b Dᵥ)] + N(0, σ²/(n V))
///
/// σ² is the mean variance of the voxels and n the averages of the setting. Under Rician noise each term is the mean of
/// a Rician magnitude, σ √(π/2) L½(−ν²/2σ²).
struct SignalPrediction {
  /// Joint draws that are used: enough for 5 % and 95 % quantiles to a tenth of their width.
  private static let drawCount = 200
  /// Places of the drawn curve.
  private static let placeCount = 25

  private let run: ReportedRun
  private let lesion: String

  /// Nil if the run kept no draws of voxels, or is not of diffusion.
  init?(_ run: ReportedRun, lesion: String) {
    guard !run.isT1, run.posterior?.variable("s0") != nil else { return nil }
    self.run = run
    self.lesion = lesion
  }

  /// Quantiles at evenly spaced settings and at every measured one, in order.
  func quantiles(seed: UInt64) -> [SignalFigure.Curve.Prediction] {
    let measured = run.signals.filter { $0.lesion == lesion }
    guard let last = measured.map(\.setting).max(), let draws = Draws(run, lesion: lesion) else { return [] }
    let even = (0..<Self.placeCount).map { last * Double($0) / Double(Self.placeCount - 1) }
    let settings = Set(even + measured.map(\.setting)).sorted()
    let isRician = run.record.configuration.noise == "rician"
    var random = RandomStream(StreamKey(seed: seed, unit: Int(lesion) ?? 0, purpose: .simulation))
    let picked = draws.indices(Self.drawCount)
    let noise = picked.map { _ in random.normal() }
    return settings.map { setting in
      let averages = measured.first { $0.setting == setting }?.averages ?? measured.map(\.averages).min() ?? 1
      let values = zip(picked, noise).map { draw, noise in
        let (mean, variance) = draws.signal(at: setting, draw: draw, isRician: isRician)
        return mean + noise * (variance / (averages * Double(draws.voxelCount))).squareRoot()
      }.sorted()
      return SignalFigure.Curve.Prediction(
        setting: setting, lower: values.quantile(0.05), median: values.quantile(0.5),
        upper: values.quantile(0.95))
    }
  }

  /// The joint draws of the voxels of one lesion.
  private struct Draws {
    let voxels: [Int]
    let drawCount: Int
    private let width: Int
    private let s0: [Float]
    private let sigma: [Float]
    /// Shares of the signal and their rates: biexponential, or one rate.
    private let slow: [Float]
    private let fast: (share: [Float], rate: [Float])?

    init?(_ run: ReportedRun, lesion: String) {
      guard let posterior = run.posterior, let lesions = run.voxelLesions,
        let s0 = Self.values(posterior, "s0"), let sigma = Self.values(posterior, "sigma"),
        let slow = Self.values(posterior, "d") ?? Self.values(posterior, "adc")
      else { return nil }
      voxels = lesions.indices.filter { "\(lesions[$0])" == lesion }
      (width, self.s0, self.sigma, self.slow) = (lesions.count, s0, sigma, slow)
      drawCount = posterior.extent(of: .chain) * posterior.extent(of: .draw)
      if let share = Self.values(posterior, "f"), let rate = Self.values(posterior, "dstar") {
        fast = (share, rate)
      } else {
        fast = nil
      }
      if voxels.isEmpty || drawCount == 0 { return nil }
    }

    private static func values(_ group: DrawsGroup, _ name: String) -> [Float]? {
      guard case .single(let values)? = group.variable(name)?.values else { return nil }
      return values
    }

    var voxelCount: Int { voxels.count }

    /// `count` draws spread over all of them.
    func indices(_ count: Int) -> [Int] {
      let step = max(1, drawCount / count)
      return Array(stride(from: step / 2, to: drawCount, by: step))
    }

    func signal(at b: Double, draw: Int, isRician: Bool) -> (mean: Double, variance: Double) {
      var (sum, variance) = (0.0, 0.0)
      for voxel in voxels {
        let index = draw * width + voxel
        var share = exp(-b * Double(slow[index]))
        if let fast {
          let f = Double(fast.share[index])
          share = (1 - f) * share + f * exp(-b * Double(fast.rate[index]))
        }
        let (signal, deviation) = (Double(s0[index]) * share, Double(sigma[index]))
        sum += isRician ? Self.ricianMean(signal, deviation) : signal
        variance += deviation * deviation
      }
      return (sum / Double(voxels.count), variance / Double(voxels.count))
    }

    private static func ricianMean(_ signal: Double, _ sigma: Double) -> Double {
      guard sigma > 0 else { return signal }
      let x = signal * signal / (2 * sigma * sigma)
      // Beyond this the Laguerre polynomial is √ to nine digits.
      if x > 300 { return (signal * signal + sigma * sigma).squareRoot() }
      let (scaled0, scaled1) = (
        SpecialFunctions.besselI0Scaled(x / 2), SpecialFunctions.besselI1Scaled(x / 2)
      )
      return sigma * (Double.pi / 2).squareRoot() * ((1 + x) * scaled0 + x * scaled1)
    }
  }
}

extension ReportedRun {
  /// The label of the lesion of every voxel among the draws.
  var voxelLesions: [Int]? {
    places?.variable("voxel_lesion")?.values.doubles?.map { Int($0) }
  }
}
