/// The scores of two classes in ascending order, equal scores together: sorted once, walked in linear time.
struct RankedScores {
  /// Indices of the positives, then of the negatives shifted by the number of positives, by score.
  private let order: [Int]
  /// Where each group of equal scores begins in `order`, and its end.
  private let starts: [Int]
  /// The number of positives in each group, which come first in it.
  private let positiveCounts: [Int]
  private let positiveCount: Int

  init(_ scores: ClassScores) {
    let count = scores.positives.count
    let all = scores.positives + scores.negatives
    positiveCount = count
    order = all.indices.sorted { all[$0] != all[$1] ? all[$0] < all[$1] : $0 < $1 }
    var starts: [Int] = []
    var counts: [Int] = []
    for (place, index) in order.enumerated() {
      if place == 0 || all[order[place - 1]] < all[index] {
        starts.append(place)
        counts.append(0)
      }
      if index < count { counts[counts.count - 1] += 1 }
    }
    self.starts = starts + [order.count]
    positiveCounts = counts
  }

  /// Calls `body` with the indices of the positives and of the negatives of every group of equal scores.
  func forEach(_ body: (_ positives: ArraySlice<Int>, _ negatives: [Int]) -> Void) {
    for group in positiveCounts.indices {
      let middle = starts[group] + positiveCounts[group]
      body(order[starts[group]..<middle], order[middle..<starts[group + 1]].map { $0 - positiveCount })
    }
  }

  /// The AUC when patients carry these weights, which sum to one in each class.
  func auc(positiveWeights: [Double], negativeWeights: [Double]) -> Double {
    var (sum, below) = (0.0, 0.0)
    for group in positiveCounts.indices {
      let middle = starts[group] + positiveCounts[group]
      var (positive, negative) = (0.0, 0.0)
      for place in starts[group]..<middle { positive += positiveWeights[order[place]] }
      for place in middle..<starts[group + 1] { negative += negativeWeights[order[place] - positiveCount] }
      sum += positive * (below + negative / 2)
      below += negative
    }
    return sum
  }
}
