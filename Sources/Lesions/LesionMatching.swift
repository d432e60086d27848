/// Which lesion of the follow-up is which lesion of the baseline.
///
/// By the user's labels: the images are not registered. A lesion without a partner is missing at that visit,
/// which is not the same as a change to zero.
public struct LesionMatching: Sendable, Equatable {
  /// One lesion over both visits.
  public struct Match: Sendable, Equatable {
    /// Its label at baseline; nil if it was not there.
    public var pre: String?
    /// Its label at follow-up; nil if it is gone or was not measured.
    public var post: String?
    /// What the tables call it.
    public var name: String

    /// A lesion seen under these labels.
    public init(pre: String?, post: String?, name: String) {
      self.pre = pre
      self.post = post
      self.name = name
    }
  }

  /// The lesions in the order of the baseline, then those that are new.
  public let matches: [Match]

  /// Lesions of equal label are the same.
  public init(pre: [String], post: [String]) {
    let (before, after) = (Set(pre), Set(post))
    matches =
      pre.map { Match(pre: $0, post: after.contains($0) ? $0 : nil, name: $0) }
      + post.filter { !before.contains($0) }.map { Match(pre: nil, post: $0, name: $0) }
  }

  /// Lesions named in `pairs` are the same; every other lesion keeps its label, if a partner is still free.
  ///
  /// - Throws: `unknownLesion` for a pair that names a lesion which is not there, `lesionMatchedTwice`.
  public init(pre: [String], post: [String], pairs: [Match]) throws(LesionsError) {
    for (visit, labels, named) in [
      ("pre", pre, pairs.compactMap(\.pre)), ("post", post, pairs.compactMap(\.post)),
    ] {
      if let unknown = named.first(where: { !labels.contains($0) }) {
        throw .unknownLesion(visit: visit, label: unknown, present: labels)
      }
      if let twice = named.first(where: { label in named.count { $0 == label } > 1 }) {
        throw .lesionMatchedTwice(visit: visit, label: twice)
      }
    }
    let rest = LesionMatching(
      pre: pre.filter { label in !pairs.contains { $0.pre == label } },
      post: post.filter { label in !pairs.contains { $0.post == label } })
    matches = pairs + rest.matches
  }
}
