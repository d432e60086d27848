import Foundation
import IVIMBayes

/// One command, one table: what a posterior costs here.
///
///     swift run -c release Benchmarks [path of the ivimbayes command [million]]
///
/// Every figure is the median of five runs of CPU time; ratios come from the same run. Without the command's path the
/// figures of the whole command are left out; `million` adds 10⁶ voxels to them. `PYTHON` names a Python with nibabel.
///
///     swift run -c release Benchmarks lesion VOXELS
///
/// samples one lesion alone.
///
///     swift run -c release Benchmarks cohorts COMMAND
///
/// times `efficacy train` and `cohort` alone.
///
///     swift run -c release Benchmarks workload VOXELS FOLDER
///
/// writes W1 as a scan with its priors, for profiles.
///
///     swift run -c release Benchmarks kernel lanes|walk|convergence|line VOXELS
///
/// does one kernel's work and prints a checksum, for `Tests/callgrind.sh`.
@main
struct Benchmarks {
  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == "kernel", let kernel = Kernel(rawValue: arguments[2]),
      let voxelCount = Int(arguments[3])
    {
      Swift.print(kernel.run(voxelCount: voxelCount))
      return
    }
    if arguments.count == 4, arguments[1] == "workload", let voxels = Int(arguments[2]), voxels % 1024 == 0 {
      try WorkloadW1(voxelCount: voxels, seed: 2).write(
        into: URL(filePath: arguments[3], directoryHint: .isDirectory))
      return
    }
    var table = Report()
    if arguments.count == 3, arguments[1] == "lesion", let voxels = Int(arguments[2]), 1...100_000 ~= voxels {
      table.addLesion(of: voxels)
      table.print()
      return
    }
    if arguments.count == 3, arguments[1] == "cohorts" {
      try table.addCohorts(arguments[2])
      table.print()
      return
    }
    let workload = WorkloadW1(voxelCount: 512, seed: 1)
    let timing = SamplerTiming(workload: workload)
    let scalar = timing.scalar(voxels: 32)
    let lanes = timing.lanes()
    table.add("W1 scalar random-walk Metropolis", scalar)
    table.add("W1 lanes", lanes)
    table.add(
      "W1 lanes / scalar, median voxel", "ratio of worst-parameter ESS per CPU second",
      lanes.median / scalar.median)
    table.add(
      "W1 lanes / scalar, 5th percentile voxel", "ratio of worst-parameter ESS per CPU second",
      lanes.fifthPercentile / scalar.fifthPercentile)
    let leastSquares = LeastSquaresTiming(workload)
    table.add("W1 least squares (GSL)", "CPU microseconds a voxel", leastSquares.microsecondsPerVoxel)
    table.add("W1 least squares (GSL)", "share of voxels converged", leastSquares.shareConverged)
    for (name, rate) in WorkloadT1(voxelCount: 256, snr: 20).rates() { table.add(name, rate) }
    for voxels in [60, 250, 1000, 3600] {
      table.addLesion(of: voxels)
    }
    let reading = try ReadingTiming()
    table.add("read 256 x 256 x 40 x 16 voxels, .nii.gz", "CPU seconds", reading.seconds)
    table.add(
      "read 256 x 256 x 40 x 16 voxels, .nii.gz", "ratio to nibabel", reading.seconds / reading.nibabelSeconds
    )
    if arguments.count > 1 {
      try table.addCohorts(arguments[1])
      try table.addCommand(
        arguments[1], upToMillion: arguments.contains("million"), leastSquares: leastSquares)
    }
    table.print()
  }
}

extension Report {
  /// The rows of a lesion of `voxels` voxels: medians of five runs; of lesions that take ten minutes, one run.
  fileprivate mutating func addLesion(of voxels: Int) {
    let (outcome, share) = WorkloadField(voxelCount: voxels, snr: 40).median(of: voxels > 2000 ? 1 : 5)
    let name = "lesion of \(voxels) voxels, IVIM, spatial prior"
    let reached = outcome.isSampled ? "to all targets" : "to the cap, targets not reached"
    add(name, "CPU seconds \(reached)", outcome.seconds)
    add(name, "share of runs that reached all targets", share)
    add(name, "ns per sweep and voxel", outcome.nanosecondsPerSweep)
    add(name, "bulk ESS of the slowest, \(outcome.slowest)", outcome.slowestESS)
  }
}
