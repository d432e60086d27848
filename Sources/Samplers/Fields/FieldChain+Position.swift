extension FieldChain {
  /// Puts the chain at a population and at positions of its sites, from where its next sweeps go on.
  ///
  /// For uses in which the draws so far come from elsewhere: Geweke's joint test alternates data and sweeps, each by a new
  /// chain that starts where the last one ended. `position` gives the coordinates of a group's sites, without offsets.
  @inlinable
  public mutating func move(to population: FieldHyperparameters, positions position: (_ group: Int) -> [L]) {
    let d = model.dimension
    hyper = population
    for group in 0..<model.layout.groupCount {
      let place = position(group)
      for k in 0..<d { positions[group * d + k] = place[k] }
    }
    followPopulation()
    for group in 0..<model.layout.groupCount { evaluate(group) }
    levels.count(positions, model)
  }
}
