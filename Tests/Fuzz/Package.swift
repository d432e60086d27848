// swift-tools-version: 6.2
import PackageDescription

/// One program for each reader, built by Tests/Long/fuzz.sh with `-sanitize=fuzzer`, which brings the `main`.
func fuzzer(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["CFuzzDriver", .product(name: "IVIMBayes", package: "IVIMBayes")],
    swiftSettings: [
      .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .unsafeFlags(["-parse-as-library"]),
    ])
}

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "IVIMBayes", path: "../..")],
  targets: [
    .target(name: "CFuzzDriver"), fuzzer("FuzzNIfTI"), fuzzer("FuzzNumberList"), fuzzer("FuzzTable"),
    fuzzer("FuzzJSON"),
  ]
)
