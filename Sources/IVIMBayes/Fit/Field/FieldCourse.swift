internal import InferenceCore
internal import Samplers

/// The chains over a lesion, what is kept of them, and how far they are: all that is needed to go on with them.
///
/// Chains run through phases: the stages of the warm-up, then instalments of draws, each as long as all before it together.
/// Where a phase is cut into parts makes no difference: which draws are kept goes by the number of the sweep in its phase.
struct FieldCourse<Chain: LesionChain>: Sendable {
  private(set) var chains: [Chain]
  /// What is kept of every chain.
  var records: [LesionRecord]
  /// The phase, from 0.
  private(set) var phase = 0
  /// The sweeps of the phase that are done.
  private(set) var sweep = 0
  /// The sweeps of every phase.
  private let lengths: [Int]
  /// How many phases are warm-up.
  private let stageCount: Int
  /// In the first instalment one of so many sweeps is kept.
  private let stride: Int
  private let emptyRecord: LesionRecord
  private let blankDraw: JointDraw

  /// Sweeps of a chain before the first look.
  private static var firstInstalment: Int { 1000 }
  /// Joint draws of a chain that are kept.
  private static var storedDraws: Int { 500 }

  /// The beginning of `chains`.
  ///
  /// - Parameters:
  ///   - chains: New chains.
  ///   - warmup: The sweeps of the warm-up.
  ///   - plan: How long the chains may run.
  ///   - record: A record without draws.
  ///   - draw: A joint draw to be written.
  init(_ chains: [Chain], warmup: Int, plan: ChainPlan, record: LesionRecord, draw: JointDraw) {
    let stages = FieldWarmup.stages(warmup)
    var instalments = [plan.fixedDraws ?? min(Self.firstInstalment, plan.maximumSweeps)]
    var total = instalments[0]
    while plan.fixedDraws == nil && total + total <= plan.maximumSweeps {
      instalments.append(total)
      total += total
    }
    self.chains = chains
    records = chains.map { _ in record }
    lengths = stages + instalments
    stageCount = stages.count
    stride = max(1, (instalments[0] + Self.storedDraws - 1) / Self.storedDraws)
    (emptyRecord, blankDraw) = (record, draw)
  }

  /// True in the warm-up.
  private var isWarmup: Bool { phase < stageCount }
  /// True when the sweeps of the phase are done.
  var isPhaseOver: Bool { sweep >= lengths[phase] }
  /// True at the end of an instalment: the chains may be looked at.
  var isInstalmentOver: Bool { isPhaseOver && !isWarmup }
  /// True when nothing may follow.
  var isOver: Bool { isPhaseOver && phase == lengths.count - 1 }
  /// How often every second draw was given up.
  var thinningCount: Int { max(0, phase - stageCount) }
  /// The sweeps of each chain so far.
  var sweepCount: Int { lengths[..<phase].reduce(sweep, +) }
  /// The draws kept of each chain.
  var drawCount: Int { records.first?.drawCount ?? 0 }

  /// Goes on by `count` sweeps of every chain, or to the end of the phase.
  mutating func advance(by count: Int, threads: Int) async throws {
    let (start, end) = (sweep, sweep + min(count, lengths[phase] - sweep))
    if isWarmup {
      chains = try await concurrentMap(chains, threads: threads) { chain in
        var chain = chain
        chain.adapt(sweeps: end - start)
        return chain
      }
    } else {
      let (emptyRecord, blankDraw, stride) = (emptyRecord, blankDraw, stride << (phase - stageCount))
      let found = try await concurrentMap(chains, threads: threads) { chain in
        var (chain, record, draw) = (chain, emptyRecord, blankDraw)
        for done in start..<end {
          chain.sweep()
          guard (done + 1) % stride == 0 else { continue }
          chain.read(into: &draw, quantity: 0, population: 0)
          record.append(draw)
        }
        return (chain, record)
      }
      chains = found.map(\.0)
      for (index, result) in found.enumerated() { records[index].append(result.1) }
    }
    sweep = end
  }

  /// Goes over to the next phase: the chains learn, end their warm-up, or give up every second draw.
  mutating func beginPhase() {
    (phase, sweep) = (phase + 1, 0)
    if isWarmup {
      Chain.learn(&chains)
    } else if phase == stageCount {
      for index in chains.indices { chains[index].endWarmUp() }
    } else {
      for index in records.indices { records[index].keepEverySecond() }
    }
  }

  /// How far the chains are, and their states; not what is kept of them.
  mutating func transfer(through archive: inout StateArchive) {
    archive.transfer(&phase, in: 0...lengths.count - 1)
    archive.transfer(&sweep, in: 0...lengths[phase])
    for index in chains.indices { chains[index].transfer(through: &archive) }
  }
}
