internal import Acquisitions
internal import Foundation
internal import Lesions
internal import Reporting

/// The draws of a fit as a file of ArviZ: functionals `d_mean`, … along `lesion`, parameters `d`, … along `voxel`.
struct LesionDraws {
  let results: FitResults
  let inputs: FitInputs

  /// Refuses lesions whose draws would not fit into half of the memory, before any is sampled.
  ///
  /// At most seven quantities of eight functionals in double precision, and of every voxel in single precision; they are
  /// held twice while the file is written. So is the log-likelihood of `measurements` of each voxel, if there are any.
  static func checkRoom(
    for lesions: [Lesion], plan: ChainPlan, at place: String, measurements: Int = 0,
    memory: UInt64 = ProcessInfo.processInfo.physicalMemory
  ) throws(RunError) {
    let draws = plan.count * min(plan.fixedDraws ?? plan.maximumDraws, 2 * LesionDraws.keptDraws)
    let voxels = lesions.reduce(0) { $0 + $1.rows.count }
    let bytes = 2 * draws * (7 * (8 * 8 * lesions.count + 4 * voxels) + 4 * measurements * voxels)
    guard UInt64(bytes) > memory / 2 else { return }
    throw RunError(
      .badInput, at: place,
      "the draws of \(NumberText.count(lesions.count, "lesion")) with \(NumberText.count(voxels, "voxel")) need \(bytes >> 20) MB of memory",
      advice: "Leave them out with --save-draws none, or fit fewer lesions at a time")
  }

  /// Joint draws of a chain that are kept of every voxel; up to twice as many stay when a run ends.
  private static let keptDraws = 500

  /// The file; all lesions keep the same number of joint draws.
  var file: DrawsFile {
    let lesions = results.lesions
    let chains = lesions[0].series.chainCount
    let draws = lesions.map(\.keptDraws).min() ?? 0
    let voxelCount = lesions.reduce(0) { $0 + $1.lesion.rows.count }
    let labels = DrawsCoordinate(.lesion, labels: .integer(lesions.map(\.lesion.label)))
    let posterior = DrawsGroup(
      "posterior",
      coordinates: [
        DrawsCoordinate(.chain, count: chains), DrawsCoordinate(.draw, count: draws), labels,
        DrawsCoordinate(.voxel, count: voxelCount),
      ],
      variables: functionals(chains, draws) + population(chains, draws) + voxels(chains, draws))
    return DrawsFile(
      groups: [posterior, prior, places] + likelihood(chains, draws), libraryVersion: IVIMBayesVersion.current
    )
  }

  /// Functional after functional: chains × draws × lesions.
  private func functionals(_ chains: Int, _ draws: Int) -> [DrawsVariable] {
    results.quantities.enumerated().flatMap { q, quantity in
      LesionFunctional.allCases.enumerated().map { index, functional in
        var values: [Double] = []
        values.reserveCapacity(chains * draws * results.lesions.count)
        for chain in 0..<chains {
          for draw in 0..<draws {
            for lesion in results.lesions { values.append(lesion.series.values[q][index][chain][draw]) }
          }
        }
        return DrawsVariable(
          "\(quantity.name)_\(functional.rawValue)", unit: quantity.unit,
          dimensions: [.chain, .draw, .lesion],
          values: .double(values))
      }
    }
  }

  /// The population's parameters: chains × draws × lesions, NaN for lesions without.
  private func population(_ chains: Int, _ draws: Int) -> [DrawsVariable] {
    var parameters: [PopulationParameter] = []
    for lesion in results.lesions {
      for series in lesion.population where !parameters.contains(series.parameter) {
        parameters.append(series.parameter)
      }
    }
    return parameters.map { parameter in
      let series = results.lesions.map { lesion in
        lesion.population.first { $0.parameter == parameter }?.chains
      }
      var values: [Double] = []
      for chain in 0..<chains {
        for draw in 0..<draws { values += series.map { $0?[chain][draw] ?? .nan } }
      }
      return DrawsVariable(
        parameter.name, unit: parameter.unit, dimensions: [.chain, .draw, .lesion], values: .double(values))
    }
  }

  /// Parameter after parameter: chains × draws × voxels of all lesions.
  private func voxels(_ chains: Int, _ draws: Int) -> [DrawsVariable] {
    results.quantities.enumerated().map { q, quantity in
      var values: [Float] = []
      for chain in 0..<chains {
        for draw in 0..<draws {
          for lesion in results.lesions {
            let count = lesion.lesion.rows.count
            let start = (chain * lesion.keptDraws + draw) * count
            values += lesion.voxelDraws[q][start..<start + count]
          }
        }
      }
      return DrawsVariable(
        quantity.name, unit: quantity.unit, dimensions: [.chain, .draw, .voxel], values: .single(values))
    }
  }

  /// Lesions of the same size drawn from the prior: functional after functional, 1 chain × draws × lesions; NaN where the
  /// prior is flat.
  private var prior: DrawsGroup {
    let draws = results.lesions.map { $0.priorFunctionals[0][0].count }.min() ?? 0
    let variables = results.quantities.enumerated().flatMap { q, quantity in
      LesionFunctional.allCases.enumerated().map { index, functional in
        let values = (0..<draws).flatMap { draw in
          results.lesions.map { $0.priorFunctionals[q][index][draw] }
        }
        return DrawsVariable(
          "\(quantity.name)_\(functional.rawValue)", unit: quantity.unit,
          dimensions: [.chain, .draw, .lesion],
          values: .double(values))
      }
    }
    return DrawsGroup(
      "prior",
      coordinates: [
        DrawsCoordinate(.chain, count: 1), DrawsCoordinate(.draw, count: draws),
        DrawsCoordinate(.lesion, labels: .integer(results.lesions.map(\.lesion.label))),
      ], variables: variables)
  }

  private var places: DrawsGroup {
    let voxels = inputs.lesions.flatMap { entry in
      entry.lesion.rows.map { row -> (lesion: Int, place: [Int]) in
        let index = entry.series.voxels[row]
        return (
          entry.lesion.label, inputs.isRegional ? [0, 0, 0] : entry.series.grid.position(ofIndex: index)
        )
      }
    }
    return DrawsGroup.places(
      ofVoxels: voxels.map { (i: $0.place[0], j: $0.place[1], k: $0.place[2]) },
      inLesions: voxels.map(\.lesion), labels: inputs.lesions.map(\.lesion.label),
      names: inputs.lesions.map(\.lesion.name))
  }
}
