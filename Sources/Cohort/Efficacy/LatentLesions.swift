internal import GSLSupport

/// The unknown true features of patients and lesions behind the measurements, for Gibbs samplers.
///
///     m_j | x_j ~ N(x_j, V_j),   x_j | b_p ~ N(b_p, Σ_w)
///
/// x_j belongs to lesion j, b_p to its patient p. If no patient has two lesions, x and b are one and there is
/// no Σ_w.
struct LatentLesions<let count: Int>: Sendable {
  /// What the measurements say of each lesion.
  private let lesionMessages: [GaussianMessage<count>]
  /// Patient p has the lesions `firstLesion[p] ..< firstLesion[p + 1]`.
  private let firstLesion: [Int]
  /// Σ_w, if some patient has several lesions.
  private(set) var within: HuangWandCovariance<count>?
  /// What the lesions of each patient say of b_p, the x_j integrated out.
  private(set) var patientMessages: [GaussianMessage<count>]

  /// The lesions of each patient; `spreadScale` is the prior scale of Σ_w.
  init(_ patients: [[FeatureMeasurement]], spreadScale: Double) {
    let messages = patients.map { $0.map { $0.message() as GaussianMessage<count> } }
    lesionMessages = messages.flatMap { $0 }
    firstLesion = messages.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let hasSeveral = messages.contains { $0.count > 1 }
    within = hasSeveral ? HuangWandCovariance(scale: spreadScale) : nil
    patientMessages = messages.map { $0[0] }
    refreshMessages()
  }

  /// The number of patients.
  var patientCount: Int { patientMessages.count }

  /// Draws every x_j given the b_p, then Σ_w given both; nothing to do without Σ_w.
  mutating func update(patientEffects: [FeatureVector<count>], using stream: inout RandomStream) {
    guard let spread = within?.current.precision else { return }
    var squares = FeatureMatrix<count>()
    for patient in 0..<patientCount {
      let effect = patientEffects[patient]
      for lesion in firstLesion[patient]..<firstLesion[patient + 1] {
        let message = lesionMessages[lesion]
        let x = TriangularFactor(spread + message.precision)
          .drawNormal(linear: spread * effect + message.linear, using: &stream)
        squares.addOuterProduct(x - effect)
      }
    }
    let items = lesionMessages.count
    within?.update(squares: squares, items: items, using: &stream)
    refreshMessages()
  }

  private mutating func refreshMessages() {
    guard let spread = within?.current else { return }
    let logDeterminant = spread.logDeterminantOfPrecision
    for patient in 0..<patientCount {
      var sum = GaussianMessage<count>.silent
      for lesion in firstLesion[patient]..<firstLesion[patient + 1] {
        sum = sum + lesionMessages[lesion].passed(through: spread.precision, logDeterminant: logDeterminant)
      }
      patientMessages[patient] = sum
    }
  }
}
