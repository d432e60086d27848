internal import Diagnostics
internal import Foundation
internal import GSLSupport
internal import Lesions
internal import Samplers

/// What the field of a lesion decides: the lesion fitted with it, and again with λ = 0, that is with voxels that share their
/// population and know nothing of their neighbours.
///
/// A lesion mean should not depend on it. A map does, and is mostly borrowed where a voxel has less than a fifth of the SD
/// that it has without the field, or where a dependence near its limit spans a lesion of a few voxels.
struct FieldSensitivity: Sendable, Equatable, Codable {
  /// One parameter of the lesion.
  struct Row: Sendable, Equatable, Codable {
    let parameter: String
    let unit: String
    /// Posterior mean and SD of the lesion mean, in the parameter's unit.
    let mean: Double
    let sd: Double
    /// And without the field.
    let meanWithout: Double
    let sdWithout: Double
    /// The difference of the two means in SDs of the first, on the parameter's axis.
    let shift: Double
    /// The posterior median of λ; NaN where the field has none to learn.
    let dependence: Double
    /// The distance over which the field falls to 1/e, mm; NaN without λ.
    let range: Double
    /// The share of voxels with less than `borrowedSD` of their SD without the field; NaN for a parameter without a map.
    let borrowedShare: Double
  }

  let lesion: String
  let label: Int
  let voxels: Int
  let rows: [Row]

  /// A lesion mean that moves by more than this many of its SDs is flagged.
  static let largestShift = 0.5
  /// A voxel that has less than this share of its SD without the field lives on its neighbours.
  static let borrowedSD = 0.2
  /// A map is mostly borrowed if more than this share of its voxels does.
  static let largestBorrowedShare = 0.5
  /// Or if λ exceeds this in a lesion of a smaller radius than `smallestRadius`, in voxels.
  static let largestDependence = 0.95
  static let smallestRadius = 3.0
  /// The parameters compared.
  private static let compared: Set = ["d", "f", "dstar", "fdstar", "adc", "t1"]
}

extension FieldSensitivity {
  /// Compares the posterior of a lesion under a field over `graph` with that `without` it; `spacing` is the smallest edge of
  /// a voxel, mm.
  init(_ posterior: LesionPosterior, without: LesionPosterior, graph: SiteGraph, spacing: Double) {
    lesion = posterior.lesion.name
    label = posterior.lesion.label
    voxels = posterior.lesion.rows.count
    let mean = LesionFunctional.allCases.firstIndex(of: .mean) ?? 0
    let mapped = posterior.quantities.filter(\.isMapped)
    rows = posterior.quantities.indices.compactMap { q in
      let quantity = posterior.quantities[q]
      guard Self.compared.contains(quantity.name), q < without.quantities.count else { return nil }
      let (own, other) = (
        posterior.series.values[q][mean].flatMap { $0 }, without.series.values[q][mean].flatMap { $0 }
      )
      let (natural, naturalOther) = (PriorSpread.moments(own), PriorSpread.moments(other))
      let axis = PriorSpread.moments(own.map(quantity.scale.axis))
      let axisOther = PriorSpread.moments(other.map(quantity.scale.axis))
      let place = mapped.firstIndex(of: quantity)
      let lambda = Self.dependence(of: quantity.name, in: posterior)
      return Row(
        parameter: quantity.name, unit: quantity.unit, mean: natural.mean, sd: natural.variance.squareRoot(),
        meanWithout: naturalOther.mean, sdWithout: naturalOther.variance.squareRoot(),
        shift: (axis.mean - axisOther.mean) / axis.variance.squareRoot(), dependence: lambda,
        range: Self.range(lambda, graph, spacing: spacing),
        borrowedShare: place.map { Self.borrowedShare($0, posterior, without) } ?? .nan)
    }
  }

  private static func dependence(of parameter: String, in posterior: LesionPosterior) -> Double {
    let axis = parameter == "dstar" ? "dstar_minus_d" : parameter
    guard let series = posterior.population.first(where: { $0.parameter.name == "lambda_\(axis)" }) else {
      return .nan
    }
    return series.chains.flatMap { $0 }.sorted().quantile(0.5)
  }

  /// h √(λ c/(1 − λ)), c the scale of the largest component: λ c h² ∇² − (1 − λ) has solutions that fall off like
  /// exp(−r/range).
  private static func range(_ lambda: Double, _ graph: SiteGraph, spacing: Double) -> Double {
    let largest = graph.componentSizes.indices.max { graph.componentSizes[$0] < graph.componentSizes[$1] }
    guard let largest, lambda < 1 else { return .nan }
    return spacing * (lambda * graph.scales[largest] / (1 - lambda)).squareRoot()
  }

  private static func borrowedShare(_ q: Int, _ posterior: LesionPosterior, _ without: LesionPosterior)
    -> Double
  {
    let count = zip(posterior.statistics, without.statistics).count { own, other in
      Double(own[q].sd) < borrowedSD * Double(other[q].sd)
    }
    return Double(count) / Double(posterior.statistics.count)
  }

  /// The radius of a ball of as many voxels, in voxels.
  private var radius: Double { SpecialFunctions.cubeRoot(3 * Double(voxels) / (4 * .pi)) }

  /// Whether the map of the parameter is mostly borrowed.
  func isBorrowed(_ row: Row) -> Bool {
    row.borrowedShare > Self.largestBorrowedShare
      || (row.dependence > Self.largestDependence && radius < Self.smallestRadius)
  }

  /// Whether the lesion mean of the parameter depends on the field.
  func isShifted(_ row: Row) -> Bool { abs(row.shift) > Self.largestShift }

  /// Lesion means that depend on the field, and maps that are mostly borrowed.
  var flags: [HealthFlag] {
    rows.flatMap { row in
      var flags: [HealthFlag] = []
      if isShifted(row) {
        flags.append(
          HealthFlag(
            .fieldDependent, subject: "\(row.parameter) mean of \(lesion)",
            severity: LesionTableFlags.usuallyPrior.contains(row.parameter) ? .pass : .warn,
            evidence: String(
              format: "differs by %.2f SD from the fit without a field (limit %.1f)", abs(row.shift),
              Self.largestShift)))
      }
      if isBorrowed(row) {
        let share =
          row.borrowedShare.isNaN
          ? ""
          : String(
            format: "%.0f %% of the voxels have less than %.1f of their SD without the field",
            100 * row.borrowedShare, Self.borrowedSD)
        let lambda =
          row.dependence.isNaN
          ? ""
          : String(format: "lambda %.3f in a lesion of radius %.1f voxels", row.dependence, radius)
        flags.append(
          HealthFlag(
            .mostlyBorrowed, subject: "map of \(row.parameter) in \(lesion)", severity: .warn,
            evidence: [share, lambda].filter { !$0.isEmpty }.joined(separator: "; ")))
      }
      return flags
    }
  }

  /// What the run file says of every parameter.
  var record: [[String: Any]] {
    rows.map { row in
      func number(_ value: Double) -> Any { value.isFinite ? value : NSNull() }
      return [
        "lesion": label, "parameter": row.parameter, "shift_in_sd": number(row.shift),
        "lambda": number(row.dependence), "range_mm": number(row.range),
        "share_borrowed": number(row.borrowedShare),
      ]
    }
  }
}
