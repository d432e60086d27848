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
# # Bring your own model
#
# The command knows IVIM and T1. The library beneath it knows nothing of either: a model is **one formula with its derivatives**,
# and the posterior (amplitude and noise integrated out), the sampler, the diagnostics and the tables take it from there.
#
# `Examples/own-model` adds diffusion kurtosis in one file of sixty lines. This notebook shows that file, runs the program, and
# checks its answer against an independent computation.
#
# The formula is written over `Lane`, which is one number or eight side by side, so the same body serves a single voxel and a
# whole image. Research use only.

# %%
import os
import pathlib
import shutil
import subprocess

import matplotlib.pyplot as plt
import numpy as np

checkout = pathlib.Path(os.environ.get("IVIMBAYES_CHECKOUT", pathlib.Path.cwd().parent))
print((checkout / "Examples/own-model/DiffusionKurtosis.swift").read_text())

# %% [markdown]
# The program around it: signals, a prior, four chains, a table.

# %%
print((checkout / "Examples/own-model/OwnModel.swift").read_text())

# %%
program = shutil.which("own-model")
command = [program] if program else ["swift", "run", "--package-path", checkout, "-c", "release", "own-model"]
table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
print(table)

# %% [markdown]
# ## Is it right?
#
# Two parameters can be integrated on a grid. Here is the same posterior in a dozen lines of numpy that share nothing with the
# package: likelihood with S0 flat and p(sigma) = 1/sigma, both integrated out, so that
#
# $$\log m = -\tfrac12 \log G - \tfrac{N-1}{2} \log R .$$

# %%
b = np.array([0, 200, 400, 600, 800, 1000, 1400, 1800, 2200]) / 1000
y = np.array([998.0, 836, 705, 601, 517, 452, 355, 290, 252])
log_d, log_k = np.meshgrid(np.linspace(-0.15, 0, 800), np.linspace(-0.15, 0.05, 800), indexing="ij")
decay = np.exp(log_d)[..., None] * b
g = np.exp(decay * (decay * np.exp(log_k)[..., None] / 6 - 1))
gram = (g * g).sum(-1)
amplitude = (g * y).sum(-1) / gram
residual = ((y - amplitude[..., None] * g) ** 2).sum(-1)
log_density = -0.5 * np.log(gram) - 0.5 * (len(y) - 1) * np.log(residual)
log_density += -0.5 * (log_d / 0.5) ** 2 - 0.5 * ((log_k - np.log(0.8)) / 0.5) ** 2
weight = np.exp(log_density - log_density.max())
weight /= weight.sum()
exact = {}
for name, value in [("d", np.exp(log_d)), ("kurtosis", np.exp(log_k))]:
    mean = (weight * value).sum()
    exact[name] = (mean, np.sqrt((weight * (value - mean) ** 2).sum()))
exact

# %%
rows = {line.split()[0]: line.split() for line in table.splitlines()[1:] if line.strip()}
sampled = {"d": tuple(map(float, rows["d"][3:5])), "kurtosis": tuple(map(float, rows["kurtosis"][1:3]))}
for name, (mean, sd) in sampled.items():
    print(f"{name}: sampled {mean} ± {sd}, by quadrature {exact[name][0]:.4f} ± {exact[name][1]:.4f}")
    assert abs(mean - exact[name][0]) < 0.1 * exact[name][1] + 5e-4
    assert abs(sd / exact[name][1] - 1) < 0.15

# %%
figure, axis = plt.subplots(figsize=(5, 4))
axis.contour(np.exp(log_d), np.exp(log_k), weight, levels=6, cmap="viridis")
axis.errorbar(
    sampled["d"][0], sampled["kurtosis"][0], xerr=sampled["d"][1], yerr=sampled["kurtosis"][1], color="#9c5200", fmt="o",
    label="sampled: mean ± SD")
axis.set_xlabel("D (µm²/ms)")
axis.set_ylabel("kurtosis K")
axis.legend()
figure.tight_layout()

# %% [markdown]
# D and K are correlated: a larger kurtosis is paid for with a larger D. The intervals of the table are those of each alone; the
# draws hold the correlation.
#
# **Next steps.** Copy `Examples/own-model`, change the formula and its derivatives, and test the derivatives by finite differences
# before anything else. A posterior with magnitude noise is `MagnitudePosterior` in place of `AmplitudeMarginalPosterior`; for a
# model that is no curve at all, conform to `DifferentiableLogDensity` and sample with `NoUTurnSampler`.
