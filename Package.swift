// swift-tools-version: 6.2
import PackageDescription

/// The language settings of every Swift target: what the compiler can enforce, it enforces.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// Files that tests read from their folder, such as expected texts, are named in `exclude`.
func tests(_ name: String, _ dependencies: Target.Dependency..., exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude,
    swiftSettings: strict)
}

/// A program as a user of the library would write it.
func program(
  _ name: String, _ dependencies: Target.Dependency..., in path: String, exclude: [String] = []
) -> Target {
  .executableTarget(
    name: name, dependencies: ["IVIMBayes"] + dependencies, path: path, exclude: exclude,
    swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
}

let package = Package(
  name: "IVIMBayes",
  products: [
    .library(name: "IVIMBayes", targets: ["IVIMBayes"]),
    .library(name: "BayesianSampling", targets: ["InferenceCore", "Samplers", "Diagnostics"]),
    .executable(name: "ivimbayes", targets: ["ivimbayes"]),
  ],
  dependencies: [
    // 1.8: completions and man pages as the documentation describes them.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    // 1.5: the first that turns DocC's warnings into errors.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    // 2.1: templates that escape what they print.
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
  ],
  targets: [
    // C libraries: each has exactly one importer above it.
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
    .target(name: "CGSLGenerators", dependencies: ["CGSL"]),
    .target(
      name: "CNIfTI", linkerSettings: [.linkedLibrary("nifti2"), .linkedLibrary("z")]),
    .systemLibrary(name: "CNetCDF", pkgConfig: "netcdf", providers: [.apt(["libnetcdf-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),

    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // Numbers.
    module("GSLSupport", "CGSL", "CGSLGenerators"),
    module("LaneMath"),

    // What the scanner did, and what tissue does to the signal.
    module("Tables"),
    module("NIfTI", "CNIfTI"),
    module("Acquisitions", "NIfTI", "Tables"),
    module("QualityControl", "Acquisitions", "NIfTI", "Tables", "GSLSupport"),
    module("SignalModels", "Acquisitions", "LaneMath"),
    module("Checksums", "CCrypto"),

    // Inference that knows no MRI, and the posteriors that do.
    module("InferenceCore", "LaneMath", "GSLSupport"),
    module("Posteriors", "SignalModels", "Acquisitions", "Tables", "InferenceCore", "LaneMath", "GSLSupport"),
    module("Diagnostics", "InferenceCore", "LaneMath", "GSLSupport"),
    module("Samplers", "Diagnostics", "InferenceCore", "LaneMath", "GSLSupport"),

    // From draws to lesions, cohorts and files.
    module("Lesions", "Diagnostics", "InferenceCore", "Acquisitions", "Tables", "GSLSupport"),
    module("Cohort", "Lesions", "Diagnostics", "InferenceCore", "Tables", "Checksums", "GSLSupport"),
    .target(
      name: "Reporting",
      dependencies: [
        "Cohort", "Lesions", "Diagnostics", "InferenceCore", "NIfTI", "Tables", "Checksums", "CNetCDF",
        "CPNG",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      // In the program itself: it runs without the folder it was built in.
      resources: [.embedInCode("Templates")], swiftSettings: strict),
    module(
      "IVIMBayes", "Reporting", "Cohort", "Lesions", "Diagnostics", "Samplers", "Posteriors",
      "InferenceCore", "SignalModels", "QualityControl", "Acquisitions", "NIfTI", "Tables", "Checksums",
      "LaneMath", "GSLSupport"),
    .executableTarget(
      name: "ivimbayes",
      dependencies: [
        "IVIMBayes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Examples of the library and its benchmarks, so that one that no longer compiles breaks the build.
    program("one-voxel", in: "Examples/one-voxel"),
    program("own-model", in: "Examples/own-model"),
    program(
      "Benchmarks", "VoxelTestSupport", in: "Tests/Benchmarks", exclude: ["README.md", "instructions.txt"]),

    // Tests: one bundle for each module, one for calibration, one for the command.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "VoxelTestSupport",
      dependencies: [
        "Samplers", "Posteriors", "SignalModels", "Acquisitions", "LaneMath", "GSLSupport", "TestSupport",
      ],
      path: "Tests/VoxelTestSupport", swiftSettings: strict),
    tests("GSLSupportTests", "GSLSupport"),
    tests("LaneMathTests", "LaneMath", "GSLSupport"),
    tests("TablesTests", "Tables"),
    tests("InferenceCoreTests", "InferenceCore", "LaneMath", "GSLSupport"),
    tests("SignalModelsTests", "SignalModels", "Acquisitions", "LaneMath", "GSLSupport"),
    tests(
      "PosteriorsTests", "VoxelTestSupport", "Posteriors", "SignalModels", "Acquisitions", "InferenceCore",
      "LaneMath", "GSLSupport"),
    tests(
      "T1Tests", "Posteriors", "Samplers", "SignalModels", "Acquisitions", "InferenceCore", "LaneMath",
      "GSLSupport", "NIfTI"),
    tests(
      "SamplersTests", "VoxelTestSupport", "Samplers", "Diagnostics", "Posteriors", "SignalModels",
      "Acquisitions", "InferenceCore", "LaneMath", "GSLSupport"),
    tests(
      "CalibrationTests", "IVIMBayes", "VoxelTestSupport", "Samplers", "Diagnostics", "Posteriors",
      "SignalModels", "Acquisitions", "InferenceCore", "LaneMath", "GSLSupport"),
    tests("NIfTITests", "NIfTI"),
    tests("AcquisitionsTests", "Acquisitions", "NIfTI", "Tables"),
    tests(
      "QualityControlTests", "QualityControl", "SignalModels", "Acquisitions", "NIfTI", "Tables",
      "GSLSupport"),
    tests("DiagnosticsTests", "Diagnostics", "InferenceCore", "LaneMath", "GSLSupport"),
    tests("ReportingTests", "Reporting", "Tables", "Diagnostics", "InferenceCore", "GSLSupport"),
    tests("LesionsTests", "Lesions", "Diagnostics", "InferenceCore", "Tables", "GSLSupport"),
    tests("CohortTests", "Cohort", "Lesions", "Diagnostics", "InferenceCore", "Tables", "GSLSupport"),
    tests(
      "RunTests", "IVIMBayes", "Reporting", "Cohort", "Lesions", "Posteriors", "Samplers", "Diagnostics",
      "Acquisitions", "NIfTI", "Tables", "GSLSupport"),
    tests(
      "ReportTests", "IVIMBayes", "Reporting", "Cohort", "Lesions", "Diagnostics", "InferenceCore",
      "GSLSupport",
      "NIfTI", "Tables", "Checksums", exclude: ["Golden"]),
    tests(
      "CommandTests", "ivimbayes", "one-voxel", "own-model", "IVIMBayes", "Lesions", "Reporting", "NIfTI",
      "Tables", exclude: ["Golden"]),
  ]
)
