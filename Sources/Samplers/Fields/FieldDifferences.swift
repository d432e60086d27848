/// Differences √(w̃ r/E)(ηᵢ − ηⱼ) of the first coordinate over all edges, and their mixture.
@usableFromInline
struct FieldDifferences: Sendable {
  @usableFromInline let mixture: IncrementMixture
  @usableFromInline let values: [Double]

  @usableFromInline
  init(mixture: IncrementMixture, values: [Double]) {
    self.mixture = mixture
    self.values = values
  }
}
