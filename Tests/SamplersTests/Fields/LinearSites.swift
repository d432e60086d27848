import InferenceCore
import LaneMath

/// y ~ N(η, s): the likelihood under which fields are known exactly.
struct LinearSites<L: Lane>: SiteDensity {
  struct SiteData: Sendable {
    let y: L
    let precision: L
  }

  var dimension: Int { 1 }
  var byproducts: [L] { [] }
  private var data = SiteData(y: 0, precision: 0)

  mutating func take(_ data: SiteData) { self.data = data }

  mutating func logDensity(at position: [L]) -> L {
    let residual = data.y - position[0]
    return -0.5 * (data.precision * (residual * residual))
  }

  mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L {
    gradient[0] = data.precision * (data.y - position[0])
    information[0] = data.precision
    return logDensity(at: position)
  }

  static func data(_ y: [Double], _ s: [Double], _ sites: [Int]) -> SiteData {
    SiteData(y: L(sites.map { y[$0] }), precision: L(sites.map { 1 / (s[$0] * s[$0]) }))
  }
}

/// A likelihood that says nothing, of `dimension` coordinates: the posterior is the prior.
struct SilentSites<L: Lane>: SiteDensity {
  let dimension: Int
  var byproducts: [L] { [] }

  mutating func take(_ data: Int) {}

  mutating func logDensity(at position: [L]) -> L { 0 }

  mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L {
    for k in gradient.indices { gradient[k] = 0 }
    for k in information.indices { information[k] = 0 }
    return 0
  }
}
