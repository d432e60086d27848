import Foundation
import NIfTI
import TestSupport
import Testing

@testable import IVIMBayes

/// What is said of an image that a converter has made.
@Suite struct ImportedImageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func image(volumes: Int = 4, bValues: String? = nil, sidecar: String? = nil) throws -> ImportedImage
  {
    let grid = Grid(shape: [2, 1, 1], affine: .scaling([1, 1, 1]))
    let file = folder.file("scan.nii.gz")
    try NIfTIImage(
      grid: grid, volumeCount: volumes, values: [Float](repeating: 1, count: 2 * volumes)
    ).writeFloat32(to: file)
    if let bValues { _ = try folder.write(bValues, as: "scan.bval") }
    if let sidecar { _ = try folder.write(sidecar, as: "scan.json") }
    return try ImportedImage(file)
  }

  @Test func `A diffusion series is said by its b-values, each once, ascending`() throws {
    let found = try image(volumes: 6, bValues: "800 0 49.6 50 20 400\n", sidecar: "{}")
    #expect(found.summary == "scan.nii.gz\t6 volumes\tb = 0 20 50 400 800" && found.notices.isEmpty)
  }

  /// Whatever a converter leaves behind is named, and nothing of it ends the program.
  @Test(arguments: [
    ("0 50 x 800", "b = 0 50 800 ?", "b-value nan: do not fit it"),
    ("0 50 inf 800", "b = 0 50 800 inf", "b-value inf"),
    ("0 1e300 50 800", "b = 0 50 800 1e+300", "IVIM cannot be fitted"),
    ("0 -5 50 800", "b = -5 0 50 800", "b-value -5.0"), ("0 50", "b = 0 50", "2 b-values for 4 volumes"),
    ("", "b = ", "0 b-values for 4 volumes"),
    ("0 0 800 800", "b = 0 800", "2 different b-values cannot determine"),
  ])
  func `Entries that are no b-values are shown and noticed`(text: String, shown: String, notice: String)
    throws
  {
    let found = try image(bValues: text, sidecar: "{}")
    #expect(found.summary.hasSuffix(shown), "\(found.summary)")
    #expect(notice.isEmpty ? found.notices.isEmpty : found.notices.contains { $0.contains(notice) })
  }

  @Test func `Times and angles come from the sidecar, the excitation's repetition time first`() throws {
    let recovery = try image(
      volumes: 1, sidecar: #"{"InversionTime": 0.4, "RepetitionTime": 3, "RepetitionTimeExcitation": 5}"#)
    #expect(recovery.summary.hasSuffix("TI = 0.4 s") && recovery.repetitionTime == 5)
    #expect(recovery.notices.contains { $0.contains("the second is taken") })
    let angle = try image(volumes: 1, sidecar: #"{"FlipAngle": 12, "RepetitionTime": 0.015}"#)
    #expect(angle.summary.hasSuffix("flip angle 12.0 degrees") && angle.notices.isEmpty)
    #expect(angle.record["flip_angle"] as? Double == 12 && angle.record["inversion_time"] == nil)
  }

  @Test(arguments: ["-0.4", "0", "350", "1e400"])
  func `Times that cannot be seconds are noticed`(time: String) throws {
    let found = try image(volumes: 1, sidecar: "{\"InversionTime\": \(time)}")
    let isRead = found.inversionTime != nil
    #expect(found.notices.contains { $0.contains(isRead ? "no time in seconds" : "no sidecar") })
  }

  @Test func `Without a sidecar that is JSON the times must come by hand`() throws {
    #expect(try image(volumes: 1).notices == ["no sidecar: give times and angles by hand"])
    #expect(try image(volumes: 1, sidecar: "{").notices == ["no sidecar: give times and angles by hand"])
  }
}
