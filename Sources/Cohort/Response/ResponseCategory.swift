/// The response of a tumour to treatment, as RECIST 1.1 and iRECIST name it.
public enum ResponseCategory: String, Sendable, Codable, CaseIterable {
  /// Complete response.
  case complete = "CR"
  /// Partial response.
  case partial = "PR"
  /// Stable disease.
  case stable = "SD"
  /// Progressive disease; in iRECIST, confirmed (iCPD).
  case progressive = "PD"
  /// Not evaluable: kept as missing.
  case notEvaluable = "NE"
}

/// Which responses count as effective treatment. Stored with every model that was trained under it.
public struct EffectiveResponses: Sendable, Equatable, Codable {
  /// The categories that are effective.
  public var categories: Set<ResponseCategory>

  /// The rule under which `categories` are effective, and the other evaluable ones ineffective.
  public init(_ categories: Set<ResponseCategory>) { self.categories = categories }

  /// CR and PR: objective response, the default.
  public static let objectiveResponse = EffectiveResponses([.complete, .partial])

  /// CR, PR and SD: disease control.
  public static let diseaseControl = EffectiveResponses([.complete, .partial, .stable])

  /// True for an effective response, false for an ineffective one, nil if it is not evaluable.
  public func isEffective(_ category: ResponseCategory) -> Bool? {
    category == .notEvaluable ? nil : categories.contains(category)
  }

  /// The categories by name, in the order CR, PR, SD, PD, as tables print them.
  public var label: String {
    ResponseCategory.allCases.filter(categories.contains).map(\.rawValue).joined(separator: ",")
  }
}
