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
# # A first fit, and how to read it
#
# A diffusion scan goes in; posteriors of D, f, D* and ADC come out, for every voxel and every lesion. This notebook makes a
# scan whose truth is known, fits it with one command, and reads the answer in the order in which one should read it:
# **was the sampling sound, what did the scan measure, what came from the prior, and only then: what is the value.**
#
# Everything here is SYNTHETIC. Research use only.

# %%
import pathlib
import subprocess
import tempfile

import arviz as az
import matplotlib.pyplot as plt
import nibabel as nib
import numpy as np
import pandas as pd

folder = pathlib.Path(tempfile.mkdtemp())


def ivimbayes(*arguments, accept=(0,)):
    """Runs the command, shows what it prints, and stops the notebook if it fails."""
    finished = subprocess.run(["ivimbayes", *map(str, arguments)], capture_output=True, text=True)
    print(finished.stdout)
    assert finished.returncode in accept, finished.stderr
    return finished.returncode


# %% [markdown]
# ## A scan with two lesions
#
# 15 b-values, a signal-to-noise ratio of 40 in the background, two ellipsoids of other tissue. The truth lies beside the scan.

# %%
ivimbayes("simulate", "phantom", "--out", folder / "phantom", "--seed", 1)
scan = folder / "phantom/sub-phantom/dwi/sub-phantom_dwi.nii.gz"
truth = folder / "phantom/derivatives/truth/sub-phantom/dwi"
signal = nib.load(scan).get_fdata()
labels = nib.load(truth / "sub-phantom_dseg.nii.gz").get_fdata()
b = np.loadtxt(str(scan).replace(".nii.gz", ".bval"))
slice_index = int(labels.sum(axis=(0, 1)).argmax())

figure, axes = plt.subplots(1, 3, figsize=(11, 3.2))
for axis, volume in zip(axes, [0, len(b) // 2, len(b) - 1]):
    axis.imshow(signal[:, :, slice_index, volume].T, cmap="gray", origin="lower")
    axis.contour(labels[:, :, slice_index].T, levels=[0.5, 1.5], colors="C1", linewidths=1)
    axis.set_title(f"b = {b[volume]:.0f} s/mm²")
    axis.axis("off")

# %% [markdown]
# ## The fit
#
# One command. The lesions are fitted as wholes (joint draws of all their voxels), the rest voxel by voxel.

# %%
ivimbayes("fit", "ivim", scan, "--lesions", truth / "sub-phantom_dseg.nii.gz", "--lesion-names", truth / "sub-phantom_dseg.tsv",
          "--out", folder / "run", "--seed", 1, "--quiet")

# %% [markdown]
# ## First question: was the sampling sound?
#
# `diagnose` ends with 0 (pass), 1 (warn) or 2 (fail), and says what to do. A pass says that the *computation* can be trusted,
# not that the model suits the tissue.

# %%
verdict = ivimbayes("diagnose", folder / "run", accept=(0, 1))

# %% [markdown]
# ## Second question: what did the scan measure?
#
# Every row of the lesion table has a **grade**. *Data-dominated* is a measurement. *Mixed* is a measurement that the prior has
# helped. *Prior-dominated* is the prior in disguise, and is not to be interpreted.

# %%
table = pd.read_csv(next((folder / "run").glob("*_lesions.tsv")), sep="\t")
means = table[table.functional == "mean"].set_index(["name", "parameter"])
means[["median", "q05", "q95", "contraction", "grade", "status"]]

# %% [markdown]
# ## Third question: what is the value?
#
# With 90 % probability, given model, prior and data, the parameter lies between `q05` and `q95`. As the truth is known here, it
# can be held against the interval. Log-scale parameters have geometric means.

# %%
true_map = {p: nib.load(next(truth.glob(f"*param-{p}_*dwimap.nii.gz"))).get_fdata() for p in ["d", "f", "dstar"]}
lesion_names = table.drop_duplicates("lesion").set_index("lesion")["name"]
figure, axes = plt.subplots(1, 3, figsize=(11, 2.4))
for axis, parameter in zip(axes, ["d", "f", "dstar"]):
    for row, (label, name) in enumerate(lesion_names.items()):
        inside = true_map[parameter][labels == label]
        true_value = inside.mean() if parameter == "f" else np.exp(np.log(inside).mean())
        estimate = means.loc[(name, parameter)]
        axis.plot([estimate.q05, estimate.q95], [row, row], color="#0b4f6c", lw=3)
        axis.plot(estimate["median"], row, "o", color="#0b4f6c")
        axis.plot(true_value, row, "|", color="#9c5200", ms=16, mew=3)
        # Far from the interval means a wrong fit, not bad luck.
        half = (estimate.q95 - estimate.q05) / 2
        assert abs(true_value - estimate["median"]) < 4 * half, (name, parameter, true_value)
    axis.set_yticks(range(len(lesion_names)), lesion_names)
    axis.set_ylim(-0.6, len(lesion_names) - 0.4)
    axis.set_xlabel({"d": "D (mm²/s)", "f": "f", "dstar": "D* (mm²/s)"}[parameter])
figure.suptitle("90 % interval (blue) and truth (brown)")
figure.tight_layout()

# %% [markdown]
# ## Maps: the value, its uncertainty, and the grade
#
# A map of medians alone hides where the data are silent. The grade map shows it: 1 data, 2 mixed, 3 prior-dominated.

# %%
def run_map(parameter, kind):
    return nib.load(next((folder / "run").glob(f"*param-{parameter}_desc-{kind}_dwimap.nii.gz"))).get_fdata()


figure, axes = plt.subplots(3, 3, figsize=(10, 9))
for row, parameter in zip(axes, ["d", "f", "dstar"]):
    for axis, kind, colours in zip(row, ["median", "sd", "grade"], ["viridis", "cividis", "Purples"]):
        picture = axis.imshow(run_map(parameter, kind)[:, :, slice_index].T, origin="lower", cmap=colours)
        axis.contour(labels[:, :, slice_index].T, levels=[0.5, 1.5], colors="white", linewidths=0.8)
        axis.set_title(f"{parameter}: {kind}")
        axis.axis("off")
        figure.colorbar(picture, ax=axis, shrink=0.75)

share = {p: float((run_map(p, "grade") == 3).sum() / (run_map(p, "grade") > 0).sum()) for p in ["d", "f", "dstar"]}
print({p: f"{100 * s:.0f} % of voxels prior-dominated" for p, s in share.items()})

# %% [markdown]
# D* of single voxels is the weak spot of IVIM at clinical signal-to-noise ratios. The number exists in every least-squares map
# too; the difference is that here it says of itself that it means little.
#
# ## The draws, in ArviZ
#
# `STEM_draws.nc` opens with `arviz.from_netcdf`, without conversion: functionals of lesions along `lesion`, parameters of their
# voxels along `voxel`, all from the same joint draws.

# %%
draws = az.from_netcdf(str(next((folder / "run").glob("*_draws.nc"))))
summary = az.summary(draws, var_names=["d_mean", "f_mean", "adc_mean"], round_to="none")
summary

# %%
az.plot_rank(draws, var_names=["d_mean", "f_mean"])
plt.show()

# %% [markdown]
# Rank plots of chains that agree are flat.
#
# ## Why joint draws?
#
# The interval of a lesion's mean cannot be had from the maps of means and SDs. Draw by draw it is simply the spread of the mean.
# Treating voxels as unrelated, as one must with maps alone, gives another answer.

# %%
posterior = draws["posterior"]
places = draws["constant_data"]
first = int(posterior["lesion"].values[0])
voxels = posterior["f"].values[:, :, places["voxel_lesion"].values == first]
joint = posterior["f_mean"].values[:, :, 0].std()
unrelated = np.sqrt((voxels.reshape(-1, voxels.shape[2]).std(axis=0) ** 2).sum()) / voxels.shape[2]
print(f"SD of the lesion's mean f: joint draws {joint:.5f}, voxels taken as unrelated {unrelated:.5f}")

# %%
assert verdict in (0, 1)
assert (summary["r_hat"].astype(float) < 1.05).all()
assert means.loc[(slice(None), "d"), "grade"].eq("data-dominated").all()
