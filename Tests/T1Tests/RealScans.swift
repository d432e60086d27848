import Acquisitions
import Foundation
import NIfTI
import TestSupport

/// Voxels of a real T1 scan, with what was published of some of them.
struct RealScan {
  /// One curve for each voxel: signals in the order of the settings.
  let curves: [[Double]]
  /// B1 of each voxel; 1 without a map.
  let b1: [Double]
  /// Positions in `curves` and T1 in s.
  let probes: [(voxel: Int, t1: Double)]
  /// The settings file.
  let settings: JSONValue

  /// The scan in `folder` of the real scans: every voxel of its mask.
  init?(folder: String, image: String, b1Map: String? = nil) throws {
    guard let scans = Folders.scans else { return nil }
    let place = scans.appending(path: folder)
    let series = try NIfTIImage.read(place.appending(path: "\(image).nii.gz"))
    let mask = place.appending(path: "mask.nii.gz")
    let count = series.grid.voxelCount
    let inside =
      FileManager.default.fileExists(atPath: mask.path)
      ? try NIfTIImage.read(mask).values.map { $0 > 0 } : [Bool](repeating: true, count: count)
    let factors = try b1Map.map { try NIfTIImage.read(place.appending(path: "\($0).nii.gz")).values }
    let voxels = (0..<count).filter { inside[$0] }
    curves = voxels.map { voxel in
      (0..<series.volumeCount).map { Double(series.values[$0 * count + voxel]) }
    }
    b1 = voxels.map { voxel in factors.map { Double($0[voxel]) } ?? 1 }
    settings = try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: place.appending(path: "\(image).json")))
    let rows = try? String(contentsOf: place.appending(path: "probes.csv"), encoding: .utf8)
    let shape = series.grid.shape
    probes = (rows ?? "").split(separator: "\n").dropFirst().compactMap { row in
      let numbers = row.split(separator: ",").compactMap { Double($0) }
      let index = Int(numbers[0]) + shape[0] * (Int(numbers[1]) + shape[1] * Int(numbers[2]))
      return voxels.firstIndex(of: index).map { ($0, numbers[3]) }
    }
  }
}

/// Curves of single voxels with reference values, from a table of the OSIPI collection.
struct OSIPICurve {
  let label: String
  let angles: [FlipAngle]
  /// s.
  let repetitionTime: Double
  let signals: [Double]
  /// s.
  let t1: Double

  /// The rows of `file` in the folder `t1-vfa-voxels-osipi`; `unit` seconds is the unit of 1/R1.
  static func read(_ file: String, unit: Double) throws -> [OSIPICurve]? {
    guard let scans = Folders.scans else { return nil }
    let text = try String(contentsOf: scans.appending(path: "t1-vfa-voxels-osipi/\(file)"), encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).dropFirst().map { row in
      let cells = row.split(separator: ",", omittingEmptySubsequences: false)
      func numbers(_ cell: Int) -> [Double] { cells[cell].split(separator: " ").compactMap { Double($0) } }
      return OSIPICurve(
        label: String(cells[0]), angles: numbers(1).map { FlipAngle(degrees: $0) },
        repetitionTime: numbers(2)[0], signals: numbers(3), t1: unit / numbers(4)[0])
    }
  }
}
