import Lesions
import Testing

@Suite struct LesionsErrorTests {
  @Test(arguments: [
    (
      LesionsError.unknownLesion(visit: "post", label: "9", present: ["1", "2"]), "no lesion \"9\"",
      "column \"post\"",
      "Correct the label"
    ),
    (.lesionMatchedTwice(visit: "pre", label: "1"), "matched twice", "column \"pre\"", "at most one partner"),
    (
      .protocolsDiffer(differences: ["ivim noise gaussian against rician"]), "gaussian against rician",
      "the two visits", "--force"
    ),
    (
      .unknownParameter(file: "p.tsv", line: 3, name: "ADC"), "\"ADC\" is not a parameter", "p.tsv, line 3",
      "Use one of"
    ),
    (
      .notPositive(file: "p.tsv", line: 4, column: "first", value: -1), "-1.0 is not positive",
      "p.tsv, line 4, column \"first\"", "or n/a"
    ),
    (.noRows(file: "p.tsv"), "no rows", "p.tsv", "Add one row"),
    (
      .unreadable(file: "r.json", reason: "this is not a repeatability file"), "not a repeatability",
      "r.json", "Check"
    ),
  ])
  func `A message says what is wrong, where, and what to do`(
    error: LesionsError, problem: String, place: String, advice: String
  ) {
    #expect(error.description.contains(problem))
    #expect(error.description.contains(place))
    #expect(error.description.contains(advice))
  }
}
