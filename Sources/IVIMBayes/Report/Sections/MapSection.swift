internal import Reporting

/// Parameter maps of the lesions: medians, standard deviations, and what the data determine.
struct MapSection {
  let contents: ReportContents

  /// Nil if no run has maps of lesions.
  func section() throws(RunError) -> PageSection? {
    var maps: [[LesionMaps]] = []
    for visit in contents.visits {
      var own: [LesionMaps] = []
      for run in visit.runs { if let found = try LesionMaps(run) { own.append(found) } }
      maps.append(own)
    }
    let parameters = ParameterName.ordered(maps.flatMap { $0.flatMap(\.parameters) })
    let shown = contents.subjects.prefix(PosteriorSection.mostLesions)
    guard !parameters.isEmpty, !shown.isEmpty else { return nil }
    let tiles = Tiles(contents: contents, maps: maps)
    let scales = Dictionary(
      uniqueKeysWithValues: parameters.map { ($0, tiles.scales($0, subjects: Array(shown))) })
    let grids = shown.compactMap { subject -> PageBlock? in
      let rows = parameters.compactMap { parameter in
        scales[parameter].flatMap { row(parameter, of: subject, tiles: tiles, scales: $0) }
      }
      return rows.isEmpty ? nil : .maps(MapGrid(subject.title, titles: titles, rows: rows))
    }
    guard !grids.isEmpty else { return nil }
    let isPair = contents.visits.count == 2
    return PageSection(
      "maps", label: "Maps", heading: "Parameter maps", place: .newPage,
      lede:
        "Slice through the largest extent, on the image with the least weighting. White outline: contour used. One colour scale per parameter, the same \(isPair ? "at both visits and " : "")in every lesion: viridis for medians, cividis for standard deviations. Grade: <span class=\"sw d\"></span> data-dominated, <span class=\"sw m\"></span> mixed, <span class=\"sw hat\"></span> prior-dominated (hatched, and left without colour). White bar: 10 mm.\(isPair ? " The visits are not registered: compare lesions, not voxels." : "")",
      grids)
  }

  private var titles: [String] {
    let visits = contents.visits.count == 2 ? ", before | after" : ""
    return ["median\(visits)", "posterior SD\(visits)", "what the data determine\(visits)"]
  }

  private func row(
    _ parameter: String, of subject: ReportContents.Subject, tiles: Tiles, scales: Tiles.Scales
  ) -> MapGrid.Row? {
    let unit = DisplayUnit(parameter: parameter, unit: ReportContents.fileUnit(parameter)).symbol
    let kinds: [(MapFigure.Content, String, MapFigure.Scale)] = [
      (.median, "median", scales.median), (.deviation, "sd", scales.deviation),
      (.grade, "grade", scales.median),
    ]
    let figures = kinds.enumerated().compactMap { index, kind -> (title: String, figure: Figure)? in
      let found = tiles.tiles(parameter, kind.1, of: subject)
      guard !found.isEmpty else { return nil }
      let figure = MapFigure(kind.0, tiles: found, scale: kind.2).figure(
        name: "map-\(subject.slug)-\(Figure.slug(parameter))-\(kind.1)",
        title: "\(subject.title), \(ParameterName.text(parameter)), \(titles[index])", unit: unit,
        isSynthetic: contents.isSynthetic)
      return (titles[index], figure)
    }
    return figures.isEmpty ? nil : MapGrid.Row(contents.head(parameter), figures)
  }

  /// The tiles of all visits, and the scales that they share.
  struct Tiles {
    struct Scales {
      let median: MapFigure.Scale
      let deviation: MapFigure.Scale
    }

    let contents: ReportContents
    let maps: [[LesionMaps]]

    func tiles(_ parameter: String, _ statistic: String, of subject: ReportContents.Subject)
      -> [(label: String, tile: MapTile)]
    {
      contents.visits.indices.compactMap { index in
        guard let label = subject.labels[index] else { return nil }
        let tile = maps[index].lazy.compactMap { $0.tile(parameter, statistic, lesion: label) }.first
        return tile.map { (contents.visits[index].label, $0) }
      }
    }

    func scales(_ parameter: String, subjects: [ReportContents.Subject]) -> Scales {
      func shown(_ statistic: String) -> [Double] {
        subjects.flatMap { tiles(parameter, statistic, of: $0).flatMap { $0.tile.shown } }
      }
      let isLogarithmic = ReportContents.isLogarithmic(parameter)
      return Scales(
        median: MapFigure.Scale(shown("median"), isLogarithmic: isLogarithmic),
        deviation: MapFigure.Scale(shown("sd"), isLogarithmic: isLogarithmic, startsAtZero: !isLogarithmic))
    }
  }
}
