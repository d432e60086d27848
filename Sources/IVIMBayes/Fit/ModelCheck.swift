internal import Diagnostics
internal import Foundation
internal import GSLSupport

/// Does the model reproduce what was measured in a lesion? A posterior predictive check on what the residuals of its
/// voxels have in common.
///
///     e = (y − E[y|θ])/SD[y|θ],   ē = mean of e over the V voxels,   T = V Σ ē²   (sum over the N settings)
///
/// Data replicated under the model have T ~ χ²(N) given θ, so that the posterior predictive p-value
/// P(T(replicate) ≥ T(data)) (Gelman, Meng and Stern 1996, Statistica Sinica 6:733) is the mean of the χ² tail over
/// draws. The noise level of a voxel takes up whatever is wrong with it alone; a volume that moved and a curve of the wrong
/// form leave the same residual in every voxel, which no noise level can hide.
///
/// In a large lesion any model is found wrong some day: a flag asks besides that the common pattern makes up a twentieth
/// of the residuals' sum of squares more than chance does. Fitted residuals are smaller than those of replicates, so that false alarms are rarer
/// than `limit`.
struct ModelCheck: Sendable, Equatable {
  /// A p-value below it is a misfit.
  static let limit = 0.005
  /// The share of the residuals that has to be common to the voxels, beyond the 1/V that chance leaves them.
  static let smallestShare = 0.05
  /// Below this many σ a magnitude is no longer Gaussian about the signal: its bias there is 3 % (Gudbjartsson and Patz
  /// 1995, doi:10.1002/mrm.1910340618).
  static let signalLimit = 4.0
  /// How many draws are looked at.
  private static let drawCount = 64

  /// The posterior predictive p-value.
  let pValue: Double
  /// Σ ē² over the mean of Σ e² over voxels: 1/V if the voxels have nothing in common.
  let commonShare: Double
  /// The setting with the largest mean ē, its place in the series.
  let worstSetting: Int
  /// ē there, averaged over draws.
  let worstResidual: Double
  /// The smallest mean over voxels and draws of |ν|/σ, and the place of its setting.
  let lowestSignal: Double
  let lowestSetting: Int
  let voxelCount: Int

  /// True if the model does not reproduce the lesion's measurements.
  var isMisfit: Bool {
    voxelCount > 1 && pValue < Self.limit
      && commonShare > Self.smallestShare + 1 / Double(voxelCount)
  }

  /// The check of a lesion's kept joint draws; nil where the model predicts nothing.
  init?(_ posterior: LesionPosterior, by model: some VoxelModel) {
    let rows = posterior.lesion.rows
    let total = posterior.series.chainCount * posterior.keptDraws
    guard total > 0, !rows.isEmpty else { return nil }
    let measured = rows.map { model.measurements(ofRow: $0) }
    let count = measured[0].count
    var (sums, ratios) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    var (tail, common, whole, draws) = (0.0, 0.0, 0.0, 0.0)
    for draw in stride(from: 0, to: total, by: max(1, total / Self.drawCount)) {
      var mean = [Double](repeating: 0, count: count)
      for (place, data) in measured.enumerated() {
        let values = posterior.voxelDraws.map { Double($0[draw * rows.count + place]) }
        guard let prediction = model.prediction(from: values), prediction.means.count == count else {
          return nil
        }
        for i in 0..<count {
          let residual = (data[i] - prediction.means[i]) / prediction.variances[i].squareRoot()
          mean[i] += residual / Double(rows.count)
          whole += residual * residual / Double(rows.count)
          ratios[i] += prediction.signalToNoise[i] / Double(rows.count)
        }
      }
      let pattern = mean.reduce(0) { $0 + $1 * $1 }
      common += pattern
      tail += SpecialFunctions.chiSquaredUpperTail(
        Double(rows.count) * pattern, degreesOfFreedom: Double(count))
      for i in 0..<count { sums[i] += mean[i] }
      draws += 1
    }
    guard whole.isFinite, whole > 0 else { return nil }
    let worst = sums.indices.max { abs(sums[$0]) < abs(sums[$1]) } ?? 0
    let lowest = ratios.indices.min { ratios[$0] < ratios[$1] } ?? 0
    pValue = tail / draws
    commonShare = common / whole
    (worstSetting, worstResidual) = (worst, sums[worst] / draws)
    (lowestSetting, lowestSignal) = (lowest, ratios[lowest] / draws)
    voxelCount = rows.count
  }
}
