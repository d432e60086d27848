import Lesions
import TestSupport
import Testing

@Suite struct BlandAltmanTests {
  @Test func `Bias and limits of agreement are the reference values`() throws {
    let reference = try ReferenceCase("repeatability")
    let pairs = reference.inputs["pairs"].matrix
    let agreement = BlandAltman(pairs.map { $0[0] }, pairs.map { $0[1] })
    #expect(isClose(agreement.bias, reference.expected["bias"].double, relative: 1e-10))
    #expect(isClose(agreement.limitsOfAgreement.lower, reference.expected["loa"][0].double, relative: 1e-10))
    #expect(isClose(agreement.limitsOfAgreement.upper, reference.expected["loa"][1].double, relative: 1e-10))
  }

  @Test func `One pair has a bias and no limits`() {
    let agreement = BlandAltman([3], [1])
    #expect(agreement.bias == 2)
    #expect(agreement.differenceSD.isNaN)
  }
}
