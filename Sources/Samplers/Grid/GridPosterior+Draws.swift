public import GSLSupport

extension GridPosterior {
  /// `count` independent draws of the joint posterior, each an array of coordinates.
  ///
  /// Coordinate after coordinate by inversion: the first from its marginal, then the table is interpolated to that place
  /// by its cardinal series and the next coordinate drawn from what remains.
  /// - Complexity: one pass over the table a draw.
  public func draws(_ count: Int, using random: inout RandomStream) -> [[Double]] {
    (0..<count).map { _ in draw(using: &random) }
  }

  private func draw(using random: inout RandomStream) -> [Double] {
    var position: [Double] = []
    var marginal = marginals[0]
    var slab = table.densities
    for k in table.axes.indices {
      let place = marginal.draw(using: &random)
      position.append(place)
      guard k + 1 < table.axes.count else { break }
      slab = Self.interpolated(slab, along: table.axes[k], to: place)
      let next = table.axes[k + 1]
      let stride = slab.count / next.count
      let sums = (0..<next.count).map { j in slab[j * stride..<(j + 1) * stride].reduce(0, +) }
      marginal = GridMarginal(sums, on: next, kernel: kernel)
    }
    return position
  }

  /// The table without its first axis, at `place` on that axis.
  private static func interpolated(_ slab: [Double], along axis: GridAxis, to place: Double) -> [Double] {
    let weights = CardinalKernel.weights(at: (place - axis.first) / axis.step, count: axis.count)
    let inner = slab.count / axis.count
    var result = [Double](repeating: 0, count: inner)
    for (j, weight) in weights.enumerated() {
      for node in 0..<inner { result[node] += weight * slab[j * inner + node] }
    }
    return result
  }
}
