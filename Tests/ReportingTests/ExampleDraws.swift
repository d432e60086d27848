import Diagnostics
import Foundation
import GSLSupport
import Reporting

/// A draws file as a fit makes it: lesion functionals, hyperparameters, voxels with their place, and statistics.
enum ExampleDraws {
  static let (chains, draws, lesions, voxels) = (4, 500, 2, 5)

  /// AR(1) draws of `elements` quantities, elements fastest; element e has φ = 0.2 + 0.1 e.
  static func values(elements: Int, seed: UInt64) -> [Double] {
    var values = [Double](repeating: 0, count: chains * draws * elements)
    for chain in 0..<chains {
      for element in 0..<elements {
        var random = RandomStream(StreamKey(seed: seed, chain: chain, unit: element, purpose: .simulation))
        let phi = 0.2 + 0.1 * Double(element)
        var x = random.normal()
        for draw in 0..<draws {
          values[(chain * draws + draw) * elements + element] = x
          x = phi * x + (1 - phi * phi).squareRoot() * random.normal()
        }
      }
    }
    return values
  }

  static func file() -> DrawsFile {
    let axes = [DrawsCoordinate(.chain, count: chains), DrawsCoordinate(.draw, count: draws)]
    let posterior = DrawsGroup(
      "posterior",
      coordinates: axes + [
        DrawsCoordinate(.lesion, labels: .integer([1, 255])),
        DrawsCoordinate(.hyperparameter, labels: .text(["mu_log_d", "tau_log_d", "λ"])),
        DrawsCoordinate(.voxel, count: voxels),
      ],
      variables: [
        DrawsVariable(
          "d_mean", unit: "mm²/s", dimensions: [.chain, .draw, .lesion],
          values: .double(values(elements: lesions, seed: 1).map { 1e-3 * exp(0.1 * $0) })),
        DrawsVariable(
          "t1_mean", unit: "s", dimensions: [.chain, .draw, .lesion],
          values: .double(values(elements: lesions, seed: 2).map { 1.4 + 0.05 * $0 })),
        DrawsVariable(
          "field", dimensions: [.chain, .draw, .hyperparameter], values: .double(values(elements: 3, seed: 3))
        ),
        DrawsVariable(
          "f", dimensions: [.chain, .draw, .voxel],
          values: .single(values(elements: voxels, seed: 4).map { Float(1 / (1 + exp(1.5 - 0.3 * $0))) })),
        DrawsVariable(
          "log_posterior", dimensions: [.chain, .draw], values: .double(values(elements: 1, seed: 5))),
      ])
    let statistics = DrawsGroup(
      "sample_stats", coordinates: axes,
      variables: [
        DrawsVariable(
          "diverging", dimensions: [.chain, .draw],
          values: .flag((0..<(chains * draws)).map { $0 == 17 })),
        DrawsVariable(
          "tree_depth", dimensions: [.chain, .draw],
          values: .integer((0..<(chains * draws)).map { 1 + $0 % 5 })),
        DrawsVariable(
          "acceptance_rate", dimensions: [.chain, .draw],
          values: .single((0..<(chains * draws)).map { Float($0 % 10) / 10 })),
      ])
    let observed = DrawsGroup(
      "observed_data", coordinates: [DrawsCoordinate("volume", count: 3)],
      variables: [DrawsVariable("signal", dimensions: ["volume"], values: .double([1000, 700, .nan]))])
    let places = DrawsGroup.places(
      ofVoxels: [(10, 7, 2), (11, 7, 2), (11, 8, 2), (40, 30, 3), (41, 30, 3)],
      inLesions: [1, 1, 1, 255, 255],
      labels: [1, 255], names: ["tumour", "lymph node, left"])
    return DrawsFile(
      groups: [posterior, statistics, observed, places], libraryVersion: "0.1.0",
      attributes: ["model": "ivim"])
  }

  /// A folder of its own for each test, below the system's temporary one.
  static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "draws-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
