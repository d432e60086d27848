internal import Foundation
internal import Lesions
internal import Posteriors

/// What was found in a lesion.
struct FinishedLesion: Sendable {
  let posterior: LesionPosterior
  let noise: NoiseLevel
  /// The comparison with the fit without a field, if it was asked for.
  var sensitivity: FieldSensitivity?
}

/// The finished lesions of a run, one file each, so that none is sampled twice.
struct LesionStore: Sendable {
  private let folder: URL?

  /// The store in `folder`; without one it keeps nothing.
  init(_ folder: URL?) { self.folder = folder }

  private func file(_ index: Int) -> URL? { folder?.appending(path: "lesion-\(index).part") }

  /// Keeps what was found in the lesion at `index` of the run's lesions.
  ///
  /// - Throws: status 74, for example if the disk is full.
  func save(_ finished: FinishedLesion, at index: Int) throws {
    guard let file = file(index) else { return }
    var sections = SectionFile()
    finished.posterior.write(to: &sections)
    sections["noise"] = .doubles([finished.noise.variance, finished.noise.pseudoObservations])
    if let sensitivity = finished.sensitivity {
      sections["sensitivity"] = .bytes([UInt8](try JSONEncoder.ofRuns.encode(sensitivity)))
    }
    try sections.write(to: file)
  }

  /// What was found in the lesion at `index`; nil if it is not there, or not whole.
  func posterior(at index: Int, of lesion: Lesion, quantities: [Quantity]) -> FinishedLesion? {
    guard let file = file(index), let sections = SectionFile(contentsOf: file),
      let noise = sections.doubles("noise"), noise.count == 2,
      let posterior = LesionPosterior(lesion: lesion, quantities: quantities, from: sections)
    else { return nil }
    return FinishedLesion(
      posterior: posterior, noise: NoiseLevel(variance: noise[0], pseudoObservations: noise[1]),
      sensitivity: sections.bytes("sensitivity").flatMap {
        try? JSONDecoder.ofRuns.decode(FieldSensitivity.self, from: Data($0))
      })
  }
}

extension LesionPosterior {
  /// The posterior with its statistics alone.
  var withoutDraws: LesionPosterior {
    LesionPosterior(
      lesion: lesion, quantities: quantities, prior: prior, priorFunctionals: [],
      series: FunctionalSeries(quantities: quantities, chainCount: series.chainCount, values: []),
      statistics: statistics, voxelDraws: [], keptDraws: 0, sampler: sampler)
  }

  /// Puts everything but the lesion and the quantities, which the inputs say, into `sections`.
  func write(to sections: inout SectionFile) {
    sections["shape"] = .doubles(
      [series.chainCount, series.drawCount, keptDraws, lesion.rows.count, quantities.count].map(Double.init))
    sections["prior"] = .doubles(prior.means + prior.variances)
    sections["prior-functionals"] = .doubles(priorFunctionals.flatMap { $0.flatMap { $0 } })
    sections["series"] = .doubles(series.values.flatMap { $0.flatMap { $0.flatMap { $0 } } })
    sections["statistics"] = .floats(statistics.flatMap { $0.flatMap(\.planes) })
    if !population.isEmpty {
      sections["population-names"] = .bytes(
        Array(population.map { "\($0.parameter.name)\t\($0.parameter.unit)" }.joined(separator: "\n").utf8))
      sections["population"] = .doubles(population.flatMap { $0.chains.flatMap { $0 } })
    }
    sections["sampler"] = .bytes(Array(sampler.text.utf8))
    for (q, draws) in voxelDraws.enumerated() { sections["voxel-draws-\(q)"] = .floats(draws) }
  }

  /// The posterior that `write(to:)` wrote; nil if the sections do not fit the lesion or each other.
  init?(lesion: Lesion, quantities: [Quantity], from sections: SectionFile) {
    let (count, functionals) = (quantities.count, LesionFunctional.allCases.count)
    guard let shape = sections.doubles("shape")?.compactMap({ Int(exactly: $0) }), shape.count == 5,
      shape[3] == lesion.rows.count, shape[4] == count,
      let prior = sections.doubles("prior"), prior.count == 2 * count,
      let priorDraws = sections.doubles("prior-functionals"),
      let series = sections.doubles("series"), series.count == count * functionals * shape[0] * shape[1],
      let planes = sections.floats("statistics"),
      let sampler = sections.bytes("sampler").flatMap({
        SamplerReport(String(decoding: $0, as: UTF8.self))
      })
    else { return nil }
    let (chains, draws) = (shape[0], shape[1])
    let mapped = quantities.count(where: \.isMapped)
    let width = VoxelStatistics.planeCount
    guard planes.count == lesion.rows.count * mapped * width else { return nil }
    var voxelDraws: [[Float]] = []
    for q in 0..<count {
      guard let draws = sections.floats("voxel-draws-\(q)") else { return nil }
      voxelDraws.append(draws)
    }
    var population: [PopulationSeries] = []
    if let bytes = sections.bytes("population-names"), let values = sections.doubles("population") {
      let names = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      guard values.count == names.count * chains * draws, names.allSatisfy({ $0.count == 2 }) else {
        return nil
      }
      population = names.enumerated().map { k, name in
        PopulationSeries(
          parameter: PopulationParameter(name[0], unit: name[1]),
          chains: (0..<chains).map { chain in
            Array(values[(k * chains + chain) * draws..<(k * chains + chain + 1) * draws])
          })
      }
    }
    let perFunctional = priorDraws.count / (count * functionals)
    func part(_ values: [Double], _ index: Int, _ length: Int) -> [Double] {
      Array(values[index * length..<(index + 1) * length])
    }
    self.init(
      lesion: lesion, quantities: quantities,
      prior: PriorSpread(means: Array(prior.prefix(count)), variances: Array(prior.suffix(count))),
      priorFunctionals: (0..<count).map { q in
        (0..<functionals).map { part(priorDraws, q * functionals + $0, perFunctional) }
      },
      series: FunctionalSeries(
        quantities: quantities, chainCount: chains,
        values: (0..<count).map { q in
          (0..<functionals).map { f in
            (0..<chains).map { part(series, (q * functionals + f) * chains + $0, draws) }
          }
        }),
      statistics: lesion.rows.indices.map { row in
        (0..<mapped).map { q in
          VoxelStatistics(planes: planes[(row * mapped + q) * width..<(row * mapped + q + 1) * width])
        }
      },
      voxelDraws: voxelDraws, keptDraws: shape[2], population: population, sampler: sampler)
  }
}
