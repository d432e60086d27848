import Cohort
import TestSupport
import Testing

@Suite struct GroupSummaryModelTests {
  private func model(prevalence: Double = 0.5) throws -> GroupSummaryModel {
    let input = try ReferenceCase("two-group-summary").inputs
    func group(_ index: Int) -> GroupSummaryModel.Group {
      .init(n: input["n"][index].int, mean: input["mean"][index].double, sd: input["sd"][index].double)
    }
    return try GroupSummaryModel(
      name: "published", feature: "delta_adc", effective: group(0), ineffective: group(1),
      prevalence: prevalence)
  }

  @Test func `Probabilities with and without excess error are the reference values`() throws {
    let (model, reference) = (try model(), try ReferenceCase("two-group-summary"))
    #expect(isClose(model.pooledSD, reference.expected["pooled_sd"].double, relative: 1e-12))
    #expect(isClose(model.separation, reference.expected["dprime"].double, relative: 1e-12))
    #expect(
      isClose(
        Binormal.auc(squaredDistance: model.separation * model.separation),
        reference.expected["binormal_auc"].double, relative: 1e-10))
    for (new, expected) in zip(reference.inputs["x_se"].matrix, reference.expected["cases"].array) {
      let exact = model.predict(new[0])
      #expect(isClose(exact.probability, expected["P_effective_exact_x"].double, relative: 1e-10))
      #expect(isClose(exact.bayesFactor, expected["lr"].double, relative: 1e-10))
      let noisy = model.predict(new[0], excessSD: new[1])
      #expect(isClose(noisy.probability, expected["P_effective_with_se"].double, relative: 1e-8))
    }
  }

  @Test func `The prevalence moves the probability and not the Bayes factor`() throws {
    let (even, rare) = (try model().predict(0.2), try model(prevalence: 0.1).predict(0.2))
    #expect(even.bayesFactor == rare.bayesFactor)
    #expect(isClose(rare.probability / (1 - rare.probability), rare.bayesFactor / 9, relative: 1e-10))
  }

  @Test func `Summaries without spread, with one patient or an impossible prevalence are refused`() {
    for (n, sd, prevalence) in [(1, 0.1, 0.5), (5, 0, 0.5), (5, .nan, 0.5), (5, 0.1, 1), (5, 0.1, 0)] {
      #expect(throws: CohortError.self) {
        try GroupSummaryModel(
          name: "bad", feature: "delta_adc", effective: .init(n: n, mean: 0.1, sd: sd),
          ineffective: .init(n: 5, mean: 0, sd: 0.1), prevalence: prevalence)
      }
    }
  }
}
