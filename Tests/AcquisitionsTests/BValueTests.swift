import Acquisitions
import Foundation
import TestSupport
import Testing

struct BValueTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func reading(_ text: String) throws -> [Double] {
    try BValue.read(folder.write(text, as: "dwi.bval")).map(\.secondsPerSquareMillimeter)
  }

  func failing(_ text: String) -> AcquisitionError? { failure { try reading(text) } }

  @Test(arguments: ["0 50 800\n", "0\t50\t800", "0\n50\n800\n", "  0  50 800  \r\n\r\n", "0,50,8e2"])
  func `one row or one column is read, with spaces, tabs or commas`(text: String) throws {
    #expect(try reading(text) == [0, 50, 800])
  }

  @Test func `an entry that is no b-value is named by file and place`() {
    expect(
      failing("0 50 x800"), at: "dwi.bval, entry 3", says: "\"x800\" is not a number",
      advises: "decimal point")
    expect(failing("0 -50 800"), at: "dwi.bval, entry 2", says: "-50", advises: "Correct the entry")
    expect(failing("0 nan 800"), at: "dwi.bval, entry 2", says: "nan", advises: "Correct the entry")
    expect(failing("inf"), at: "dwi.bval, entry 1", says: "inf", advises: "Correct the entry")
  }

  @Test func `a table of three rows is taken for a bvec`() {
    expect(failing("0 1 0\n0 0 1\n0 0 0"), at: "dwi.bval", says: "3 rows of 3", advises: ".bvec")
  }

  @Test func `a missing file is unreadable, an empty one has no entries`() throws {
    let missing = folder.file("none.bval")
    expect(
      failure { try BValue.read(missing) }, at: "none.bval", says: "no such file", advises: "Check the path")
    #expect(try reading("\n").isEmpty)
  }
}

struct ShellTests {
  @Test func `values less than 5 above the lowest are one shell, lowest first`() {
    let shells = Shell.shells(of: [800, 0, 3, 802, 50, 5].map { BValue($0) })
    #expect(shells.map(\.volumes) == [[1, 2], [5], [4], [0, 3]])
    #expect(shells.map(\.bValue.secondsPerSquareMillimeter) == [1.5, 5, 50, 801])
  }

  @Test func `no volumes have no shells`() {
    #expect(Shell.shells(of: []).isEmpty)
  }
}

struct VolumeExclusionsTests {
  @Test func `volumes are left out everywhere or in one lesion`() throws {
    let exclusions = try VolumeExclusions(parsing: ["3,7", "2:1,4", "2:5", "0"])
    #expect(exclusions.everywhere == [0, 3, 7])
    #expect(exclusions.byLesion == [2: [1, 4, 5]])
    #expect(
      exclusions.union(VolumeExclusions(byLesion: [2: [9], 3: [1]])).byLesion == [2: [1, 4, 5, 9], 3: [1]])
  }

  @Test(arguments: ["", "a", "1,,2", "1:2:3", ":3", "x:3", "0:3", "-1", "2:", "1.5"])
  func `anything else is refused with its text`(text: String) {
    expect(
      failure { try VolumeExclusions(parsing: [text]) }, at: "--exclude-volumes \(text)", says: "",
      advises: "volumes count from 0")
  }
}
