public import Acquisitions
public import NIfTI

/// Looks for volumes of a series that do not belong: displaced by breathing, or with signal lost.
///
/// For every lesion and volume: the lesion's mean against the curve of the other volumes, the displacement of its
/// surroundings against the other volumes, and the share of its voxels off their curves. It judges volumes as they were
/// scanned: pooled directions would hide the one that moved.
public struct VolumeScreening: Sendable {
  /// The 4-D image.
  public let image: NIfTIImage
  /// The volumes that are used, counted in the file.
  public let volumes: [Int]
  /// b-value, time or angle of each used volume.
  public let settings: [Double]
  /// Averages n of each used volume.
  public let averages: [Double]
  /// The curve, whose settings are those of the used volumes in their order.
  public let model: CurveModel
  /// What makes a volume suspect.
  public let thresholds: QualityThresholds

  /// A screening of these volumes of `image` with the curve `model`.
  public init(
    _ image: NIfTIImage, volumes: [Int], settings: [Double], averages: [Double], model: CurveModel,
    thresholds: QualityThresholds = QualityThresholds()
  ) {
    precondition(
      volumes.count == settings.count && volumes.count == averages.count
        && volumes.count == model.settingCount && volumes.allSatisfy { (0..<image.volumeCount).contains($0) },
      "a screening needs one setting and one n for each volume, and volumes of the image")
    self.image = image
    self.volumes = volumes
    self.settings = settings
    self.averages = averages
    self.model = model
    self.thresholds = thresholds
  }

  /// Screens every volume of every lesion.
  ///
  /// - Parameters:
  ///   - lesions: The lesions.
  ///   - voxels: The grid indices of the rows that the lesions name.
  /// - Returns: One row for each lesion and used volume; a lesion without a finite voxel has none.
  public func table(of lesions: [Lesion], voxels: [Int]) -> QualityTable {
    QualityTable(rows: lesions.flatMap { lesion in rows(of: lesion, voxels: lesion.rows.map { voxels[$0] }) })
  }

  /// The quality of every volume in one lesion with these grid indices.
  func rows(of lesion: Lesion, voxels: [Int]) -> [VolumeQuality] {
    let signals = voxels.map { voxel in
      volumes.map { Double(image.values[$0 * image.grid.voxelCount + voxel]) }
    }.filter { $0.allSatisfy(\.isFinite) }
    guard !signals.isEmpty else { return [] }
    let means = volumes.indices.map { i in signals.reduce(0) { $0 + $1[i] } / Double(signals.count) }

    let shifts = shifts(around: voxels)
    let isShifted = shifts.map { shift in
      shift.map { $0.length >= thresholds.smallestShift && $0.evidence >= thresholds.shiftEvidence } ?? false
    }
    // Displaced volumes are not trusted with the curve, unless so many are displaced that none would be left.
    let atRest = volumes.indices.filter { !isShifted[$0] }
    let candidates = atRest.count > model.parameterCount ? atRest : Array(volumes.indices)
    let curve = meanCurve(means, signals: signals, candidates: candidates)
    let (kept, residuals) = trusted(candidates, by: curve, signals: signals)

    return volumes.indices.map { i in
      let judgement = curve.judgement(of: i, against: kept)
      var faults: [VolumeFault] = []
      if judgement?.isSuspect(thresholds) == true { faults.append(.signal) }
      if isShifted[i] { faults.append(.shift) }
      if residuals.outlyingShares[i] > thresholds.outlyingShare { faults.append(.outliers) }
      return VolumeQuality(
        label: lesion.label, name: lesion.name, volume: volumes[i], setting: settings[i],
        meanSignal: means[i],
        standardizedResidual: judgement?.residual ?? .nan, edgeShift: shifts[i]?.length ?? .nan,
        outlyingShare: residuals.outlyingShares[i],
        snr: means[i] / residuals.noise * averages[i].squareRoot(), faults: faults)
    }
  }

  /// The displacement of each volume; nil where the surroundings do not show it.
  private func shifts(around voxels: [Int]) -> [ShiftEstimate?] {
    guard let box = Neighbourhood(around: voxels, in: image.grid) else { return volumes.map { _ in nil } }
    let boxes = volumes.map { box.values(of: $0, in: image) }
    return volumes.indices.map {
      ShiftEstimate(of: $0, among: boxes, in: box, voxelsPerNoise: thresholds.voxelsPerIndependentNoise)
    }
  }

  /// The mean curve with the noise that the voxels show.
  private func meanCurve(_ means: [Double], signals: [[Double]], candidates: [Int]) -> MeanCurve {
    let misfit = thresholds.curveMisfit * (means.map(abs).max() ?? 0)
    func curve(_ noise: Double) -> MeanCurve {
      MeanCurve(
        model: model, signals: means, averages: averages, noise: noise > 0 ? noise : 1, thresholds: thresholds
      )
    }
    // The noise needs a curve and the curve a noise: a first one without the voxels.
    let first = curve(2 * misfit)
    let voxelNoise = VoxelResiduals(
      signals, around: first.fit(first.trusted(among: candidates)), averages: averages,
      threshold: thresholds.outlierResidual
    ).noise
    guard voxelNoise.isFinite else { return first }
    return curve((voxelNoise * voxelNoise / Double(signals.count) + misfit * misfit).squareRoot())
  }

  /// The settings that agree with one curve, in the lesion's mean and in most of its voxels.
  private func trusted(
    _ candidates: [Int], by curve: MeanCurve, signals: [[Double]]
  ) -> (kept: [Int], residuals: VoxelResiduals) {
    var kept = curve.trusted(among: candidates)
    while true {
      let residuals = VoxelResiduals(
        signals, around: curve.fit(kept), averages: averages, threshold: thresholds.outlierResidual)
      let worst = kept.max { residuals.outlyingShares[$0] < residuals.outlyingShares[$1] }
      guard let worst, residuals.outlyingShares[worst] > thresholds.outlyingShare,
        kept.count > max(model.parameterCount + 1, volumes.count - volumes.count / 4)
      else { return (kept, residuals) }
      kept.removeAll { $0 == worst }
    }
  }
}
