internal import Diagnostics
internal import Foundation

/// The density of draws, smoothed by Gaussian kernels of Silverman's width 0.9 min(SD, IQR/1.34) n^(−1/5).
///
/// Silverman 1986, Density Estimation, equation 3.31. Draws are binned first: 512 bins, error below a hundredth of the
/// peak.
public struct DensityEstimate: Sendable, Equatable {
  /// Where the density was computed.
  public let places: [Double]
  /// The density there.
  public let density: [Double]

  /// The density of `draws` at `count` places between `lower` and `upper`; zero everywhere if no draw is finite.
  public init(_ draws: [Double], from lower: Double, to upper: Double, count: Int = 121) {
    let step = (upper - lower) / Double(max(count - 1, 1))
    let places = (0..<count).map { lower + Double($0) * step }
    self.places = places
    let sorted = draws.filter(\.isFinite).sorted()
    guard sorted.count > 1, let first = sorted.first, let last = sorted.last, last > first else {
      density = places.map { _ in 0 }
      return
    }
    let count = Double(sorted.count)
    let mean = sorted.reduce(0, +) / count
    let sd = (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    let range = (sorted.quantile(0.75) - sorted.quantile(0.25)) / 1.34
    let width = 0.9 * (range > 0 ? min(sd, range) : sd) * pow(count, -0.2)
    let binWidth = (last - first) / 511
    var bins = [Double](repeating: 0, count: 512)
    for value in sorted { bins[Int(((value - first) / binWidth).rounded())] += 1 }
    let filled = bins.indices.filter { bins[$0] > 0 }
    let norm = 1 / (count * width * (2 * Double.pi).squareRoot())
    density = places.map { place in
      norm
        * filled.reduce(0) { sum, bin in
          let distance = (place - first - Double(bin) * binWidth) / width
          return abs(distance) > 5 ? sum : sum + bins[bin] * exp(-distance * distance / 2)
        }
    }
  }
}
