internal import Synchronization

/// What the engines of a run met, added up over its units from any task; sums do not depend on the order.
public final class EngineCounts: Sendable {
  /// The counts so far.
  public struct Values: Sendable, Equatable {
    /// Units drawn.
    public var units = 0
    /// Units whose Laplace approximation was rejected, so that they were drawn by Markov chains.
    public var rejected = 0
    /// Divergent transitions of the no-U-turn sampler after warm-up.
    public var divergences = 0
    /// Units for which an engine could not make draws: theirs are NaN.
    public var failures = 0
    /// Units with more than one mode, which took the proposal of `MultimodalGroupSampler`.
    public var multimodal = 0

    /// Nothing yet.
    public init() {}
  }

  private let state = Mutex(Values())

  /// Counts from zero.
  public init() {}

  /// The counts so far.
  public var values: Values { state.withLock { $0 } }

  /// Adds to the counts.
  public func add(_ change: (inout Values) -> Void) { state.withLock { change(&$0) } }
}

extension EngineCounts: Equatable {
  /// Counts are bookkeeping: they make no difference between two plans.
  public static func == (one: EngineCounts, other: EngineCounts) -> Bool { true }
}
