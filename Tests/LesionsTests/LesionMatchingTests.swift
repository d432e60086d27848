import Lesions
import Testing

@Suite struct LesionMatchingTests {
  typealias Match = LesionMatching.Match

  @Test func `Equal labels match, and what has no partner is missing, not zero`() {
    let matching = LesionMatching(pre: ["1", "2"], post: ["2", "3"])
    #expect(
      matching.matches == [
        Match(pre: "1", post: nil, name: "1"), Match(pre: "2", post: "2", name: "2"),
        Match(pre: nil, post: "3", name: "3"),
      ])
  }

  @Test func `Renamed lesions are matched by the table, the rest by label`() throws {
    let matching = try LesionMatching(
      pre: ["1", "2", "3"], post: ["1", "2", "7"],
      pairs: [Match(pre: "2", post: "7", name: "hilar"), Match(pre: "3", post: nil, name: "gone")])
    #expect(
      matching.matches == [
        Match(pre: "2", post: "7", name: "hilar"), Match(pre: "3", post: nil, name: "gone"),
        Match(pre: "1", post: "1", name: "1"), Match(pre: nil, post: "2", name: "2"),
      ])
  }

  @Test func `A match with an unknown lesion, or with one twice, is refused`() {
    #expect(throws: LesionsError.unknownLesion(visit: "post", label: "9", present: ["1"])) {
      try LesionMatching(pre: ["1"], post: ["1"], pairs: [Match(pre: "1", post: "9", name: "x")])
    }
    #expect(throws: LesionsError.lesionMatchedTwice(visit: "pre", label: "1")) {
      try LesionMatching(
        pre: ["1"], post: ["1", "2"],
        pairs: [Match(pre: "1", post: "1", name: "x"), Match(pre: "1", post: "2", name: "y")])
    }
  }
}

@Suite struct ProtocolFingerprintTests {
  private func fit(_ settings: [Double], noise: String = "gaussian", field: Double? = 3)
    -> ProtocolFingerprint.Fit
  {
    .init(
      model: "biexponential", settings: settings, noise: noise, prior: "spatial", priorHash: "abc",
      fieldStrength: field)
  }

  @Test func `Equal protocols have no differences, whatever the order of the b-values and small jitter`() {
    let one = ProtocolFingerprint(["ivim": fit([0, 50, 800])])
    #expect(one.differences(from: ProtocolFingerprint(["ivim": fit([800, 0, 52])])).isEmpty)
  }

  @Test func `Another b-set, noise or field strength is named`() {
    let one = ProtocolFingerprint(["ivim": fit([0, 50, 800])])
    let other = ProtocolFingerprint(["ivim": fit([0, 50, 1000], noise: "rician", field: 1.5)])
    let differences = one.differences(from: other)
    #expect(differences.count == 3)
    #expect(differences[0] == "ivim noise gaussian against rician")
  }

  @Test func `A modality or a field strength that one side lacks is no difference`() {
    let one = ProtocolFingerprint(["ivim": fit([0, 50]), "t1": fit([0.1, 2])])
    #expect(one.differences(from: ProtocolFingerprint(["ivim": fit([0, 50], field: nil)])).isEmpty)
    #expect(
      ProtocolFingerprint(["t1": fit([0.1])]).differences(from: ProtocolFingerprint(["t1": fit([0.2])])).count
        == 1)
  }
}
