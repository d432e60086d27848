internal import Acquisitions
internal import Foundation
internal import Posteriors
internal import Tables

extension FitInputs {
  /// The first line of every fit: what it takes for granted because nobody said otherwise.
  func takenForGranted(_ files: FitFiles, _ configuration: FitConfiguration) -> String {
    let isPoint = configuration.engine == FitConfiguration.leastSquares
    var parts: [String] = []
    if !isPoint {
      let isDefault = files.priors == nil && configuration.tissue == FitConfiguration().tissue
      parts.append(
        "priors of \(priors.name)" + (isDefault ? " (the default: --tissue or --priors change it)" : ""))
      parts.append(
        "\(configuration.noiseModel.words) noise" + (configuration.noise == nil ? " (the default)" : ""))
    }
    parts.append("\(series.settings.count) measurements" + (t1 == nil ? ", b = \(range) s/mm2" : ""))
    parts.append("\(Self.counted(voxelCount, isRegional ? "curve" : "voxel"))")
    parts.append(Self.counted(lesions.count, "lesion"))
    return "taken for granted: " + parts.joined(separator: "; ")
  }

  private var range: String {
    "\(TabSeparatedTable.field(series.settings.min() ?? 0)) to \(TabSeparatedTable.field(series.settings.max() ?? 0))"
  }

  private static func counted(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  /// The order of magnitude of the time of one processor, in words.
  ///
  /// Independent voxels take some 0.3 ms with Gaussian noise, joined ones some 60 ms; magnitudes four times as long.
  func expectedTime(_ configuration: FitConfiguration) -> String {
    if configuration.engine == FitConfiguration.leastSquares { return "seconds" }
    let isJoined = configuration.joinsLesions && !isRegional
    let largest = FitConfiguration.largestJoinedLesion
    let joined = isJoined ? lesions.map(\.lesion.rows.count).filter { $0 <= largest }.reduce(0, +) : 0
    let factor = configuration.magnitudeDensity == nil ? 1.0 : 4
    let seconds = factor * (60e-3 * Double(joined) + 0.3e-3 * Double(voxelCount - joined))
    switch seconds {
    case ..<15: return "seconds"
    case ..<90: return "about a minute"
    case ..<900: return "minutes"
    case ..<5400: return "tens of minutes"
    default: return "hours"
    }
  }
}
