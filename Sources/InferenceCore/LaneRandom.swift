public import GSLSupport
public import LaneMath

/// Streams of random numbers side by side, one for each lane, each with its own key.
///
/// With xoshiro256++ the recurrence runs in the lanes themselves and gives, bit for bit, what the GSL generator of the
/// same key gives; other generators are asked one lane after the other.
public struct LaneRandom<L: Lane>: Sendable {
  @usableFromInline var s0 = L.Bits(repeating: 0)
  @usableFromInline var s1 = L.Bits(repeating: 0)
  @usableFromInline var s2 = L.Bits(repeating: 0)
  @usableFromInline var s3 = L.Bits(repeating: 0)
  @usableFromInline var library: [StreamBox] = []
  /// How many numbers each stream of the library has given.
  @usableFromInline var libraryCount = 0

  /// The streams of `keys`, one for each lane, at their beginnings.
  @inlinable
  public init(_ keys: [StreamKey], generator: Generator = .xoshiro256pp) {
    precondition(keys.count == L.count, "one key for each lane")
    guard generator == .xoshiro256pp else {
      library = keys.map { StreamBox($0, generator: generator) }
      return
    }
    for (lane, key) in keys.enumerated() {
      let state = RandomStream.xoshiroState(of: key)
      s0[lane] = state[0]
      s1[lane] = state[1]
      s2[lane] = state[2]
      s3[lane] = state[3]
    }
  }

  /// Numbers uniform on [0, 1).
  @inlinable @inline(__always)
  public mutating func uniform() -> L {
    if !library.isEmpty { return libraryUniform() }
    // 52 random bits as the fraction of a number in [1, 2).
    return L(bits: next().shiftedRight(12).or(L.Bits(repeating: 0x3ff0_0000_0000_0000))) - 1
  }

  /// Two numbers uniform on [0, 1) of 32 bits each, from one step of the generator.
  @inlinable @inline(__always)
  public mutating func uniformPair() -> (L, L) {
    if !library.isEmpty { return (libraryUniform(), libraryUniform()) }
    let bits = next()
    // 32 bits at the end of the fraction of a number from 2⁵² on.
    let integer = L.Bits(repeating: 0x4330_0000_0000_0000)
    let high = L(bits: bits.shiftedRight(32).or(integer)) - L(0x1p52)
    let low = L(bits: bits.and(L.Bits(repeating: 0xffff_ffff)).or(integer)) - L(0x1p52)
    return (0x1p-32 * high, 0x1p-32 * low)
  }

  /// One step of xoshiro256++ in every lane.
  @inlinable @inline(__always)
  mutating func next() -> L.Bits {
    let result = rotated(s0.adding(s3), 23).adding(s0)
    let t = s1.shiftedLeft(17)
    s2 = s2.xor(s0)
    s3 = s3.xor(s1)
    s1 = s1.xor(s2)
    s0 = s0.xor(s3)
    s2 = s2.xor(t)
    s3 = rotated(s3, 45)
    return result
  }

  /// Numbers uniform on (0, 1): the centres of 2⁵² equal cells.
  @inlinable @inline(__always)
  public mutating func uniformPositive() -> L { uniform() + L(0x1p-53) }

  /// Two standard normal numbers in each lane (Box and Muller 1958, doi:10.1214/aoms/1177706645).
  @inlinable
  public mutating func normalPair() -> (L, L) {
    let radius = (-2 * L.log(uniformPositive())).squareRoot()
    let (cosine, sine) = L.cosineAndSine(turns: uniform())
    return (radius * cosine, radius * sine)
  }

  /// Gamma numbers of density ∝ x^(shape − 1) e⁻ˣ, for shapes of at least 1 (Marsaglia and Tsang 2000,
  /// doi:10.1145/358407.358414). All lanes try until each has been accepted once.
  @inlinable
  public mutating func gamma(shape: L) -> L {
    let d = shape - L(1.0 / 3)
    let c = 1 / (9 * d).squareRoot()
    var result = L(0)
    var done = L(0)
    while true {
      let normal = normalPair().0
      let root = 1 + c * normal
      let cube = root * root * root
      let square = normal * normal
      let u = uniformPositive()
      // The squeeze of the paper: nine times in ten it spares the logarithms.
      var passes = u < 1 - 0.0331 * (square * square)
      if L.select(passes, 1, 0) != L(1) {
        let bound = 0.5 * square + d * (1 - cube + L.log(L.maximum(cube, L(1e-300))))
        passes = L.Mask.or(passes, L.log(u) < bound)
      }
      let new = L.Mask.and(L.Mask.and(passes, L(0) < root), done < 0.5)
      result = L.select(new, d * cube, result)
      done = L.select(new, 1, done)
      if done == L(1) { return result }
    }
  }

  @inlinable @inline(__always)
  func rotated(_ bits: L.Bits, _ count: UInt64) -> L.Bits {
    bits.shiftedLeft(count).or(bits.shiftedRight(64 - count))
  }

  @inline(never)
  @usableFromInline
  mutating func libraryUniform() -> L {
    libraryCount += 1
    var lanes = L(0)
    for (lane, box) in library.enumerated() { lanes[lane] = box.stream.uniform() }
    return lanes
  }
}

extension LaneRandom {
  /// Where the streams are, from where they go on.
  ///
  /// Of a generator of the library it is the count of numbers given: reading draws as many and drops them. That takes time, but
  /// no bytes of a file get into the library.
  public mutating func transfer(through archive: inout StateArchive) {
    guard library.isEmpty else {
      var count = libraryCount
      archive.transfer(&count, in: libraryCount...(1 << 40))
      while libraryCount < count { _ = libraryUniform() }
      return
    }
    for lane in 0..<L.count {
      archive.transfer(&s0[lane])
      archive.transfer(&s1[lane])
      archive.transfer(&s2[lane])
      archive.transfer(&s3[lane])
      // Zeros are followed by nothing but zeros: no stream is there.
      if s0[lane] | s1[lane] | s2[lane] | s3[lane] == 0 { archive.invalidate() }
    }
  }
}
