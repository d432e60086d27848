public import InferenceCore
public import LaneMath
public import Synchronization

/// A lane density behind a reference, so that views of its lanes can share its workspace.
public final class LaneDensityBox<Density: LaneLogDensity & Sendable>: Sendable {
  @usableFromInline let density: Mutex<Density>

  /// A box that holds `density`.
  @inlinable
  public init(_ density: Density) { self.density = Mutex(density) }
}

/// One lane of a lane density as a density of its own, for samplers that walk one position at a time.
///
/// Every lane is evaluated at the same position and one result is used: wasteful, and good enough for checking engines.
public struct LaneSlice: DifferentiableLogDensity {
  /// n, the number of coordinates.
  public let dimension: Int
  private let value: @Sendable ([Double]) -> Double
  private let expansion: @Sendable ([Double], inout [Double]) -> Double

  /// Lane `lane` of the density in `box`.
  @inlinable
  public init<Density>(_ box: LaneDensityBox<Density>, lane: Int) {
    let dimension = box.density.withLock { $0.dimension }
    self.init(dimension: dimension) { position in
      box.density.withLock { $0.logDensity(at: position.map { Density.L($0) })[lane] }
    } expansion: { position, gradient in
      box.density.withLock { density in
        var slopes = [Density.L](repeating: 0, count: dimension)
        var information = [Density.L](repeating: 0, count: packedIndex(dimension, 0))
        let value = density.expand(
          at: position.map { Density.L($0) }, gradient: &slopes, information: &information)
        for k in 0..<dimension { gradient[k] = slopes[k][lane] }
        return value[lane]
      }
    }
  }

  @usableFromInline
  init(
    dimension: Int, value: @escaping @Sendable ([Double]) -> Double,
    expansion: @escaping @Sendable ([Double], inout [Double]) -> Double
  ) {
    self.dimension = dimension
    self.value = value
    self.expansion = expansion
  }

  /// log p(position) of the lane.
  ///
  /// - Throws: `.outsideSupport` where it is not finite.
  public func logDensity(at position: [Double]) throws(LogDensityError) -> Double {
    let value = value(position)
    guard value.isFinite else { throw .outsideSupport }
    return value
  }

  /// log p(position) of the lane with its gradient.
  ///
  /// - Throws: `.outsideSupport` where either is not finite.
  public func logDensity(at position: [Double], gradient: inout [Double]) throws(LogDensityError) -> Double {
    let value = expansion(position, &gradient)
    guard value.isFinite, gradient.allSatisfy(\.isFinite) else { throw .outsideSupport }
    return value
  }
}
