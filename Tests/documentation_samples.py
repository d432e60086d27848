"""Writes a package into the folder given that holds the Swift samples of all landing pages, one function a sample."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
package = pathlib.Path(sys.argv[1])
sources = package / "Sources" / "Samples"
sources.mkdir(parents=True)
modules = []
for page in sorted(root.glob("Sources/*/*.docc/*.md")):
    for number, sample in enumerate(re.findall(r"^```swift\n(.*?)^```", page.read_text(), re.S | re.M)):
        imports = re.findall(r"^import .*$", sample, re.M)
        modules += [line.split()[1] for line in imports]
        body = "\n".join("  " + line for line in sample.splitlines() if not line.startswith("import "))
        name = f"{page.stem}{number}"
        (sources / f"{name}.swift").write_text(
            "\n".join(imports) + f"\n\nfunc sample{name}() async throws {{\n{body}\n}}\n")

dependencies = f'.product(name: "IVIMBayes", package: "{root.name}")'
(package / "Package.swift").write_text(f"""// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Samples",
  dependencies: [.package(path: "{root}")],
  targets: [.target(name: "Samples", dependencies: [{dependencies}])])
""")
print(f"{len(list(sources.iterdir()))} samples of {len(set(modules))} modules")
