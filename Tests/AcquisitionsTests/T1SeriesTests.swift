import Acquisitions
import Foundation
import NIfTI
import TestSupport
import Testing

struct T1SidecarTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func reading(_ json: String) throws -> T1Sidecar { try T1Sidecar.read(folder.write(json, as: "irt1.json")) }

  @Test func `times are numbers or lists, and the excitation's repetition time wins`() throws {
    let sidecar = try reading(
      #"{"InversionTime": 0.35, "FlipAngle": [10], "RepetitionTime": 1, "RepetitionTimeExcitation": 5}"#)
    #expect(sidecar.inversionTimes == [0.35] && sidecar.flipAngles == [10])
    #expect(sidecar.repetitionTimes(of: .inversionRecovery, longest: 0.35) == [5])
    let plain = try reading(#"{"InversionTime": [0.1, 0.2], "RepetitionTime": 2.5}"#)
    #expect(plain.repetitionTimes(of: .inversionRecovery, longest: 0.2) == [2.5])
    // Excitations of a readout are no preparations, and preparations no excitations.
    let both = try reading(
      #"{"InversionTime": 3, "RepetitionTimeExcitation": 0.004, "RepetitionTimePreparation": [6, 6]}"#)
    #expect(both.repetitionTimes(of: .inversionRecovery, longest: 3) == [6, 6])
    #expect(both.repetitionTimes(of: .variableFlipAngle, longest: 0) == [0.004])
  }

  @Test func `other keys are ignored and those that name people are dropped, without their values`() throws {
    let sidecar = try reading(
      #"{"PatientName": "Doe^Jane", "EchoTime": 0.01, "AccessionNumber": "A1", "InversionTime": 1, "Odd": {"a": []}}"#
    )
    #expect(sidecar.notices.count == 2)
    #expect(sidecar.notices[0].contains("ignored EchoTime, Odd"))
    #expect(sidecar.notices[1].contains("AccessionNumber, PatientName"))
    #expect(!sidecar.notices.joined().contains("Doe"))
  }

  @Test func `a sidecar that cannot be is refused with its key`() throws {
    func failing(_ json: String) -> AcquisitionError? { failure { try reading(json) } }
    expect(failing("[1, 2]"), at: "irt1.json", says: "not a JSON object", advises: "Correct the JSON")
    expect(failing("{"), at: "irt1.json", says: "not a JSON object", advises: "Correct the JSON")
    expect(
      failing(#"{"InversionTime": "1"}"#), at: "irt1.json", says: "InversionTime", advises: "Correct the JSON"
    )
    expect(
      failing(#"{"InversionTime": [350, 500]}"#), at: "irt1.json, InversionTime", says: "350.0 s",
      advises: "350.0 ms is 0.35")
    expect(
      failing(#"{"RepetitionTime": -1}"#), at: "RepetitionTime", says: "-1.0", advises: "Correct the entry")
    expect(
      failure { try T1Sidecar.read(folder.file("none.json")) }, at: "none.json", says: "no such file",
      advises: "Check the path")
  }
}

struct T1ProtocolTests {
  @Test func `the command line wins over the sidecars with a notice`() throws {
    var sidecar = T1Sidecar()
    (sidecar.inversionTimes, sidecar.plainRepetitionTimes, sidecar.flipAngles) = ([0.1, 0.2, 0.4], [3], [8])
    let stated = try T1Protocol(.molli, sidecars: [sidecar], place: "molli.nii.gz")
    #expect(
      stated.settings.values == [0.1, 0.2, 0.4] && stated.repetitionTime == 3 && stated.notices.isEmpty)
    #expect(stated.readoutAngle == FlipAngle(degrees: 8) && stated.polarity == .magnitude)
    let given = try T1Protocol(
      .molli, sidecars: [sidecar], settings: [0.5, 1, 2], repetitionTime: 4, polarity: .signed, place: "f")
    #expect(given.settings.values == [0.5, 1, 2] && given.repetitionTime == 4 && given.notices.count == 2)
    #expect(given.polarity == .signed)
  }

  @Test func `several files give one setting each, in their order`() throws {
    let sidecars = [20.0, 3].map { angle -> T1Sidecar in
      var sidecar = T1Sidecar()
      (sidecar.flipAngles, sidecar.excitationIntervals) = ([angle], [0.015])
      return sidecar
    }
    let vfa = try T1Protocol(.variableFlipAngle, sidecars: sidecars, place: "f")
    #expect(vfa.settings == .flipAngles([FlipAngle(degrees: 20), FlipAngle(degrees: 3)]))
    #expect(vfa.readoutAngle == nil && vfa.polarity == .signed)
  }

  @Test func `what is missing or cannot be is named`() {
    expect(
      failure { try T1Protocol(.inversionRecovery, sidecars: [], place: "ir.nii.gz") }, at: "ir.nii.gz",
      says: "--inversion-times", advises: "option or in the sidecar")
    expect(
      failure { try T1Protocol(.variableFlipAngle, settings: [3, 20], place: "v") }, at: "v",
      says: "--repetition-time", advises: "option or in the sidecar")
    expect(
      failure { try T1Protocol(.variableFlipAngle, settings: [3, 180], repetitionTime: 1, place: "v") },
      at: "v, entry 2", says: "between 0 and 180", advises: "Correct the entry")
    expect(
      failure { try T1Protocol(.sasha, settings: [0.1, 600], place: "s") }, at: "s", says: "600.0 s",
      advises: "600.0 ms is 0.6")
    expect(
      failure { try T1Protocol(.inversionRecovery, settings: [0.1, .infinity], place: "s") },
      at: "s, entry 2",
      says: "inf", advises: "Correct the entry")
  }

  @Test func `settings come from a list or a file, and a saturation time may be infinite`() throws {
    let folder = try TemporaryFolder()
    #expect(try T1Protocol.settings(parsing: "0.1,0.2", of: .molli) == [0.1, 0.2])
    let file = try folder.write("0.1\n0.4\n", as: "ti.txt")
    #expect(try T1Protocol.settings(parsing: file.path, of: .molli) == [0.1, 0.4])
    #expect(try T1Protocol.settings(parsing: "0.1,inf", of: .sasha) == [0.1, .infinity])
    #expect(
      try T1Protocol(.sasha, settings: [0.1, .infinity], place: "s").settings.values == [0.1, .infinity])
    expect(
      failure { try T1Protocol.settings(parsing: "0.1,zero", of: .molli) }, at: "--inversion-times",
      says: "\"zero\"", advises: "decimal point")
  }
}

struct T1SeriesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `signed signals may be negative, constant and missing ones are counted`() throws {
    let scan = try T1Protocol(.inversionRecovery, settings: [0.1, 1, 3], polarity: .signed, place: "f")
    let voxels: [[Float]] = [[-5, 2, 6], [0, 0, 0], [1, .nan, 2], [4, 4, 4]]
    let masked = try T1Series(
      image(voxels), from: dwi, scan: scan, mask: Mask(inside: voxels.map { _ in true }))
    #expect(masked.voxels == [0])
    #expect(masked.exclusions == [.notANumber: 1, .constant: 2])
    let unmasked = try T1Series(image(voxels), from: dwi, scan: scan)
    #expect(unmasked.voxels == [0] && unmasked.exclusions == [.constant: 1])
  }

  @Test func `several files of one grid are one series`() throws {
    let files = ["a.nii.gz", "b.nii.gz"].map(folder.file)
    try image([[1], [2]]).writeFloat32(to: files[0])
    try image([[3], [4]]).writeFloat32(to: files[1])
    let joined = try T1Series.readImage(files)
    #expect(joined.values == [1, 2, 3, 4] && joined.volumeCount == 2)
    try image([[3], [4], [5]]).writeFloat32(to: files[1])
    expect(failure { try T1Series.readImage(files) }, at: "b.nii.gz", says: "a.nii.gz", advises: "Resample")
  }

  @Test func `a sidecar is found beside its image`() throws {
    _ = try folder.write(#"{"InversionTime": 0.5}"#, as: "x_IRT1.json")
    #expect(try T1Series.sidecar(of: folder.file("x_IRT1.nii.gz"))?.inversionTimes == [0.5])
    #expect(try T1Series.sidecar(of: folder.file("y_IRT1.nii")) == nil)
  }

  @Test func `settings and volumes must agree`() throws {
    let scan = try T1Protocol(.molli, settings: [0.1, 1], place: "f")
    expect(
      failure { try T1Series(image([[1, 2, 3]]), from: dwi, scan: scan) }, at: "--inversion-times",
      says: "2 entries for the 3 volumes", advises: "one entry for each volume")
    expect(
      failure { try T1Series(image([[1]]), from: dwi, scan: scan) }, at: "dwi", says: "one volume",
      advises: "4-D")
  }

  @Test(.enabled(if: Folders.scans != nil))
  func `the kidney scan is read with its inversion times`() throws {
    let file = try #require(Folders.scans).appending(path: "t1-molli-kidney/molli.nii.gz")
    let scan = try T1Protocol(
      .molli, settings: [0.118, 0.201, 1.118, 1.201, 2.118, 2.201, 3.118, 4.118], place: "f")
    let series = try T1Series(T1Series.readImage([file]), from: file, scan: scan)
    #expect(series.signals.settingCount == 8 && series.signals.voxelCount > 30_000)
    let lesion = Lesion(label: 1, name: "all", rows: Array(0..<10), labelledVoxelCount: 10)
    #expect(series.meanCurves(of: [lesion], id: "k")[0].signals == series.signals.mean(ofRows: Array(0..<10)))
  }
}
