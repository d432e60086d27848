internal import Foundation
public import NIfTI

/// The voxels of an image that hold the patient, without a mask by hand: Otsu's threshold, and of what is above it the
/// largest connected part.
///
///     t = argmax w₀ w₁ (μ₀ − μ₁)²                                       Otsu 1979, doi:10.1109/TSMC.1979.4310076
///
/// over a histogram of 256 bins of the logarithm of the positive intensities, so that a bright spot does not decide. Parts
/// are connected through faces of voxels. Air in the lungs lies outside.
public enum BackgroundMask {
  private static let binCount = 256

  /// Classes closer than this, as the logarithm of a ratio, are tissues of one patient and not patient and air.
  private static let leastContrast = 1.0

  /// One flag for each voxel of `grid`, x fastest; all true if the intensities do not differ.
  public static func mask(of intensities: [Float], on grid: Grid) -> [Bool] {
    guard let threshold = threshold(of: intensities) else { return intensities.map { $0.isFinite && $0 > 0 } }
    return largestPart(of: intensities.map { $0.isFinite && $0 > threshold }, on: grid)
  }

  /// The intensity that separates both classes; nil if there is one class only.
  static func threshold(of intensities: [Float]) -> Float? {
    let logs = intensities.filter { $0.isFinite && $0 > 0 }.map { log(Double($0)) }
    guard let lowest = logs.min(), let highest = logs.max(), highest - lowest > 1e-6 else { return nil }
    let width = (highest - lowest) / Double(binCount)
    var counts = [Int](repeating: 0, count: binCount)
    for value in logs { counts[min(binCount - 1, Int((value - lowest) / width))] += 1 }
    let total = counts.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
    var (below, sum, best) = (0.0, 0.0, (score: -1.0, bin: 0))
    for bin in 0..<(binCount - 1) {
      below += Double(counts[bin])
      sum += Double(bin) * Double(counts[bin])
      let above = Double(logs.count) - below
      guard below > 0, above > 0 else { continue }
      let difference = sum / below - (total - sum) / above
      let score = below * above * difference * difference
      if score > best.score { best = (score, bin) }
    }
    let threshold = lowest + width * Double(best.bin + 1)
    let (dark, bright) = (logs.filter { $0 <= threshold }, logs.filter { $0 > threshold })
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    guard mean(bright) - mean(dark) > leastContrast else { return nil }
    return Float(exp(threshold))
  }

  /// The largest part whose voxels are connected through faces.
  static func largestPart(of inside: [Bool], on grid: Grid) -> [Bool] {
    var part = [Int32](repeating: 0, count: inside.count)
    var (next, largest) = (Int32(0), (size: 0, part: Int32(0)))
    let shape = grid.shape
    let steps = [1, shape[0], shape[0] * shape[1]]
    for start in inside.indices where inside[start] && part[start] == 0 {
      next += 1
      var (stack, size) = ([start], 0)
      part[start] = next
      while let voxel = stack.popLast() {
        size += 1
        let position = grid.position(ofIndex: voxel)
        for axis in 0..<3 {
          for (isFree, neighbour) in [
            (position[axis] > 0, voxel - steps[axis]),
            (position[axis] < shape[axis] - 1, voxel + steps[axis]),
          ] where isFree && inside[neighbour] && part[neighbour] == 0 {
            part[neighbour] = next
            stack.append(neighbour)
          }
        }
      }
      if size > largest.size { largest = (size, next) }
    }
    return part.map { $0 != 0 && $0 == largest.part }
  }
}
