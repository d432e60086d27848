internal import LaneMath
public import SignalModels

/// Places from which a search for the best coordinates starts when nothing is known of the tissue.
public enum StartingGrid {
  /// The places of one coordinate: T1 on a grid close enough that no polarity of an inversion recovery is missed.
  public static func places(of coordinate: TissueCoordinate) -> [Double] {
    switch coordinate.name {
    case "t1": spread(from: 0.03, to: 8, count: 40)
    case "t1_over_t1star": spread(from: 1.05, to: 2, count: 4)
    case "inversion": [1.5, 1.9]
    case "saturation", "b1", "inversion_efficiency": [1]
    case "d", "adc": spread(from: 0.4, to: 2.5, count: 4)
    case "f": [0.03, 0.1, 0.3].map { Double.log($0 / (1 - $0)) }
    case "dstar_minus_d": spread(from: 5, to: 80, count: 3)
    default: [0]
    }
  }

  /// Every combination of the places of `coordinates`.
  public static func candidates(for coordinates: [TissueCoordinate]) -> [[Double]] {
    coordinates.reduce([[]]) { built, coordinate in
      built.flatMap { start in places(of: coordinate).map { start + [$0] } }
    }
  }

  /// The logarithms of `count` numbers from `lower` to `upper`, evenly spread in the logarithm.
  private static func spread(from lower: Double, to upper: Double, count: Int) -> [Double] {
    let (first, last) = (Double.log(lower), Double.log(upper))
    return (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
  }
}
