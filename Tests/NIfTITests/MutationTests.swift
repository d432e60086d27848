import Foundation
import NIfTI
import TestSupport
import Testing

/// Damaged files end in an image or in a `NIfTIError`, never in a crash. Damage is drawn from a fixed sequence.
struct MutationTests {
  /// Numerical Recipes' linear congruential sequence: the damage needs no quality.
  struct Damage {
    var state: UInt32

    mutating func next(below bound: Int) -> Int {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 8) % bound
    }

    /// Some bytes changed, half of them in the header, and every fifth file cut.
    mutating func apply(to bytes: [UInt8]) -> [UInt8] {
      var bytes = bytes
      for _ in 0...next(below: 6) {
        let position = next(below: next(below: 2) == 0 ? min(352, bytes.count) : bytes.count)
        bytes[position] = UInt8(next(below: 256))
      }
      return next(below: 5) == 0 ? Array(bytes.prefix(next(below: bytes.count))) : bytes
    }
  }

  @Test(arguments: [1, 2], ["m.nii", "m.nii.gz"])
  func `500 damaged files each give an image that keeps its promise or an error with the file's name`(
    version: Int, name: String
  ) throws {
    let folder = try TemporaryFolder()
    let whole = [UInt8](
      try Data(contentsOf: SampleFile.counting { $0.version = version }.write(as: name, in: folder)))
    var damage = Damage(state: UInt32(version))
    var (read, refused) = (0, 0)
    for _ in 0..<500 {
      let file = try folder.write(damage.apply(to: whole), as: name)
      do throws(NIfTIError) {
        let image = try NIfTIImage.read(file)
        #expect(image.values.count == image.shape.reduce(1, *) && image.affine.isInvertible)
        read += 1
      } catch {
        #expect(error.description.contains(name))
        refused += 1
      }
    }
    // Both ways out must have been taken, or the damage tests nothing; a checksum refuses nearly everything.
    #expect(refused > 50 && (read > 50 || name.hasSuffix(".gz")))
  }
}
