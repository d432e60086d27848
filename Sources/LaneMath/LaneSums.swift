/// Sums over the settings of a protocol and other loops over rows of lanes, where most of a fit's time goes.
///
/// Arguments are checked once; the loops run without bounds checks. Sums are taken in the order of the rows.
public enum LaneSums {
  /// Σ w a², Σ w a b over the first `count` rows; `weights` is empty for weights of one.
  @inlinable
  public static func squareAndProduct<L: Lane>(_ a: [L], _ b: [L], weights: [Double], count: Int)
    -> (square: L, product: L)
  {
    precondition(a.count >= count && b.count >= count && (weights.isEmpty || weights.count >= count))
    var square = L(0)
    var product = L(0)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe weights.withUnsafeBufferPointer { weights in
          if weights.isEmpty {
            for i in 0..<count {
              let value = unsafe a[i]
              square += value * value
              unsafe product += value * b[i]
            }
          } else {
            for i in 0..<count {
              let weighted = unsafe weights[i] * a[i]
              unsafe square += weighted * a[i]
              unsafe product += weighted * b[i]
            }
          }
        }
      }
    }
    return (square, product)
  }

  /// Σ w (b − s a)² over the first `count` rows; `weights` is empty for weights of one.
  @inlinable
  public static func residual<L: Lane>(_ a: [L], scaledBy s: L, from b: [L], weights: [Double], count: Int)
    -> L
  {
    precondition(a.count >= count && b.count >= count && (weights.isEmpty || weights.count >= count))
    var sum = L(0)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe weights.withUnsafeBufferPointer { weights in
          if weights.isEmpty {
            for i in 0..<count {
              let difference = unsafe b[i] - s * a[i]
              sum += difference * difference
            }
          } else {
            for i in 0..<count {
              let difference = unsafe b[i] - s * a[i]
              unsafe sum += weights[i] * (difference * difference)
            }
          }
        }
      }
    }
    return sum
  }

  /// Σ w a b over `count` rows that begin at `aStart` and `bStart`; `weights` is empty for weights of one.
  @inlinable
  public static func product<L: Lane>(
    _ a: [L], at aStart: Int, _ b: [L], at bStart: Int, weights: [Double], count: Int
  ) -> L {
    precondition(aStart >= 0 && a.count >= aStart + count && bStart >= 0 && b.count >= bStart + count)
    precondition(weights.isEmpty || weights.count >= count)
    var sum = L(0)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe weights.withUnsafeBufferPointer { weights in
          if weights.isEmpty {
            for i in 0..<count { unsafe sum += a[aStart &+ i] * b[bStart &+ i] }
          } else {
            for i in 0..<count { unsafe sum += weights[i] * (a[aStart &+ i] * b[bStart &+ i]) }
          }
        }
      }
    }
    return sum
  }

  /// `target[i]` = p `a[i]` + q `a[bStart + i]` for the first `count` rows.
  @inlinable
  public static func mix<L: Lane>(
    _ p: L, _ a: [L], _ q: L, at bStart: Int, into target: inout [L], count: Int
  ) {
    precondition(bStart >= 0 && a.count >= bStart + count && target.count >= count)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe target.withUnsafeMutableBufferPointer { target in
        for i in 0..<count { unsafe target[i] = p * a[i] + q * a[bStart &+ i] }
      }
    }
  }

  /// As `mix`, with Σ t² and Σ t v over the rows t written and the rows v of `values`.
  @inlinable
  public static func project<L: Lane>(
    _ p: L, _ a: [L], _ q: L, at bStart: Int, into target: inout [L], on values: [L], count: Int
  ) -> (square: L, product: L) {
    precondition(bStart >= 0 && a.count >= bStart + count && target.count >= count && values.count >= count)
    var square = L(0)
    var product = L(0)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe values.withUnsafeBufferPointer { values in
        unsafe target.withUnsafeMutableBufferPointer { target in
          for i in 0..<count {
            let mixed = unsafe p * a[i] + q * a[bStart &+ i]
            unsafe target[i] = mixed
            square += mixed * mixed
            unsafe product += mixed * values[i]
          }
        }
      }
    }
    return (square, product)
  }

  /// `values[offset + target]` = `values[offset + first]` · `values[offset + second]` for every step of `chain`, in order.
  @inlinable
  public static func multiply<L: Lane>(_ values: inout [L], at offset: Int, along chain: ProductChain) {
    precondition(offset >= 0 && values.count >= offset + chain.bound, "rows beyond the values")
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe chain.steps.withUnsafeBufferPointer { steps in
        for k in 0..<steps.count {
          let step = unsafe steps[k]
          unsafe values[offset &+ step.target] = values[offset &+ step.first] * values[offset &+ step.second]
        }
      }
    }
  }
}

/// Multiplications of rows, one after the other.
public struct ProductChain: Sendable, Equatable {
  /// Row `target` is the product of the rows `first` and `second`.
  public struct Step: Sendable, Equatable {
    /// The row written.
    public let target: Int
    /// One row multiplied.
    public let first: Int
    /// The other row.
    public let second: Int

    /// The step that writes `first` · `second` to `target`.
    public init(target: Int, first: Int, second: Int) {
      self.target = target
      self.first = first
      self.second = second
    }
  }

  /// The multiplications, in order.
  public let steps: [Step]
  /// One more than the largest row.
  @usableFromInline let bound: Int

  /// The chain of these steps.
  public init(_ steps: [Step]) {
    let rows = steps.flatMap { [$0.target, $0.first, $0.second] }
    precondition(rows.allSatisfy { $0 >= 0 }, "rows are counted from 0")
    self.steps = steps
    bound = (rows.max() ?? -1) + 1
  }
}
