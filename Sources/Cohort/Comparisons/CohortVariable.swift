internal import Diagnostics
internal import Lesions

/// What the tables of a cohort compare: a feature of the efficacy models, or any column of numbers.
///
/// The value of a patient is the mean over its lesions on the axis of the feature, shown in the unit of the parameter for a
/// visit (a geometric mean for D, D*, ADC and T1), on the axis for a change.
public enum CohortVariable: Sendable, Hashable {
  case feature(CohortFeature)
  case marker(String)

  /// The name in tables.
  public var name: String {
    switch self {
    case .feature(let feature): feature.name
    case .marker(let name): name
    }
  }

  /// The variables called `names` in `table`.
  ///
  /// - Throws: `unknownFeature`.
  public static func named(_ names: [String], in table: CohortTable) throws(CohortError) -> [CohortVariable] {
    var variables: [CohortVariable] = []
    for name in names {
      if let feature = CohortFeature(name: name) {
        variables.append(.feature(feature))
      } else if table.lesions.contains(where: { $0.markers[name] != nil }) {
        variables.append(.marker(name))
      } else {
        throw table.refusal(ofFeature: name)
      }
    }
    return variables
  }

  /// Every feature that at least one lesion of `table` has.
  public static func all(in table: CohortTable) -> [CohortVariable] {
    CohortFeature.all.filter { feature in table.lesions.contains { !$0.place(of: feature).isNaN } }
      .map { .feature($0) }
  }

  /// The values of patients, ties settled at the precision of the data: what tests and curves are made of.
  public func values(_ patients: [[CohortLesion]]) -> [Double] {
    let values = patients.map(value)
    guard case .feature(let feature) = self, feature.phase == .delta else {
      return DataPrecision.settled(values, operands: values.map(abs))
    }
    // A place on the axis is a logarithm: the relative precision of the data is its absolute one.
    return DataPrecision.settled(values, operands: values.map { _ in 1 })
  }

  /// The value of a patient; NaN if no lesion has it.
  public func value(_ lesions: [CohortLesion]) -> Double {
    let places = lesions.map(place).filter { !$0.isNaN }
    guard !places.isEmpty else { return .nan }
    switch self {
    case .marker: return places.mean
    case .feature(let feature):
      return feature.phase == .delta ? places.mean : feature.parameter.scale.value(places.mean)
    }
  }

  private func place(_ lesion: CohortLesion) -> Double {
    switch self {
    case .feature(let feature): lesion.place(of: feature)
    case .marker(let name): lesion.markers[name] ?? .nan
    }
  }

  /// The patients of known class with this variable alone, for the two-group model; `center` and `spread` bring a marker to
  /// reference units, and it is taken as exactly known.
  func patients(
    _ classes: [(id: String, lesions: [CohortLesion], isPositive: Bool)],
    variabilities: [LesionParameter: ScanVariability], center: Double, spread: Double
  ) -> [CohortPatient] {
    classes.compactMap { id, lesions, isPositive in
      let measured: [FeatureMeasurement] = lesions.compactMap { lesion in
        switch self {
        case .feature(let feature):
          let one = lesion.measurement([feature], variabilities: variabilities)
          return one.isEmpty ? nil : one
        case .marker:
          let value = (place(lesion) - center) / spread
          return value.isFinite ? FeatureMeasurement(mean: value, standardError: 1e-3) : nil
        }
      }
      return measured.isEmpty ? nil : CohortPatient(id: id, isEffective: isPositive, lesions: measured)
    }
  }
}

/// How patients are divided.
public enum CohortGrouping: String, Sendable, CaseIterable {
  /// Effective against ineffective treatment.
  case response
  /// PD-L1 positive against negative.
  case pdl1

  /// The names of the positive and the negative group in tables.
  public var labels: (positive: String, negative: String) {
    switch self {
    case .response: ("effective", "ineffective")
    case .pdl1: ("positive", "negative")
    }
  }

  /// The patients of `table` whose group is known.
  func classes(_ table: CohortTable) -> [(id: String, lesions: [CohortLesion], isPositive: Bool)] {
    table.patients.compactMap { entry -> (id: String, lesions: [CohortLesion], isPositive: Bool)? in
      let group = self == .response ? entry.lesions[0].isEffective : entry.lesions[0].isPDL1Positive
      guard let group else { return nil }
      return (entry.id, entry.lesions, group)
    }
  }
}
