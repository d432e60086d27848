internal import Foundation
internal import Lesions

/// Suggests Rician noise where the fitted signal comes near the noise: never switches by itself.
enum SignalFloor {
  /// A notice for every lesion whose signal at the largest b-value is below 4 σ under Gaussian noise, and one for the
  /// voxels outside lesions if that holds for half of them.
  static func notices(_ results: FitResults, _ inputs: FitInputs, _ configuration: FitConfiguration) throws
    -> [String]
  {
    guard configuration.magnitudeDensity == nil, let largest = inputs.series.settings.max() else { return [] }
    func ratio(_ value: (String) -> Double?) -> Double? {
      guard let s0 = value("s0"), let sigma = value("sigma"), sigma > 0, let slow = value("d") ?? value("adc")
      else { return nil }
      return s0 * (1 - (value("f") ?? 0)) * exp(-largest * slow) / sigma
    }
    var means: [Int: [String: Double]] = [:]
    for row in results.rows where row.functional == LesionFunctional.mean.rawValue {
      means[row.lesion, default: [:]][row.parameter] = row.summary.mean
    }
    var notices = results.lesions.compactMap { lesion -> String? in
      let found = ratio { means[lesion.lesion.label]?[$0] }
      return found.flatMap { $0 < 4 ? "lesion \(lesion.lesion.name): \(text($0))" : nil }
    }
    let mapped = results.quantities.filter(\.isMapped)
    var medians: [String: [Float]] = [:]
    for (index, quantity) in mapped.enumerated() {
      medians[quantity.name] = try results.background.planes(ofQuantity: index)[3]
    }
    let count = results.background.rowCount
    let low = (0..<count).count { row in
      ratio { name in medians[name].map { Double($0[row]) } }.map { $0 < 4 } ?? false
    }
    if count > 0, 2 * low > count {
      notices.append("\(low) of \(count) voxels outside lesions: \(text(4))")
    }
    return notices
  }

  private static func text(_ ratio: Double) -> String {
    "the fitted signal falls below \(String(format: "%.1f", ratio)) sigma at the largest b-value: "
      + "consider --noise rician"
  }
}
