internal import Diagnostics
internal import Foundation
internal import Tables

/// What a table of lesions says beside the sampling: numbers that are the prior's, and signals that sink into the noise.
struct LesionTableFlags {
  private let rows: [Row]
  private let configuration: FitConfiguration
  /// The largest b-value in use, s/mm²; nil in a T1 fit.
  private let largestB: Double?

  /// Below this many σ at the largest b-value, magnitude noise is no longer Gaussian: the bias of ignoring it, σ²/2ν,
  /// is 3 % of the signal there.
  private static let signalFloor = 4.0

  private struct Row {
    let lesion: String
    let parameter: String
    let median: Double
    let grade: String
    let contraction: Double
  }

  /// Reads `lesions`, the table of a fit with `configuration` at these settings.
  ///
  /// - Throws: `missingColumn`, `notANumber`.
  init(_ lesions: TabSeparatedTable, configuration: FitConfiguration, settings: [Double]) throws(TableError) {
    let (names, parameters) = (try lesions.strings("name"), try lesions.strings("parameter"))
    let (functionals, grades) = (try lesions.strings("functional"), try lesions.strings("grade"))
    let (medians, contractions) = (try lesions.numbers("median"), try lesions.numbers("contraction"))
    rows = functionals.indices.filter { functionals[$0] == "mean" }.map { k in
      Row(
        lesion: names[k], parameter: parameters[k], median: medians[k], grade: grades[k],
        contraction: contractions[k])
    }
    self.configuration = configuration
    largestB = configuration.method == nil ? settings.max() : nil
  }

  /// The flags, lesion after lesion.
  var flags: [HealthFlag] { priorDominated + lowSignal }

  /// Parameters that are the prior's at most protocols: D* with what contains it, and what a T1 scan takes from elsewhere.
  static let usuallyPrior: Set = [
    "dstar", "fdstar", "t1star", "inversion", "saturation", "inversion_efficiency", "b1",
  ]

  /// Of the usual ones a note, of anything else a warning.
  private var priorDominated: [HealthFlag] {
    rows.filter { $0.grade == Grade.priorDominated.word }.map { row in
      let isUsual = Self.usuallyPrior.contains(row.parameter)
      return HealthFlag(
        .priorDominated, subject: "\(row.parameter) mean of \(row.lesion)", severity: isUsual ? .pass : .warn,
        evidence: String(format: "contraction %.2f (limit 0.25)", row.contraction))
    }
  }

  /// Lesions whose fitted signal at the largest b-value lies near σ under Gaussian noise.
  private var lowSignal: [HealthFlag] {
    guard let largestB, configuration.magnitudeDensity == nil else { return [] }
    return rows.map(\.lesion).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.compactMap {
      lesion in
      func median(_ parameter: String) -> Double? {
        rows.first { $0.lesion == lesion && $0.parameter == parameter }?.median
      }
      guard let s0 = median("s0"), let sigma = median("sigma"), sigma > 0,
        let slow = median("d") ?? median("adc")
      else { return nil }
      let ratio = s0 * (1 - (median("f") ?? 0)) * exp(-largestB * slow) / sigma
      guard ratio < Self.signalFloor else { return nil }
      let evidence = String(
        format: "signal %.1f sigma at b = %g s/mm2 (limit %.0f)", ratio, largestB, Self.signalFloor)
      return HealthFlag(.lowSignal, subject: lesion, severity: .warn, evidence: evidence)
    }
  }
}
