internal import Lesions

extension CohortTable {
  /// What is wrong with a feature that is called `name` and is none of the table.
  func refusal(ofFeature name: String) -> CohortError {
    guard let word = others[name] else { return .unknownFeature(table: self.name, name: name) }
    return .unusableFeature(
      table: self.name, name: name,
      reason: word.map { "it is no column of numbers, as it holds \"\($0)\"" }
        ?? "the column has no number")
  }

  /// The features of a model by name.
  ///
  /// - Throws: `unusableFeature` with the reason for a column that a model does not take, `unknownFeature`.
  public func modelFeatures(_ names: [String]) throws(CohortError) -> [CohortFeature] {
    var features: [CohortFeature] = []
    for name in names {
      if let feature = CohortFeature(name: name.lowercased()) {
        features.append(feature)
      } else if let word = others[name], word == nil {
        throw .unusableFeature(
          table: self.name, name: name,
          reason: "the column holds numbers, but a model is made of parameters with their measurement errors")
      } else {
        throw refusal(ofFeature: name)
      }
    }
    return features
  }

  /// The number of patients of known outcome that have each feature.
  public func patientCounts(_ features: [CohortFeature]) -> [Int] {
    let known = patients.filter { $0.lesions[0].isEffective != nil }
    return features.map { feature in
      known.count { $0.lesions.contains { !$0.place(of: feature).isNaN } }
    }
  }

  /// Refuses features that no patient of known outcome has: a model would be trained on nothing.
  ///
  /// - Throws: `featureWithoutPatients` with what the table has in its place.
  public func checkFeatures(_ features: [CohortFeature]) throws(CohortError) {
    for (feature, count) in zip(features, patientCounts(features)) where count == 0 {
      throw .featureWithoutPatients(table: name, name: feature.name, reason: reason(forMissing: feature))
    }
  }

  /// What the table has in place of a feature that is missing.
  private func reason(forMissing feature: CohortFeature) -> String {
    let needed =
      feature.phase == .delta
      ? [CohortFeature(.pre, feature.parameter), CohortFeature(.post, feature.parameter)] : [feature]
    func tokens(_ name: String) -> Set<String> {
      Set(name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }
    for part in needed {
      let wanted = tokens(part.name)
      if let alike = others.keys.sorted().first(where: { tokens($0) == wanted }) {
        return "the column \"\(alike)\" would have to be called \(part.name)"
      }
    }
    let present = CohortVariable.all(in: self).map(\.name)
    let has =
      present.isEmpty ? "the table has no feature at all" : "the table has \(present.joined(separator: ", "))"
    return feature.phase == .delta
      ? "it needs \(needed[0].name) and \(needed[1].name) of the same lesion, and \(has)" : has
  }
}
