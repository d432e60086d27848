internal import Diagnostics
internal import Foundation
internal import Reporting

/// Everything that a page of one patient tells: one or two visits, and what was computed from them.
struct ReportContents: Sendable {
  let visits: [ReportedVisit]
  let changes: ReportedChanges?
  let efficacy: ReportedEfficacy?
  let seed: UInt64

  /// One lesion over the visits; its label at each, nil where it was not found.
  struct Subject: Sendable {
    let index: Int
    let lesion: ReportedLesion
    let labels: [String?]

    var title: String { lesion.title }
    var slug: String { "l\(index + 1)" }
  }

  var isSynthetic: Bool { visits.flatMap(\.runs).contains(where: \.record.isSynthetic) }

  /// The lesions in the order of the changes, or of the tables.
  var subjects: [Subject] {
    if let changes {
      return changes.matches.enumerated().map { index, match in
        let labels = [match.pre, match.post]
        let found = zip(visits, labels).compactMap { visit, label in
          visit.lesions.first { $0.label == label || $0.name == label }
        }
        let voxels = found.first?.voxels ?? 0
        let lesion = ReportedLesion(label: match.pre ?? match.post ?? "", name: match.name, voxels: voxels)
        let own = zip(visits, labels).map { visit, label in
          visit.lesions.first { $0.label == label || $0.name == label }?.label
        }
        return Subject(index: index, lesion: lesion, labels: own)
      }
    }
    let lesions = visits.flatMap(\.lesions).reduce(into: [ReportedLesion]()) { found, lesion in
      if !found.contains(where: { $0.label == lesion.label }) { found.append(lesion) }
    }
    return lesions.enumerated().map { index, lesion in
      Subject(
        index: index, lesion: lesion,
        labels: visits.map { visit in visit.lesions.contains { $0.label == lesion.label } ? lesion.label : nil
        })
    }
  }

  /// The parameters of any visit, in their order.
  var parameters: [String] { ParameterName.ordered(visits.flatMap(\.parameters)) }

  /// The parameters that sentences speak of.
  var mainParameters: [String] { parameters.filter { $0 != "fdstar" && $0 != "f_vol" } }

  var verdict: Verdict { visits.map(\.verdict).worst }

  /// The posterior of `parameter` of `subject` at every visit; nil where there is none.
  func values(_ parameter: String, of subject: Subject) -> [ReportedValue?] {
    zip(visits, subject.labels).map { visit, label in label.flatMap { visit.value(parameter, of: $0) } }
  }

  /// "D*" → "D* of lesion 2": everything that must not be interpreted, by parameter.
  var silent: [(parameter: String, lesions: [String])] {
    parameters.compactMap { parameter in
      let lesions = subjects.filter { values(parameter, of: $0).contains { $0?.isSilent ?? false } }
      return lesions.isEmpty ? nil : (parameter, lesions.map(\.title))
    }
  }

  /// The name and unit of `parameter` as the head of a row.
  func head(_ parameter: String) -> Markup {
    let unit = DisplayUnit(parameter: parameter, unit: Self.fileUnit(parameter)).symbol
    return unit.isEmpty
      ? Markup(ParameterName.text(parameter))
      : "\(ParameterName.text(parameter)) <span class=\"u\">\(unit)</span>"
  }

  /// "ADC, 10⁻³ mm²/s".
  func axisLabel(_ parameter: String) -> String {
    let unit = DisplayUnit(parameter: parameter, unit: Self.fileUnit(parameter)).symbol
    return ParameterName.text(parameter) + (unit.isEmpty ? "" : ", \(unit)")
  }

  static func fileUnit(_ parameter: String) -> String {
    switch parameter {
    case "t1": "s"
    case "d", "dstar", "fdstar", "adc": "mm2/s"
    default: "1"
    }
  }

  /// True for the parameters that are read on a logarithmic scale.
  static func isLogarithmic(_ parameter: String) -> Bool { ["dstar", "fdstar"].contains(parameter) }
}
