internal import Diagnostics
internal import Foundation
internal import Tables

/// One parameter of every patient before and after, group beside group, on a logarithmic axis: equal relative changes are
/// equally steep.
public struct PairedLinesFigure: Sendable {
  /// The patients of one outcome.
  public struct Group: Sendable {
    var mark: OutcomeMark
    var label: String
    var pairs: [(before: Double, after: Double)]

    /// A group under `label`; pairs in the unit of display, positive.
    public init(mark: OutcomeMark, label: String, pairs: [(before: Double, after: Double)]) {
      (self.mark, self.label, self.pairs) = (mark, label, pairs)
    }

    /// The geometric mean change.
    var change: Double {
      pairs.isEmpty ? .nan : exp(pairs.reduce(0) { $0 + log($1.after / $1.before) } / Double(pairs.count)) - 1
    }

    func mean(_ value: (Double, Double) -> Double) -> Double {
      exp(pairs.reduce(0) { $0 + log(value($1.before, $1.after)) } / Double(max(pairs.count, 1)))
    }
  }

  private let groups: [Group]

  /// Groups side by side; pairs that are not positive are left out.
  public init(_ groups: [Group]) {
    self.groups = groups.map { group in
      Group(mark: group.mark, label: group.label, pairs: group.pairs.filter { $0.before > 0 && $0.after > 0 })
    }
  }

  /// The figure, with what its axis shows.
  public func figure(name: String, title: String, isSynthetic: Bool) -> Figure {
    let values = groups.flatMap { $0.pairs.flatMap { [$0.before, $0.after] } }
    let (low, high) = (values.min() ?? 1, values.max() ?? 2)
    var panel = Panel(
      title, axes: .init(x: (0, 1), y: (low / 1.06, high * 1.06), yKind: .logarithmic), height: 260,
      isSynthetic: isSynthetic)
    for (index, group) in groups.enumerated() {
      let x = (0.12 + 0.5 * Double(index), 0.33 + 0.5 * Double(index))
      for pair in group.pairs {
        let line = panel.places([(x.0, pair.before), (x.1, pair.after)])
        panel.canvas.path(line, .stroke(group.mark.color, width: 0.8))
        for point in line { group.mark.draw(on: &panel.canvas, x: point.x, y: point.y) }
      }
      guard !group.pairs.isEmpty else { continue }
      let mean = panel.places([(x.0, group.mean { before, _ in before }), (x.1, group.mean { $1 })])
      panel.canvas.path(mean, .stroke(Palette.ink, width: 2.6))
      panel.canvas.text(
        NumberText.percentChange(group.change), x: mean[1].x + 8, y: mean[1].y + 4, style: "b halo",
        fill: group.mark.textColor)
      panel.canvas.text(
        "\(group.label), n = \(group.pairs.count)", x: (mean[0].x + mean[1].x) / 2, y: 29, anchor: .middle,
        style: "b",
        fill: group.mark.textColor)
      for (place, word) in zip(mean, ["before", "after"]) {
        panel.canvas.text(
          word, x: place.x, y: panel.bottom + 16, anchor: .middle, style: "tick", fill: Palette.muted)
      }
    }
    panel.canvas.line(
      from: (panel.left, panel.bottom), to: (panel.right, panel.bottom), .stroke(Palette.axis))
    panel.yAxis("")
    return Figure(
      name: name, title: title,
      description: groups.map {
        "\($0.label): \($0.pairs.count) patients, mean change \(NumberText.percentChange($0.change))"
      }
      .joined(separator: "; ") + ".", width: Panel.width, height: panel.height, canvas: panel.canvas,
      data: data)
  }

  private var data: TabSeparatedTable {
    var table = TabSeparatedTable(columns: ["group", "before", "after"], name: "pairs")
    for group in groups {
      for pair in group.pairs {
        table.append([group.label] + [pair.before, pair.after].map(TabSeparatedTable.field))
      }
    }
    return table
  }
}
