"""Opens a draws file with ArviZ and compares ArviZ's figures with those that the toolkit computed from the same draws.

usage: arviz_check.py FOLDER     (example_draws.nc and example_figures.json, left by DrawsFileTests)
Works with ArviZ 0.23 (InferenceData) and 1.x (xarray.DataTree).
"""
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


def main(folder):
    expected = json.loads((folder / "example_figures.json").read_text())
    if not arviz.__version__.startswith("0."):
        # ArviZ 1.x takes the tails of its tail ESS from the probability of its intervals; we take 5 % and 95 %.
        arviz.rcParams["stats.ci_prob"] = 0.95
    tree = arviz.from_netcdf(str(folder / "example_draws.nc"))
    check_structure(tree)
    rows = check_summary(tree, expected)
    compared = check_figures(tree, expected)
    print(f"ArviZ {arviz.__version__}: opened, {rows} rows of summary and {compared} figures agree to {TOLERANCE:g}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
