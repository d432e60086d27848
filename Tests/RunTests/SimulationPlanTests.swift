import Foundation
import GSLSupport
import Tables
import TestSupport
import Testing

@testable import IVIMBayes

/// Plans of simulations: what a file leaves out, and what cannot be simulated.
@Suite struct SimulationPlanTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What reading `text` says, or nothing.
  private func complaint<Plan: SimulationPlan>(_ text: String, as type: Plan.Type) -> String {
    do {
      _ = try Plan.read(folder.write(text, as: "plan.json"))
      return ""
    } catch { return "\(error)" }
  }

  @Test func `The defaults of every plan can be carried out and come back from their own text`() throws {
    func check<Plan: SimulationPlan & Equatable>(_ type: Plan.Type) throws {
      #expect(Plan().complaints.isEmpty)
      #expect(try Plan.read(folder.write(Plan().json, as: "plan.json")) == Plan())
      #expect(try Plan.read(folder.write("{}", as: "plan.json")) == Plan())
    }
    try check(PhantomPlan.self)
    try check(PatientPlan.self)
    try check(CohortPlan.self)
  }

  @Test func `Lesions of a file are completed from the first of the defaults, and replace them all`() throws {
    let text = #"{"lesions": [{"name": "a"}, {"tissue": {"f": 0.3}, "radii": [2, 2, 1]}, {"name": "c"}]}"#
    let plan = try PatientPlan.read(folder.write(text, as: "plan.json"))
    let model = try #require(PatientPlan().lesions.first)
    #expect(plan.lesions.map(\.name) == ["a", model.name, "c"])
    #expect(plan.lesions[1].tissue.f == 0.3 && plan.lesions[1].tissue.d == model.tissue.d)
    #expect(plan.lesions[1].radii == [2, 2, 1] && plan.lesions[0].radii == model.radii)
    let bare = try PatientPlan.read(
      folder.write(#"{"scan": {"visits": [{"name": "one"}]}}"#, as: "plan.json"))
    #expect(bare.scan.visits == [ScanPlan.Visit(name: "one")])
  }

  @Test(arguments: [
    (#"{"scan": {"voxel_size": [1, 1]}}"#, "voxel_size"),
    (#"{"scan": {"diffusion": {"b_values": [0]}}}"#, "b_values"),
    (#"{"scan": {"diffusion": {"b_values": [1500, 2000]}}}"#, "two up to 1000"),
    (#"{"scan": {"diffusion": {"snr": 0}}}"#, "snr must be"),
    (#"{"scan": {"t1": {"snr": -1}}}"#, "snr must be"),
    (#"{"scan": {"t1": {"noise": "pink"}}}"#, "gaussian or rician"),
    (#"{"scan": {"t1": {"settings": []}}}"#, "t1 settings"),
    (#"{"scan": {"t1": {"method": "vfa", "settings": [3, 190]}}}"#, "below 180"),
    (#"{"scan": {"t1": {"repetition_time": 0}}}"#, "must be positive"),
    (#"{"scan": {"visits": [{"name": "a"}, {"name": "a"}]}}"#, "name of its own"),
    (#"{"scan": {"visits": [{"name": "p-1"}]}}"#, "letters and digits"),
    (#"{"scan": {"visits": [{"progress": 2}]}}"#, "progress between 0 and 1"),
    (#"{"scan": {"visits": [{"contour": 0}]}}"#, "must be positive"),
    (#"{"scan": {"scan_to_scan": {"d": -1}}}"#, "must not be negative"),
    (#"{"scan": {"background": {"t1": 0}}}"#, "t1, s0 and m0 above 0"),
    (#"{"outcome": "NE"}"#, "CR, PR, SD or PD"), (#"{"pdl1": "high"}"#, "positive or negative"),
    (#"{"shape": [4, 4]}"#, "three extents"), (#"{"lesions": []}"#, "one lesion or more"),
    (#"{"lesions": [{"radii": [0, 1, 1]}]}"#, "three positive radii"),
    (#"{"lesions": [{"heterogeneity": {"smoothness_mm": -1}}]}"#, "must not be negative"),
  ])
  func `A patient that cannot be simulated is refused with the entry`(text: String, problem: String) {
    let message = complaint(text, as: PatientPlan.self)
    #expect(message.contains(problem) && message.contains("plan.json"), "\(message)")
  }

  @Test(arguments: [
    (#"{"patients": 0}"#, "1 to 9999"), (#"{"pdl1_positive": 1.5}"#, "a probability"),
    (#"{"lesions_per_patient": [1, 21]}"#, "1 to 20"), (#"{"diameter_mm": [20, 10]}"#, "two increasing"),
    (#"{"diameter_mm": [20, 400]}"#, "up to 300"), (#"{"snr_factor": [0, 1]}"#, "snr_factor"),
    (#"{"patterns": []}"#, "one pattern"), (#"{"lesion_sd": {"f": -0.1}}"#, "must not be negative"),
    (#"{"table_noise": {"spread": 0.5}}"#, "1 or more"), (#"{"size": {"PD": 9}}"#, "0.05 to 5"),
    (#"{"tissue": {"dstar": 1e-4}}"#, "0 < d < dstar"),
    (#"{"scan": {"voxel_size": [1e-300, 1, 1]}}"#, "2^24 voxels"),
    (#"{"scan": {"voxel_size": [0.1, 0.1, 0.1]}}"#, "enlarge voxel_size"),
  ])
  func `A cohort that cannot be simulated is refused with the entry`(text: String, problem: String) {
    #expect(complaint(text, as: CohortPlan.self).contains(problem))
  }

  /// A name ends up in paths, a tissue in a logarithm, an extent in memory.
  @Test(arguments: [
    (#"{"name": "../../elsewhere"}"#, "letters and digits"), (#"{"name": ""}"#, "letters and digits"),
    (#"{"background": {"s0": 0}}"#, "s0 above 0"), (#"{"lesions": [{"tissue": {"s0": -5}}]}"#, "s0 above 0"),
    (#"{"background": {"sd_log_d": -0.1}}"#, "must not be negative"),
    (#"{"shape": [2048, 2048, 2048]}"#, "2^24 voxels"), (#"{"shape": [256, 256, 255]}"#, "2^28 values"),
  ])
  func `A phantom that cannot be made or held is refused with the reason`(text: String, problem: String) {
    let plan =
      problem == "2^28 values" ? text.replacing("}", with: ", \"b_values\": \(Array(0..<40))}") : text
    #expect(complaint(plan, as: PhantomPlan.self).contains(problem))
  }

  @Test func `A patient's images must be held in memory too`() {
    #expect(complaint(#"{"shape": [512, 512, 512]}"#, as: PatientPlan.self).contains("2^24 voxels"))
  }

  @Test func `A lesion of any name stands in one line of its table`() throws {
    var plan = PhantomPlan()
    (plan.shape, plan.bValues) = ([4, 4, 2], [0, 100])
    var lesion = PhantomPlan.Lesion()
    (lesion.name, lesion.center, lesion.radii) = ("one\ttwo\nthree", [1, 1, 0], [1, 1, 1])
    plan.lesions = [lesion]
    let out = folder.file("out")
    try Phantom(plan, seed: 1).write(to: out, overwriting: false)
    let names = try TabSeparatedTable.read(
      out.appending(path: "derivatives/truth/sub-phantom/dwi/sub-phantom_dseg.tsv"))
    #expect(try names.integers("index") == [1] && names.strings("name") == ["one two three"])
  }

  @Test func `Tissue moves along its axes, and D* stays above D`() {
    let tissue = SimulatedTissue()
    let moved = tissue.moved(by: TissueAxes(d: log(2), f: 0, dstar: log(1.5), t1: -0.1))
    #expect(isClose(moved.d, 2 * tissue.d, relative: 1e-12) && isClose(moved.f, tissue.f, relative: 1e-12))
    #expect(isClose(moved.dstar, 1.5 * tissue.dstar, relative: 1e-12))
    #expect(isClose(moved.t1, tissue.t1 * exp(-0.1), relative: 1e-12))
    #expect(tissue.moved(by: TissueAxes(dstar: -20)).dstar == 1.5 * tissue.d)
    let full = tissue.moved(by: TissueAxes(f: 5))
    #expect(
      full.f < 1 && isClose(log(full.f / (1 - full.f)) - log(tissue.f / (1 - tissue.f)), 5, relative: 1e-9))
  }
}

/// How simulated tissue varies inside a lesion, and what a cohort draws.
@Suite struct SimulatedVariationTests {
  private let positions = (0..<240).map { index -> SIMD3<Double> in
    let (x, y, z) = (2 * (index % 8), 2 * (index / 8 % 6), 4 * (index / 48))
    return SIMD3(Double(x), Double(y), Double(z))
  }

  private func deviations(_ pattern: Heterogeneity.Pattern, smoothness: Double = 8, seed: UInt64 = 1)
    -> [TissueAxes]
  {
    var heterogeneity = Heterogeneity()
    heterogeneity.pattern = pattern
    heterogeneity.smoothness = smoothness
    var random = RandomStream(StreamKey(seed: seed, purpose: .field))
    let depths = positions.map { place in
      let apart = place - SIMD3(7, 5, 8)
      return (apart * apart).sum().squareRoot() / 12
    }
    return heterogeneity.deviations(at: positions, depths: depths, using: &random)
  }

  @Test(arguments: [Heterogeneity.Pattern.correlated, .gradient, .rimCore])
  func `Every pattern has mean zero and the SDs of its plan`(pattern: Heterogeneity.Pattern) {
    let sd = Heterogeneity().sd
    let found = deviations(pattern)
    for (axis, wanted) in sd.values.enumerated() {
      let values = found.map { $0.values[axis] }
      let mean = values.reduce(0, +) / 240
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 240).squareRoot()
      #expect(abs(mean) < 1e-9 && isClose(deviation, wanted, relative: 1e-9))
    }
  }

  @Test func `A homogeneous lesion does not vary, and one place alone cannot`() {
    #expect(deviations(.homogeneous).allSatisfy { $0 == TissueAxes() })
    var random = RandomStream(StreamKey(seed: 1, purpose: .field))
    let single = Heterogeneity().deviations(at: [SIMD3(0, 0, 0)], depths: [0], using: &random)
    #expect(single == [TissueAxes()])
  }

  @Test func `A core has more D and T1 and less perfusion than the rim`() {
    let found = deviations(.rimCore)
    let depths = positions.map { place in
      let apart = place - SIMD3(7, 5, 8)
      return (apart * apart).sum().squareRoot() / 12
    }
    let core = depths.indices.filter { depths[$0] < 0.5 }, rim = depths.indices.filter { depths[$0] > 0.8 }
    for index in core {
      #expect(found[index].d > 0 && found[index].t1 > 0 && found[index].f < 0 && found[index].dstar < 0)
    }
    for index in rim { #expect(found[index].d < 0 && found[index].f > 0) }
  }

  @Test
  func `Smoother fields have neighbours that are more alike, and each parameter has a field of its own`() {
    func likeness(_ smoothness: Double) -> Double {
      let d: [Double] = deviations(.correlated, smoothness: smoothness).map(\.d)
      var (products, squares) = (0.0, 0.0)
      for index in positions.indices where index % 8 < 7 {
        products += d[index] * d[index + 1]
        squares += d[index] * d[index]
      }
      return products / squares
    }
    // 210 neighbours of white noise: an SE of 0.07.
    #expect(abs(likeness(0)) < 0.3 && likeness(4) > 0.3 && likeness(12) > likeness(4))
    let found = deviations(.correlated)
    #expect(found.map { $0.d / Heterogeneity().sd.d } != found.map { $0.t1 / Heterogeneity().sd.t1 })
  }

  @Test func `A cohort has the groups of its plan, lesions within bounds, and is the same for its seed`() {
    var plan = CohortPlan()
    (plan.patients, plan.effective, plan.lesionsPerPatient) = (40, 15, [2, 4])
    let patients = plan.drawPatients(seed: 5)
    #expect(patients.count { $0.isEffective } == 15 && patients.map(\.label).first == "SYN01")
    for patient in patients {
      #expect((2...4).contains(patient.lesions.count))
      #expect(patient.outcome == "PR" || !patient.isEffective)
      for lesion in patient.lesions {
        for (radius, edge) in zip(lesion.radii, plan.scan.voxelSize) {
          // Axes differ by up to a tenth from the diameter drawn.
          #expect((0.9 * 14...1.1 * 28).contains(2 * radius * edge))
        }
        for axis in 0..<3 {
          #expect(lesion.center[axis] > 0 && lesion.center[axis] < Double(patient.shape[axis]))
        }
      }
    }
    let again = plan.drawPatients(seed: 5), other = plan.drawPatients(seed: 6)
    #expect(again.map(\.outcome) == patients.map(\.outcome))
    #expect(again[7].lesions[0].tissue == patients[7].lesions[0].tissue)
    #expect(other[7].lesions[0].tissue != patients[7].lesions[0].tissue)
    plan.patients = 100
    let more = plan.drawPatients(seed: 5)
    #expect(more.last?.label == "SYN100")
    let same = patients.indices.filter { more[$0].isEffective == patients[$0].isEffective }
    #expect(
      same.count > 10 && same.allSatisfy { more[$0].lesions[0].tissue == patients[$0].lesions[0].tissue })
  }

  @Test func `Half the change at half the progress, and the size on the way to its end`() throws {
    let lesion = try #require(PatientPlan().patient(seed: 1).lesions.last)
    let half = ScanPlan.Visit(name: "mid", progress: 0.5, snr: 1, contour: 1.1)
    let moved = lesion.tissue(at: half)
    #expect(isClose(log(moved.d / lesion.tissue.d), lesion.change.d / 2, relative: 1e-9))
    let factor = (1 + (lesion.size - 1) / 2) * 1.1
    for (one, other) in zip(lesion.radii(at: half), lesion.radii) {
      #expect(isClose(one, factor * other, relative: 1e-12))
    }
    let baseline = lesion.tissue(at: ScanPlan.Visit())
    #expect(baseline.d == lesion.tissue.d && baseline.t1 == lesion.tissue.t1)
    #expect(isClose(baseline.f, lesion.tissue.f, relative: 1e-12))
  }

  @Test func `The ADC of perfused tissue lies above D, and is D where there is no perfusion`() {
    let adc = NoiselessADC(bValues: [0, 50, 100, 200, 400, 600, 800, 1000, 2000])
    var tissue = SimulatedTissue()
    let perfused = adc.value(of: tissue)
    #expect(perfused > tissue.d && perfused < tissue.dstar)
    tissue.f = 1e-9
    #expect(isClose(adc.value(of: tissue), tissue.d, relative: 1e-6))
    // Two b-values are fitted exactly: the ADC is the slope between them.
    let two = NoiselessADC(bValues: [0, 800])
    let signal = 0.82 * exp(-800 * 1.1e-3) + 0.18 * exp(-800 * 20e-3)
    #expect(isClose(two.value(of: SimulatedTissue()), -log(signal) / 800, relative: 1e-9))
  }
}
