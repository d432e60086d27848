internal import Foundation
internal import NIfTI

/// The voxels of a series that can be fitted, their signals, and how many could not and why.
struct VoxelSelection {
  /// Grid indices of the rows, ascending.
  private(set) var voxels: [Int] = []
  private(set) var exclusions: [VoxelExclusion: Int] = [:]
  private var values: [Float] = []

  /// Takes the voxels of `inside`, or without it every voxel with signal.
  ///
  /// - Parameters:
  ///   - grid: The grid of the series.
  ///   - inside: One flag for each voxel of the grid, or nil.
  ///   - lowest: Settings of the lowest shell, or nil where signals may be negative.
  ///   - settingCount: The number of settings.
  ///   - areMagnitudes: True if no signal may be negative.
  ///   - signal: The signal of a voxel in one setting; nil if its volumes cannot be pooled.
  init(
    of grid: Grid, inside: [Bool]?, lowest: [Int]?, settingCount: Int, areMagnitudes: Bool,
    signal: (_ index: Int, _ setting: Int) -> Float?
  ) {
    var row = [Float](repeating: 0, count: settingCount)
    for index in 0..<grid.voxelCount {
      if let inside, !inside[index] { continue }
      var isPooled = true
      for setting in 0..<settingCount {
        if let value = signal(index, setting) { row[setting] = value } else { isPooled = false }
      }
      guard isPooled else {
        exclusions[.nonPositiveDirection, default: 0] += 1
        continue
      }
      if inside == nil {
        // Outside the default mask there is no signal and no reason to count.
        let sum = lowest?.reduce(0) { $0 + row[$1] } ?? row.reduce(0) { $0 + abs($1) }
        guard sum.isFinite, sum > 0 else { continue }
      }
      if let reason = VoxelExclusion.reason(row[...], lowest: lowest, areMagnitudes: areMagnitudes) {
        exclusions[reason, default: 0] += 1
      } else {
        voxels.append(index)
        values.append(contentsOf: row)
      }
    }
  }

  /// The signals as a table.
  func table(settingCount: Int) -> VoxelTable {
    VoxelTable(voxelCount: voxels.count, settingCount: settingCount, values: values)
  }

  /// - Throws: `noUsableVoxels` with the reasons, if no voxel is left; `negativeMagnitudes` if most are negative.
  func check(_ file: URL, ifNegative advice: String) throws(AcquisitionError) {
    let negative = exclusions[.negativeMagnitude] ?? 0
    guard negative <= voxels.count else {
      throw .negativeMagnitudes(image: file, count: negative, voxels: voxels.count + negative, advice: advice)
    }
    guard voxels.isEmpty else { return }
    let reasons = exclusions.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.rawValue)" }
    throw .noUsableVoxels(
      image: file, reasons: reasons.isEmpty ? "" : " (" + reasons.joined(separator: ", ") + ")")
  }
}
