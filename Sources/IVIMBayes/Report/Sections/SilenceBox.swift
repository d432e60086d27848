internal import Diagnostics
internal import Reporting

/// What must not be interpreted, with the reason.
struct SilenceBox {
  let contents: ReportContents

  var box: NoteBox {
    var points: [Markup] = contents.silent.map { entry in
      let everywhere = entry.lesions.count == contents.subjects.count && entry.lesions.count > 1
      let place =
        everywhere
        ? "every lesion"
        : entry.lesions.count > 4
          ? "\(entry.lesions.count) lesions" : ParameterName.list(entry.lesions.map(Self.lowered))
      return "<b>\(ParameterName.text(entry.parameter)) of \(place)</b>: \(Statements.notInformed)."
    }
    if contents.visits.flatMap(\.runs).contains(where: { !$0.folder.mappedParameters().isEmpty }) {
      points.append("<b>Hatched voxels</b> in any map: prior-dominated.")
    }
    let mixed = contents.mainParameters.filter { parameter in
      contents.subjects.contains { contents.values(parameter, of: $0).contains { $0?.grade == .mixed } }
    }
    if !mixed.isEmpty {
      points.append(
        "Only partly determined by the data (mixed): \(mixed.map(ParameterName.text).joined(separator: ", "))."
      )
    }
    if points.isEmpty { points.append("Nothing: every parameter is informed by the data.") }
    return NoteBox("Do not interpret", glyph: .hatched, points: points)
  }

  private static func lowered(_ title: String) -> String {
    title.hasPrefix("Lesion") ? "l" + title.dropFirst() : title
  }
}
