internal import Acquisitions
internal import LaneMath
internal import NIfTI
internal import Posteriors
internal import QualityControl
internal import SignalModels

/// Quality control of a diffusion series: every volume of every lesion against the biexponential curve of the others.
enum DiffusionScreening {
  /// The quality of the volumes behind `series`, as they were scanned.
  static func table(
    _ image: NIfTIImage, bValues: [BValue], averages: [Double]?, series: DiffusionSeries, lesions: [Lesion],
    priors: TissuePriors
  ) -> QualityTable {
    let volumes = series.settings.flatMap(\.volumes).sorted()
    let used = volumes.map { bValues[$0] }
    let screening = VolumeScreening(
      image, volumes: volumes, settings: used.map(\.secondsPerSquareMillimeter),
      averages: volumes.map { averages?[$0] ?? 1 }, model: curve(at: used, priors: priors))
    return screening.table(of: lesions.filter { !$0.rows.isEmpty }, voxels: series.voxels)
  }

  /// The biexponential curve in the coordinates of the model, with the tissue's priors.
  private static func curve(at bValues: [BValue], priors: TissuePriors) -> CurveModel {
    CurveModel(
      of: BiexponentialIVIM(bValues: bValues),
      priorMeans: [
        Double.log(1000 * priors.d.median), Double.log(priors.f.median / (1 - priors.f.median)),
        Double.log(1000 * priors.dStarMinusD.median),
      ],
      priorSDs: [priors.d.sd, priors.f.sd, priors.dStarMinusD.sd])
  }
}
