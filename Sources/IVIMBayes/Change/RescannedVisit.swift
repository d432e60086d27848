internal import Diagnostics
internal import Foundation
internal import Lesions
internal import NIfTI
internal import Reporting

/// A visit that can be scanned again in simulation: its joint voxel draws, its protocol and its options.
struct RescannedVisit {
  let run: VisitRun
  let record: RunRecord
  /// The label of every matched lesion at this visit.
  let labels: [String?]
  /// Every voxel of the draws: its matched lesion (−1 for none), its label, and where it lies.
  let voxels: [(lesion: Int, label: Int, place: [Int])]
  let grid: Grid
  let draws: [LesionParameter: [Double]]
  let amplitudes: [Double]
  let deviations: [Double]

  /// - `matches`: the label of every matched lesion at this visit.
  /// - Throws: status 65 if the run cannot be simulated, with what it lacks.
  init(_ run: VisitRun, matches: [String?]) throws(RunError) {
    func lacking(_ what: String) -> RunError {
      RunError(
        .badInput, at: run.folder.folder.relativePath, what, advice: "Everything else about the change stands"
      )
    }
    self.run = run
    record = try RunRecord(run.folder)
    let file: DrawsFile
    do {
      file = try DrawsFile(contentsOf: run.folder.file("_draws.nc"), groups: ["posterior", "constant_data"])
    } catch { throw lacking("its draws do not say where the voxels are") }
    let posterior = file.groups[0]
    func integers(_ name: String) -> [Int] {
      file.groups[1].variable(name)?.values.doubles?.map { Int($0) } ?? []
    }
    let (labels, i, j, k) = (
      integers("voxel_lesion"), integers("voxel_i"), integers("voxel_j"), integers("voxel_k")
    )
    guard !labels.isEmpty, i.count == labels.count, !record.isTable, !record.configuration.roiMean else {
      throw lacking("it has no voxels to simulate")
    }
    self.labels = matches
    voxels = labels.indices.map { voxel in
      (
        matches.firstIndex { $0 == "\(labels[voxel])" } ?? -1, labels[voxel], [i[voxel], j[voxel], k[voxel]]
      )
    }
    var draws: [LesionParameter: [Double]] = [:]
    for parameter in run.modality.simulated {
      guard let values = posterior.variable(parameter.rawValue)?.values.doubles else {
        throw lacking("it kept no voxel draws of \(parameter.rawValue)")
      }
      draws[parameter] = values
    }
    guard let amplitudes = posterior.variable("s0")?.values.doubles,
      let deviations = posterior.variable("sigma")?.values.doubles
    else { throw lacking("it kept no voxel draws of s0 and sigma") }
    (self.draws, self.amplitudes, self.deviations) = (draws, amplitudes, deviations)
    let shape = [i, j, k].map { ($0.max() ?? 0) + 1 }
    let affine = run.folder.mappedParameters().first.flatMap { try? run.folder.map($0, "median") }?.grid
      .affine
    grid = Grid(shape: shape, affine: affine ?? .scaling([1, 1, 1]))
    if run.t1Method == .variableFlipAngle, record.configuration.repetitionTime == nil {
      throw lacking("the repetition time is not in its record")
    }
  }

  /// The posterior median of a lesion's mean on the axis; nil if the lesion is not in the run.
  func level(_ parameter: LesionParameter, _ lesion: Int) -> Double? {
    guard let label = labels[lesion], let index = run.index(of: label),
      let draws = run.draws(parameter, .mean, lesion: index)
    else { return nil }
    return parameter.scale.axis(draws.sorted().quantile(0.5))
  }

  /// One parameter of one matched lesion.
  struct Key: Hashable {
    let lesion: Int
    let parameter: LesionParameter
  }
}
