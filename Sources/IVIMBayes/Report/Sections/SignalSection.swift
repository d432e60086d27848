internal import Diagnostics
internal import Foundation
internal import Reporting
internal import Tables

/// The mean signals of the lesions with the band in which the model expects them, and what quality control found.
struct SignalSection {
  let contents: ReportContents

  /// Nil if the runs hold neither signals nor quality.
  var section: PageSection? {
    let shown = contents.subjects.prefix(PosteriorSection.mostLesions)
    var figures: [(figure: Figure, caption: Markup?)] = []
    for subject in shown {
      for isT1 in [false, true] {
        if let figure = figure(of: subject, isT1: isT1) { figures.append((figure, nil)) }
      }
    }
    let quality = qualityTable
    guard !figures.isEmpty || quality != nil else { return nil }
    let marks: Markup =
      contents.visits.count == 2
      ? "<span class=\"before\">□ before</span> &nbsp; <span class=\"after\">● after</span>"
      : "<span class=\"after\">● measured mean of the lesion</span>"
    let key: Markup =
      "<p><b>How to read.</b> \(marks). Band: where the model expects 90&nbsp;% of such means; about one in ten falls outside.</p><p>Points that leave the band together point to motion or to a model that does not fit.</p>"
    return PageSection(
      "fit", label: "Fit to the signal", heading: "Fit to the signal", place: .newPage,
      lede:
        "Lesion-mean signal with the 90 % posterior-predictive band. Below each curve: residual in predictive SD.",
      (figures.isEmpty ? [] : [.figures(FigureGrid(nil, figures, key: key))])
        + (quality.map { [.table($0)] } ?? []))
  }

  private func figure(of subject: ReportContents.Subject, isT1: Bool) -> Figure? {
    var curves: [SignalFigure.Curve] = []
    var settingsName = "b_values"
    for (index, visit) in contents.visits.enumerated() {
      guard let label = subject.labels[index], let run = visit.runs.first(where: { $0.isT1 == isT1 }) else {
        continue
      }
      settingsName = run.record.settingsName
      let signals = run.signals.filter { $0.lesion == label }
      guard !signals.isEmpty else { continue }
      curves.append(
        SignalFigure.Curve(
          mark: visit.mark,
          measurements: signals.map { .init(setting: $0.setting, signal: $0.signal, isUsed: true) },
          predictions: SignalPrediction(run, lesion: label)?.quantiles(seed: contents.seed) ?? []))
    }
    guard !curves.isEmpty else { return nil }
    let name = isT1 ? "T1" : "diffusion"
    return SignalFigure(curves: curves, isLogarithmic: !isT1).figure(
      name: "signal-\(subject.slug)-\(isT1 ? "t1" : "dwi")", title: "\(subject.title), \(name) signal",
      xLabel: Self.axis(settingsName), yLabel: isT1 ? "mean signal" : "mean signal, log scale",
      isSynthetic: contents.isSynthetic)
  }

  private static func axis(_ settingsName: String) -> String {
    switch settingsName {
    case "b_values": "b, s/mm²"
    case "flip_angles": "flip angle, degrees"
    default: settingsName.replacing("_", with: " ").replacing("times", with: "time") + ", s"
    }
  }

  /// Flagged volumes and signal-to-noise of each lesion.
  private var qualityTable: ReportTable? {
    var table = ReportTable(
      [.init(""), .init("scan"), .init("volumes"), .init("flagged volumes"), .init("median SNR")],
      caption:
        "Quality of the measurements in each lesion: volumes whose lesion mean, edges or voxels do not fit the others (STEM_qc.tsv holds the numbers).",
      style: "wide")
    for subject in contents.subjects {
      for (index, visit) in contents.visits.enumerated() {
        guard let label = subject.labels[index] else { continue }
        for run in visit.runs {
          guard let row = Self.quality(run, lesion: label) else { continue }
          let place = visit.label.isEmpty ? subject.title : "\(subject.title), \(visit.label)"
          table.addRow(
            Markup(place),
            [
              .init(Markup(run.isT1 ? "T1" : "diffusion")), .init("\(row.volumes)"),
              .init(Markup(row.flagged.isEmpty ? "none" : row.flagged.joined(separator: "; "))),
              .init(Markup(DecimalPlaces(0).text(row.snr))),
            ])
        }
      }
    }
    return table.isEmpty ? nil : table
  }

  private static func quality(_ run: ReportedRun, lesion: String) -> (
    volumes: Int, flagged: [String], snr: Double
  )? {
    guard let quality = run.quality, let lesions = try? quality.strings("lesion"),
      let flags = try? quality.strings("flag"), let volumes = try? quality.strings("volume"),
      let ratios = try? quality.numbers("snr")
    else { return nil }
    let rows = lesions.indices.filter { lesions[$0] == lesion }
    guard !rows.isEmpty else { return nil }
    let flagged = rows.filter { flags[$0] != "ok" }.map {
      "volume \(volumes[$0]) (\(flags[$0].replacing("+", with: ", ")))"
    }
    return (rows.count, flagged, rows.map { ratios[$0] }.filter(\.isFinite).sorted().quantile(0.5))
  }
}
