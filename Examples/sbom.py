"""Prints a CycloneDX 1.5 bill of materials: the package, its Swift dependencies, and the C libraries it links.

usage: python3 sbom.py VERSION DEPENDENCIES.json      (DEPENDENCIES: swift package show-dependencies --format json)
"""

import json
import subprocess
import sys

# SPDX identifiers, from each project's own licence file.
SWIFT_LICENCES = {
    "swift-argument-parser": "Apache-2.0 WITH Swift-exception", "swift-docc-plugin": "Apache-2.0 WITH Swift-exception",
    "swift-docc-symbolkit": "Apache-2.0 WITH Swift-exception", "swift-mustache": "Apache-2.0"}
# What builds the documentation is not in the command.
ONLY_DOCUMENTATION = {"swift-docc-plugin", "swift-docc-symbolkit"}
# Debian package: the library's name, its licence, and what it is used for.
LIBRARIES = {
    "libgsl-dev": ("gsl", "GPL-3.0-or-later", "random numbers, special functions, least squares, quadrature"),
    "libnifti2-dev": ("nifti2", "LicenseRef-public-domain", "orientation of NIfTI images"),
    "zlib1g-dev": ("zlib", "Zlib", "compressed images"),
    "libpng-dev": ("libpng", "libpng-2.0", "maps on the page"),
    "libnetcdf-dev": ("netcdf", "BSD-3-Clause", "draws files"),
    "libssl-dev": ("openssl", "Apache-2.0", "SHA-256 of the inputs"),
}


def licence(identifier):
    return [{"expression": identifier}] if " " in identifier else [
        {"license": {"name": identifier} if identifier.startswith("LicenseRef") else {"id": identifier}}]


def swift_packages(tree):
    for package in tree.get("dependencies", []):
        yield package
        yield from swift_packages(package)


def debian_version(package):
    done = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 and done.stdout else "unknown"


def main():
    version, dependencies = sys.argv[1], json.load(open(sys.argv[2]))
    components = []
    for package in swift_packages(dependencies):
        name = package["identity"]
        components.append({
            "type": "library", "bom-ref": "swift:" + name, "name": name, "version": package["version"],
            "scope": "excluded" if name in ONLY_DOCUMENTATION else "required",
            "purl": "pkg:swift/%s@%s" % (package["url"].removeprefix("https://").removesuffix(".git"), package["version"]),
            "licenses": licence(SWIFT_LICENCES[name])})
    for package, (name, identifier, use) in LIBRARIES.items():
        found = debian_version(package)
        components.append({
            "type": "library", "bom-ref": "deb:" + package, "name": name, "version": found, "description": use,
            "purl": "pkg:deb/debian/%s@%s" % (package, found), "licenses": licence(identifier)})
    print(json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "ivimbayes", "name": "ivimbayes", "version": version,
            "licenses": licence("GPL-3.0-or-later")}},
        "components": components,
        "dependencies": [{"ref": "ivimbayes", "dependsOn": [component["bom-ref"] for component in components]}],
    }, indent=2))


if __name__ == "__main__":
    main()
