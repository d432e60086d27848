"""Does to ivimbayes what disks, schedulers and users do, and counts what was lost. Run by Tests/faults.sh."""

import argparse
import glob
import json
import os
import random
import shutil
import signal
import subprocess
import time

from damaged import damaged

# Address space of a child that reads a damaged file: far below what a header may promise.
MEMORY = 4 << 30


class Faults:
    """One set of inputs, the results of an undisturbed fit, and the figures."""

    def __init__(self, command, folder, seed):
        self.command, self.folder, self.random = command, folder, random.Random(seed)
        self.figures, self.failures = {}, []

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def count(self, figure, more=1):
        self.figures[figure] = self.figures.get(figure, 0) + more

    def fail(self, text):
        self.failures.append(text)
        print("FAILED:", text, flush=True)

    def run(self, *arguments, timeout=300, limited=False):
        """Runs the command to its end; returns its exit code and what it said on standard error."""
        import resource

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        try:
            done = subprocess.run(
                [self.command, *arguments], capture_output=True, text=True, errors="replace", timeout=timeout,
                stdin=subprocess.DEVNULL, preexec_fn=limit if limited else None)
        except subprocess.TimeoutExpired:
            return None, "no end after %d s" % timeout
        return done.returncode, done.stderr

    def contents(self, run):
        """The bytes of every file of a run but the timing, by name."""
        files = {}
        for name in sorted(os.listdir(run)):
            if not name.endswith("_timing.json"):
                with open(os.path.join(run, name), "rb") as file:
                    files[name] = file.read()
        return files

    def has_three_parts(self, message):
        """Where, what is wrong, and what to do: 'place: problem. Advice.'"""
        line = message.strip().split("\n")[-1]
        for prefix in ("ivimbayes: ", "Error: "):
            line = line.removeprefix(prefix)
        return ": " in line and ". " in line and line.rstrip().endswith((".", ")"))


def simulate(faults):
    """A scan that takes a few seconds to fit, and a small one for damaged files."""
    plan = {"shape": [16, 16, 3], "snr": 40, "lesions": [
        {"name": "one", "center": [4, 5, 1], "radii": [2.5, 2.5, 1.2]},
        {"name": "two", "center": [11, 10, 1], "radii": [3, 2.5, 1.2], "tissue": {"d": 0.8e-3, "f": 0.25}}]}
    tiny = {"shape": [5, 5, 2], "snr": 40, "lesions": [
        {"name": "one", "center": [1.5, 1.5, 0.5], "radii": [1.2, 1.2, 1]}]}
    scans = {}
    for name, entries in (("scan", plan), ("tiny", tiny)):
        file = faults.path(name + ".json")
        with open(file, "w") as output:
            json.dump(entries, output)
        status, errors = faults.run("simulate", "phantom", "--plan", file, "--seed", "1", "--out", faults.path(name))
        assert status == 0, errors
        raw, truth = faults.path(name, "sub-phantom/dwi"), faults.path(name, "derivatives/truth/sub-phantom/dwi")
        scans[name] = {
            "image": os.path.join(raw, "sub-phantom_dwi.nii.gz"), "bval": os.path.join(raw, "sub-phantom_dwi.bval"),
            "sidecar": os.path.join(raw, "sub-phantom_dwi.json"),
            "lesions": os.path.join(truth, "sub-phantom_dseg.nii.gz"),
            "names": os.path.join(truth, "sub-phantom_dseg.tsv")}
    return scans


def fit(scan, out, *more):
    return ["fit", "ivim", scan["image"], "--lesions", scan["lesions"], "--lesion-names", scan["names"],
            "--out", out, "--quiet", *more]


def simulate_t1(faults):
    """An inversion recovery with one lesion, whose chains take some seconds."""
    plan = {"patients": 1, "effective": 1, "lesions_per_patient": [1, 1], "diameter_mm": [16, 17], "scan": {
        "t1": {"settings": [0.1, 0.4, 0.9, 1.8, 4]}, "diffusion": {"b_values": [0, 200, 800]}}}
    file, data = faults.path("t1.json"), faults.path("t1")
    with open(file, "w") as output:
        json.dump(plan, output)
    status, errors = faults.run("simulate", "cohort", "--plan", file, "--out", data)
    assert status == 0, errors
    images = sorted(glob.glob(os.path.join(data, "sub-*/ses-pre/anat/*_IRT1.nii.gz")))
    lesions = glob.glob(os.path.join(data, "derivatives/lesions/sub-*/ses-pre/**/*_dseg.nii.gz"), recursive=True)
    assert images and lesions, "no T1 scan in " + data
    return {"images": images, "lesions": lesions[0]}


def fit_t1(scan, out, *more):
    return ["fit", "t1", *scan["images"], "--method", "ir", "--lesions", scan["lesions"], "--mask", scan["lesions"],
            "--out", out, "--quiet", *more]


def reference(faults, scan, fit=fit, name="reference"):
    """The results of an undisturbed fit, and how long it took."""
    start = time.monotonic()
    status, errors = faults.run(*fit(scan, faults.path(name)))
    assert status == 0, errors
    seconds = time.monotonic() - start
    return faults.contents(faults.path(name)), seconds


def check_result(faults, what, out, expected):
    """A finished folder holds exactly the expected bytes, and nothing else lies beside it."""
    place, name = os.path.split(out)
    left = [entry for entry in os.listdir(place) if entry.startswith("." + name)]
    if left:
        faults.fail("%s: left behind %s" % (what, left))
    found = faults.contents(out)
    if found != expected:
        different = [name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)]
        faults.fail("%s: %d files differ, among them %s" % (what, len(different), sorted(different)[:3]))


def end_after(faults, arguments, seconds, number):
    """Starts the command, ends it by signal `number` after `seconds`; returns its exit code as a shell gives it."""
    child = subprocess.Popen([faults.command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             stdin=subprocess.DEVNULL)
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.send_signal(number)
        child.wait()
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def kills(faults, scan, expected, seconds, wanted, fit=fit, kind="runs"):
    """Ends runs at random moments, some of them again while they resume, until `wanted` were hit; all must finish."""
    expected_status = {signal.SIGKILL: 137, signal.SIGINT: 130, signal.SIGTERM: 143}
    hit, trial = 0, 0
    while hit < wanted:
        trial += 1
        out = faults.path("killed-%s-%d" % (kind.split()[0], trial))
        replaces = trial % 3 == 0
        arguments = fit(scan, out, *(["--overwrite"] if replaces else []))
        if replaces:
            old = fit(scan, out, "--seed", "99", "--draws", "20")
            assert faults.run(*old)[0] == 0
            before = faults.contents(out)
        while hit < wanted:
            number = faults.random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
            moment = faults.random.uniform(0, 1.05 * seconds)
            status = end_after(faults, arguments, moment, number)
            if status == 0:
                # The run was quicker than the signal.
                if "--resume" not in arguments:
                    arguments = arguments + ["--resume"]
                break
            hit += 1
            faults.count(kind + " ended by " + number.name)
            if status != expected_status[number]:
                faults.fail("%s after %.2f s: exit %d" % (number.name, moment, status))
            if os.path.exists(out):
                # The old folder, whole, or the new one, whole.
                if faults.contents(out) not in ([before, expected] if replaces else [expected]):
                    faults.fail("%s after %.2f s: a half-written folder" % (number.name, moment))
            elif replaces and not os.path.exists(faults.path("." + os.path.basename(out) + ".partial/replaced")):
                faults.fail("%s after %.2f s: the old folder is lost" % (number.name, moment))
            if "--resume" not in arguments:
                arguments = arguments + ["--resume"]
            if faults.random.random() < 0.5:
                break
        status, errors = faults.run(*arguments)
        if status != 0:
            faults.fail("resuming trial %d: exit %s: %s" % (trial, status, errors))
            continue
        check_result(faults, "trial %d" % trial, out, expected)
        faults.count("interrupted %s finished by --resume, to the same bytes" % kind)
        shutil.rmtree(out)


def mounted(faults, options):
    """A file system in memory at `disk`, or None where it cannot be mounted."""
    disk = faults.path("disk")
    os.makedirs(disk, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], capture_output=True)
    return disk if done.returncode == 0 else None


def full_disks(faults, scan, expected):
    """A disk that fills up at any stage of a run is an error, and room lets the run go on."""
    for kilobytes in (4, 16, 64, 256, 700, 1500, 2500, 3500, 5000, 9000):
        disk = mounted(faults, "size=%dk" % kilobytes)
        if disk is None:
            print("*** SKIPPED: full disks, because a file system cannot be mounted here ***")
            return
        out = os.path.join(disk, "run")
        status, errors = faults.run(*fit(scan, out))
        if status == 0:
            check_result(faults, "%d kB" % kilobytes, out, expected)
            faults.count("disks that were large enough")
        else:
            faults.count("full disks, exit %d" % status)
            if status not in (73, 74) or not faults.has_three_parts(errors):
                faults.fail("a disk of %d kB: exit %s: %s" % (kilobytes, status, errors))
            if os.path.exists(out):
                faults.fail("a disk of %d kB: a folder was left" % kilobytes)
            subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
            status, errors = faults.run(*fit(scan, out, "--resume"))
            if status == 0:
                check_result(faults, "%d kB and then room" % kilobytes, out, expected)
                faults.count("runs on full disks finished by --resume, to the same bytes")
            else:
                faults.fail("%d kB and then room: exit %s: %s" % (kilobytes, status, errors))
        subprocess.run(["umount", disk], check=True)


def read_only(faults, scan):
    """A folder that may not be written is refused before any work."""
    disk = mounted(faults, "ro,size=1m")
    if disk is None:
        print("*** SKIPPED: a read-only disk, because a file system cannot be mounted here ***")
        return
    status, errors = faults.run(*fit(scan, os.path.join(disk, "run")), timeout=20)
    faults.count("read-only disks, exit %s" % status)
    if status != 73 or not faults.has_three_parts(errors):
        faults.fail("a read-only disk: exit %s: %s" % (status, errors))
    subprocess.run(["umount", disk], check=True)


def streams(faults, scan, expected):
    """Streams that are closed, full or without a reader: results are whole, and the exit code says what happened."""
    def outcome(arguments, **streams):
        child = subprocess.Popen([faults.command, *arguments], stdin=subprocess.DEVNULL, **streams)
        child.wait()
        return child.returncode if child.returncode >= 0 else 128 - child.returncode

    def closed(*numbers):
        return {"preexec_fn": lambda: [os.close(number) for number in numbers]}

    full = open("/dev/full", "w")
    reader, writer = os.pipe()
    os.close(reader)
    good, bad = fit(scan, faults.path("streams")), fit({**scan, "image": "nowhere.nii.gz"}, faults.path("nothing"))
    # Not quiet: there must be something to say.
    good.remove("--quiet")
    cases = [
        ("standard error closed", closed(2), 0, 66), ("standard error full", {"stderr": full}, 0, 66),
        ("standard error without a reader", {"stderr": writer}, 0, 66),
        ("standard output closed", closed(1), 74, 66), ("standard output full", {"stdout": full}, 74, 66),
        ("standard output without a reader", {"stdout": writer}, 74, 66),
        ("both closed", closed(1, 2), 74, 66), ("all closed", closed(0, 1, 2), 74, 66),
        ("both full", {"stdout": full, "stderr": full}, 74, 66),
    ]
    for name, given, wanted, refused in cases:
        quiet = {key: subprocess.DEVNULL for key in ("stdout", "stderr")
                 if key not in given and "preexec_fn" not in given}
        status = outcome(good, **given, **quiet)
        faults.count("fits with bad streams, exit %d" % status)
        if status != wanted:
            faults.fail("%s: exit %d in place of %d" % (name, status, wanted))
        if os.path.exists(faults.path("streams")):
            check_result(faults, name, faults.path("streams"), expected)
            shutil.rmtree(faults.path("streams"))
        else:
            faults.fail("%s: there are no results" % name)
        status = outcome(bad, **given, **quiet)
        if status != refused:
            faults.fail("%s, input missing: exit %d in place of %d" % (name, status, refused))
        for arguments in (["--version"], ["--help"], ["fit", "ivim", "--help"]):
            status = outcome(arguments, **given, **quiet)
            if status != (74 if "output" in name or "both" in name or "all" in name else 0):
                faults.fail("%s: %s ends with %d" % (name, " ".join(arguments), status))
            faults.count("other commands with bad streams")
    os.close(writer)
    full.close()


def vanished(faults, scan, expected, seconds):
    """Inputs that disappear before or during a run are missing, or were read already."""
    for kind in ("image", "bval", "lesions", "names"):
        for moment in (0, 0.02, 0.05, 0.1, 0.3 * seconds):
            copy = faults.path("copy")
            shutil.rmtree(copy, ignore_errors=True)
            os.makedirs(copy)
            own = {key: shutil.copy(file, copy) for key, file in scan.items()}
            out = os.path.join(copy, "run")
            if moment == 0:
                os.remove(own[kind])
            child = subprocess.Popen([faults.command, *fit(own, out)], stderr=subprocess.PIPE, text=True,
                                     stdout=subprocess.DEVNULL)
            if moment > 0:
                time.sleep(moment)
                os.remove(own[kind])
            errors = child.communicate()[1]
            faults.count("vanished inputs, exit %d" % child.returncode)
            if child.returncode == 0:
                check_result(faults, "vanished %s" % kind, out, expected)
            elif child.returncode not in (65, 66) or not faults.has_three_parts(errors):
                faults.fail("%s vanished after %.2f s: exit %d: %s" % (kind, moment, child.returncode, errors))
            elif os.path.exists(out) or any(name.startswith(".run") for name in os.listdir(copy)):
                faults.fail("%s vanished: something was left" % kind)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--t1-kills", type=int, default=20)
    parser.add_argument("--mutations", type=int, default=2000)
    options = parser.parse_args()
    faults = Faults(options.command, options.folder, options.seed)
    scans = simulate(faults)
    print("== the undisturbed run", flush=True)
    expected, seconds = reference(faults, scans["scan"])
    t1 = simulate_t1(faults)
    t1_expected, t1_seconds = reference(faults, t1, fit_t1, "reference-t1")
    for title, check in [
        ("kills", lambda: kills(faults, scans["scan"], expected, seconds, options.kills)),
        ("kills of a T1 fit, inside a lesion",
         lambda: kills(faults, t1, t1_expected, t1_seconds, options.t1_kills, fit_t1, "T1 fits")),
        ("streams", lambda: streams(faults, scans["scan"], expected)),
        ("full and read-only disks", lambda: (full_disks(faults, scans["scan"], expected),
                                              read_only(faults, scans["scan"]))),
        ("vanished inputs", lambda: vanished(faults, scans["scan"], expected, seconds)),
        ("damaged files", lambda: damaged(faults, scans["tiny"], options.mutations)),
    ]:
        start = time.monotonic()
        print("==", title, flush=True)
        check()
        print("   %.0f s" % (time.monotonic() - start), flush=True)
    print()
    print("seed %d, an undisturbed run takes %.1f s, of T1 %.1f s" % (options.seed, seconds, t1_seconds))
    for figure, number in faults.figures.items():
        print("%6d  %s" % (number, figure))
    print("%6d  crashes, hangs, and results lost or half-written" % len(faults.failures))
    raise SystemExit(1 if faults.failures else 0)


if __name__ == "__main__":
    main()
