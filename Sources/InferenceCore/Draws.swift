/// Posterior draws: chains × draws × parameters, parameters fastest.
public struct Draws: Sendable, Equatable {
  /// The parameters, in the order of `values`.
  public let parameters: [Parameter]
  /// The number of chains.
  public let chainCount: Int
  /// The number of draws of each chain.
  public let drawCount: Int
  /// `chainCount × drawCount × parameters.count` values, parameters fastest, then draws, then chains.
  public private(set) var values: [Double]

  /// Draws from an array of `chainCount × drawCount × parameters.count` values, parameters fastest.
  public init(parameters: [Parameter], chainCount: Int, drawCount: Int, values: [Double]) {
    precondition(
      values.count == chainCount * drawCount * parameters.count,
      "\(values.count) values cannot be \(chainCount) chains × \(drawCount) draws × \(parameters.count) parameters"
    )
    self.parameters = parameters
    self.chainCount = chainCount
    self.drawCount = drawCount
    self.values = values
  }

  /// Draws from one array of positions for each chain: `chains[chain][draw][parameter]`.
  public init(parameters: [Parameter], chains: [[[Double]]]) {
    self.init(
      parameters: parameters, chainCount: chains.count, drawCount: chains.first?.count ?? 0,
      values: chains.flatMap { $0.flatMap { $0 } })
  }

  /// The value of `parameter` in one draw of one chain.
  public subscript(chain: Int, draw: Int, parameter: Int) -> Double {
    get { values[(chain * drawCount + draw) * parameters.count + parameter] }
    set { values[(chain * drawCount + draw) * parameters.count + parameter] = newValue }
  }

  /// The draws of one parameter: one array for each chain, in the order drawn.
  public func chains(of parameter: Int) -> [[Double]] {
    (0..<chainCount).map { chain in (0..<drawCount).map { self[chain, $0, parameter] } }
  }

  /// The draws of one parameter, all chains one after the other.
  public func pooled(_ parameter: Int) -> [Double] {
    chains(of: parameter).flatMap { $0 }
  }
}
