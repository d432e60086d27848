internal import GSLSupport
internal import LaneMath
internal import Posteriors

/// The tissue of reference lesions: a level of one parameter, about which each lesion varies, and the contrast inside.
struct ReferenceTissue: Sendable {
  /// What tells this tissue from the others: "f 0.15".
  let level: String
  /// η of the tissue.
  let center: [Double]
  /// SD of η from lesion to lesion, so that truths lie anywhere between the voxels of a grid of values.
  let spread: [Double]
  /// What a contrast of 1 adds to η: in a core, and along a gradient.
  private let coreContrast: [Double]
  private let gradientContrast: [Double]

  /// IVIM with true f of 0.06, 0.15 and 0.30, whatever the prior says; D and D* about the prior's medians.
  static func diffusion(_ priors: TissuePriors) -> [ReferenceTissue] {
    [0.06, 0.15, 0.30].map { f in
      ReferenceTissue(
        level: "f \(f)",
        center: [
          Double.log(1000 * priors.d.median), Double.log(f / (1 - f)),
          Double.log(1000 * priors.dStarMinusD.median),
        ],
        spread: [0.2, 0.05, 0.3], coreContrast: [0.4, -1, 0], gradientContrast: [0.25, -0.5, 0])
    }
  }

  /// One exponential with true ADC of ¾, 1 and 1⅓ of the prior's median.
  static func monoexponential(_ priors: TissuePriors) -> [ReferenceTissue] {
    [0.75, 1, 4.0 / 3].map { factor in
      let adc = factor * priors.adc.median
      return ReferenceTissue(
        level: "ADC \(rounded(1000 * adc))e-3", center: [Double.log(1000 * adc)], spread: [0.05],
        coreContrast: [0.4], gradientContrast: [0.25])
    }
  }

  /// True T1 of ¾, 1 and 1⅓ of the prior's median; what else the method leaves open at its prior mean.
  static func t1(_ priors: TissuePriors, means: [Double]) -> [ReferenceTissue] {
    [0.75, 1, 4.0 / 3].map { factor in
      let t1 = factor * priors.t1.median
      let others = [Double](repeating: 0, count: means.count - 1)
      return ReferenceTissue(
        level: "T1 \(rounded(t1)) s", center: [Double.log(t1)] + means.dropFirst(), spread: [0.05] + others,
        coreContrast: [0.2] + others, gradientContrast: [0.15] + others)
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  /// η of every voxel of one lesion of this tissue: voxels × coordinates.
  func voxels(of lesion: ReferenceLesion, using random: inout RandomStream) -> [[Double]] {
    let own = zip(center, spread).map { random.normal(mean: $0, standardDeviation: $1) }
    let contrast = lesion.pattern == .rimAndCore ? coreContrast : gradientContrast
    return lesion.contrasts.map { share in zip(own, contrast).map { $0 + share * $1 } }
  }
}
