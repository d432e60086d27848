/// How the words of an outcome column become effective or ineffective treatment.
///
/// RECIST 1.1 and iRECIST categories by ``EffectiveResponses``, `effective` and `ineffective` as they are, and words of the
/// user's own if both sides are named. NE, iUPD, iNE and `n/a` are missing.
public struct OutcomeRule: Sendable, Equatable {
  /// The categories that are effective.
  public var responses: EffectiveResponses
  /// Further words that mean effective; not empty only with `ineffectiveWords`.
  public var effectiveWords: Set<String>
  /// Further words that mean ineffective.
  public var ineffectiveWords: Set<String>

  /// What a word says.
  public enum Reading: Sendable, Equatable {
    case effective
    case ineffective
    case missing
    case unknown
  }

  /// A rule; by default CR and PR are effective.
  public init(
    responses: EffectiveResponses = .objectiveResponse, effectiveWords: Set<String> = [],
    ineffectiveWords: Set<String> = []
  ) {
    self.responses = responses
    self.effectiveWords = effectiveWords
    self.ineffectiveWords = ineffectiveWords
  }

  /// The rule of `--effective` and `--ineffective`: RECIST categories, or words of the user's own on both sides.
  ///
  /// Nil if a word of one side is no category and the other side has none.
  public init?(effective: [String], ineffective: [String] = []) {
    let categories = effective.compactMap { ResponseCategory(rawValue: $0.uppercased()) }
    if categories.count == effective.count && ineffective.isEmpty && !effective.isEmpty {
      self.init(responses: EffectiveResponses(Set(categories)))
    } else if !effective.isEmpty && !ineffective.isEmpty && Set(effective).isDisjoint(with: ineffective) {
      self.init(effectiveWords: Set(effective), ineffectiveWords: Set(ineffective))
    } else {
      return nil
    }
  }

  /// What `word` says.
  public func reading(_ word: String) -> Reading {
    if effectiveWords.contains(word) { return .effective }
    if ineffectiveWords.contains(word) { return .ineffective }
    switch word.lowercased() {
    case "effective": return .effective
    case "ineffective": return .ineffective
    case "", "n/a", "na", "nan": return .missing
    default: break
    }
    let category =
      ResponseCategory(rawValue: word.uppercased())
      ?? ImmuneResponse.allCases.first { $0.rawValue.lowercased() == word.lowercased() }?.category()
    guard let category else { return .unknown }
    return responses.isEffective(category).map { $0 ? .effective : .ineffective } ?? .missing
  }

  /// The words that are understood, for messages.
  public var vocabulary: String {
    let own = (effectiveWords.sorted() + ineffectiveWords.sorted()).joined(separator: ", ")
    return (own.isEmpty ? "" : own + ", ") + "CR, PR, SD, PD, NE, effective, ineffective or n/a"
  }
}
