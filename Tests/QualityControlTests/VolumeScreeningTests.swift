import Acquisitions
import Foundation
import GSLSupport
import NIfTI
import QualityControl
import TestSupport
import Testing

/// How often faulty and faultless volumes are flagged in simulated lesions, 60 to 800 voxels, SNR 20 to 40.
///
/// False-alarm rate of these tests: with true rates of 99.5 % found and 0.05 % flagged without cause, as 1,000 other
/// lesions gave, 200 lesions miss a bound with a probability below 10⁻⁶; the seeds are fixed.
@Suite(.enabled(if: Optimization.isOn, "1,500 lesions take minutes without -c release"))
struct DetectionTests {
  static let lesionCount = 200

  struct Rates {
    var found = 0.0
    var innocentFlagged = 0.0
  }

  static func rates(
    _ fault: SimulatedScan.Fault, seed: UInt64, conditions: SimulatedScan.Conditions = .init(),
    thresholds: QualityThresholds = QualityThresholds(), lesionCount: Int = Self.lesionCount
  ) -> Rates {
    var (found, flagged, innocent) = (0, 0, 0)
    for unit in 0..<lesionCount {
      let scan = SimulatedScan(seed: seed, unit: unit, fault: fault, conditions: conditions)
      for row in scan.quality(thresholds) {
        if row.volume == scan.faultyVolume, fault != .none {
          found += row.isFlagged ? 1 : 0
        } else {
          innocent += 1
          flagged += row.isFlagged ? 1 : 0
        }
      }
    }
    return Rates(
      found: Double(found) / Double(lesionCount), innocentFlagged: Double(flagged) / Double(innocent))
  }

  @Test func `a volume scaled by 0,7 is flagged in 95 percent of lesions and its neighbours in at most 1`() {
    let rates = Self.rates(.scaled(0.7), seed: 101)
    #expect(rates.found >= 0.95 && rates.innocentFlagged <= 0.01)
  }

  @Test
  func `a volume shifted by two voxels is flagged in 95 percent of lesions and its neighbours in at most 1`()
  {
    let rates = Self.rates(.shifted(2), seed: 102)
    #expect(rates.found >= 0.95 && rates.innocentFlagged <= 0.01)
  }

  @Test func `without a fault at most 1 percent of the volumes of lesions are flagged`() {
    #expect(Self.rates(.none, seed: 103).innocentFlagged <= 0.01)
  }

  @Test(arguments: [
    SimulatedScan.Conditions(texture: [0.07, 0.1, 0.15]), .init(heterogeneity: [0.4, 0.8]),
    .init(isInterpolated: true), .init(axes: [2]),
  ])
  func `faint surroundings, mixed tissue, interpolation and shifts through the plane change nothing`(
    conditions: SimulatedScan.Conditions
  ) {
    #expect(Self.rates(.none, seed: 104, conditions: conditions, lesionCount: 60).innocentFlagged <= 0.01)
    #expect(Self.rates(.shifted(2), seed: 105, conditions: conditions, lesionCount: 60).found >= 0.95)
  }

  @Test func `twin: thresholds that any noise exceeds flag more than 1 percent`() {
    var loose = QualityThresholds()
    (loose.residualProbability, loose.smallestDeviation, loose.curveMisfit) = (0.1, 0, 0)
    #expect(Self.rates(.none, seed: 103, thresholds: loose).innocentFlagged > 0.01)
  }

  @Test func `twin: without the displacement and the residual a shift is not found in 95 percent`() {
    var blind = QualityThresholds()
    (blind.smallestShift, blind.residualProbability) = (100, 1e-300)
    #expect(Self.rates(.shifted(2), seed: 102, thresholds: blind).found < 0.95)
  }
}

struct VolumeScreeningTests {
  @Test func `every used volume has a row with its number, setting, mean and SNR`() throws {
    let scan = SimulatedScan(seed: 1, unit: 0, fault: .none)
    let used = [0, 2, 3, 5, 6, 7, 8, 9]
    let b = used.map { SimulatedScan.bValues[$0] }
    let rows = VolumeScreening(
      scan.image, volumes: used, settings: b.map(\.secondsPerSquareMillimeter), averages: used.map { _ in 1 },
      model: .biexponential(b)
    ).table(of: [scan.lesion], voxels: scan.voxels).rows
    #expect(rows.map(\.volume) == used)
    #expect(rows.map(\.setting) == b.map(\.secondsPerSquareMillimeter))
    for row in rows {
      let mean = scan.voxels.reduce(0.0) {
        $0 + Double(scan.image.values[row.volume * scan.image.grid.voxelCount + $1])
      }
      #expect(isClose(row.meanSignal, mean / Double(scan.voxels.count), relative: 1e-12))
    }
    // The noise is between 2.5 and 5 % of the lesion's b0.
    #expect((18...45).contains(rows[0].snr))
    #expect(
      rows.allSatisfy { $0.edgeShift < 0.5 && $0.outlyingShare < 0.05 && abs($0.standardizedResidual) < 5 })
  }

  @Test func `a fault says what it is`() throws {
    let scaled = SimulatedScan(seed: 2, unit: 3, fault: .scaled(0.7))
    let dark = try #require(scaled.quality().first { $0.volume == scaled.faultyVolume })
    #expect(dark.faults.contains(.signal) && !dark.faults.contains(.shift) && dark.standardizedResidual < -5)
    let shifted = SimulatedScan(seed: 2, unit: 3, fault: .shifted(2))
    let moved = try #require(shifted.quality().first { $0.volume == shifted.faultyVolume })
    #expect(moved.faults.contains(.shift) && isClose(moved.edgeShift, 2, absolute: 0.5))
  }

  @Test func `signal lost in half of a lesion is seen in the share of its voxels`() throws {
    let scan = SimulatedScan(seed: 3, unit: 1, fault: .none)
    var image = scan.image
    for voxel in scan.voxels.prefix(scan.voxels.count / 2) {
      image.values[image.grid.voxelCount * 3 + voxel] *= 0.6
    }
    let rows = screened(image, scan)
    #expect(rows[3].faults.contains(.outliers) && rows[3].outlyingShare > 0.3)
    #expect(rows.filter(\.isFlagged).map(\.volume) == [3])
  }

  @Test func `voxels that are not finite are left out, and a lesion without any other has no rows`() {
    let scan = SimulatedScan(seed: 4, unit: 0, fault: .none)
    var image = scan.image
    image.values[scan.voxels[0]] = .nan
    let rows = screened(image, scan)
    #expect(rows.count == 10 && rows.allSatisfy { $0.meanSignal.isFinite && !$0.isFlagged })
    for voxel in scan.voxels { image.values[voxel] = .infinity }
    #expect(screened(image, scan).isEmpty)
  }

  @Test func `three volumes do not determine four numbers: no residual, no flag`() {
    let scan = SimulatedScan(seed: 5, unit: 0, fault: .none)
    let b = [0, 5, 9].map { SimulatedScan.bValues[$0] }
    let rows = VolumeScreening(
      scan.image, volumes: [0, 5, 9], settings: b.map(\.secondsPerSquareMillimeter), averages: [1, 1, 1],
      model: .biexponential(b)
    ).table(of: [scan.lesion], voxels: scan.voxels).rows
    #expect(rows.allSatisfy { $0.standardizedResidual.isNaN && $0.snr.isNaN && !$0.isFlagged })
    #expect(rows.allSatisfy { $0.edgeShift.isFinite })
  }

  @Test func `an inversion recovery is screened by the same code with its own curve`() throws {
    let times = [0.1, 0.3, 0.5, 0.8, 1.2, 1.8, 2.6, 4]
    let model = CurveModel(settingCount: times.count, priorMeans: [log(1.2)], priorSDs: [0.6]) { eta in
      let t1 = exp(eta[0])
      let decays = times.map { exp(-$0 / t1) }
      // d(1 − 2E)/d log T1 = −2 E TI / T1.
      return (decays.map { 1 - 2 * $0 }, zip(times, decays).map { -2 * $1 * $0 / t1 })
    }
    var random = RandomStream(StreamKey(seed: 6, purpose: .simulation))
    let grid = Grid(shape: [16, 16, 3], affine: .scaling(.one))
    var image = NIfTIImage(
      grid: grid, volumeCount: times.count,
      values: [Float](repeating: 0, count: grid.voxelCount * times.count))
    let voxels = (0..<grid.voxelCount).filter { index in
      let p = grid.position(ofIndex: index)
      return (5...10).contains(p[0]) && (5...10).contains(p[1])
    }
    for (volume, time) in times.enumerated() {
      for index in 0..<grid.voxelCount {
        let t1 = voxels.contains(index) ? 1.3 : 0.6 + 0.02 * Double(index * 7 % 50)
        let signal = 100 * (1 - 2 * exp(-time / t1)) + 3 * random.normal()
        image.values[volume * grid.voxelCount + index] = Float(volume == 5 ? 0.7 * signal : signal)
      }
    }
    let lesion = Lesion(label: 1, name: "a", rows: Array(voxels.indices), labelledVoxelCount: voxels.count)
    let rows = VolumeScreening(
      image, volumes: Array(times.indices), settings: times, averages: times.map { _ in 1 }, model: model
    ).table(of: [lesion], voxels: voxels).rows
    #expect(rows.filter(\.isFlagged).map(\.volume) == [5])
    #expect(isClose(rows[0].snr, rows[0].meanSignal / 3, relative: 0.1))
  }

  @Test(.enabled(if: Folders.scans != nil), arguments: ["roi_tumor", "roi_bph", "roi_pz"])
  func `no volume of the prostate scan is flagged`(region: String) throws {
    let folder = try #require(Folders.scans).appending(path: "ivim-prostate-3t")
    let image = try NIfTIImage.read(folder.appending(path: "dwi.nii.gz"))
    let b = try BValue.read(folder.appending(path: "dwi.bval")).filter { $0 <= BValue(1_000) }
    let map = try LesionMap.read(folder.appending(path: "\(region).nii.gz"), onto: image.grid)
    let voxels = map.labels.indices.filter { map.labels[$0] != 0 }
    let rows = VolumeScreening(
      image, volumes: Array(b.indices), settings: b.map(\.secondsPerSquareMillimeter),
      averages: b.map { _ in 1 },
      model: .biexponential(b)
    ).table(of: map.lesions(in: voxels), voxels: voxels).rows
    #expect(rows.count == 10 && rows.allSatisfy { !$0.isFlagged })
  }

  private func screened(_ image: NIfTIImage, _ scan: SimulatedScan) -> [VolumeQuality] {
    let b = SimulatedScan.bValues
    return VolumeScreening(
      image, volumes: Array(b.indices), settings: b.map(\.secondsPerSquareMillimeter),
      averages: b.map { _ in 1 },
      model: .biexponential(b)
    ).table(of: [scan.lesion], voxels: scan.voxels).rows
  }
}
