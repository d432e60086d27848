internal import Diagnostics
internal import GSLSupport
internal import InferenceCore

/// Two fields over the same voxels, each with its own population: IVIM with ADC beside it.
struct PairedField<First: LesionField, Second: LesionField>: LesionField {
  let first: First
  let second: Second
  /// The number of quantities of the first.
  let firstCount: Int

  var population: [PopulationParameter] { first.population + second.population }

  func chain(_ index: Int) -> PairedLesionChain<First.Chain, Second.Chain> {
    PairedLesionChain(
      first: first.chain(index), second: second.chain(index), quantityCount: firstCount,
      populationCount: first.population.count)
  }

  func priorDraw(using random: inout RandomStream) -> [[Double]] {
    first.priorDraw(using: &random) + second.priorDraw(using: &random)
  }
}

/// A chain of each.
struct PairedLesionChain<First: LesionChain, Second: LesionChain>: LesionChain {
  var first: First
  var second: Second
  let quantityCount: Int
  let populationCount: Int

  mutating func adapt(sweeps count: Int) {
    first.adapt(sweeps: count)
    second.adapt(sweeps: count)
  }

  static func learn(_ chains: inout [PairedLesionChain]) {
    var (firsts, seconds) = (chains.map(\.first), chains.map(\.second))
    First.learn(&firsts)
    Second.learn(&seconds)
    for index in chains.indices {
      (chains[index].first, chains[index].second) = (firsts[index], seconds[index])
    }
  }

  mutating func endWarmUp() {
    first.endWarmUp()
    second.endWarmUp()
  }

  mutating func sweep() {
    first.sweep()
    second.sweep()
  }

  var steps: [StepAcceptance] { first.steps + second.steps }

  mutating func transfer(through archive: inout StateArchive) {
    first.transfer(through: &archive)
    second.transfer(through: &archive)
  }

  mutating func read(into draw: inout JointDraw, quantity: Int, population: Int) {
    first.read(into: &draw, quantity: quantity, population: population)
    second.read(into: &draw, quantity: quantity + quantityCount, population: population + populationCount)
  }
}

/// The field of a `SwitchedModel`.
enum SwitchedField<Gaussian: LesionField, Magnitude: LesionField>: LesionField {
  case gaussian(Gaussian)
  case magnitude(Magnitude)

  var population: [PopulationParameter] {
    switch self {
    case .gaussian(let field): field.population
    case .magnitude(let field): field.population
    }
  }

  func chain(_ index: Int) -> SwitchedChain<Gaussian.Chain, Magnitude.Chain> {
    switch self {
    case .gaussian(let field): .gaussian(field.chain(index))
    case .magnitude(let field): .magnitude(field.chain(index))
    }
  }

  func priorDraw(using random: inout RandomStream) -> [[Double]] {
    switch self {
    case .gaussian(let field): field.priorDraw(using: &random)
    case .magnitude(let field): field.priorDraw(using: &random)
    }
  }
}

/// The chain of a `SwitchedField`; exactly one of the two is there.
struct SwitchedChain<Gaussian: LesionChain, Magnitude: LesionChain>: LesionChain {
  private var gaussian: Gaussian?
  private var magnitude: Magnitude?

  static func gaussian(_ chain: Gaussian) -> SwitchedChain { SwitchedChain(gaussian: chain, magnitude: nil) }
  static func magnitude(_ chain: Magnitude) -> SwitchedChain {
    SwitchedChain(gaussian: nil, magnitude: chain)
  }

  mutating func adapt(sweeps count: Int) {
    gaussian?.adapt(sweeps: count)
    magnitude?.adapt(sweeps: count)
  }

  static func learn(_ chains: inout [SwitchedChain]) {
    var (gaussians, magnitudes) = (chains.compactMap(\.gaussian), chains.compactMap(\.magnitude))
    Gaussian.learn(&gaussians)
    Magnitude.learn(&magnitudes)
    chains = gaussians.map { .gaussian($0) } + magnitudes.map { .magnitude($0) }
  }

  mutating func endWarmUp() {
    gaussian?.endWarmUp()
    magnitude?.endWarmUp()
  }

  mutating func sweep() {
    gaussian?.sweep()
    magnitude?.sweep()
  }

  var steps: [StepAcceptance] { gaussian?.steps ?? magnitude?.steps ?? [] }

  mutating func transfer(through archive: inout StateArchive) {
    gaussian?.transfer(through: &archive)
    magnitude?.transfer(through: &archive)
  }

  mutating func read(into draw: inout JointDraw, quantity: Int, population: Int) {
    gaussian?.read(into: &draw, quantity: quantity, population: population)
    magnitude?.read(into: &draw, quantity: quantity, population: population)
  }
}
