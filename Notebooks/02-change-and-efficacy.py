# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From two visits to a probability
#
# A patient with two lesions is scanned before and after treatment. Did the lesions change, by how much, how sure is that, and
# how does such a change compare with those of patients whose outcome is known? This notebook goes the whole way on a simulated
# patient, whose true change is known.
#
# Everything here is SYNTHETIC. Research use only.

# %%
import pathlib
import subprocess
import tempfile

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

folder = pathlib.Path(tempfile.mkdtemp())


def ivimbayes(*arguments, accept=(0,)):
    """Runs the command, shows what it prints, and stops the notebook if it fails."""
    finished = subprocess.run(["ivimbayes", *map(str, arguments)], capture_output=True, text=True)
    print(finished.stdout)
    assert finished.returncode in accept, finished.stderr


# %% [markdown]
# ## Two visits
#
# `simulate patient` writes a BIDS dataset: a diffusion scan and a T1 scan at each visit, lesions in a derivatives folder.

# %%
ivimbayes("simulate", "patient", "--out", folder / "patient", "--seed", 2)
files = sorted(str(path.relative_to(folder / "patient")) for path in (folder / "patient").rglob("*") if path.is_file())
print("\n".join(files))

# %% [markdown]
# Each scan is fitted on its own. The geometry of the two visits is not the same, and nothing is registered: the comparison is
# made between lesions, never between voxels.

# %%
subject = next((folder / "patient").glob("sub-*"))
runs = {}
for visit in ["pre", "post"]:
    session = subject / f"ses-{visit}"
    scan = next(session.glob("dwi/*_dwi.nii.gz"))
    # The lesions of the visit on the grid of its diffusion scan.
    lesions = next((folder / "patient/derivatives").rglob(f"*ses-{visit}*dseg.nii.gz"))
    runs[visit] = folder / f"ivim-{visit}"
    ivimbayes("fit", "ivim", scan, "--mask", lesions, "--lesions", lesions, "--out", runs[visit], "--seed", 1, "--quiet")

# %% [markdown]
# ## The change
#
# `delta` subtracts lesion functionals draw by draw, on the log axis (logit for f), and adds what two scans of an *unchanged*
# lesion differ by. That scan-to-scan variance comes from test-retest studies, and the table says which one and whether it is
# borrowed from another organ.

# %%
ivimbayes("delta", "--pre", runs["pre"], "--post", runs["post"], "--patient", "SYN", "--out", folder / "changes")
changes = pd.read_csv(folder / "changes/changes.tsv", sep="\t")
means = changes[changes.functional == "mean"]
means[["name", "parameter", "percent_median", "percent_q05", "percent_q95", "p_increase", "p_outside_rope",
       "observed_beyond_rc", "wsd_source", "grade"]].round(2)

# %%
shown = means[means.parameter.isin(["adc", "d", "f"]) & means.percent_median.notna()].reset_index(drop=True)
figure, axis = plt.subplots(figsize=(7, 0.5 * len(shown) + 1))
for row, change in shown.iterrows():
    axis.plot([change.percent_q05, change.percent_q95], [row, row], color="#0b4f6c", lw=3)
    axis.plot(change.percent_median, row, "o", color="#0b4f6c")
axis.axvline(0, color="#77736a", ls=":")
axis.set_yticks(range(len(shown)), shown.name + ", " + shown.parameter)
axis.set_xlabel("change, % (90 % interval, scan-to-scan variance included)")
figure.tight_layout()

# %% [markdown]
# Three different statements stand in a row, and they are not the same: the probability that the change has a *direction*
# (`p_increase`), that it is *large enough to matter* (`p_outside_rope`), and whether the *observed* difference is beyond what two
# scans differ by anyway (`observed_beyond_rc`).
#
# ## The efficacy probability
#
# Without a cohort of known outcomes there is none, and the command says so. With one (here synthetic, 23 patients) the question is
# how the change compares with those of the effective and of the ineffective group.

# %%
ivimbayes("simulate", "cohort", "--as-table", "--out", folder / "cohort", "--seed", 7)
ivimbayes("efficacy", "train", folder / "cohort/SYNTHETIC-cohort.tsv", "--features", "delta_adc", "--name", "SYNTHETIC",
          "--out", folder / "efficacy-model.json")
model = folder / "efficacy-model.json"
ivimbayes("efficacy", "predict", model, folder / "changes/changes.nc", "--force", "--out", folder / "efficacy")
efficacy = pd.read_csv(folder / "efficacy/efficacy.tsv", sep="\t")
efficacy[["level", "lesion", "p_effective", "p_lower", "p_upper", "p_logistic", "bayes_factor", "share_imaging", "share_cohort",
          "prevalence", "flag"]].round(2)

# %% [markdown]
# How to read the row. `p_effective` is the estimated probability, under the model, that a patient with such a change belongs to
# the effective group *of this cohort*. `p_lower` and `p_upper` show how much of that is the small cohort speaking. `share_imaging`
# and `share_cohort` divide the uncertainty: a better scan would remove only the first. `p_logistic` is a second model's opinion; where
# the two differ by more than 0.15 the row is flagged. The Bayes factor is the part that does not depend on the prevalence.
#
# It is a description of data, not a recommendation.

# %%
assert efficacy.p_effective.between(0, 1).all()
assert ((efficacy.p_lower <= efficacy.p_effective + 0.05) & (efficacy.p_effective <= efficacy.p_upper + 0.05)).all()
assert np.allclose(efficacy.share_imaging + efficacy.share_cohort, 1, atol=0.02)
