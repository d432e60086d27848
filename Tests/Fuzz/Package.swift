// swift-tools-version: 6.2
import PackageDescription

/// One program for each reader, built by Tests/Long/fuzz.sh with `-sanitize=fuzzer`, which brings the `main`.
///
/// They are linked by the toolchain's own linker: GNU gold 1.16 ends with an internal error on such programs.
func fuzzer(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["CFuzzDriver", .product(name: "IVIMBayes", package: "IVIMBayes")],
    swiftSettings: [
      .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .unsafeFlags(["-parse-as-library"]),
    ], linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
}

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "IVIMBayes", path: "../..")],
  targets: [
    .target(name: "CFuzzDriver"), fuzzer("FuzzNIfTI"), fuzzer("FuzzNumberList"), fuzzer("FuzzTable"),
    fuzzer("FuzzJSON"),
  ]
)
