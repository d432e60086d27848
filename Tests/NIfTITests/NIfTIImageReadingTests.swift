import Foundation
import NIfTI
import Testing
import TestSupport

struct NIfTIImageReadingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The datatype codes with the bytes of the values 0, 1, … 5 and of the type's extremes, in the file's order.
  static let types: [Int16] = [2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280]

  static func encode(_ values: [Double], as type: Int16, in file: SampleFile) -> [UInt8] {
    values.flatMap { value -> [UInt8] in
      switch type {
      case 2: file.bytes(UInt8(value))
      case 4: file.bytes(Int16(value))
      case 8: file.bytes(Int32(value))
      case 16: file.bytes(Float(value).bitPattern)
      case 64: file.bytes(value.bitPattern)
      case 256: file.bytes(Int8(value))
      case 512: file.bytes(UInt16(value))
      case 768: file.bytes(UInt32(value))
      case 1024: file.bytes(Int64(value))
      default: file.bytes(UInt64(value))
      }
    }
  }

  static func extremes(of type: Int16) -> [Double] {
    switch type {
    case 2: [0, 255]
    case 4: [-32_768, 32_767]
    case 8: [-2_147_483_648, 2_147_483_647]
    case 16, 64: [-1.5e30, 1.25e-30]
    case 256: [-128, 127]
    case 512: [0, 65_535]
    case 768: [0, 4_294_967_295]
    case 1024: [-0x1p62, 0x1p62]
    default: [0, 0x1p63]
    }
  }

  @Test(arguments: types, [1, 2])
  func `every number type in both byte orders, plain and compressed, gives the stored values`(
    type: Int16, version: Int
  ) throws {
    let values: [Double] = [0, 1, 2, 3, 5, 7] + Self.extremes(of: type)
    for bigEndian in [false, true] {
      var file = SampleFile(version: version, bigEndian: bigEndian)
      file.dim = [3, 2, 2, 2, 1, 1, 1, 1]
      file.datatype = type
      file.voxels = Self.encode(values, as: type, in: file)
      for name in ["a.nii", "a.nii.gz"] {
        let image = try NIfTIImage.read(file.write(as: name, in: folder))
        #expect(image.values == values.map { Float($0) })
        #expect(image.shape == [2, 2, 2])
      }
    }
  }

  @Test func `slope and intercept are applied in double precision, rounded once`() throws {
    for (type, version) in [(4, 1), (512, 2)] as [(Int16, Int)] {
      var file = SampleFile(version: version)
      (file.dim, file.datatype, file.slope, file.intercept) = ([1, 3, 1, 1, 1, 1, 1, 1], type, 0.1, -3)
      file.voxels = Self.encode([0, 1, 30_000], as: type, in: file)
      let slope = version == 1 ? Double(Float(0.1)) : 0.1
      #expect(
        try NIfTIImage.read(file.write(in: folder)).values
          == [-3, Float(slope - 3), Float(30_000 * slope - 3)])
    }
  }

  @Test func `a slope of zero or NaN means unscaled, whatever the intercept`() throws {
    for slope in [0, Double.nan] {
      let file = SampleFile.counting { ($0.slope, $0.intercept) = (slope, 7) }
      #expect(try NIfTIImage.read(file.write(in: folder)).values == (0..<24).map { Float($0) })
    }
  }

  @Test func `extensions and a larger offset are passed over`() throws {
    for version in [1, 2] {
      let file = SampleFile.counting {
        $0.version = version
        $0.extensionBytes = [UInt8](repeating: 0xee, count: 70_016)
      }
      for name in ["e.nii", "e.nii.gz"] {
        #expect(try NIfTIImage.read(file.write(as: name, in: folder)).values[23] == 23)
      }
    }
  }

  @Test func `an offset of zero means right behind the header`() throws {
    let file = SampleFile.counting { $0.offset = 0 }
    #expect(try NIfTIImage.read(file.write(in: folder)).values[5] == 5)
  }

  @Test func `x runs fastest and volumes slowest`() throws {
    let image = try NIfTIImage.read(SampleFile.counting().write(in: folder))
    #expect(image.shape == [3, 2, 2, 2])
    #expect(image.volumeCount == 2)
    #expect(image.volume(1).first == 12)
    #expect(image.values[image.grid.index(x: 2, y: 1, z: 0)] == 5)
    #expect(image.grid.position(ofIndex: 11) == [2, 1, 1])
  }

  @Test func `trailing axes of one voxel and missing axes are the same image`() throws {
    let long = SampleFile.counting { $0.dim = [7, 3, 2, 2, 2, 1, 1, 1] }
    #expect(try NIfTIImage.read(long.write(in: folder)).shape == [3, 2, 2, 2])
    let flat = SampleFile.counting { $0.dim = [2, 6, 4, 9, 9, 9, 9, 9] }
    #expect(try NIfTIImage.read(flat.write(in: folder)).shape == [6, 4, 1])
  }

  @Test func `the sform places the voxels if its code is set, then the qform, then the voxel edges`() throws {
    let half = 0.5.squareRoot()
    func affine(_ qform: Int, _ sform: Int) throws -> Affine {
      let file = SampleFile.counting {
        ($0.qformCode, $0.sformCode) = (qform, sform)
        // A quarter turn about z, left-handed.
        ($0.quaternion, $0.qformOffset, $0.pixdim[0]) = ([0, 0, half], [1, 2, 3], -1)
      }
      return try NIfTIImage.read(file.write(in: folder)).affine
    }
    #expect(try affine(1, 1).rowMajor == [2, 0, 0, -10, 0, 3, 0, -20, 0, 0, 4, -30, 0, 0, 0, 1])
    let turned = try affine(1, 0).rowMajor
    let expected = [0.0, -3, 0, 1, 2, 0, 0, 2, 0, 0, -4, 3, 0, 0, 0, 1]
    #expect(zip(turned, expected).allSatisfy { isClose($0, $1, absolute: 1e-6) })
    #expect(try affine(0, 0) == .scaling(SIMD3(2, 3, 4)))
  }

  @Test func `NaN and infinite voxels are kept`() throws {
    let file = SampleFile.counting {
      let file = $0
      $0.voxels = ([.nan, .infinity, -1] + [Float](repeating: 2, count: 21)).flatMap {
        file.bytes($0.bitPattern)
      }
    }
    let values = try NIfTIImage.read(file.write(in: folder)).values
    #expect(values[0].isNaN && values[1] == .infinity && values[2] == -1)
  }
}

struct NIfTIRealScanTests {
  @Test(.enabled(if: Folders.scans != nil))
  func `the cord scan has nibabel's values and affine`() throws {
    let folder = try #require(Folders.scans).appending(path: "ivim-cord-7t")
    let image = try NIfTIImage.read(folder.appending(path: "dwi_rl.nii.gz"))
    // nibabel 5, get_fdata() as float32.
    #expect(image.shape == [128, 134, 6, 11])
    let voxel = image.grid.index(x: 64, y: 67, z: 3)
    #expect(image.values[voxel] == 376.8659)
    #expect(image.values[10 * image.grid.voxelCount + voxel] == 290.13947)
    #expect(image.values[5 * image.grid.voxelCount + image.grid.index(x: 10, y: 20, z: 1)] == 13.986064)
    #expect(image.values.min() == -297.4375)
    #expect(isClose(image.affine.rowMajor[3], 55.2036171, absolute: 1e-6))
    #expect(isClose(image.affine.rowMajor[6], -0.617235541, absolute: 1e-8))
  }

  @Test(.enabled(if: Folders.scans != nil))
  func `the prostate scan and its tumour label are in one space`() throws {
    let folder = try #require(Folders.scans).appending(path: "ivim-prostate-3t")
    let image = try NIfTIImage.read(folder.appending(path: "dwi.nii.gz"))
    let mean = image.values.reduce(0.0) { $0 + Double($1) } / Double(image.values.count)
    #expect(isClose(mean, 26.065091346153846, relative: 1e-12))
    let tumour = try LabelImage.read(folder.appending(path: "roi_tumor.nii.gz"))
    let resampled = tumour.resampled(onto: image.grid)
    #expect(resampled.labelledCount == 290)
    #expect(!resampled.wasResampled)
  }
}
