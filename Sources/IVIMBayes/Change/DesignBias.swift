internal import Diagnostics
internal import Foundation
internal import Lesions
internal import Reporting
internal import Tables

/// How much of a change the design alone would make: both visits are simulated with equal tissue and fitted again.
///
/// Pull of the priors cancels in a change only if both visits have the same signal-to-noise ratio, settings and lesion
/// size. For each replicate a joint draw of a visit gives the lesion's heterogeneity, amplitudes and noise; its voxels are moved on their
/// axes until the lesion has the level that both visits share; signals are drawn and fitted with the options of the run.
/// The mean over replicates of the difference of the refits' errors is the spurious change; beyond a quarter of the
/// standard deviation of the change it is flagged.
struct DesignBias {
  /// The spurious change of one parameter of one lesion.
  struct Row: Sendable {
    let lesion: String
    let name: String
    let parameter: LesionParameter
    /// The mean over replicates, on the axis.
    let spurious: Double
    /// Its Monte Carlo standard error.
    let error: Double
    /// The standard deviation of the change as reported.
    let deltaSD: Double
    /// The parameter at baseline.
    let baseline: Double

    /// The spurious change of the parameter itself, relative to its baseline.
    var relative: Double {
      parameter.scale.value(parameter.scale.axis(baseline) + spurious) / baseline - 1
    }

    var ratio: Double { abs(spurious) / deltaSD }
    /// Beyond the limit, and beyond what eight replicates may show by chance.
    var isFlagged: Bool { ratio > DesignBias.limit && abs(spurious) > 2 * error }
  }

  /// A quarter of the standard deviation of a change.
  static let limit = 0.25
  static let replicates = 8

  let visits: DeltaVisits
  let changes: VisitChanges
  let threads: Int
  let seed: UInt64

  /// Simulates and refits every modality that both visits have; notices say what could not be simulated.
  func run() async throws -> (rows: [Row], notices: [String]) {
    var (rows, notices) = ([Row](), [String]())
    for modality in Modality.allCases {
      guard let pre = visits.pre[modality], let post = visits.post[modality] else { continue }
      do throws(RunError) {
        let sides = (
          try RescannedVisit(pre, matches: visits.matches.map(\.pre)),
          try RescannedVisit(post, matches: visits.matches.map(\.post))
        )
        rows += try await self.rows(modality, sides.0, sides.1)
      } catch {
        guard error.status == .badInput else { throw error }
        notices.append("design bias of \(modality.rawValue) is not simulated: \(error.description)")
      }
    }
    for row in rows where row.isFlagged {
      notices.append(
        "\(row.name), \(row.parameter.rawValue): equal tissue would show a change of "
          + NumberText.percentChange(row.relative)
          + " by design alone (\(DecimalPlaces(2).text(row.ratio)) of the SD of the change)")
    }
    return (rows, notices)
  }

  private func rows(_ modality: Modality, _ pre: RescannedVisit, _ post: RescannedVisit)
    async throws(RunError)
    -> [Row]
  {
    let levels = visits.matches.indices.map { lesion in
      modality.simulated.reduce(into: [LesionParameter: Double]()) { found, parameter in
        guard let one = pre.level(parameter, lesion), let two = post.level(parameter, lesion) else { return }
        found[parameter] = (one + two) / 2
      }
    }
    var differences: [RescannedVisit.Key: [Double]] = [:]
    for replicate in 0..<Self.replicates {
      let before = try await pre.refit(levels: levels, replicate: replicate, seed: seed, threads: threads)
      let after = try await post.refit(
        levels: levels, replicate: Self.replicates + replicate, seed: seed, threads: threads)
      for (key, error) in after {
        if let first = before[key] { differences[key, default: []].append(error - first) }
      }
    }
    return visits.matches.enumerated().flatMap { lesion, match in
      modality.parameters.compactMap { parameter -> Row? in
        let entry = changes.entries.first {
          $0.lesion == lesion && $0.change.parameter == parameter && $0.change.functional == .mean
        }
        guard let entry, entry.change.isReported, let change = entry.change.change,
          let found = differences[RescannedVisit.Key(lesion: lesion, parameter: parameter)], found.count > 1
        else { return nil }
        return Row(
          lesion: match.pre ?? "", name: match.name, parameter: parameter,
          spurious: found.reduce(0, +) / Double(found.count),
          error: (found.sampleVariance / Double(found.count)).squareRoot(),
          deltaSD: change.budget.total.squareRoot(), baseline: change.preMedian)
      }
    }
  }

  /// `design_bias.tsv`.
  static func table(_ rows: [Row], patient: String) -> TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: [
        "patient", "lesion", "name", "parameter", "spurious_delta", "mcse", "delta_sd", "ratio", "flag",
      ], name: "design_bias.tsv")
    for row in rows {
      table.append(
        [patient, row.lesion, row.name, row.parameter.rawValue]
          + [row.spurious, row.error, row.deltaSD, row.ratio].map(TabSeparatedTable.field)
          + [row.isFlagged ? "design bias" : ""])
    }
    return table
  }
}

extension Modality {
  /// The parameters that make the signal; ADC follows from them.
  var simulated: [LesionParameter] {
    self == .ivim ? [.diffusion, .perfusionFraction, .pseudoDiffusion] : [.t1]
  }
}
