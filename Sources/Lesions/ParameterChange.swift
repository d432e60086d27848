internal import Diagnostics
internal import Foundation
public import GSLSupport

/// The posterior of the change of one parameter in one lesion, follow-up minus baseline, on the parameter's
/// axis.
///
///     δ = h(post draw) − h(pre draw) + N(0, √2 w_phys)
///
/// with h the log or the logit. The two visits are separate fits of unregistered images, so their draws are
/// independent and are paired at random, never voxel by voxel. The last term is what changes between two
/// scans of an unchanged lesion; it keeps P(increase) honest.
public struct ParameterChange: Sendable, Equatable {
  /// The parameter that changed.
  public let parameter: LesionParameter
  /// The functional of the lesion's voxels.
  public let functional: LesionFunctional
  /// δ of every pairing, scan-to-scan variation included; on the axis of the parameter.
  public let draws: [Double]
  /// The same without scan-to-scan variation: what the images alone say of these two scans.
  public let withinDraws: [Double]
  /// The change in percent of the parameter itself, for every pairing, in the order of `draws`.
  public let percentDraws: [Double]
  /// The draws before, in the unit of the parameter, in the order of `draws`.
  public let preDraws: [Double]
  /// The draws after, in the order of `draws`.
  public let postDraws: [Double]
  /// The posterior median before, in the unit of the parameter.
  public let preMedian: Double
  /// The posterior median after.
  public let postMedian: Double
  /// What two scans of an unchanged lesion differ by; nil if nothing is known, and then every probability is
  /// within-scan only.
  public let variability: ScanVariability?
  /// δ in this interval is practically no change; on the axis.
  public let equivalence: Interval
  /// Variances of the components of δ.
  public let budget: VarianceBudget

  /// Where the variance of a change comes from, on the axis of the parameter.
  public struct VarianceBudget: Sendable, Equatable {
    /// Of the posterior before.
    public let pre: Double
    /// Of the posterior after.
    public let post: Double
    /// 2 w_phys².
    public let scanToScan: Double
    /// The sum.
    public var total: Double { pre + post + scanToScan }
  }

  /// The change from draws of the lesion's functional at the two visits, in the unit of the parameter.
  ///
  /// - `equivalence`: half-width of the region of practical equivalence as a relative change; default by
  ///   parameter.
  /// - `pairing` keys the pairing: use one key for all parameters of a lesion, so that their joint draws stay
  ///   joint. The scan-to-scan noise is its own for each parameter, and one for all functionals of it.
  /// - `count`, the number of pairs, is that of the visit with more draws unless it is given.
  /// - The spread functionals `sd` and `iqr` change on the log axis, with no scan-to-scan figure of their
  ///   own.
  /// - Nil if a visit has no draws, or a draw that is not finite on the axis (zero, negative, f = 1).
  public init?(
    _ parameter: LesionParameter, _ functional: LesionFunctional = .mean, pre: [Double], post: [Double],
    variability: ScanVariability?, equivalence: Double? = nil, pairing: StreamKey, count: Int? = nil
  ) {
    let scale = functional.isSpread ? LesionScale.log : parameter.scale
    let (before, after) = (pre.map(scale.axis), post.map(scale.axis))
    guard !pre.isEmpty, !post.isEmpty, (before + after).allSatisfy(\.isFinite) else { return nil }
    let medians = (pre: pre.sorted().quantile(0.5), post: post.sorted().quantile(0.5))
    let level = (medians.pre + medians.post) / 2
    let variability = functional.isSpread ? nil : variability
    func step(_ relative: Double) -> Double {
      functional.isSpread ? relative : parameter.axisStep(relative: relative, at: level)
    }
    var stream = RandomStream(pairing)
    let count = count ?? max(pre.count, post.count)
    let order = Self.pairingOrder(of: before.count, count: count, using: &stream)
    let partners = Self.pairingOrder(of: after.count, count: count, using: &stream)
    let noise = 2.0.squareRoot() * step(variability?.physiological ?? 0)
    self.parameter = parameter
    self.functional = functional
    self.withinDraws = zip(partners, order).map { after[$0] - before[$1] }
    self.preDraws = order.map { pre[$0] }
    self.postDraws = partners.map { post[$0] }
    var scanStream = RandomStream(Self.scanKey(pairing, parameter))
    let draws = withinDraws.map { $0 + noise * scanStream.normal() }
    self.draws = draws
    self.percentDraws = zip(draws, order).map { change, start in
      100 * (scale.value(before[start] + change) / scale.value(before[start]) - 1)
    }
    (self.preMedian, self.postMedian) = (medians.pre, medians.post)
    self.variability = variability
    self.equivalence = Interval(center: 0, halfWidth: step(equivalence ?? parameter.practicalEquivalence))
    self.budget = VarianceBudget(
      pre: before.sampleVariance, post: after.sampleVariance, scanToScan: noise * noise)
  }

  /// The key of the scan-to-scan noise of one parameter: two parameters scatter independently.
  private static func scanKey(_ pairing: StreamKey, _ parameter: LesionParameter) -> StreamKey {
    let index = LesionParameter.allCases.firstIndex(of: parameter) ?? 0
    return StreamKey(
      seed: pairing.seed, chain: pairing.chain, unit: pairing.unit * LesionParameter.allCases.count + index,
      purpose: .repeatScan)
  }

  /// `count` indices below `available`: random permutations, one after the other.
  private static func pairingOrder(
    of available: Int, count: Int, using stream: inout RandomStream
  ) -> [Int] {
    var order: [Int] = []
    while order.count < count {
      // Fisher and Yates.
      var permutation = Array(0..<available)
      for last in stride(from: available - 1, to: 0, by: -1) {
        permutation.swapAt(last, stream.uniformInteger(below: last + 1))
      }
      order += permutation
    }
    return Array(order[..<count])
  }

  private var smoothed: SmoothedDraws {
    SmoothedDraws(centers: withinDraws, noise: budget.scanToScan.squareRoot())
  }

  /// P(δ > 0).
  public var probabilityOfIncrease: Double { smoothed.probability(above: 0) }

  /// P(δ < 0).
  public var probabilityOfDecrease: Double { smoothed.probability(below: 0) }

  /// P(δ lies outside the region of practical equivalence).
  public var probabilityOutsideEquivalence: Double {
    smoothed.probability(above: equivalence.upper) + smoothed.probability(below: equivalence.lower)
  }

  /// P(δ lies in the region of practical equivalence): evidence of no change, which a small P(increase) is
  /// not.
  public var probabilityInEquivalence: Double { 1 - probabilityOutsideEquivalence }

  /// P(δ meets `criterion`).
  public func probability(of criterion: ResponseCriterion) -> Double {
    switch criterion {
    case .increase(let limit): smoothed.probability(above: limit)
    case .decrease(let limit): smoothed.probability(below: -limit)
    }
  }

  /// RC on the axis, 1.96 √2 w_total; NaN if the variability is unknown.
  public var repeatabilityCoefficient: Double {
    guard let variability else { return .nan }
    return parameter.axisStep(
      relative: variability.repeatabilityCoefficient, at: (preMedian + postMedian) / 2)
  }

  /// The classical flag: did the observed change, the median without scan-to-scan noise, pass RC?
  ///
  /// Not a threshold for `draws`: those contain the scan-to-scan variance already, and it would count twice.
  /// Nil if the variability is unknown.
  public var isBeyondRepeatability: Bool? {
    guard variability != nil else { return nil }
    return abs(withinDraws.sorted().quantile(0.5)) > repeatabilityCoefficient
  }

  /// P(|δ| > RC) of the images alone, labelled "within-scan" wherever it is printed.
  public var withinScanProbabilityBeyondRepeatability: Double {
    let within = SmoothedDraws(centers: withinDraws, noise: 0)
    return within.probability(above: repeatabilityCoefficient)
      + within.probability(below: -repeatabilityCoefficient)
  }
}

/// What a change must do to count as a response; limits on the axis of the parameter, at least 0.
public enum ResponseCriterion: Sendable, Equatable {
  /// A change above `beyond`.
  case increase(beyond: Double)
  /// A change below −`beyond`.
  case decrease(beyond: Double)
}
