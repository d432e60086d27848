internal import Foundation
internal import Lesions
internal import Reporting

/// `changes.nc`: the joint draws behind `changes.tsv`, in the form of ArviZ's InferenceData.
///
/// In `posterior`, for each parameter `p` and functional `h`, along chain (one), draw and lesion: `pre_p_h` and `post_p_h`
/// in the unit of the parameter, of the images alone, and `delta_p_h` on the axis of the parameter, scan-to-scan
/// variation included. Draw k of all variables of a lesion belongs together. NaN where a lesion was not measured.
/// `constant_data` has the names of the lesions, and w_phys of each parameter on its axis as `wsd_phys_p`. Patient and
/// protocol stand in the attributes.
struct ChangesFile {
  static let name = "changes.nc"
  private let visits: DeltaVisits
  private let changes: VisitChanges

  init(_ visits: DeltaVisits, _ changes: VisitChanges) {
    self.visits = visits
    self.changes = changes
  }

  var file: DrawsFile {
    let posterior = DrawsGroup(
      "posterior",
      coordinates: [
        DrawsCoordinate(.chain, count: 1), DrawsCoordinate(.draw, count: changes.drawCount), lesions,
      ], variables: variables)
    return DrawsFile(
      groups: [posterior, constants], libraryVersion: IVIMBayesVersion.current,
      attributes: [
        "patient": visits.patient, "protocol": JSONText.compact(visits.fingerprint),
        "statement": IVIMBayesVersion.researchUse,
      ])
  }

  /// Labels as numbers where all are, so that they can be compared with label images.
  private var lesions: DrawsCoordinate {
    let labels = visits.matches.map { $0.pre ?? $0.post ?? "" }
    let numbers = labels.compactMap(Int.init)
    return DrawsCoordinate(.lesion, labels: numbers.count == labels.count ? .integer(numbers) : .text(labels))
  }

  private var variables: [DrawsVariable] {
    LesionParameter.allCases.flatMap { parameter in
      LesionFunctional.allCases.flatMap { functional -> [DrawsVariable] in
        let entries = changes.entries.filter {
          $0.change.parameter == parameter && $0.change.functional == functional
        }
        guard !entries.isEmpty else { return [] }
        func variable(_ phase: String, unit: String, _ draws: (VisitChanges.Entry) -> [Double]?)
          -> DrawsVariable
        {
          let count = visits.matches.count
          var values = [Float](repeating: .nan, count: changes.drawCount * count)
          for entry in entries {
            for (draw, value) in (draws(entry) ?? []).enumerated() {
              values[draw * count + entry.lesion] = Float(value)
            }
          }
          return DrawsVariable(
            "\(phase)_\(parameter.rawValue)_\(functional.rawValue)", unit: unit,
            dimensions: [.chain, .draw, .lesion], values: .single(values))
        }
        return [
          variable("delta", unit: "", \.change.change?.draws),
          variable("pre", unit: parameter.unit, \.pre), variable("post", unit: parameter.unit, \.post),
        ]
      }
    }
  }

  private var constants: DrawsGroup {
    var variables = [
      DrawsVariable("lesion_name", dimensions: [.lesion], values: .text(visits.matches.map(\.name)))
    ]
    for parameter in LesionParameter.allCases {
      let entries = changes.entries.filter {
        $0.change.parameter == parameter && $0.change.functional == .mean
      }
      guard !entries.isEmpty else { continue }
      var deviations = [Double](repeating: .nan, count: visits.matches.count)
      var grades = [Int](repeating: 0, count: visits.matches.count)
      for entry in entries {
        grades[entry.lesion] = Int(entry.change.grade.rawValue)
        if let change = entry.change.change {
          deviations[entry.lesion] = (change.budget.scanToScan / 2).squareRoot()
        }
      }
      variables.append(
        DrawsVariable("wsd_phys_\(parameter.rawValue)", dimensions: [.lesion], values: .double(deviations)))
      variables.append(
        DrawsVariable("grade_\(parameter.rawValue)", dimensions: [.lesion], values: .integer(grades)))
    }
    return DrawsGroup("constant_data", coordinates: [lesions], variables: variables)
  }
}
