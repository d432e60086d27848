internal import Diagnostics
internal import Reporting

/// Densities of every parameter of every lesion, over the prior.
struct PosteriorSection {
  /// Densities of more lesions than this would make a page of figures that nobody reads: the tables hold them all.
  static let mostLesions = 12

  let contents: ReportContents

  /// Nil if no draws were kept.
  var section: PageSection? {
    let shown = contents.subjects.prefix(Self.mostLesions)
    let grids = shown.compactMap(grid)
    guard !grids.isEmpty else { return nil }
    let isPair = contents.visits.count == 2
    let rest = contents.subjects.count - shown.count
    let more =
      rest > 0 ? " The first \(shown.count) of \(contents.subjects.count) lesions; the tables hold all." : ""
    return PageSection(
      "post", label: "Posteriors",
      heading: isPair ? "Posterior densities, before and after" : "Posterior densities", place: .newPage,
      lede: isPair
        ? "Lesion means given each scan alone; scan-to-scan variation is not in these curves but is in every change above.\(more)"
        : "Lesion means given this scan; scan-to-scan variation is not in these curves.\(more)",
      grids.map { PageBlock.figures($0) })
  }

  private func grid(_ subject: ReportContents.Subject) -> FigureGrid? {
    let figures = contents.mainParameters.compactMap { figure($0, of: subject) }
    guard !figures.isEmpty else { return nil }
    return FigureGrid(subject.title, figures.map { ($0, nil) }, key: key(subject))
  }

  private func figure(_ parameter: String, of subject: ReportContents.Subject) -> Figure? {
    let unit = DisplayUnit(parameter: parameter, unit: ReportContents.fileUnit(parameter))
    let values = contents.values(parameter, of: subject)
    let places = values.compactMap { $0?.places() }.min() ?? DecimalPlaces(2)
    var curves: [DensityFigure.Curve] = []
    for (index, visit) in contents.visits.enumerated() {
      guard let label = subject.labels[index], let value = values[index] else { continue }
      let draws = visit.draws(parameter, of: label).map { $0 * unit.factor }
      guard draws.count > 1 else { continue }
      let number = value.isSilent ? "not informed" : places.text(value.median * unit.factor)
      curves.append(
        DensityFigure.Curve(
          mark: visit.mark, label: visit.label.isEmpty ? number : "\(visit.label) \(number)", draws: draws,
          isPriorDominated: value.isSilent))
    }
    guard !curves.isEmpty else { return nil }
    let prior =
      zip(contents.visits, subject.labels).lazy.compactMap { visit, label in
        label.map { visit.priorDraws(parameter, of: $0) }
      }.first { !$0.isEmpty } ?? []
    let figure = DensityFigure(
      curves: curves, prior: prior.map { $0 * unit.factor },
      isLogarithmic: ReportContents.isLogarithmic(parameter))
    return figure.figure(
      name: "density-\(subject.slug)-\(Figure.slug(parameter))",
      title: "\(subject.title), \(ParameterName.text(parameter))", axisLabel: contents.axisLabel(parameter),
      isSynthetic: contents.isSynthetic)
  }

  private func key(_ subject: ReportContents.Subject) -> Markup {
    let colors: Markup =
      contents.visits.count == 2
      ? "<span class=\"before\">Grey, dashed: before.</span> <span class=\"after\">Blue: after.</span>"
      : "<span class=\"after\">Blue: posterior.</span>"
    var paragraphs: [Markup] = [
      "<p><b>How to read.</b> \(colors) Dotted: the prior of the lesion mean, flat where the data decide.</p>"
    ]
    let values = contents.mainParameters.flatMap { contents.values($0, of: subject).compactMap { $0 } }
    func names(_ grade: Grade) -> String {
      ParameterName.list(
        contents.mainParameters.filter { name in values.contains { $0.parameter == name && $0.grade == grade }
        }
        .map(ParameterName.text))
    }
    if !names(.mixed).isEmpty {
      paragraphs.append("<p>\(names(.mixed)): partly determined by the data (mixed).</p>")
    }
    if !names(.priorDominated).isEmpty {
      paragraphs.append(
        "<p>\(names(.priorDominated)), hatched: the curve is the prior’s; the scan added nothing.</p>")
    }
    return paragraphs.joined()
  }
}
