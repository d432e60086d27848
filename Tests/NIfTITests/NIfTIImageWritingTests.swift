import Foundation
import NIfTI
import Testing
import TestSupport

struct NIfTIImageWritingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a map keeps values, affine and both orientation forms of the input`() throws {
    for version in [1, 2] {
      let input = try NIfTIImage.read(
        SampleFile.counting {
          $0.version = version
          ($0.qformCode, $0.sformCode, $0.pixdim[0]) = (1, 2, -1)
          ($0.quaternion, $0.qformOffset) = ([0.5, -0.5, 0.5], [1, 2, 3])
        }.write(in: folder))
      var map = NIfTIImage(grid: input.grid, values: Array(input.volume(1)))
      map.values[3] = .nan
      for name in ["map.nii", "map.nii.gz"] {
        try map.writeFloat32(to: folder.file(name), description: "D, mm2/s")
        let back = try NIfTIImage.read(folder.file(name))
        #expect(back.grid == input.grid)
        #expect(back.grid.orientation.qformCode == 1 && back.grid.orientation.sformCode == 2)
        #expect(back.grid.orientation.quaternion == SIMD3(0.5, -0.5, 0.5))
        #expect(back.values[3].isNaN)
        #expect(back.values.dropFirst(4) == map.values.dropFirst(4))
      }
    }
  }

  @Test func `a series of maps keeps its volumes`() throws {
    let image = NIfTIImage(
      grid: Grid(shape: [2, 3, 1], affine: .scaling(.one)), volumeCount: 3, values: (0..<18).map { Float($0) }
    )
    try image.writeFloat32(to: folder.file("series.nii.gz"))
    #expect(try NIfTIImage.read(folder.file("series.nii.gz")) == image)
  }

  @Test func `labels survive the round trip exactly`() throws {
    let labels = LabelImage(
      grid: Grid(shape: [3, 1, 1], affine: .scaling(.one)), labels: [0, 255, 16_777_215])
    try labels.write(to: folder.file("labels.nii.gz"))
    #expect(try LabelImage.read(folder.file("labels.nii.gz")) == labels)
  }

  @Test func `an extent beyond 32767 is written as NIfTI-2`() throws {
    let image = NIfTIImage(
      grid: Grid(shape: [40_000, 1, 1], affine: .scaling(.one)), values: (0..<40_000).map { Float($0) })
    try image.writeFloat32(to: folder.file("long.nii.gz"))
    #expect(try NIfTIImage.read(folder.file("long.nii.gz")) == image)
  }

  @Test func `equal images give equal bytes and leave nothing else behind`() throws {
    let image = try NIfTIImage.read(SampleFile.counting().write(in: folder))
    try image.writeFloat32(to: folder.file("a.nii.gz"))
    try image.writeFloat32(to: folder.file("b.nii.gz"))
    #expect(try Data(contentsOf: folder.file("a.nii.gz")) == Data(contentsOf: folder.file("b.nii.gz")))
    #expect(folder.contents == ["a.nii.gz", "b.nii.gz", "image.nii"])
  }
}

struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a file that is never finished leaves the old one and no trace`() throws {
    let url = try folder.write("old", as: "table.tsv")
    do {
      var file = try AtomicFile.create(url)
      try file.write(Array("half of the n".utf8))
    }
    #expect(try String(contentsOf: url, encoding: .utf8) == "old")
    #expect(folder.contents == ["table.tsv"])
  }

  @Test func `a finished file replaces the old one with exactly its bytes`() throws {
    let url = try folder.write("old and longer", as: "table.tsv")
    try AtomicFile.write("new", to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == "new")
    #expect(folder.contents == ["table.tsv"])
  }
}
