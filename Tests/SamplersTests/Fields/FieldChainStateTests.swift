import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@testable import Samplers

/// Chains that are written and read go on as if nothing had happened.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct FieldChainStateTests {
  private static let structures: [(FieldPrior.Structure, FieldIncrements)] = [
    (.exchangeable, .normal), (.leroux, .normal), (.intrinsic, .normal), (.intrinsic, .laplace),
    (.intrinsic, .studentT),
  ]

  private static func curved(
    _ structure: FieldPrior.Structure, _ increments: FieldIncrements = .normal, isHuangWand: Bool = false,
    generator: Generator = .xoshiro256pp
  ) -> Journey<CurvedSites<Lane8>> {
    let axes: [FieldPrior.Axis] = [
      .init(mean: 0.1, sd: 0.4, spread: .halfNormal(scale: 0.3)),
      .init(mean: -0.4, sd: 0.8, spread: .halfNormal(scale: 0.5)),
    ]
    let offsets = (0..<2).map { k in (0..<17).map { 0.02 * Double(($0 + k) % 5) } }
    return Journey(
      model: FieldModel(
        graph: .irregular,
        prior: isHuangWand
          ? FieldPrior(huangWand: axes, structure: structure, increments: increments)
          : FieldPrior(axes: axes, structure: structure, increments: increments),
        density: CurvedSites<Lane8>(), offsets: offsets, data: { CurvedSites<Lane8>.data($0) }),
      generator: generator)
  }

  /// Six sites in a row that hold each other to one of two modes.
  private static var twofold: Journey<TwofoldSites<Lane8>> {
    Journey(
      model: FieldModel(
        graph: SiteGraph(positions: (0..<6).map { [$0, 0, 0] }, spacing: [2, 2, 2]),
        prior: FieldPrior(
          axes: [.init(mean: 0, sd: 0.85, spread: .halfNormal(scale: 1))], structure: .leroux),
        density: TwofoldSites<Lane8>(),
        data: { sites in Lane8(sites.map { [0.5, 0.4, 0.3, 0.5, 0.6, 0.3][$0] }) }, modeAxis: 0),
      population: FieldHyperparameters(mean: [-1.1], spread: [1.1], partial: [], dependence: [0.97]))
  }

  @Test(arguments: structures, [0, 7, 60, 80, 135])
  func `Chains of every structure go on with the same bits`(
    structure: (FieldPrior.Structure, FieldIncrements), cut: Int
  ) {
    let journey = Self.curved(structure.0, structure.1)
    #expect(journey.isContinued(at: cut))
    if cut > 20 {
      #expect(journey.chains(after: cut).allSatisfy { $0.motion.reference != nil && $0.steps[1].tried > 0 })
    }
  }

  @Test(arguments: [7, 60, 135])
  func `So do chains with patches, under the prior of Huang and Wand, and with streams of the library`(
    cut: Int
  ) {
    #expect(Self.twofold.isContinued(at: cut))
    if cut > 7 { #expect(Self.twofold.chains(after: cut).allSatisfy { !$0.patches.isEmpty }) }
    for structure: FieldPrior.Structure in [.exchangeable, .leroux, .intrinsic] {
      #expect(Self.curved(structure, isHuangWand: true).isContinued(at: cut))
    }
    #expect(Self.curved(.leroux, generator: .mt19937).isContinued(at: cut))
  }

  /// The twin of the tests above, one part of the state after the other.
  @Test func `Whatever is forgotten is found`() {
    let journey = Self.curved(.leroux)
    typealias Chain = FieldChain<CurvedSites<Lane8>>
    let parts: [(String, (inout Chain, Chain) -> Void)] = [
      ("population", { $0.hyper = $1.hyper }),
      ("positions", { $0.positions = $1.positions }),
      ("field", { $0.field = $1.field }),
      ("likelihoods", { $0.logLikelihoods = $1.logLikelihoods }),
      ("population's stream", { $0.random = $1.random }),
      ("a group's stream", { $0.randoms[0] = $1.randoms[0] }),
      ("factors", { $0.factor = $1.factor }),
      ("surrogates", { $0.surrogate = $1.surrogate }),
      ("coordinates of trajectories", { $0.motion.reference = $1.motion.reference }),
      ("adaptation", { $0.motion.adaptation = $1.motion.adaptation }),
      ("step", { $0.motion.stepSize = $1.motion.stepSize }),
      ("counts of trajectories", { $0.motion.counts = $1.motion.counts }),
      ("number of the sweep", { $0.sweepCount = $1.sweepCount }),
      ("sweeps seen", { $0.sweepsSeen = $1.sweepsSeen }),
      ("sums of positions", { $0.positionSums = $1.positionSums }),
      ("moments of the population", { $0.moments = $1.moments }),
      ("counts of sites", { $0.acceptedSites = $1.acceptedSites }),
    ]
    for (name, forget) in parts where name != "counts of sites" && name != "counts of trajectories" {
      #expect(!journey.isContinued(at: 60, forgetting: forget), "\(name)")
    }
    // The counts are those after the warm-up.
    for (name, forget) in parts where name.hasPrefix("counts") {
      #expect(!journey.isContinued(at: 135, forgetting: forget), "\(name)")
    }
    #expect(!Self.twofold.isContinued(at: 60) { $0.patches = $1.patches })
    let edges = Self.curved(.intrinsic, .studentT)
    #expect(!edges.isContinued(at: 60) { $0.edges.random = $1.edges.random })
    // Every trajectory counts the levels anew: there is none before the chains have learned.
    #expect(!edges.isContinued(at: 7) { $0.levels = $1.levels })
  }

  @Test func `A state of another model, or without numbers, is refused`() {
    let (journey, other) = (Self.curved(.leroux), Self.curved(.intrinsic))
    let bytes = journey.chains(after: 60)[0].bytes
    var chain = other.start()[0]
    var archive = StateArchive(reading: bytes)
    chain.transfer(through: &archive)
    #expect(!archive.isUsedUp)
    var broken = journey.chains(after: 60)[0]
    broken.hyper.spread[1] = .nan
    chain = journey.start()[0]
    archive = StateArchive(reading: broken.bytes)
    chain.transfer(through: &archive)
    #expect(!archive.isUsedUp)
  }
}

/// Two chains on their way: 120 sweeps of warm-up, before some of which they learn, and 40 sweeps after it.
private struct Journey<Density: SiteDensity> {
  let model: FieldModel<Density>
  var generator = Generator.xoshiro256pp
  /// A population that is known; without one it is drawn.
  var population: FieldHyperparameters?

  func start() -> [FieldChain<Density>] {
    let (count, d) = (model.graph.siteCount, model.dimension)
    var moves = FieldMoves()
    if population != nil { (moves.population, moves.motion) = (false, false) }
    return (0..<2).map {
      var chain = FieldChain(
        of: model, units: (Array(0..<count), 99), seed: 5, chain: $0, generator: generator, moves: moves)
      if let population {
        chain.move(to: population) { _ in [Density.L](repeating: -1, count: d) }
      }
      return chain
    }
  }

  private func run(_ chains: inout [FieldChain<Density>], _ sweeps: Range<Int>) {
    for sweep in sweeps {
      if [10, 20, 40, 80].contains(sweep) { FieldChain.learn(&chains) }
      for index in chains.indices {
        if sweep == 120 { chains[index].endWarmUp() }
        if sweep < 120 { chains[index].adapt(sweeps: 1) } else { chains[index].sweep() }
      }
    }
  }

  func chains(after cut: Int) -> [FieldChain<Density>] {
    var chains = start()
    run(&chains, 0..<cut)
    return chains
  }

  /// True if chains that were written after `cut` sweeps, and read, end where those end that went on; `forget` takes
  /// something from a read chain and puts that of a new one in its place.
  func isContinued(
    at cut: Int, forgetting forget: (inout FieldChain<Density>, FieldChain<Density>) -> Void = { _, _ in }
  ) -> Bool {
    var chains = chains(after: cut)
    var (others, new) = (start(), start())
    for index in chains.indices {
      var archive = StateArchive(reading: chains[index].bytes)
      others[index].transfer(through: &archive)
      guard archive.isUsedUp else { return false }
      forget(&others[index], new[index])
    }
    new = []
    run(&chains, cut..<160)
    run(&others, cut..<160)
    return chains.map(\.bytes) == others.map(\.bytes)
  }
}

extension FieldChain {
  /// The state as bytes.
  fileprivate var bytes: [UInt8] {
    var (chain, archive) = (self, StateArchive())
    chain.transfer(through: &archive)
    return archive.bytes
  }
}
