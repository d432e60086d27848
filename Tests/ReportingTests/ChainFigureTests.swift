import Foundation
import Tables
import TestSupport
import Testing

@testable import Reporting

/// Traces and rank histograms.
@Suite struct ChainFigureTests {
  private func figure(_ chains: [[Double]]) -> Figure {
    ChainFigure(chains).figure(name: "c", title: "d", axisLabel: "D", isSynthetic: false)
  }

  /// Counts by chain, then bin.
  private func counts(_ chains: [[Double]]) throws -> [[Double]] {
    let data = figure(chains).data
    let (chain, count) = (try data.integers("chain"), try data.numbers("count"))
    return chains.indices.map { index in zip(chain, count).filter { $0.0 == index + 1 }.map(\.1) }
  }

  @Test func `Chains that take turns share every bin equally`() throws {
    let chains = (0..<4).map { chain in (0..<200).map { Double(4 * $0 + chain) } }
    for row in try counts(chains) { #expect(row == [Double](repeating: 10, count: 20)) }
  }

  @Test func `A chain that lies above the others fills the upper bins alone`() throws {
    let low = (0..<100).map { Double($0) }
    let rows = try counts([low, low.map { $0 + 1000 }])
    #expect(rows[0] == [Double](repeating: 10, count: 10) + [Double](repeating: 0, count: 10))
    #expect(rows[1] == rows[0].reversed())
  }

  @Test(arguments: [1, 7, 19, 20, 21, 333])
  func `No draw is lost, whatever their number`(count: Int) throws {
    let chains = (0..<3).map { chain in (0..<count).map { sin(Double($0 * 3 + chain)) } }
    for row in try counts(chains) { #expect(row.count == 20 && row.reduce(0, +) == Double(count)) }
  }

  @Test func `Long traces are thinned evenly, short ones drawn whole`() {
    func points(_ count: Int) -> Int {
      DrawnElements(figure([(0..<count).map { Double($0 % 7) }])).all("path")[0].corners.count
    }
    #expect(points(249) == 249 && points(250) == 250)
    #expect(points(10_000) == 250)
    #expect(figure([[1, 2], [2, 1]]).description.hasPrefix("Traces of 2 chains"))
  }

  @Test func `The expected count stands in the middle of its band`() throws {
    let chains = (0..<2).map { chain in (0..<400).map { Double(2 * $0 + chain) } }
    let elements = DrawnElements(figure(chains))
    let band = try #require(elements.all("rect").first { $0.attributes["fill"] == Palette.band })
    let label = try #require(elements.text("20"))
    #expect(isClose(band["y"] + band["height"] / 2, label["y"] - 4, absolute: 0.05))
  }
}
