import CFuzzDriver
import Foundation
import IVIMBayes

/// The bytes as an image and as labels; the first byte says whether they are compressed by name.
private func fuzzNIfTI(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Data(UnsafeBufferPointer(start: start, count: count))
  let file = URL(filePath: "/dev/shm/fuzz-\(getpid()).nii.gz")
  do {
    try bytes.write(to: file)
    let image = try NIfTIImage.read(file)
    precondition(image.values.count == image.shape.reduce(1, *) && image.affine.isInvertible)
    if image.grid.voxelCount < 4096 {
      _ = image.interpolated(onto: image.grid)
      _ = try LabelImage.read(file).resampled(onto: Grid(shape: [3, 2, 2], affine: .scaling([2, 2, 2])))
      _ = try LesionMap.read(file, onto: image.grid)
      _ = try Mask.read(file, onto: image.grid)
    }
  } catch { precondition("\(error)".contains(". ")) }
  return 0
}

/// The program: SwiftPM calls it by this name.
@_cdecl("FuzzNIfTI_main")
public func start(_ argc: CInt, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var (argc, argv) = (argc, argv)
  return LLVMFuzzerRunDriver(&argc, &argv) { fuzzNIfTI($0, $1) }
}
