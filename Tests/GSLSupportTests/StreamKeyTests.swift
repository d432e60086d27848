import GSLSupport
import Testing

@Suite struct StreamKeyTests {
  @Test func `A million keys of seeds, chains, units and purposes have a million generator seeds`() {
    var seeds: Set<UInt64> = []
    var count = 0
    for seed in [0, 1, 2, UInt64.max] {
      for purpose in StreamPurpose.allCases {
        for chain in 0..<8 {
          for unit in 0..<4096 {
            seeds.insert(StreamKey(seed: seed, chain: chain, unit: unit, purpose: purpose).generatorSeed)
            count += 1
          }
        }
      }
    }
    #expect(seeds.count == count)
  }

  @Test func `Fields are not interchangeable`() {
    let seeds = [
      StreamKey(seed: 1, chain: 2, unit: 3, purpose: .sampling),
      StreamKey(seed: 1, chain: 3, unit: 2, purpose: .sampling),
      StreamKey(seed: 2, chain: 1, unit: 3, purpose: .sampling),
      StreamKey(seed: 3, chain: 2, unit: 1, purpose: .sampling),
      StreamKey(seed: 1, chain: 2, unit: 3, purpose: .warmup),
      StreamKey(seed: 1, chain: 2, unit: -3, purpose: .sampling),
    ].map(\.generatorSeed)
    #expect(Set(seeds).count == seeds.count)
  }

  @Test func `A change of one bit of any field changes about half the bits of the generator's seed`() {
    let base = StreamKey(seed: 0x1234, chain: 1, unit: 77, purpose: .sampling)
    var flipped = 0
    for bit in 0..<32 {
      var keys = [base, base, base]
      keys[0].seed ^= 1 << UInt64(bit)
      keys[1].chain ^= 1 << bit
      keys[2].unit ^= 1 << bit
      for key in keys { flipped += (key.generatorSeed ^ base.generatorSeed).nonzeroBitCount }
    }
    // 96 × 64 fair bits: SD 39; false alarm at five SDs 6·10⁻⁷.
    #expect(abs(flipped - 96 * 32) < 196)
  }

  @Test func `The seed of a key never changes between versions`() {
    let key = StreamKey(seed: 1, chain: 2, unit: 3, purpose: .sampling)
    #expect(key.generatorSeed == 12_004_979_297_541_082_408)
  }
}
