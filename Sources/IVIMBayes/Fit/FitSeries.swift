internal import Acquisitions
internal import LaneMath
internal import NIfTI

/// The voxels of a scan as a fit sees them: one signal for each setting, whatever the scanner varied.
struct FitSeries: Sendable {
  /// b-values in s/mm², times in s, or flip angles in degrees.
  let settings: [Double]
  /// Averages n of each setting.
  let averages: [Double]
  let signals: VoxelTable
  /// The grid index of every row.
  let voxels: [Int]
  let grid: Grid
  let exclusions: [VoxelExclusion: Int]

  init(_ series: DiffusionSeries) {
    settings = series.bValues.map(\.secondsPerSquareMillimeter)
    averages = series.averages
    signals = series.signals
    voxels = series.voxels
    grid = series.grid
    exclusions = series.exclusions
  }

  init(_ series: T1Series) {
    settings = series.scan.settings.values
    averages = settings.map { _ in 1 }
    signals = series.signals
    voxels = series.voxels
    grid = series.grid
    exclusions = series.exclusions
  }

  /// One row of measured means: a region instead of voxels, with `unit` for its streams of random numbers.
  init(settings: [Double], averages: [Double], means: [Double], unit: Int, grid: Grid) {
    self.settings = settings
    self.averages = averages
    signals = VoxelTable(voxelCount: 1, settingCount: settings.count, values: means.map { Float($0) })
    voxels = [unit]
    self.grid = grid
    exclusions = [:]
  }

  /// Simulated voxels at the places `voxels` of `grid`.
  init(settings: [Double], signals: VoxelTable, voxels: [Int], grid: Grid) {
    self.settings = settings
    averages = settings.map { _ in 1 }
    self.signals = signals
    self.voxels = voxels
    self.grid = grid
    exclusions = [:]
  }

  private init(_ series: FitSeries, keeping kept: [Int]) {
    settings = kept.map { series.settings[$0] }
    averages = kept.map { series.averages[$0] }
    signals = series.signals.selecting(rows: Array(series.voxels.indices), settings: kept)
    voxels = series.voxels
    grid = series.grid
    exclusions = series.exclusions
  }

  /// The series with only these settings.
  func selecting(_ kept: [Int]) -> FitSeries {
    kept == Array(settings.indices) ? self : FitSeries(self, keeping: kept)
  }

  /// True if both hold the same signals; quick where they share them.
  func isSameTable(as other: FitSeries) -> Bool {
    settings == other.settings && averages == other.averages && voxels == other.voxels
      && signals == other.signals
  }

  /// The signals of eight rows side by side, one for each setting.
  func lanes(_ rows: [Int]) -> [Lane8] {
    settings.indices.map { setting in Lane8(rows.map { Double(signals[$0, setting]) }) }
  }
}
