import GSLSupport
import InferenceCore
import LaneMath

@testable import Samplers

/// The posterior of a Leroux field and its population as one density with its gradient, for samplers that know nothing of
/// fields.
///
/// Coordinates: μ, log τ, atanh of partial correlations, logit λ, then z of every site, p fastest; η = μ + L z.
struct FieldPosteriorDensity<Density: SiteDensity>: DifferentiableLogDensity {
  let model: FieldModel<Density>

  private var p: Int { model.fieldDimension }
  private var pairs: Int { p * (p - 1) / 2 }
  /// The number of coordinates of the population.
  var populationDimension: Int { 3 * p + pairs }
  var dimension: Int { populationDimension + model.graph.siteCount * p }

  /// The population at a position.
  func population(_ x: [Double]) -> FieldHyperparameters {
    FieldHyperparameters(
      mean: Array(x[0..<p]), spread: x[p..<2 * p].map { Double.exp($0) },
      partial: x[2 * p..<2 * p + pairs].map { hyperbolicTangent($0) },
      dependence: x[2 * p + pairs..<populationDimension].map { Double.logistic($0) })
  }

  /// η of every site: sites × p.
  func sites(_ x: [Double]) -> [[Double]] {
    let hyper = population(x)
    let factor = hyper.factor
    var result: [[Double]] = []
    for site in 0..<model.graph.siteCount {
      var eta = hyper.mean
      for i in 0..<p {
        for k in 0...i { eta[i] += factor[packedIndex(i, k)] * x[populationDimension + site * p + k] }
      }
      result.append(eta)
    }
    return result
  }

  func logDensity(at position: [Double]) throws(LogDensityError) -> Double {
    var gradient = [Double](repeating: 0, count: dimension)
    return try logDensity(at: position, gradient: &gradient)
  }

  func logDensity(at x: [Double], gradient: inout [Double]) throws(LogDensityError) -> Double {
    let hyper = population(x)
    guard hyper.spread.allSatisfy({ $0 > 1e-12 && $0.isFinite }),
      hyper.dependence.allSatisfy({ $0 > 1e-12 && $0 < 1 - 1e-12 })
    else { throw .outsideSupport }
    let (factor, first) = (hyper.factor, populationDimension)
    var byFactor = [Double](repeating: 0, count: factor.count)
    for k in gradient.indices { gradient[k] = 0 }
    var sum = try addLikelihood(x, factor, byFactor: &byFactor, gradient: &gradient)
    let (rough, square) = addField(x, hyper, gradient: &gradient)
    for k in 0..<p {
      let lambda = hyper.dependence[k]
      func field(_ lambda: Double) -> Double {
        model.spectrum.halfLogDeterminant(dependence: lambda) - 0.5
          * (lambda * rough[k] + (1 - lambda) * square[k])
      }
      sum += field(lambda) + model.prior.logDensity(row: k, of: hyper)
      // Derivatives of the few hyperparameters of a row by central differences of cheap functions.
      func row(_ change: (inout [Double]) -> Void) -> Double {
        var moved = x
        change(&moved)
        let other = population(moved)
        var rowFactor = factor
        other.writeFactorRow(k, into: &rowFactor)
        var sum = model.prior.logDensity(row: k, of: other)
        for j in 0...k { sum += byFactor[packedIndex(k, j)] * rowFactor[packedIndex(k, j)] }
        return sum
      }
      let step = 1e-5
      let places = [k, p + k, first - p + k] + (0..<k).map { 2 * p + strictIndex(k, $0) }
      for place in places {
        let above = row { $0[place] += step }
        let below = row { $0[place] -= step }
        gradient[place] += (above - below) / (2 * step)
      }
      let place = first - p + k
      let (above, below) = (field(Double.logistic(x[place] + step)), field(Double.logistic(x[place] - step)))
      gradient[place] += (above - below) / (2 * step)
    }
    guard sum.isFinite else { throw .outsideSupport }
    return sum
  }

  /// Σ ℓ_v(μ + L z_v), with its derivatives by μ, z and L.
  private func addLikelihood(
    _ x: [Double], _ factor: [Double], byFactor: inout [Double], gradient: inout [Double]
  ) throws(LogDensityError) -> Double {
    typealias L = Density.L
    var density = model.density
    var (slopes, information) = (
      [L](repeating: 0, count: p), [L](repeating: 0, count: packedIndex(p, 0))
    )
    let eta = sites(x)
    var sum = 0.0
    for group in 0..<model.layout.groupCount {
      let members = model.layout.sites(ofGroup: group)
      density.take(model.groups[group])
      let place = (0..<p).map { k in L(members.map { eta[$0][k] }) }
      let value = density.expand(at: place, gradient: &slopes, information: &information)
      for lane in 0..<L.count where model.layout.own[group][lane] > 0 {
        let base = populationDimension + members[lane] * p
        sum += value[lane]
        for i in 0..<p {
          let slope = slopes[i][lane]
          gradient[i] += slope
          for j in 0...i {
            gradient[base + j] += slope * factor[packedIndex(i, j)]
            byFactor[packedIndex(i, j)] += slope * x[base + j]
          }
        }
      }
    }
    guard sum.isFinite else { throw .outsideSupport }
    return sum
  }

  /// −½ Σ z_kᵀ P_k z_k by z; zᵀQ̃z and zᵀz of every coordinate.
  private func addField(_ x: [Double], _ hyper: FieldHyperparameters, gradient: inout [Double]) -> (
    rough: [Double], square: [Double]
  ) {
    let (first, graph) = (populationDimension, model.graph)
    var (rough, square) = ([Double](repeating: 0, count: p), [Double](repeating: 0, count: p))
    for k in 0..<p {
      var product = (0..<graph.siteCount).map { graph.isIsolated($0) ? x[first + $0 * p + k] : 0 }
      for edge in graph.edges {
        let difference =
          graph.scaledWeight(edge) * (x[first + edge.first * p + k] - x[first + edge.second * p + k])
        product[edge.first] += difference
        product[edge.second] -= difference
      }
      for site in 0..<graph.siteCount {
        let z = x[first + site * p + k]
        rough[k] += z * product[site]
        square[k] += z * z
        gradient[first + site * p + k] -= hyper.dependence[k] * product[site] + (1 - hyper.dependence[k]) * z
      }
    }
    return (rough, square)
  }
}
