/// p-values adjusted for their number.
///
/// The family is what is passed in one call: parameters × comparisons of one table, which the table states.
/// NaN stays NaN and does not count as a test.
public enum MultiplicityAdjustment {
  /// Controls the chance of any false claim: p₍ᵢ₎ (m − i + 1), made monotone, at most 1 (Holm 1979).
  public static func holm(_ pValues: [Double]) -> [Double] {
    adjust(pValues) { sorted in
      var largest = 0.0
      return sorted.enumerated().map { place, p in
        largest = max(largest, min(1, p * Double(sorted.count - place)))
        return largest
      }
    }
  }

  /// Controls the expected share of false claims: p₍ᵢ₎ m / i, made monotone from above, at most 1.
  ///
  /// Benjamini and Hochberg 1995 (doi:10.1111/j.2517-6161.1995.tb02031.x).
  public static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
    adjust(pValues) { sorted in
      var smallest = 1.0
      let descending = sorted.enumerated().reversed().map { place, p in
        smallest = min(smallest, p * Double(sorted.count) / Double(place + 1))
        return smallest
      }
      return descending.reversed()
    }
  }

  /// Applies `rule` to the sorted numbers among `pValues` and puts the results back in place.
  private static func adjust(_ pValues: [Double], by rule: ([Double]) -> [Double]) -> [Double] {
    let order = pValues.indices.filter { !pValues[$0].isNaN }.sorted { pValues[$0] < pValues[$1] }
    var adjusted = [Double](repeating: .nan, count: pValues.count)
    for (index, value) in zip(order, rule(order.map { pValues[$0] })) { adjusted[index] = value }
    return adjusted
  }
}
