import Foundation
import IVIMBayes

/// Reading a scan of 256 × 256 × 40 × 16 voxels of 16 bits from `.nii.gz`, by this package and, where Python has it, by
/// nibabel with its scaling applied.
struct ReadingTiming {
  let seconds: Double
  /// NaN without nibabel.
  let nibabelSeconds: Double

  init(python: String = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3") throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ivimbayes-read-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "scan.nii.gz")
    nibabelSeconds = Self.nibabel(python, file)
    guard FileManager.default.fileExists(atPath: file.path) else {
      seconds = .nan
      return
    }
    var times: [Double] = []
    for _ in 0..<5 {
      let start = cpuSeconds()
      _ = try NIfTIImage.read(file)
      times.append(cpuSeconds() - start)
    }
    seconds = times.sorted()[2]
  }

  /// Writes the scan with nibabel, as scanners' converters do (int16 with a slope), and reads it five times.
  private static func nibabel(_ python: String, _ file: URL) -> Double {
    let script = """
      import sys, time, numpy as np, nibabel as nib
      random = np.random.default_rng(1)
      x = np.linspace(-1, 1, 256)
      slice = 2000 * np.exp(-3 * (x[:, None] ** 2 + x[None, :] ** 2))
      data = np.stack([np.abs(slice[:, :, None] * np.exp(-0.1 * v) + random.normal(0, 25, (256, 256, 40)))
                       for v in range(16)], -1)
      image = nib.Nifti1Image(data.astype(np.int16), np.eye(4))
      image.header.set_slope_inter(0.5, 1)
      nib.save(image, sys.argv[1])
      times = []
      for _ in range(5):
        start = time.process_time()
        np.asanyarray(nib.load(sys.argv[1]).get_fdata(dtype=np.float32))
        times.append(time.process_time() - start)
      print(sorted(times)[2])
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python, "-c", script, file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return .nan }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return Double(text) ?? .nan
  }
}
