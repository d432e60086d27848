import Foundation
import Posteriors
import TestSupport
import Testing

@testable import IVIMBayes

/// How long chains run.
@Suite struct RunLengthTests {
  private func length(_ change: (inout ChainPlan) -> Void = { _ in }) -> RunLength {
    var plan = ChainPlan()
    change(&plan)
    return RunLength(plan)
  }

  @Test func `A fixed number of draws is kept whatever the acceptance or the ESS`() {
    let fixed = length { $0.fixedDraws = 50 }
    #expect(fixed.first == 50 && fixed.longest == 50 && fixed.expected(acceptance: [0.3]) == 50)
    #expect(fixed.next(after: 50, worstESS: 10) == 50)
  }

  @Test
  func `Fewer acceptances, fewer chains and a larger target ask for more draws, up to the most allowed`() {
    let usual = length()
    let lengths = [1.0, 0.9, 0.7, 0.5, 0.3].map { usual.expected(acceptance: [1, $0]) }
    #expect(zip(lengths, lengths.dropFirst()).allSatisfy { $0 < $1 })
    #expect(length { $0.count = 2 }.expected(acceptance: [0.9]) > usual.expected(acceptance: [0.9]))
    #expect(length { $0.minimumESS = 800 }.expected(acceptance: [0.9]) > usual.expected(acceptance: [0.9]))
    #expect(length { $0.maximumDraws = 200 }.expected(acceptance: [0.3]) == 200)
    // No acceptance at all is no reason to run for ever.
    #expect(usual.expected(acceptance: [0]) == usual.expected(acceptance: [0.25]))
    #expect(usual.expected(acceptance: []) == usual.expected(acceptance: [1]))
  }

  /// (1 − r)/(1 + r) a draw with r = 0.1, less the margin: 400 / (0.78 · 0.9/1.1 · 4) = 156.7, rounded to eights.
  @Test func `The length is that of an independence chain with a margin, in steps of eight`() {
    #expect(length().expected(acceptance: [0.9]) == 160)
    for acceptance in [0.31, 0.5, 0.77, 0.99] {
      #expect(length().expected(acceptance: [acceptance]).isMultiple(of: 8))
    }
  }

  @Test func `A run goes on by what is lacking, by at least a step, at most doubled, and ends at the most`() {
    let usual = length()
    #expect(usual.next(after: 160, worstESS: 399.9) == 176)
    #expect(usual.next(after: 160, worstESS: 1) == 320 && usual.next(after: 160, worstESS: 0) == 320)
    #expect(usual.next(after: 160, worstESS: 1e9) == 168)
    #expect(usual.next(after: 3996, worstESS: 300) == 4000)
    #expect(length { $0.maximumDraws = 40 }.first == 40 && usual.first == 64)
  }
}

/// Options that mean nothing are refused by their name.
@Suite struct FitConfigurationChecksTests {
  private func complaint(_ change: (inout FitConfiguration) -> Void) -> String {
    var configuration = FitConfiguration()
    change(&configuration)
    do {
      try configuration.check()
      return ""
    } catch { return "\(error)" }
  }

  @Test func `The defaults, and every choice that a message offers, can be used`() throws {
    #expect(complaint { _ in }.isEmpty)
    let offers: [(String, WritableKeyPath<FitConfiguration, String?>)] = [
      ("--prior", \.prior), ("--noise", \.noise), ("--polarity", \.polarity), ("--method", \.method),
    ]
    for (option, path) in offers {
      let message = complaint { $0[keyPath: path] = "none of them" }
      #expect(message.contains(option) && message.contains("\"none of them\""))
      let list = try #require(message.components(separatedBy: "Choose one of ").last)
      for word in list.dropLast().components(separatedBy: ", ") {
        #expect(complaint { $0[keyPath: path] = word }.isEmpty, "\(option) \(word)")
      }
    }
  }

  @Test func `Engines of single voxels refuse priors that join them`() {
    for engine in ["laplace", "grid", "nuts"] where complaint({ $0.engine = engine }).isEmpty {
      #expect(complaint { ($0.engine, $0.prior) = (engine, "independent") }.isEmpty)
      #expect(complaint { ($0.engine, $0.prior) = (engine, "spatial") }.contains("single voxels only"))
    }
    #expect(complaint { $0.engine = "gibbs" }.contains("--engine"))
  }

  @Test func `Log-likelihoods need draws to belong to`() {
    #expect(complaint { ($0.saveLogLikelihood, $0.saveDraws) = (true, "none") }.contains("no draws"))
    #expect(complaint { $0.saveLogLikelihood = true }.isEmpty)
  }

  @Test func `Numbers out of range are refused with their option`() {
    for number in [0, -1, .nan, .infinity, 1e30] {
      var configuration = FitConfiguration()
      configuration.minEss = number
      let error = #expect(throws: RunError.self) { try configuration.chainPlan() }
      #expect(error?.description.contains("--min-ess") == true && error?.status == .usage)
    }
    let wrong: [(String, (inout FitConfiguration) -> Void)] = [
      ("--adc-range", { $0.adcRange = [0] }), ("--adc-range", { $0.adcRange = [1000, 0] }),
      ("--b-min", { $0.bMin = -1 }), ("--b-min", { ($0.bMin, $0.bMax) = (500, 500) }),
      ("--b-max", { $0.bMax = .infinity }), ("--sigma-pooling", { $0.sigmaPooling = -1 }),
      ("--sigma-pooling", { $0.sigmaPooling = .nan }), ("--sigma", { $0.sigma = 0 }),
      ("--sigma", { $0.sigma = .nan }),
      ("--coils", { $0.coils = 0 }), ("--coils", { $0.coils = 65 }), ("--b1-sd", { $0.b1Sd = 0 }),
      ("--inversion-efficiency", { $0.inversionEfficiency = [] }),
      ("--inversion-efficiency", { $0.inversionEfficiency = [0.9, -0.1] }),
      ("--inversion-efficiency", { $0.inversionEfficiency = [0.9, 0.1, 0.1] }),
    ]
    for (option, change) in wrong {
      let message = complaint(change)
      #expect(message.contains(option) && message.contains("Give"), "\(message)")
    }
  }
}

/// What cannot be calibrated.
@Suite struct CalibrationPlanTests {
  private func complaint(
    _ design: CalibrationPlan.Design = .diffusion(bValues: [0, 50, 100, 300, 800]),
    _ change: (inout CalibrationPlan) -> Void = { _ in }
  ) -> String {
    var plan = CalibrationPlan(design)
    change(&plan)
    do {
      try plan.check()
      return ""
    } catch { return "\(error)" }
  }

  @Test func `Designs with too few b-values, and numbers that show nothing, are refused`() {
    #expect(complaint().isEmpty)
    #expect(complaint(.diffusion(bValues: [0, 1, 2, 800])).contains("2 different b-values"))
    #expect(complaint(.diffusion(bValues: [0, 50, -100, 300, 800])).contains("--bval"))
    #expect(
      complaint(.diffusion(bValues: [0, 0, 800])) { $0.configuration.model = "monoexponential" }.isEmpty)
    // Two measurements and two parameters: nothing shows the noise.
    #expect(
      complaint(.diffusion(bValues: [0, 800])) { $0.configuration.model = "monoexponential" }.contains(
        "the noise apart"))
    #expect(
      complaint { $0.signalToNoise = 0 }.contains("--snr")
        && complaint { $0.signalToNoise = .nan }.contains("--snr"))
    #expect(complaint { $0.lesionVoxels = 1 }.contains("2 to 5000"))
    #expect(complaint { $0.replicates = 19 }.contains("at least 20"))
    #expect(complaint { $0.configuration.noise = "noncentral-chi" }.contains("gaussian or rician"))
    #expect(complaint { $0.configuration.coils = 99 }.contains("--coils"))
  }

  @Test(arguments: ["ir", "look-locker", "molli", "sasha", "vfa"])
  func `Every T1 method has a scan and a tissue of its own`(method: String) throws {
    let isAngle = method == "vfa"
    var configuration = FitConfiguration()
    configuration.method = method
    let plan = CalibrationPlan(
      .t1(settings: isAngle ? [3, 10, 20] : [0.1, 0.5, 1.2, 3], repetitionTime: isAngle ? 0.015 : 5),
      configuration: configuration)
    try plan.check()
    let scan = try #require(try plan.t1Scan())
    #expect(scan.scanProtocol.method.rawValue == method)
    let names = plan.tissue(scan).shape.coordinates.map(\.name)
    #expect(names.contains { $0.hasPrefix("t1") } && Set(names).count == names.count)
    // Only magnitudes have Rician noise.
    #expect(plan.isMagnitude(scan) == (scan.scanProtocol.polarity == .magnitude))
  }

  @Test func `A diffusion design has no T1 scan, and a tissue of three coordinates`() throws {
    let plan = CalibrationPlan(.diffusion(bValues: [0, 50, 100, 300, 800]))
    #expect(try plan.t1Scan() == nil && !plan.isMagnitude(nil))
    #expect(plan.tissue(nil).shape.coordinates.count == 3)
  }
}
