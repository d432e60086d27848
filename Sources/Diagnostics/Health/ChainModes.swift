internal import Foundation

/// Do the chains sit in different modes? Two ways to see it: chains whose centres lie apart by more than their own
/// spread, and chains that agree on location but not on spread (folded R̂), one of them holding a mode the others lack.
struct ChainModes {
  /// The largest gap between neighbouring chain medians, in units of the median within-chain SD.
  let separation: Double
  /// The chains on the smaller side of that gap, counted from 1.
  let minority: [Int]
  let areSeparate: Bool
  let evidence: String

  init(_ chains: [[Double]], diagnostics: ChainDiagnostics, limits: HealthLimits) {
    let medians = chains.map { $0.sorted().quantile(0.5) }
    let spreads = chains.map { $0.sampleVariance.squareRoot() }.sorted()
    let order = medians.indices.sorted { medians[$0] < medians[$1] }
    var (gap, place) = (0.0, 0)
    for next in order.indices.dropFirst() where medians[order[next]] - medians[order[next - 1]] > gap {
      (gap, place) = (medians[order[next]] - medians[order[next - 1]], next)
    }
    let sides = [Array(order[..<place]), Array(order[place...])]
    minority = (sides[0].count <= sides[1].count && !sides[0].isEmpty ? sides[0] : sides[1]).map { $0 + 1 }
      .sorted()
    separation = gap == 0 ? 0 : gap / spreads.quantile(0.5)
    let (bulk, folded) = (diagnostics.bulkRHat, diagnostics.foldedRHat)
    if separation > limits.modeSeparation {
      areSeparate = true
      let names = minority.map(String.init).joined(separator: ", ")
      evidence = String(format: "chain \(names) lies %.1f within-chain SDs from the others", separation)
    } else {
      areSeparate = folded >= limits.failingRHat && bulk < limits.failingRHat
      evidence = String(format: "chains agree on location but not on spread (folded R-hat %.3f)", folded)
    }
  }
}
