"""The map: the same every time, true to its neighbours, and honest about how far it can be trusted."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from persona_core import layout
from persona_core.layout.engine import between
from persona_core.layout.rows import distinct

ROOT = Path(__file__).parents[1]


def blobs(each: int, kinds: int = 3, columns: int = 6, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Well separated groups of customers, and the group of each."""
    rng = np.random.default_rng(seed)
    kind = np.repeat(np.arange(kinds), each)
    values = 8 * np.eye(kinds, columns)[kind] + rng.normal(size=(each * kinds, columns))
    return pd.DataFrame(values.astype("float32"), index=[f"c{i}" for i in range(len(kind))]), kind


def with_twins() -> pd.DataFrame:
    """300 different customers, of whom the first 100 have a twin."""
    frame, _ = blobs(100)
    return pd.concat([frame, frame.head(100).rename("twin of {}".format)])


def digest(found: layout.Layout) -> str:
    return hashlib.sha256(found.positions.to_numpy().tobytes() + found.landmarks.to_numpy().tobytes()).hexdigest()


def purity(positions: pd.DataFrame, kind: np.ndarray) -> float:
    """Share of each customer's 10 nearest on the map that are of its own kind."""
    _, near = NearestNeighbors(n_neighbors=10).fit(positions).kneighbors()
    return float((kind[near] == kind[:, None]).mean())


def python(script: str, *arguments: str, **environment: str) -> list[str]:
    """Run a script in a fresh process, warnings being errors; return the lines that it printed."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.splitlines()


@pytest.fixture(scope="module")
def drawn() -> tuple[pd.DataFrame, np.ndarray, layout.Layout]:
    """900 customers in three groups, of whom 300 shape the map."""
    frame, kind = blobs(300)
    return frame, kind, layout.umap(frame, landmarks=300)


def test_a_map_is_labelled_customer_by_customer(drawn):
    frame, _, found = drawn
    assert found.method == "UMAP"
    assert found.positions.index.equals(frame.index)
    assert found.landmarks.index.equals(frame.index)
    assert found.positions.dtypes.astype(str).to_dict() == {"x": "float32", "y": "float32"}
    assert np.isfinite(found.positions.to_numpy()).all()
    assert found.landmarks.sum() == 300


def test_separate_groups_stay_apart(drawn):
    _, kind, found = drawn
    assert purity(found.positions, kind) > 0.99


def test_the_others_stand_among_their_nearest_landmarks(drawn):
    frame, _, found = drawn
    shaped, others = found.landmarks.to_numpy(), ~found.landmarks.to_numpy()
    _, nearest = NearestNeighbors(n_neighbors=1).fit(frame[shaped]).kneighbors(frame[others])
    beside = found.positions[shaped].to_numpy()[nearest[:, 0]]
    away = np.linalg.norm(found.positions[others].to_numpy() - beside, axis=1)
    assert away.max() < 0.15 * np.ptp(found.positions.to_numpy(), axis=0).max()
    shuffled = np.random.default_rng(0).permutation(beside)
    anywhere = np.linalg.norm(found.positions[others].to_numpy() - shuffled, axis=1)
    assert np.median(away) < 0.1 * np.median(anywhere)


def test_a_landmark_across_the_sea_does_not_pull():
    shape = np.array([[0, 0], [0.1, 0], [10, 10]], np.float32)
    place = between(shape, np.array([[1.0, 1.0, 1.0]]), np.array([[0, 1, 2]]))
    np.testing.assert_allclose(place, [[0.05, 0]], rtol=1e-6)


def test_a_customer_just_like_a_landmark_stands_on_it():
    shape = np.array([[0, 0], [1, 0], [10, 10]], np.float32)
    place = between(shape, np.array([[0.0, 1.0, 2.0]]), np.array([[0, 1, 2]]))
    np.testing.assert_allclose(place, [[0, 0]], atol=1e-6)


def test_same_input_and_seed_same_map():
    frame = with_twins()
    once = layout.umap(frame, landmarks=150)
    assert digest(layout.umap(frame.copy(), landmarks=150)) == digest(once)
    assert digest(layout.umap(frame, landmarks=150, seed=1)) != digest(once)


def test_the_map_is_the_same_in_another_process_with_other_threads():
    script = (
        "from tests.test_layout import digest, with_twins\n"
        "from persona_core import layout\n"
        "print(digest(layout.umap(with_twins(), landmarks=150)))\n"
        "print(digest(layout.quick(with_twins())))\n"
    )
    threads = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"], "1")
    here = [digest(layout.umap(with_twins(), landmarks=150)), digest(layout.quick(with_twins()))]
    assert python(script, **threads) == here


def test_two_maps_at_once_wait_for_each_other():
    """Under numba's own thread pool, two fits at the same time would abort the process."""
    script = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from tests.test_layout import blobs, digest\n"
        "from persona_core import layout\n"
        "frame, _ = blobs(200)\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "    print(len(set(pool.map(lambda _: digest(layout.umap(frame)), range(8)))))\n"
    )
    assert python(script, NUMBA_THREADING_LAYER="workqueue") == ["1"]


@pytest.mark.parametrize("rows", range(1, 7))
def test_a_handful_of_customers(rows):
    frame = pd.DataFrame(np.arange(rows * 3).reshape(rows, 3) ** 2, dtype="float32")
    found = layout.umap(frame)
    assert found.method == "PCA"
    assert found.landmarks.all()
    assert np.isfinite(found.positions.to_numpy()).all()
    assert not found.positions.duplicated().any()


def test_around_the_fewest_customers_for_umap():
    frame, _ = blobs(17)
    assert layout.umap(frame.iloc[: layout.FEWEST - 1]).method == "PCA"
    found = layout.umap(frame.iloc[: layout.FEWEST])
    assert found.method == "UMAP"
    assert np.isfinite(found.positions.to_numpy()).all()


def test_identical_customers_are_fanned_out_around_one_place():
    found = layout.umap(pd.DataFrame(np.ones((200, 4), "float32")))
    assert found.method == "PCA"
    assert not found.positions.duplicated().any()
    assert np.abs(found.positions.to_numpy()).max() < 1
    assert found.trust == layout.Trust(None, None, 0, 1)
    assert "too few different customers" in " ".join(found.sentences)


def test_twins_stand_together_and_apart_from_the_rest():
    frame = with_twins()
    positions = layout.umap(frame).positions.to_numpy()
    twins = np.linalg.norm(positions[:100] - positions[300:], axis=1)
    next_one, _ = NearestNeighbors(n_neighbors=1).fit(positions[:300]).kneighbors()
    assert (twins > 0).all()
    assert (twins < 0.5 * next_one[:100, 0]).all()


def test_twins_of_a_landmark_count_as_placed_by_umap():
    frame = with_twins()
    found = layout.umap(frame, landmarks=150)
    assert (found.landmarks.iloc[:100].to_numpy() == found.landmarks.iloc[300:].to_numpy()).all()
    assert found.landmarks.iloc[:300].sum() == 150


def test_a_bigger_group_of_twins_gets_a_bigger_disc():
    flags = pd.DataFrame({"member": [0.0] * 50 + [1.0] * 450}, dtype="float32")
    positions = layout.umap(flags).positions
    few, many = positions.iloc[:50], positions.iloc[50:]
    assert np.ptp(many["x"]) == pytest.approx(3 * np.ptp(few["x"]), rel=0.2)
    assert few["x"].max() < many["x"].min()


def test_minus_zero_is_zero():
    frame = pd.DataFrame({"a": [0.0, -0.0, 1.0]}, dtype="float32")
    assert distinct(frame).twin.tolist() == [0, 0, 1]


def test_constant_columns_change_nothing():
    frame, _ = blobs(40)
    plain = layout.umap(frame)
    padded = layout.umap(frame.assign(same=np.float32(0)))
    np.testing.assert_allclose(padded.trust.neighbours_kept, plain.trust.neighbours_kept, atol=0.05)


def test_one_column_is_laid_out_in_its_order():
    frame = pd.DataFrame({"spend": np.linspace(0, 1, 200)}, dtype="float32")
    found = layout.umap(frame)
    assert found.method == "UMAP"
    assert found.trust.trustworthiness > 0.98


def test_two_thousand_customers_of_a_few_kinds():
    """Flags only: few different customers, each many times."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 2, (2_000, 7)), dtype="float32")
    found = layout.umap(frame)
    assert found.method == "UMAP"
    assert found.landmarks.all()
    assert found.trust.customers == 128
    assert not found.positions.duplicated().any()


def test_progress_names_its_steps_in_order():
    frame, _ = blobs(40)
    told: list[tuple[str, float]] = []
    layout.umap(frame, landmarks=60, progress=lambda step, share: told.append((step, share)))
    assert list(dict.fromkeys(step for step, _ in told)) == list(layout.STEPS)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_no_step_is_named_that_does_not_happen():
    frame, _ = blobs(40)
    told: list[str] = []
    layout.umap(frame, progress=lambda step, share: told.append(step))
    assert "Placing the other customers" not in told


def test_a_stopped_map_leaves_the_way_free():
    frame, _ = blobs(40)

    def stop(step: str, share: float) -> None:
        if step == layout.STEPS[2]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        layout.umap(frame, progress=stop)
    assert layout.umap(frame).method == "UMAP"


def test_quick_agrees_with_scikit_learn():
    frame, _ = blobs(50)
    ours = layout.quick(frame)
    theirs = PCA(2).fit_transform(frame)
    assert ours.method == "PCA"
    np.testing.assert_allclose(np.abs(ours.positions), np.abs(theirs), atol=1e-4)


def test_trust_is_scikit_learns_on_the_same_sample():
    frame, _ = blobs(900)
    found = layout.quick(frame)
    rows = layout.sample(2_700, 2_000, seed=0, purpose=1)
    places = found.positions.to_numpy()
    measured = layout.measure(frame.to_numpy(), places)
    expected = trustworthiness(frame.to_numpy()[rows], places[rows], n_neighbors=15)
    assert measured.customers == found.trust.customers == 2_000
    assert measured.trustworthiness == pytest.approx(expected, abs=1e-9)
    assert found.trust.trustworthiness == pytest.approx(expected, abs=0.005), "on another sample"


def test_neighbours_kept_counts_common_neighbours():
    frame, _ = blobs(60)
    found = layout.quick(frame)
    in_data = NearestNeighbors(n_neighbors=15).fit(frame).kneighbors()[1]
    on_map = NearestNeighbors(n_neighbors=15).fit(found.positions).kneighbors()[1]
    common = [len(set(a) & set(b)) / 15 for a, b in zip(in_data, on_map, strict=True)]
    assert found.trust.neighbours_kept == pytest.approx(np.mean(common), abs=1e-9)


def test_a_perfect_map_keeps_every_neighbour():
    values = np.random.default_rng(0).normal(size=(100, 2))
    assert layout.measure(values, values * 3 + 1) == layout.Trust(1.0, 1.0, 15, 100)


def test_ties_in_the_data_count_as_kept():
    """On a lattice many neighbours are equally far; a map that is the lattice itself keeps them all."""
    values = np.stack(np.meshgrid(np.arange(10.0), np.arange(10.0)), axis=-1).reshape(-1, 2)
    shaken = values + np.random.default_rng(0).normal(scale=1e-4, size=values.shape)
    assert layout.measure(values, shaken).neighbours_kept == 1.0


@pytest.mark.parametrize(("rows", "nearest"), [(3, 1), (4, 1), (5, 2), (30, 14), (31, 15), (500, 15)])
def test_fewer_customers_fewer_neighbours(rows, nearest):
    values = np.random.default_rng(0).normal(size=(rows, 3))
    trust = layout.measure(values, values[:, :2])
    assert trust.neighbours == nearest
    assert 0 <= trust.neighbours_kept <= 1
    assert 0 <= trust.trustworthiness <= 1


def test_samples_of_one_seed_are_drawn_apart():
    landmarks, checked = layout.sample(20_000, 5_000, 0), layout.sample(20_000, 2_000, 0, purpose=1)
    assert len(np.unique(landmarks)) == 5_000
    assert np.isin(checked, landmarks).mean() == pytest.approx(0.25, abs=0.05)


def test_sentences_tell_a_marketer_what_the_map_is(drawn):
    _, _, found = drawn
    said = " ".join(found.sentences)
    assert "islands are not segments unless the verdict says so" in said
    assert "300 customers shaped the map; the other 600" in said
    assert f"keeps {100 * found.trust.neighbours_kept:.0f} % of each customer's 15 nearest neighbours" in said


def test_sentences_warn_when_trust_is_low():
    frame, _ = blobs(100)
    random = layout.measure(frame.to_numpy(), np.random.default_rng(0).normal(size=(300, 2)))
    low = layout.Layout(frame.iloc[:, :2], pd.Series(True, index=frame.index), "PCA", random)
    assert random.trustworthiness < 0.85
    assert "That is low" in low.sentences[-1]
    assert "PCA" in low.sentences[0]


def test_compiled_code_goes_where_it_is_told(tmp_path, monkeypatch):
    numba = pytest.importorskip("numba")
    with monkeypatch.context() as patch:
        patch.setenv("NUMBA_CACHE_DIR", "")
        layout.keep_compiled(tmp_path)
        assert Path(numba.config.CACHE_DIR).parent == tmp_path
        assert "umap-learn-" in Path(numba.config.CACHE_DIR).name
    numba.config.reload_config()


@pytest.mark.slow
def test_a_later_process_loads_what_the_first_compiled(tmp_path):
    script = (
        "import sys\n"
        "from tests.test_layout import digest, with_twins\n"
        "from persona_core import layout\n"
        "layout.keep_compiled(sys.argv[1])\n"
        "print(digest(layout.umap(with_twins(), landmarks=150)))\n"
        "import umap.layouts, umap.umap_\n"
        "step = umap.layouts._nb_optimize_layout_euclidean_single_epoch\n"
        "for function in (step, umap.umap_.smooth_knn_dist, umap.umap_.compute_membership_strengths):\n"
        "    print(sum(function.stats.cache_hits.values()), sum(function.stats.cache_misses.values()))\n"
    )
    first, later = python(script, str(tmp_path)), python(script, str(tmp_path))
    assert first == [digest(layout.umap(with_twins(), landmarks=150)), *["0 1"] * 3]
    assert later == [first[0], *["1 0"] * 3]
