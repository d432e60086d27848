internal import Diagnostics

extension Verdict {
  /// The verdict that a table or record states; a word that nobody writes is a failure everywhere.
  init(recorded word: String?) { self = Self.allCases.first { $0.word == word } ?? .fail }
}

/// What does not vary between draws and need not: the one place that knows.
enum Stillness {
  /// True if a functional that is constant in all draws is no fault of the sampling.
  ///
  /// - The spread of a lesion of one voxel is zero.
  /// - A known sigma is what it is.
  static func isExpected(parameter: String, functional: String, chains: [[Double]]) -> Bool {
    let first = chains.first?.first ?? .nan
    guard chains.allSatisfy({ $0.allSatisfy { $0 == first } }) else { return false }
    return parameter == "sigma" || (first == 0 && ["sd", "iqr"].contains(functional))
  }
}
