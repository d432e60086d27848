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
# # What 23 patients can and cannot say
#
# A study of 23 patients with advanced lung cancer under immunotherapy reported that T1 after treatment and the change of ADC
# separate effective from ineffective treatment with areas under the ROC curve of **0.871** and **0.886**; effective treatment
# lowered T1 (p = 0.008) and raised ADC (p = 0.013). These are point estimates. This notebook asks what such numbers are worth
# at n = 23, by arithmetic first and then by simulation, where the truth is known.
#
# Nothing here uses patient data. All cohorts are SYNTHETIC. Research use only.

# %%
import pathlib
import subprocess
import tempfile

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import norm

folder = pathlib.Path(tempfile.mkdtemp())
random = np.random.default_rng(23)


def ivimbayes(*arguments):
    """Runs the command and stops the notebook if it fails."""
    finished = subprocess.run(["ivimbayes", *map(str, arguments)], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


# %% [markdown]
# ## 1. The interval that belongs to the number
#
# The abstract does not say how the 23 divide. For each division the standard error of Hanley and McNeil (1982) gives an interval.

# %%
def hanley_mcneil(auc, positives, negatives):
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    return np.sqrt((auc * (1 - auc) + (positives - 1) * (q1 - auc**2) + (negatives - 1) * (q2 - auc**2)) / (positives * negatives))


rows = []
for positives in range(6, 18):
    for name, auc in [("T1 after treatment", 0.871), ("change of ADC", 0.886)]:
        error = hanley_mcneil(auc, positives, 23 - positives)
        rows.append((name, positives, auc - 1.96 * error, min(1.0, auc + 1.96 * error)))
intervals = pd.DataFrame(rows, columns=["feature", "effective", "low", "high"])

figure, axis = plt.subplots(figsize=(7, 3))
for shift, (name, group), colour in zip([-0.12, 0.12], intervals.groupby("feature"), ["#0b4f6c", "#9c5200"]):
    axis.vlines(group.effective + shift, group.low, group.high, color=colour, lw=3, label=name)
axis.axhline(0.5, color="#77736a", ls=":")
axis.set_xlabel("patients with effective treatment, of 23")
axis.set_ylabel("AUC, 95 % interval")
axis.legend()
figure.tight_layout()
print(f"lowest and highest ends: {intervals.low.min():.2f} to {intervals.high.max():.2f}")
assert 0.65 < intervals.low.min() < intervals.low.max() < 0.76

# %% [markdown]
# From about 0.7 to 1: "useful" and "nearly perfect" are both in it.
#
# ## 2. What an observed AUC of 0.88 says of the true one
#
# Ten thousand studies with 12 against 11 patients, for true AUCs on a grid. The observed AUC scatters by 0.07.

# %%
def observed_aucs(true_auc, count, positives=12, negatives=11):
    distance = np.sqrt(2) * norm.ppf(true_auc)
    effective = random.normal(distance, 1, (count, positives, 1))
    ineffective = random.normal(0, 1, (count, 1, negatives))
    return (effective > ineffective).mean(axis=(1, 2))


true = np.linspace(0.55, 0.97, 22)
studies = {auc: observed_aucs(auc, 4000) for auc in true}
near = np.array([np.mean(np.abs(studies[auc] - 0.886) < 0.02) for auc in true])
posterior = near / near.sum()
cumulative = np.interp([0.05, 0.5, 0.95], posterior.cumsum(), true)

figure, axes = plt.subplots(1, 2, figsize=(10, 3.2))
for auc, colour in zip(true[[5, 11, 17]], ["#9c5200", "#77736a", "#0b4f6c"]):
    axes[0].hist(studies[auc], bins=40, range=(0.3, 1), histtype="step", color=colour, label=f"true AUC {auc:.2f}", lw=2)
axes[0].axvline(0.886, color="k", lw=1)
axes[0].set_xlabel("AUC observed in 12 + 11 patients")
axes[0].legend()
axes[1].plot(true, posterior, color="#0b4f6c")
axes[1].set_xlabel("true AUC")
axes[1].set_ylabel("weight, given 0.886 observed (flat prior)")
figure.tight_layout()
print(f"true AUC given an observed 0.886: median {cumulative[1]:.2f}, 90 % interval {cumulative[0]:.2f} to {cumulative[2]:.2f}")

# %% [markdown]
# ## 3. The best of fifteen
#
# Five parameters (T1, ADC, f, D, D*) at two visits and their change make fifteen features. If *none* of them had anything to
# do with the outcome, how good would the best one look?

# %%
best = np.max([np.maximum(a, 1 - a) for a in (observed_aucs(0.5, 4000) for _ in range(15))], axis=0)
print(f"best AUC of 15 useless features: median {np.median(best):.2f}, 95th percentile {np.quantile(best, 0.95):.2f}")
smallest_p = random.uniform(size=(4000, 15)).min(axis=1)
print(f"smallest of 15 p-values under no effect: below 0.013 in {100 * np.mean(smallest_p < 0.013):.0f} % of studies")

# %% [markdown]
# A single AUC near 0.75 is what chance alone offers to who looks at fifteen features. 0.88 is more than chance, but it is the
# winner of a selection, and winners shrink.
#
# ## 4. The same with the command: a synthetic study of 23
#
# `simulate cohort --as-table` makes 23 patients with known response; `cohort` makes the tables of a clinical paper, each AUC with
# its intervals, each p with its Holm and Benjamini-Hochberg partners.

# %%
ivimbayes("simulate", "cohort", "--as-table", "--out", folder / "study", "--seed", 23)
cohort = folder / "study/SYNTHETIC-cohort.tsv"
ivimbayes("cohort", cohort, "--out", folder / "tables")
roc = pd.read_csv(folder / "tables/roc.tsv", sep="\t")
response = roc[roc.grouping == "response"].set_index("feature")
response[["auc", "delong_low", "delong_high", "bootstrap_low", "bootstrap_high", "latent_auc", "lopo_auc"]].round(2)

# %%
groups = pd.read_csv(folder / "tables/groups.tsv", sep="\t")
small = groups[groups.grouping == "response"].set_index("feature")
small[["mann_whitney_p", "welch_p", "p_holm", "p_bh"]].round(3)

# %% [markdown]
# Read three columns together: the apparent AUC, its interval, and `lopo_auc`, in which every patient is scored by a rule that
# has not seen that patient.
#
# ## 5. From a group difference to one patient
#
# A separation of groups is not yet a probability for a patient. `efficacy train` fits the two groups with measurement error and
# judges itself by leaving one patient out.

# %%
ivimbayes("efficacy", "train", cohort, "--out", folder / "efficacy-model.json")
judgement = ivimbayes("efficacy", "train", cohort, "--out", folder / "again.json")
print(judgement)

# %% [markdown]
# ## What to take home
#
# - At n = 23 an AUC of 0.88 is "between 0.7 and 1". Print the interval, always.
# - With fifteen candidates the best one looks good by chance. Print the number of candidates and the adjusted p.
# - A probability for one patient carries three uncertainties: of the two scans, of what two scans differ by anyway, and of the
#   small cohort. The last is usually the largest, and no better scan removes it.
# - What such a study *can* say: which direction, roughly how much, and how many patients the next study needs.

# %%
target = 0.05
needed = next(n for n in range(10, 400) if hanley_mcneil(0.88, n, n) < target)
print(f"for a standard error of {target} of an AUC of 0.88: {2 * needed} patients")
assert 2 * needed > 23
