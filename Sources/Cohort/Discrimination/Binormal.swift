internal import GSLSupport

/// The AUC of two normal classes of equal covariance, and back.
public enum Binormal {
  /// d′ = √2 Φ⁻¹(AUC): the distance of the class means in standard deviations that gives this AUC.
  public static func separation(auc: Double) -> Double {
    2.0.squareRoot() * SpecialFunctions.normalQuantile(auc)
  }

  /// AUC = Φ(√(D²/2)) of the best linear score at squared Mahalanobis distance D² (Fisher's discriminant).
  public static func auc(squaredDistance: Double) -> Double {
    SpecialFunctions.normalCDF((squaredDistance / 2).squareRoot())
  }
}
