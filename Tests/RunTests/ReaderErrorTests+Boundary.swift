import Acquisitions
import Foundation
import NIfTI
import TestSupport

extension ReaderErrorTests {
  private static let target = Grid(shape: [4, 4, 1], affine: .scaling([1, 1, 1]))

  private static func store(_ labels: [Int32], on grid: Grid, as name: String, in folder: TemporaryFolder)
    throws -> URL
  {
    try LabelImage(grid: grid, labels: labels).write(to: folder.file(name))
    return folder.file(name)
  }

  private static func flat(_ value: Int32, _ grid: Grid) -> [Int32] {
    [Int32](repeating: value, count: grid.voxelCount)
  }

  private static func vfa(_ sidecars: [String], settings: [Double]? = nil, volumes: Int? = nil) throws {
    let folder = try TemporaryFolder()
    let read = try sidecars.enumerated().map { index, text in
      try T1Sidecar.read(folder.write(text, as: "\(index).json"))
    }
    _ = try T1Protocol(
      .variableFlipAngle, sidecars: read, settings: settings, volumes: volumes, place: "scan.nii")
  }

  /// What contradicts itself or the scan.
  static let boundary: [Fault] = [
    Fault("NIfTI.overlappingSegments", ["labels.nii", "2 volumes", "overlap"]) { folder in
      try NIfTIImage(grid: target, volumeCount: 2, values: [Float](repeating: 1, count: 32))
        .writeFloat32(to: folder.file("labels.nii"))
      _ = try LabelImage.read(folder.file("labels.nii"))
    },
    Fault("NIfTI.colouredLabels", ["labels.nii", "RGB24", "colours"]) { folder in
      try NIfTIImage(grid: target, values: [Float](repeating: 1, count: 16))
        .writeFloat32(to: folder.file("labels.nii"))
      var bytes = [UInt8](try Data(contentsOf: folder.file("labels.nii")))
      (bytes[70], bytes[71]) = (128, 0)
      _ = try LabelImage.read(folder.write(bytes, as: "labels.nii"))
    },
    Fault("Acquisition.doubtfulPlace", ["labels.nii", "in doubt", "--place same-grid"]) { folder in
      let far = Grid(shape: [4, 4, 1], affine: .scaling([1, 1, 1], origin: [2, 0, 0]))
      _ = try LesionMap.read(store(flat(1, far), on: far, as: "labels.nii", in: folder), onto: target)
    },
    Fault("Acquisition.otherShape", ["labels.nii", "2 × 2 × 1", "4 × 4 × 1"]) { folder in
      let small = Grid(shape: [2, 2, 1], affine: .scaling([1, 1, 1]))
      _ = try LesionMap.read(
        store(flat(1, small), on: small, as: "labels.nii", in: folder), onto: target, matching: .sameGrid)
    },
    Fault("Acquisition.vanishedLabel", ["labels.nii", "label 2 (1 voxels", "no voxel"]) { folder in
      let fine = Grid(shape: [16, 16, 1], affine: .scaling([0.25, 0.25, 1]))
      var labels = flat(1, fine)
      labels[fine.index(x: 6, y: 6, z: 0)] = 2
      _ = try LesionMap.read(store(labels, on: fine, as: "labels.nii", in: folder), onto: target)
    },
    Fault("Acquisition.badMask", ["a.nii", "2 labels", "one mask for each lesion"]) { folder in
      let file = try store((0..<16).map { $0 % 3 }, on: target, as: "a.nii", in: folder)
      _ = try LesionMap.read(masks: [file, file], onto: target)
    },
    Fault("Acquisition.overlap", ["b.nii", "a.nii", "16 voxels"]) { folder in
      let files = try ["a.nii", "b.nii"].map { try store(flat(1, target), on: target, as: $0, in: folder) }
      _ = try LesionMap.read(masks: files, onto: target)
    },
    Fault("Acquisition.implausible", ["b.bval", "0.8", "Multiply by 1000"]) {
      _ = try BValue.read($0.write("0 0.2 0.8\n", as: "b.bval"))
    },
    Fault("Acquisition.badRepetition", ["scan.nii", "0.005, 0.006", "--repetition-time"]) { _ in
      try vfa([5, 6].map { "{\"FlipAngle\": \($0), \"RepetitionTimeExcitation\": 0.00\($0)}" })
    },
    Fault("Acquisition.otherOrder", ["scan.nii", "another order", "--flip-angles"]) { _ in
      try vfa(
        [5, 6].map { "{\"FlipAngle\": \($0), \"RepetitionTimeExcitation\": 0.005}" }, settings: [6, 5])
    },
    Fault("Acquisition.settingsMissing", ["scan.nii", "1 value of --flip-angles", "3 volumes"]) { _ in
      try vfa(["{\"FlipAngle\": 5, \"RepetitionTimeExcitation\": 0.005}"], volumes: 3)
    },
    Fault("Acquisition.differentScaling", ["scan.nii", "1.0, 1.25", "dcm2niix -p y"]) { _ in
      try vfa(
        [1, 1.25].map {
          "{\"FlipAngle\": 5, \"UsePhilipsFloatNotDisplayScaling\": 0, \"PhilipsRescaleSlope\": \($0)}"
        })
    },
    Fault("Acquisition.negativeMagnitudes", ["dwi.nii", "16 of 16 voxels", "--noise gaussian"]) { _ in
      let values = (0..<48).map { $0 < 16 ? Float(100) : $0 < 32 ? 50 : -5 }
      _ = try DiffusionSeries(
        NIfTIImage(grid: target, volumeCount: 3, values: values), from: URL(filePath: "dwi.nii"),
        bValues: [0, 100, 800].map { BValue($0) }, from: URL(filePath: "dwi.bval"), areMagnitudes: true)
    },
  ]
}
