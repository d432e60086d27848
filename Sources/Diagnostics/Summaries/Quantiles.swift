extension Array where Element == Double {
  /// The quantile of `probability` of values in ascending order, linear between order statistics.
  ///
  /// Type 7 of Hyndman and Fan 1996 (doi:10.1080/00031305.1996.10473566), the default of R, NumPy and ArviZ:
  /// x at the place 1 + (n − 1) p. NaN of nothing.
  ///
  /// - Precondition: the array is sorted, and `probability` lies in 0 … 1.
  public func quantile(_ probability: Double) -> Double {
    precondition((0...1).contains(probability), "a probability lies in 0 … 1")
    guard let last = self.last else { return .nan }
    let place = Double(count - 1) * probability
    let below = Int(place)
    guard below + 1 < count else { return last }
    return self[below] + (place - Double(below)) * (self[below + 1] - self[below])
  }
}
