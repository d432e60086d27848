import Foundation
import TestSupport
import Testing

@testable import IVIMBayes

@Suite struct SectionFileTests {
  private static func example() -> SectionFile {
    var sections = SectionFile()
    sections["numbers"] = .doubles([1, -0.0, .infinity, .nan, .leastNonzeroMagnitude, 1 / 3])
    sections["maps"] = .floats((0..<70_000).map { Float($0) / 7 } + [.nan])
    sections["none"] = .doubles([])
    sections["text"] = .bytes(Array("lesion".utf8))
    return sections
  }

  @Test func `Numbers come back bit for bit, NaN and negative zero among them`() throws {
    let folder = try TemporaryFolder()
    let written = Self.example()
    try written.write(to: folder.file("part"))
    let read = try #require(SectionFile(contentsOf: folder.file("part")))
    #expect(read.doubles("numbers")?.map(\.bitPattern) == written.doubles("numbers")?.map(\.bitPattern))
    #expect(read.floats("maps")?.map(\.bitPattern) == written.floats("maps")?.map(\.bitPattern))
    #expect(read.doubles("none") == [] && read.bytes("text") == Array("lesion".utf8))
    #expect(read.doubles("maps") == nil && read.floats("absent") == nil)
    #expect(folder.contents == ["part"])
  }

  @Test func `A file that was cut or changed anywhere is no file`() throws {
    let folder = try TemporaryFolder()
    try Self.example().write(to: folder.file("part"))
    let whole = [UInt8](try Data(contentsOf: folder.file("part")))
    for length in [0, 1, 40, whole.count / 2, whole.count - 9, whole.count - 1] {
      #expect(SectionFile(contentsOf: try folder.write(Array(whole.prefix(length)), as: "cut")) == nil)
    }
    #expect(SectionFile(contentsOf: try folder.write(whole + [0], as: "longer")) == nil)
    for place in stride(from: 0, to: whole.count, by: whole.count / 97) {
      var damaged = whole
      damaged[place] ^= 0x10
      #expect(SectionFile(contentsOf: try folder.write(damaged, as: "damaged")) == nil, "byte \(place)")
    }
    #expect(SectionFile(contentsOf: folder.file("absent")) == nil)
  }
}
