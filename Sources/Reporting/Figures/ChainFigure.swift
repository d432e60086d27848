internal import Diagnostics
internal import Foundation
internal import Tables

/// How the chains of one quantity ran: their traces, and how their ranks are shared out.
///
/// Rank plots: Vehtari et al. 2021, section 4.3, doi:10.1214/20-BA1221. Chains that agree have flat lines inside the band,
/// which holds 99 % of the counts of a uniform sample.
public struct ChainFigure: Sendable {
  private let chains: [[Double]]
  private static let binCount = 20
  private static let plottedDraws = 250

  /// The figure of chains of equal length.
  public init(_ chains: [[Double]]) { self.chains = chains }

  /// Trace above, ranks below.
  public func figure(name: String, title: String, axisLabel: String, isSynthetic: Bool) -> Figure {
    let all = chains.flatMap { $0 }.filter(\.isFinite)
    let drawCount = chains.map(\.count).min() ?? 0
    var trace = Panel(
      title, axes: .init(x: (0, Double(max(drawCount, 1))), y: (all.min() ?? 0, all.max() ?? 1)), height: 160,
      left: 50,
      isSynthetic: isSynthetic)
    let stride = max(1, drawCount / Self.plottedDraws)
    for (index, chain) in chains.enumerated() {
      let points = Swift.stride(from: 0, to: drawCount, by: stride).map { (Double($0), chain[$0]) }
      trace.canvas.path(
        trace.places(points), .stroke(Palette.chains[index % Palette.chains.count], width: 0.8))
    }
    trace.xAxis("draw")
    trace.yAxis(axisLabel)
    var canvas = trace.canvas
    canvas.insert(ranks(drawCount: drawCount), x: 0, y: trace.height)
    return Figure(
      name: name, title: title,
      description:
        "Traces of \(chains.count) chains, and the rank histogram of each; flat lines inside the grey band agree.",
      width: Panel.width, height: trace.height + 130, canvas: canvas, data: data)
  }

  /// Counts of each chain's ranks in equal bins of the pooled ranks.
  private var counts: [[Int]] {
    let pooled = chains.enumerated().flatMap { chain, draws in draws.map { (chain, $0) } }
      .sorted { $0.1 < $1.1 }
    var counts = chains.map { _ in [Int](repeating: 0, count: Self.binCount) }
    for (rank, entry) in pooled.enumerated() { counts[entry.0][rank * Self.binCount / pooled.count] += 1 }
    return counts
  }

  private func ranks(drawCount: Int) -> SVGCanvas {
    let counts = counts
    let expected = Double(drawCount) / Double(Self.binCount)
    // A binomial count's 99 % limits by its normal approximation.
    let spread = 2.576 * (expected * (1 - 1 / Double(Self.binCount))).squareRoot()
    let highest = max(Double(counts.flatMap { $0 }.max() ?? 1), expected + spread)
    let x = PlotScale(.linear, 0, Double(Self.binCount), from: 50, to: Panel.width - 10)
    let y = PlotScale(.linear, 0, highest * 1.05, from: 96, to: 8)
    var canvas = SVGCanvas()
    canvas.rectangle(
      x: x.start, y: y.place(expected + spread), width: x.end - x.start,
      height: y.clamped(expected - spread) - y.place(expected + spread), .fill(Palette.band))
    canvas.line(from: (x.start, 96), to: (x.end, 96), .stroke(Palette.axis))
    for (index, row) in counts.enumerated() {
      let steps = row.enumerated().flatMap { bin, count in
        [(x.place(Double(bin)), y.place(Double(count))), (x.place(Double(bin + 1)), y.place(Double(count)))]
      }
      canvas.path(steps, .stroke(Palette.chains[index % Palette.chains.count], width: 1.3))
    }
    canvas.text("0", x: 43, y: 100, anchor: .end, style: "tick", fill: Palette.muted)
    canvas.text(
      PlotScale.label(expected.rounded()), x: 43, y: y.place(expected) + 4, anchor: .end, style: "tick",
      fill: Palette.muted)
    canvas.text(
      "rank among all draws (counts of each chain)", x: x.end, y: 116, anchor: .end, style: "axl",
      fill: Palette.muted)
    return canvas
  }

  private var data: TabSeparatedTable {
    var table = TabSeparatedTable(columns: ["chain", "bin", "count"], name: "ranks")
    for (chain, row) in counts.enumerated() {
      for (bin, count) in row.enumerated() { table.append(["\(chain + 1)", "\(bin + 1)", "\(count)"]) }
    }
    return table
  }
}
