/// The results of `body` for every item, in the order of the items, with at most `threads` at work at once.
///
/// The results do not depend on `threads`; the first error ends the map.
func concurrentMap<Item: Sendable, Result: Sendable>(
  _ items: [Item], threads: Int, _ body: @escaping @Sendable (Item) async throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results = [Result?](repeating: nil, count: items.count)
    var next = 0
    func start(_ group: inout ThrowingTaskGroup<(Int, Result), any Error>) {
      guard next < items.count else { return }
      let (index, item) = (next, items[next])
      next += 1
      group.addTask {
        try Task.checkCancellation()
        return (index, try await body(item))
      }
    }
    for _ in 0..<max(1, threads) { start(&group) }
    while let (index, result) = try await group.next() {
      results[index] = result
      start(&group)
    }
    return results.compactMap { $0 }
  }
}
