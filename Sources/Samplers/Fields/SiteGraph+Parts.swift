/// Parts of a graph: blocks that share no site, and patches that overlap.
extension SiteGraph {
  /// The sites in compact blocks of at most `limit`, cut in halves across the longest axis; within a block slice after slice.
  func blocks(ofAtMost limit: Int) -> [[Int]] {
    var (waiting, blocks) = ([bandOrder], [[Int]]())
    while let sites = waiting.popLast() {
      guard sites.count > limit, let first = sites.first else {
        blocks.append(sites)
        continue
      }
      let extents = places[first].indices.map { axis in
        let values = sites.map { places[$0][axis] }
        return (values.max() ?? 0) - (values.min() ?? 0)
      }
      let axis = extents.indices.max { extents[$0] < extents[$1] } ?? 0
      let sorted = sites.sorted { (places[$0][axis], $0) < (places[$1][axis], $1) }
      let half = Set(sorted.prefix(sorted.count / 2))
      waiting.append(sites.filter { !half.contains($0) })
      waiting.append(sites.filter { half.contains($0) })
    }
    return blocks
  }

  /// Sites such that each is one of them or touches one.
  @usableFromInline
  func scatteredSites() -> [Int] {
    let joined = joinedSites()
    var isCovered = [Bool](repeating: false, count: siteCount)
    return (0..<siteCount).filter { site in
      guard !isCovered[site] else { return false }
      for other in joined[site] { isCovered[other] = true }
      return true
    }
  }

  /// A patch of at most `limit` sites about every site: it grows to the nearest sites that touch it.
  @usableFromInline
  func patches(ofAtMost limit: Int) -> [[Int]] {
    let joined = joinedSites()
    func distance(_ site: Int, _ centre: Int) -> Double {
      let steps: [Double] = zip(places[site], places[centre]).map { $0 - $1 }
      return steps.reduce(0) { $0 + $1 * $1 }
    }
    return (0..<siteCount).map { centre in
      var (members, waiting) = ([centre], Set(joined[centre]))
      while members.count < limit,
        let next = waiting.min(by: { (distance($0, centre), $0) < (distance($1, centre), $1) })
      {
        members.append(next)
        waiting.formUnion(joined[next])
        waiting.subtract(members)
      }
      return members
    }
  }

  /// The sites that touch each site.
  private func joinedSites() -> [[Int]] {
    var joined = [[Int]](repeating: [], count: siteCount)
    for edge in edges {
      joined[edge.first].append(edge.second)
      joined[edge.second].append(edge.first)
    }
    return joined
  }
}
