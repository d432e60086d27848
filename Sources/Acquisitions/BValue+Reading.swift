public import Foundation

extension BValue {
  /// The b-values of an FSL `.bval` file: one row or one column, in s/mm².
  ///
  /// - Throws: `unreadable`, `notOneRow`, `notANumber`, and `badNumber` for a negative, infinite or NaN entry.
  public static func read(_ file: URL) throws(AcquisitionError) -> [BValue] {
    try NumberList.read(file, requirement: .zeroOrMore).map { BValue($0) }
  }
}
