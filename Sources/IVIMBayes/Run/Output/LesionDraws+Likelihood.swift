internal import Reporting

extension DimensionName {
  /// Measurements of the voxels of all lesions, voxel after voxel.
  static let observation: DimensionName = "observation"
}

extension LesionDraws {
  /// The groups that `arviz.loo` takes: `log_likelihood` and `observed_data`, each with `signal` along `observation`, and
  /// the lesion, voxel and setting of every observation beside the latter; none unless it was asked for.
  func likelihood(_ chains: Int, _ draws: Int) -> [DrawsGroup] {
    guard !results.likelihoods.isEmpty, results.likelihoods.count == results.lesions.count else { return [] }
    let measurements = results.likelihoods.flatMap(\.measurements)
    var values: [Float] = []
    values.reserveCapacity(chains * draws * measurements.count)
    for chain in 0..<chains {
      for draw in 0..<draws {
        for (lesion, likelihood) in zip(results.lesions, results.likelihoods) {
          let width = likelihood.measurements.count
          let start = (chain * lesion.keptDraws + draw) * width
          values += likelihood.values[start..<start + width]
        }
      }
    }
    let observations = DrawsCoordinate(.observation, count: measurements.count)
    return [
      DrawsGroup(
        "log_likelihood",
        coordinates: [
          DrawsCoordinate(.chain, count: chains), DrawsCoordinate(.draw, count: draws), observations,
        ],
        variables: [
          DrawsVariable("signal", dimensions: [.chain, .draw, .observation], values: .single(values))
        ]),
      DrawsGroup(
        "observed_data", coordinates: [observations] + origins,
        variables: [DrawsVariable("signal", dimensions: [.observation], values: .double(measurements))]),
    ]
  }

  /// The lesion, the voxel (its place along `voxel`) and the setting of every observation.
  private var origins: [DrawsCoordinate] {
    var (lesions, voxels, settings): ([Int], [Int], [Double]) = ([], [], [])
    var first = 0
    for (lesion, likelihood) in zip(results.lesions, results.likelihoods) {
      for voxel in lesion.lesion.rows.indices {
        for setting in likelihood.settings {
          lesions.append(lesion.lesion.label)
          voxels.append(first + voxel)
          settings.append(setting)
        }
      }
      first += lesion.lesion.rows.count
    }
    return [
      DrawsCoordinate("observation_lesion", along: .observation, values: .integer(lesions)),
      DrawsCoordinate("observation_voxel", along: .observation, values: .integer(voxels)),
      DrawsCoordinate("observation_setting", along: .observation, values: .double(settings)),
    ]
  }
}
