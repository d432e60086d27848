"""Opens a draws file with ArviZ and compares ArviZ's figures with those that the toolkit computed from the same draws.

usage: arviz_check.py FOLDER [RUN]     (FOLDER: example_draws.nc and example_figures.json, left by DrawsFileTests;
                                        RUN: the output folder of a fit with lesions)
Works with ArviZ 0.23 (InferenceData) and 1.x (xarray.DataTree).
"""
import csv
import json
import pathlib
import sys

import arviz
import numpy

FIGURES = ["mean", "sd", "ess_bulk", "ess_tail", "r_hat", "mcse_mean", "mcse_sd"]
TOLERANCE = 1e-6


def dataset(group):
    """The dataset of a group, of either generation."""
    return group.to_dataset() if hasattr(group, "to_dataset") else group


def figures_of(draws):
    """FIGURES of one chains x draws array, unrounded."""
    return [
        draws.mean(), draws.std(ddof=1),
        arviz.ess(draws, method="bulk"), arviz.ess(draws, method="tail", prob=(0.05, 0.95)), arviz.rhat(draws),
        arviz.mcse(draws, method="mean"), arviz.mcse(draws, method="sd"),
    ]


def check_structure(tree):
    posterior = dataset(tree["posterior"])
    assert posterior["d_mean"].dims == ("chain", "draw", "lesion"), posterior["d_mean"].dims
    assert posterior["d_mean"].attrs["units"] == "mm²/s"
    assert posterior["t1_mean"].dtype == numpy.float64, "a unit of seconds was taken for a duration"
    assert posterior["f"].dtype == numpy.float32
    assert list(posterior["lesion"].values) == [1, 255]
    assert [str(name) for name in posterior["hyperparameter"].values][2] == "λ"
    assert posterior.attrs["inference_library"] == "IVIMBayes"
    assert "inference_library_version" in posterior.attrs
    statistics = dataset(tree["sample_stats"])
    assert statistics["diverging"].dtype == bool and int(statistics["diverging"].sum()) == 1
    places = dataset(tree["constant_data"])
    assert list(places["voxel_i"].values) == [10, 11, 11, 40, 41]
    assert list(places["voxel_lesion"].values) == [1, 1, 1, 255, 255]
    assert [str(name) for name in places["lesion_name"].values] == ["tumour", "lymph node, left"]
    assert dataset(tree["observed_data"])["signal"].shape == (3,)


def check_figures(tree, expected):
    posterior = dataset(tree["posterior"])
    compared = 0
    for name, elements in expected.items():
        array = posterior[name]
        values = array.values.reshape(array.shape[0], array.shape[1], -1).astype(float)
        for element, ours in enumerate(elements):
            theirs = [float(figure) for figure in figures_of(values[:, :, element])]
            for figure, our, their in zip(FIGURES, ours, theirs):
                assert abs(our - their) <= TOLERANCE * abs(their), (name, element, figure, our, their)
                compared += 1
    return compared


def check_summary(tree, expected):
    """`arviz.summary` lists every element and agrees."""
    table = arviz.summary(tree, round_to="none")
    singles = {name for name, array in dataset(tree["posterior"]).items() if array.dtype == numpy.float32}
    rows = sum(len(elements) for elements in expected.values())
    assert len(table) == rows, (len(table), rows)
    columns = {figure: index for index, figure in enumerate(FIGURES) if figure in table.columns}
    assert {"mean", "sd", "ess_bulk", "ess_tail", "r_hat"} <= set(columns), list(table.columns)
    for name, elements in expected.items():
        matching = [row for row in table.index if row == name or row.startswith(name + "[")]
        assert len(matching) == len(elements), (name, matching)
        for row, ours in zip(matching, elements):
            for figure, index in columns.items():
                their = float(table.loc[row, figure])
                # ArviZ computes in the precision of the file, we in double: ties of |x - median| differ.
                tolerance = 1e-3 if name in singles else TOLERANCE
                assert abs(ours[index] - their) <= tolerance * abs(their), (row, figure, ours[index], their)
    return rows


def check_run(folder):
    """The draws of a fit give the figures of its lesion table, and the table lists every lesion and functional."""
    [draws_file] = folder.glob("*_draws.nc")
    [table_file] = folder.glob("*_lesions.tsv")
    posterior = dataset(arviz.from_netcdf(str(draws_file))["posterior"])
    with open(table_file, newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    lesions = [int(label) for label in posterior["lesion"].values]
    by_lesion = [name for name, array in posterior.items() if array.dims == ("chain", "draw", "lesion")]
    population = [name for name in by_lesion if name.split("_")[0] in ("mu", "tau", "lambda", "rho")]
    assert {"mu_d", "tau_f", "lambda_adc", "rho_d_f"} <= set(population), population
    functionals = [name for name in by_lesion if name not in population]
    assert len(rows) == len(lesions) * len(functionals) > 0, (len(rows), lesions, functionals)
    assert posterior.sizes["chain"] == 4 and posterior.sizes["voxel"] >= len(lesions), dict(posterior.sizes)
    for row in rows:
        array = posterior[f"{row['parameter']}_{row['functional']}"]
        draws = array.values[:, :, lesions.index(int(row["lesion"]))]
        assert numpy.isfinite(draws).all(), row
        # The file keeps as many draws of every lesion as the shortest has, so a table row may rest on more.
        assert abs(draws.mean() - float(row["mean"])) <= 0.1 * float(row["sd"]), (row, draws.mean())
        assert abs(draws.std(ddof=1) / float(row["sd"]) - 1) <= 0.1, (row, draws.std(ddof=1))
        if row["status"] == "pass":
            assert float(arviz.rhat(draws)) < 1.02, row
    print(f"ArviZ {arviz.__version__}: {draws_file.name} of a fit opened, {len(rows)} rows of its lesion table agree")
    check_likelihood(draws_file)


def check_likelihood(draws_file):
    """`arviz.loo` takes the file as it is, and the log-likelihood is that of the draws beside it (Gaussian noise)."""
    tree = arviz.from_netcdf(str(draws_file))
    if "log_likelihood" not in (tree.groups() if callable(tree.groups) else [name.strip("/") for name in tree.groups]):
        return
    posterior, likelihood = dataset(tree["posterior"]), dataset(tree["log_likelihood"])["signal"]
    observed = dataset(tree["observed_data"])
    y, b = observed["signal"].values, observed["observation_setting"].values
    voxels = observed["observation_voxel"].values
    s0, sigma, d, f, dstar = (
        posterior[name].values[:, :, voxels].astype(float) for name in ["s0", "sigma", "d", "f", "dstar"])
    signal = s0 * (f * numpy.exp(-b * dstar) + (1 - f) * numpy.exp(-b * d))
    expected = -0.5 * numpy.log(2 * numpy.pi * sigma**2) - 0.5 * ((y - signal) / sigma) ** 2
    difference = float(numpy.abs(likelihood.values - expected).max())
    assert difference < 1e-3, difference
    loo = arviz.loo(tree)
    elpd, complexity = (float(getattr(loo, name, getattr(loo, other, None))) for name, other in
                        [("elpd_loo", "elpd"), ("p_loo", "p")])
    # Between one parameter for all voxels and five for each.
    assert numpy.isfinite(elpd) and 1 < complexity < 5 * posterior.sizes["voxel"], (elpd, complexity)
    assert elpd < float(likelihood.mean(("chain", "draw")).sum()), elpd
    print(f"ArviZ {arviz.__version__}: loo of {y.size} measurements: elpd {elpd:.1f}, p {complexity:.1f}; "
          f"log-likelihoods agree to {difference:.1g}")


def main(folder, run=None):
    expected = json.loads((folder / "example_figures.json").read_text())
    if not arviz.__version__.startswith("0."):
        # ArviZ 1.x takes the tails of its tail ESS from the probability of its intervals; we take 5 % and 95 %.
        arviz.rcParams["stats.ci_prob"] = 0.95
    tree = arviz.from_netcdf(str(folder / "example_draws.nc"))
    check_structure(tree)
    rows = check_summary(tree, expected)
    compared = check_figures(tree, expected)
    print(f"ArviZ {arviz.__version__}: opened, {rows} rows of summary and {compared} figures agree to {TOLERANCE:g}")
    if run:
        check_run(run)


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:3]))
