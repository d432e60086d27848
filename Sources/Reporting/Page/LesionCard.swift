/// What one lesion's card says, in the order in which it is read.
public struct LesionCard: Sendable {
  /// A line with a glyph.
  public struct Flag: Sendable {
    var glyph: Markup
    var text: Markup

    /// `text` behind `glyph`.
    public init(_ glyph: Glyph, _ text: Markup) { (self.glyph, self.text) = (glyph.markup, text) }
  }

  /// The probability of efficacy, or why there is none.
  public struct Efficacy: Sendable {
    var heading: String
    var probability: String?
    var interval: String
    var known: Markup
    var strip: Markup
    var shares: Markup
    var sentences: [Markup]

    /// A probability with everything that must stand beside it; nil prints the sentences alone.
    public init(
      heading: String, probability: String? = nil, interval: String = "", known: Markup = "",
      strip: Markup = "",
      shares: Markup = "", sentences: [Markup]
    ) {
      self.heading = heading
      self.probability = probability
      self.interval = interval
      self.known = known
      self.strip = strip
      self.shares = shares
      self.sentences = sentences
    }
  }

  var id: String
  var title: String
  var subtitle: String
  var sentence: Markup
  var question: String?
  var hasFlags: Bool
  var flags: [Flag]
  var efficacy: Efficacy?

  /// A card; `id` is unique on the page.
  public init(
    id: String, title: String, subtitle: String, sentence: Markup, question: String? = nil,
    flags: [Flag] = [],
    efficacy: Efficacy? = nil
  ) {
    self.id = id
    self.title = title
    self.subtitle = subtitle
    self.sentence = sentence
    self.question = question
    self.hasFlags = !flags.isEmpty
    self.flags = flags
    self.efficacy = efficacy
  }
}
