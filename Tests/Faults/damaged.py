"""Damaged files of every kind that a command reads. Each ends in a result or in an error of three parts."""

import gzip
import os
import shutil
import struct
import subprocess
import time

from mutations import mutate

# Exit codes of the interface; 1 and 2 are verdicts, and only `diagnose` gives them.
DOCUMENTED = {0, 64, 65, 66, 73, 74}
SHORT = ["--draws", "8", "--chains", "1", "--warmup", "4", "--quiet"]
TEXTS = {
    "priors.json": '{"name": "own", "d": {"median": 1.1e-3, "sd_log": 0.4}, "heterogeneity": {"d": 0.3}}',
    "config.json": '{"min-ess": 100, "tissue": "liver", "adc-range": [0, 900], "exclude-volumes": ["1:3"], "sigma": 12.5}',
    "curves.tsv": "id\tlesion\tsetting\tsignal\tn\n" + "".join(
        "p1\tone\t%d\t%.1f\t1\n" % (b, 1000 * (0.8 * 2.718 ** (-b / 900) + 0.2)) for b in (0, 50, 100, 400, 800)),
    "t1.json": '{"InversionTime": [0.1, 0.4, 1.0, 2.5, 5.0], "RepetitionTimeExcitation": 6, "PatientName": "X"}',
    "nex.txt": " ".join(["1", "2", "1"] * 5) + "\n",
    "blood.json": '{"echo_time": 0.060, "repetition_time": 3.0, "field_strength": 3,'
                  ' "tissue": {"t1": {"median": 1.4, "sd_log": 0.1}, "t2": {"median": 0.07, "sd_log": 0.3}}}',
    "pairs.tsv": "subject\tparameter\tfirst\tsecond\na\tadc\t1.1e-3\t1.2e-3\nb\tadc\t1.3e-3\t1.25e-3\n"
                 "c\tadc\t0.9e-3\t1.0e-3\nd\tadc\t1.0e-3\t1.02e-3\n",
    "groups.json": '{"name": "study", "feature": "delta_adc", "effective": {"n": 12, "mean": 0.20, "sd": 0.15},'
                   ' "ineffective": {"n": 11, "mean": 0.02, "sd": 0.14}, "prevalence": 0.5}',
    "phantom.json": '{"shape": [4, 4, 2], "snr": 40, "b_values": [0, 50, 400, 800], "lesions":'
                    ' [{"name": "one", "center": [1.5, 1.5, 0.5], "radii": [1.2, 1.2, 1], "tissue": {"d": 1e-3}}]}',
    "patient.json": '{"shape": [10, 9, 4], "lesions": [{"center": [4, 4, 1.5], "radii": [2.2, 2, 1.2], "size": 0.9,'
                    ' "change": {"d": 0.2, "t1": -0.1}}], "scan": {"diffusion": {"b_values": [0, 50, 400, 800], "snr": 30},'
                    ' "t1": {"settings": [0.1, 0.7, 2.5]}, "visits": [{"name": "pre"}, {"name": "post", "progress": 1}]}}',
    "cohort.json": '{"patients": 6, "effective": 3, "lesions_per_patient": [1, 2], "diameter_mm": [10, 14], "size":'
                   ' {"PD": 1.2}, "table_noise": {"spread": 3}, "scan": {"voxel_size": [2.5, 2.5, 5.0]}}',
    "match.tsv": "pre\tpost\tname\n1\t1\tone\n",
}


class Kind:
    """A kind of file: where an undamaged one is, where the damaged one is put, and the command that reads it."""

    def __init__(self, name, source, place, command, complete=(), verdicts=()):
        self.name, self.source, self.place, self.command = name, source, place, command
        self.complete, self.codes = complete, DOCUMENTED | set(verdicts)


class Damaged:
    """The files, and `out`, which every command is told to make."""

    def __init__(self, faults, scan):
        self.faults, self.scan, self.folder = faults, scan, faults.path("damaged")
        os.makedirs(self.folder)
        for name, text in TEXTS.items():
            with open(self.path(name), "w") as file:
                file.write(text)
        self.out = self.path("out")
        self.undamaged()
        # The marks of single files are ours; what is left behind later is not.
        for name in os.listdir(self.folder):
            if name.endswith(".ivimbayes.json"):
                os.remove(os.path.join(self.folder, name))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def make(self, *arguments):
        status, errors = self.faults.run(*arguments)
        assert status in (0, 1), (arguments, errors)

    def undamaged(self):
        """Two runs with draws, their change, a cohort with its model, and an image of each form."""
        for name, seed in (("pre", "1"), ("post", "2")):
            self.make(*self.fit({}, "--draws", "200", "--chains", "2", "--quiet", "--seed", seed, out=self.path(name)))
        for copy in ("summarized", "diagnosed", "compared", "reported", "repeated", "paged", "recorded"):
            shutil.copytree(self.path("pre"), self.path(copy))
        self.make("delta", "--force", "--pre", self.path("pre"), "--post", self.path("post"), "--quiet", "--out", self.path("changes"))
        self.make("simulate", "cohort", "--as-table", "--seed", "7", "--out", self.path("cohort"))
        self.make("repeatability", self.path("pairs.tsv"), "--out", self.path("repeatability"))
        self.make("efficacy", "train", self.cohort, "--features", "delta_adc", "--quiet", "--out", self.path("model.json"))
        plain = subprocess.run(["gzip", "-dc", self.scan["image"]], capture_output=True, check=True).stdout
        with open(self.path("plain.nii"), "wb") as file:
            file.write(plain)
        five_volumes(plain, self.path("damaged-t1.nii.gz"))

    @property
    def cohort(self):
        return self.path("cohort", "SYNTHETIC-cohort.tsv")

    def fit(self, change, *more, out=None):
        files = {**self.scan, **change}
        return ["fit", "ivim", files["image"], "--bval", files["bval"], "--lesions", files["lesions"], "--lesion-names",
                files["names"], "--out", out or self.out, *more]

    def kinds(self):
        out = ["--out", self.out, "--quiet"]
        whole = ("_run.json", "_lesions.tsv", "_draws.nc")

        def option(name, source, suffix, arguments, complete=()):
            place = self.path("damaged-" + name.replace(" ", "-") + suffix)
            return Kind(name, source, place, arguments(place), complete)

        def fitted(name, source, suffix, key):
            return option(name, source, suffix, lambda file: self.fit({key: file}, *SHORT), whole)

        def with_option(name, source, suffix, flag):
            return option(name, source, suffix, lambda file: self.fit({}, flag, file, *SHORT), whole)

        def within(name, folder, suffix, command, verdicts=()):
            [file] = [file for file in os.listdir(self.path("pre")) if file.endswith(suffix)]
            return Kind(name, self.path("pre", file), self.path(folder, file), command, verdicts=verdicts)

        scan, path = self.scan, self.path
        return [
            fitted("image.nii.gz", scan["image"], ".nii.gz", "image"), fitted("image.nii", path("plain.nii"), ".nii", "image"),
            fitted("bval", scan["bval"], ".bval", "bval"), fitted("labels", scan["lesions"], ".nii.gz", "lesions"),
            fitted("names", scan["names"], ".tsv", "names"), with_option("mask", scan["lesions"], ".nii.gz", "--mask"),
            with_option("averages", path("nex.txt"), ".txt", "--averages"),
            with_option("sigma map", scan["lesions"], ".nii.gz", "--sigma"),
            with_option("priors", path("priors.json"), ".json", "--priors"),
            with_option("options", path("config.json"), ".json", "--config"),
            with_option("blood correction", path("blood.json"), ".json", "--blood-correction"),
            option("curves", path("curves.tsv"), ".tsv", lambda file: ["fit", "ivim", file, "--out", self.out, *SHORT], whole),
            # The sidecar is found by the name of its image.
            Kind("sidecar", path("t1.json"), path("damaged-t1.json"),
                 ["fit", "t1", path("damaged-t1.nii.gz"), "--method", "ir", "--out", self.out, *SHORT], ("_run.json",)),
            option("phantom plan", path("phantom.json"), ".json", lambda file: ["simulate", "phantom", "--plan", file, *out[:2]]),
            option("patient plan", path("patient.json"), ".json", lambda file: ["simulate", "patient", "--plan", file, *out[:2]]),
            option("cohort plan", path("cohort.json"), ".json", lambda file: [
                "simulate", "cohort", "--as-table", "--plan", file, *out[:2]]),
            option("pairs", path("pairs.tsv"), ".tsv", lambda file: ["repeatability", file, *out[:2]]),
            option("repeatability", path("repeatability", "repeatability.json"), ".json", lambda file: [
                "delta", "--force", "--pre", path("pre"), "--post", path("post"), "--repeatability", file, *out]),
            option("match", path("match.tsv"), ".tsv", lambda file: [
                "delta", "--force", "--pre", path("pre"), "--post", path("post"), "--match", file, *out]),
            option("cohort", self.cohort, ".tsv", lambda file: ["efficacy", "train", file, "--features", "delta_adc", *out]),
            option("model", path("model.json"), ".json", lambda file: [
                "efficacy", "predict", file, path("changes", "changes.nc"), "--force", *out]),
            option("changes", path("changes", "changes.nc"), ".nc", lambda file: [
                "efficacy", "predict", path("model.json"), file, "--force", *out]),
            option("group summaries", path("groups.json"), ".json", lambda file: ["efficacy", "from-summary", file, *out[:2]]),
            within("lesion table", "summarized", "_lesions.tsv", ["summarize", path("summarized")]),
            within("run file", "diagnosed", "_run.json", ["diagnose", path("diagnosed")], (1, 2)),
            within("run file as options", "repeated", "_run.json", self.fit(
                {}, "--config", path("repeated", os.path.basename(self.run_file())), *SHORT)),
            within("draws", "compared", "_draws.nc", ["delta", "--force", "--pre", path("compared"), "--post", path("post"), *out]),
            within("signals", "reported", "_signals.tsv", ["report", path("reported"), "--out", self.out]),
            within("lesion table of a page", "paged", "_lesions.tsv", ["report", path("paged"), "--out", self.out]),
            within("run file of a page", "recorded", "_run.json", ["report", path("recorded"), "--out", self.out]),
        ]

    def run_file(self):
        return next(file for file in os.listdir(self.path("pre")) if file.endswith("_run.json"))

    def check(self, kind, index):
        """One damaged file of one kind."""
        faults = self.faults
        with open(kind.source, "rb") as file:
            damaged = mutate(file.read(), faults.random)
        with open(kind.place, "wb") as file:
            file.write(damaged)
        mark = os.path.join(self.folder, ".%s.ivimbayes.json" % os.path.basename(self.out))
        if os.path.exists(mark) and not os.path.exists(self.out):
            os.remove(mark)  # Of a page that was made for the next kinds, and moved.
        start = time.monotonic()
        # Twenty times what the slowest kind takes on an idle machine.
        status, errors = faults.run(*kind.command, timeout=120, limited=True)
        if time.monotonic() - start > 20:
            print("damaged %s %d took %.0f s" % (kind.name, index, time.monotonic() - start), flush=True)
        faults.count("damaged files")
        faults.count("damaged files, exit %s" % status)
        problems = []
        if status not in kind.codes:
            problems.append("exit %s: %s" % (status, errors[-400:]))
        elif status in (0, 1, 2):
            files = os.listdir(self.out) if os.path.isdir(self.out) else []
            problems += ["a run without " + suffix for suffix in kind.complete
                         if not any(name.endswith(suffix) for name in files)]
        else:
            if os.path.exists(self.out):
                problems.append("exit %s, but something was made" % status)
            if not faults.has_three_parts(errors):
                problems.append("exit %s says %s" % (status, errors[-400:]))
        if status in (0, 1, 2) and os.path.exists(self.out) and os.path.exists(mark):
            os.remove(mark)  # What was made has its mark.
        left = [name for name in os.listdir(self.folder) if name.startswith(".")]
        if left:
            problems.append("left behind %s" % left)
        for problem in problems:
            faults.fail("damaged %s %d: %s" % (kind.name, index, problem))
        if problems:
            kept = "/tmp/ivimbayes-damaged-%d-%s" % (index, os.path.basename(kind.place))
            shutil.copy(kind.place, kept)
            print("   kept as %s" % kept, flush=True)
        for name in left + ["out"]:
            shutil.rmtree(self.path(name)) if os.path.isdir(self.path(name)) else None
            os.remove(self.path(name)) if os.path.exists(self.path(name)) else None


def damaged(faults, scan, wanted):
    """Nothing crashes, hangs or stays, whatever is done to any file that a command reads."""
    place = Damaged(faults, scan)
    kinds = place.kinds()
    for kind in kinds:
        # Undamaged, every kind is read without complaint.
        shutil.copy(kind.source, kind.place)
        status, errors = faults.run(*kind.command)
        if status not in {0} | (kind.codes & {1, 2}):
            faults.fail("undamaged %s: exit %s: %s" % (kind.name, status, errors[-400:]))
        subprocess.run(["rm", "-rf", place.out], check=True)
    for index in range(wanted):
        place.check(kinds[index % len(kinds)], index)
    faults.count("kinds of files among them", len(kinds))


def five_volumes(plain, place):
    """The first five volumes of an image, as a T1 series."""
    whole = bytearray(plain)
    dim = list(struct.unpack_from("<8h", whole, 40))
    size = 4 * dim[1] * dim[2] * dim[3]
    dim[4] = 5
    struct.pack_into("<8h", whole, 40, *dim)
    with gzip.open(place, "wb") as file:
        file.write(whole[:352 + 5 * size])
