/// The table of a benchmark run: tab-separated, one figure a line.
struct Report {
  private var lines = ["workload\tfigure\tvalue"]

  mutating func add(_ workload: String, _ figure: String, _ value: Double) {
    lines.append("\(workload)\t\(figure)\t\(Self.rounded(value))")
  }

  mutating func add(_ workload: String, _ rate: SamplerRate) {
    add(workload, "ns per draw and voxel, warm-up included", rate.nanosecondsPerDraw)
    add(workload, "worst-parameter bulk ESS per draw, median voxel", rate.essPerDraw)
    add(workload, "worst-parameter bulk ESS per CPU second, median voxel", rate.median)
    add(workload, "worst-parameter bulk ESS per CPU second, 5th percentile voxel", rate.fifthPercentile)
  }

  func print() { Swift.print(lines.joined(separator: "\n")) }

  private static func rounded(_ value: Double) -> String {
    value >= 100 ? "\(Int(value.rounded()))" : "\((value * 1000).rounded() / 1000)"
  }
}
