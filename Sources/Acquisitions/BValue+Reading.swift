public import Foundation
private import Tables

extension BValue {
  /// The b-values of an FSL `.bval` file: one row or one column, in s/mm².
  ///
  /// - Throws: `unreadable`, `notOneRow`, `notANumber`, `badNumber` for a negative, infinite or NaN entry, and `implausible`
  ///   for b-values in another unit.
  public static func read(_ file: URL) throws(AcquisitionError) -> [BValue] {
    let numbers = try NumberList.read(file, requirement: .zeroOrMore)
    try check(numbers, place: file.relativePath)
    return numbers.map { BValue($0) }
  }

  /// Holds b-values to what they can be.
  ///
  /// - Throws: `implausible` with the entry and the factor that would mend it.
  public static func check(_ numbers: [Double], place: String) throws(AcquisitionError) {
    for (index, number) in numbers.enumerated() {
      do throws(PlausibleRange.Implausible) { try PlausibleRange.bValue.check(number) } catch {
        throw .implausible(place: "\(place), entry \(index + 1)", error)
      }
    }
    guard let largest = numbers.max(), largest > 0 else { return }
    do throws(PlausibleRange.Implausible) { try PlausibleRange.largestBValue.check(largest) } catch {
      throw .implausible(place: place, error)
    }
  }
}
