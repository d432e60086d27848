internal import Diagnostics
internal import GSLSupport
public import Lesions

/// How much of the variance of ratings lies between subjects rather than between readers.
///
/// Two-way analysis of variance without replication; notation and intervals of McGraw and Wong 1996, tables 4
/// and 7 (doi:10.1037/1082-989X.1.1.30).
public struct IntraclassCorrelation: Sendable, Equatable {
  /// n, the number of subjects.
  public let subjects: Int
  /// k, the number of readers.
  public let readers: Int
  /// The mean square between subjects.
  public let subjectMeanSquare: Double
  /// The mean square between readers.
  public let readerMeanSquare: Double
  /// The residual mean square.
  public let errorMeanSquare: Double

  /// The analysis of `ratings`, one array of the readers' values for each subject.
  ///
  /// - Precondition: at least two subjects, and at least two readers for every one.
  public init(ratings: [[Double]]) {
    precondition(ratings.count > 1, "an intraclass correlation needs two subjects")
    let k = ratings[0].count
    precondition(
      k > 1 && ratings.allSatisfy { $0.count == k }, "every reader rates every subject, and two at least")
    let n = ratings.count
    let grand = ratings.flatMap { $0 }.mean
    let rows = ratings.map(\.mean)
    let columns = (0..<k).map { reader in ratings.map { $0[reader] }.mean }
    func square(_ x: Double) -> Double { x * x }
    self.subjects = n
    self.readers = k
    self.subjectMeanSquare = Double(k) * rows.reduce(0) { $0 + square($1 - grand) } / Double(n - 1)
    self.readerMeanSquare = Double(n) * columns.reduce(0) { $0 + square($1 - grand) } / Double(k - 1)
    let residual = ratings.enumerated().reduce(0.0) { sum, row in
      sum
        + row.element.enumerated().reduce(0) {
          $0 + square($1.element - rows[row.offset] - columns[$1.offset] + grand)
        }
    }
    self.errorMeanSquare = residual / Double((n - 1) * (k - 1))
  }

  /// ICC(2,1), absolute agreement of single ratings: (MSR − MSE)/(MSR + (k − 1) MSE + k (MSC − MSE)/n).
  public var absoluteAgreement: Double {
    let (n, k) = (Double(subjects), Double(readers))
    return (subjectMeanSquare - errorMeanSquare)
      / (subjectMeanSquare + (k - 1) * errorMeanSquare + k * (readerMeanSquare - errorMeanSquare) / n)
  }

  /// ICC(2,k), absolute agreement of the mean of all readers.
  public var meanAbsoluteAgreement: Double {
    (subjectMeanSquare - errorMeanSquare)
      / (subjectMeanSquare + (readerMeanSquare - errorMeanSquare) / Double(subjects))
  }

  /// ICC(3,1), consistency of single ratings, blind to a constant difference of readers.
  public var consistency: Double {
    (subjectMeanSquare - errorMeanSquare) / (subjectMeanSquare + Double(readers - 1) * errorMeanSquare)
  }

  /// The interval of ``absoluteAgreement``, with Satterthwaite's degrees of freedom (McGraw and Wong, table
  /// 7).
  public func absoluteAgreementInterval(level: Double = 0.95) -> Interval {
    let (n, k) = (Double(subjects), Double(readers))
    let (msr, msc, mse) = (subjectMeanSquare, readerMeanSquare, errorMeanSquare)
    let icc = absoluteAgreement
    let a = k * icc / (n * (1 - icc))
    let b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    let numerator = (a * msc + b * mse) * (a * msc + b * mse)
    let v = numerator / (a * msc * a * msc / (k - 1) + b * mse * b * mse / ((n - 1) * (k - 1)))
    let p = (1 + level) / 2
    let lower = SpecialFunctions.fisherQuantile(p, numerator: n - 1, denominator: v)
    let upper = SpecialFunctions.fisherQuantile(p, numerator: v, denominator: n - 1)
    let common = k * msc + (k * n - k - n) * mse
    return Interval(
      lower: n * (msr - lower * mse) / (lower * common + n * msr),
      upper: n * (upper * msr - mse) / (common + n * upper * msr))
  }

  /// The interval of ``consistency``, from F = MSR/MSE.
  public func consistencyInterval(level: Double = 0.95) -> Interval {
    let (n, k) = (Double(subjects), Double(readers))
    let ratio = subjectMeanSquare / errorMeanSquare
    let p = (1 + level) / 2
    let lower = ratio / SpecialFunctions.fisherQuantile(p, numerator: n - 1, denominator: (n - 1) * (k - 1))
    let upper = ratio * SpecialFunctions.fisherQuantile(p, numerator: (n - 1) * (k - 1), denominator: n - 1)
    return Interval(lower: lower, upper: upper).map { ($0 - 1) / ($0 + k - 1) }
  }
}
