import Foundation
import IVIMBayes

func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// Rough ESS by batch of autocorrelation.
func roughESS(_ chains: [[Double]]) -> Double {
  let n = chains[0].count
  let all = chains.flatMap { $0 }
  let mean = all.reduce(0, +) / Double(all.count)
  let v = all.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(all.count)
  var tau = 1.0
  for t in stride(from: 1, to: n / 2, by: 2) {
    func rho(_ t: Int) -> Double {
      var s = 0.0
      for c in chains { for i in 0..<(n - t) { s += (c[i] - mean) * (c[i + t] - mean) } }
      return s / Double(chains.count * (n - t)) / v
    }
    let pair = rho(t) + rho(t + 1)
    if pair < 0.02 { break }
    tau += 2 * pair
  }
  return Double(all.count) / tau
}

@main
struct Benchmarks {
  static func main() {
    let w = WorkloadW1(voxelCount: 256, seed: 1)
    let draws = 1000
    var setup = 0.0, sampling = 0.0
    var esses: [[Double]] = [[], [], []]
    var acc: [Double] = []
    for g in 0..<32 {
      let voxels = Array(g * 8..<g * 8 + 8)
      let t0 = cpuSeconds()
      let post = w.posterior(of: voxels, lanes: Lane8.self)
      var s = LaneGroupSampler(on: post, from: post.prior.mean, openAxis: 1, units: voxels, seed: 1)
      let t1 = cpuSeconds()
      var store = [[[Lane8]]](repeating: [], count: 4)
      for c in 0..<4 { store[c].reserveCapacity(draws) }
      s.draw(draws) { c, p, _ in store[c].append(p) }
      let t2 = cpuSeconds()
      setup += t1 - t0
      sampling += t2 - t1
      let a = s.acceptance(after: draws)
      for lane in 0..<8 {
        acc.append(a[lane])
        for k in 0..<3 { esses[k].append(roughESS(store.map { $0.map { $0[k][lane] } }) / Double(4 * draws)) }
      }
    }
    print("setup us/voxel", setup / 256 * 1e6, " draw ns", sampling / 256 / Double(4 * draws) * 1e9)
    for k in 0..<3 {
      let e = esses[k].sorted()
      print(k, "ESS/draw p5", e[12], "median", e[128], "min", e[0])
    }
    let worst = (0..<256).map { i in min(esses[0][i], esses[1][i], esses[2][i]) }.sorted()
    print("worst p1 \(worst[2]) p5 \(worst[12]) median \(worst[128])")
    acc.sort()
    print("acceptance p5", acc[12], "median", acc[128])
    // scalar
    let t0 = cpuSeconds()
    var se: [Double] = []
    let n = 4000
    for v in 0..<32 {
      var post = w.posterior(of: [v], lanes: Double.self)
      let mode = LaneMode(of: &post, from: post.prior.mean)
      var chains: [[[Double]]] = []
      for c in 0..<4 {
        var m = RandomWalkMetropolis(
          on: post, about: mode,
          random: RandomStream(StreamKey(seed: 1, chain: c, unit: v, purpose: .sampling)))
        m.warmUp(500)
        chains.append(
          (0..<n).map { _ in
            m.step(); return m.position
          })
      }
      se.append((0..<3).map { k in roughESS(chains.map { $0.map { $0[k] } }) }.min()! / Double(4 * n))
    }
    se.sort()
    print(
      "scalar ns/draw (with ESS calc)", (cpuSeconds() - t0) / 32 / Double(4 * n + 2000) * 1e9,
      "ESS/draw median", se[16], "p5", se[1])
  }
}
