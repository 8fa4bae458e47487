"""Results come back as they were saved, whole or not at all, and belong to exactly one question."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_tables import KINDS, described, noise, planted

from persona_core import layout, lineage, profiles
from persona_core.analysis import Analysis, Results, analyse, draft_personas, judge_segments, segments_digest
from persona_core.columns import describe
from persona_core.errors import NothingToSegmentOn
from persona_core.features import Features
from persona_core.segments import FIRST_OWN, OwnSegment, with_own


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return planted(3, apart=6.0, rows=200)[0].assign(same="everybody")


@pytest.fixture(scope="module")
def columns(frame: pd.DataFrame) -> pd.DataFrame:
    return describe(frame, {"same": "segment on", "age": "describe with"})


@pytest.fixture(scope="module")
def analysed(frame: pd.DataFrame, columns: pd.DataFrame) -> tuple[Analysis, Features]:
    return analyse(frame, columns)


def results(folder: Path, columns: pd.DataFrame, data: str = "d1", seed: int = 0) -> Results:
    return Results.of(folder, data, columns, seed)


# ---------------------------------------------------------------- the whole computation


def test_the_parts_fit_together(frame: pd.DataFrame, analysed: tuple[Analysis, Features]) -> None:
    found, features = analysed
    assert found.structure.word == "natural"
    assert found.segmentation.recipe.anchor == found.structure.k <= found.segmentation.most
    assert found.segmentation.labels.index.equals(frame.index)
    assert found.left_out == {"same": "everybody, or almost everybody, has the same value"}
    assert features.frame.index.equals(frame.index)


def test_there_is_a_profile_for_every_k(
    frame: pd.DataFrame, columns: pd.DataFrame, analysed: tuple[Analysis, Features]
) -> None:
    found, _ = analysed
    for k in (1, 3, found.segmentation.most):
        table = found.profile(k)
        expected = profiles.profile(profiles.prepare(frame, columns), found.segmentation.labels[k])
        pd.testing.assert_frame_equal(table.reset_index(drop=True), expected)
        assert sorted(table["segment"].unique()) == list(range(1, k + 1))


def test_progress_grows_from_nothing_to_all(frame: pd.DataFrame, columns: pd.DataFrame) -> None:
    told: list[tuple[str, float]] = []
    analyse(frame, columns, progress=lambda step, share: told.append((step, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert len({step for step, _ in told}) >= 5


def test_it_is_the_same_again(frame: pd.DataFrame, columns: pd.DataFrame, analysed: tuple[Analysis, Features]) -> None:
    again, _ = analyse(frame.copy(), columns)
    found, _ = analysed
    pd.testing.assert_frame_equal(again.segmentation.labels, found.segmentation.labels)
    pd.testing.assert_frame_equal(again.segmentation.certainty, found.segmentation.certainty, check_exact=True)
    pd.testing.assert_frame_equal(again.profiles, found.profiles, check_exact=True)


def test_no_more_segments_are_suggested_than_the_customers_allow() -> None:
    few = pd.DataFrame({"shop": ["web", "store", "app"] * 2 + ["web"] * 2, "spend": [1.0, 5, 9, 1, 5, 9, 1, 1]})
    found, _ = analyse(few, described({"shop": "category", "spend": "number"}))
    assert found.structure.k <= found.segmentation.most
    found, _ = analyse(*noise("independent", rows=12))
    assert found.structure.k <= found.segmentation.most
    assert ("is the largest number" in found.structure.why) <= (found.structure.k == found.segmentation.most)


def test_nothing_to_segment_on_is_said(frame: pd.DataFrame, columns: pd.DataFrame) -> None:
    with pytest.raises(NothingToSegmentOn):
        analyse(frame, columns.assign(role="ignore"))


def test_how_solid_a_segment_is_is_not_said_of_what_own_segments_leave_of_it(
    frame: pd.DataFrame, columns: pd.DataFrame, analysed: tuple[Analysis, Features]
) -> None:
    found, features = analysed
    judged = judge_segments(found, features, None, frame, columns)
    assert set(judged.standing(found.segmentation, 3).values()) == {"solid"}
    labels = found.segmentation.labels[3]
    own = OwnSegment(FIRST_OWN, (labels.eq(1) & (np.arange(len(labels)) % 2 == 0)).to_numpy())
    changed = judged.standing(with_own(found.segmentation, [own]), 3)
    assert set(changed) == {2, 3}


def test_drafts_stand_in_the_order_of_the_tree(
    frame: pd.DataFrame, columns: pd.DataFrame, analysed: tuple[Analysis, Features]
) -> None:
    found, _ = analysed
    drafts = draft_personas(found, frame, columns, 5, "grocer")
    assert [persona.segment for persona in drafts] == found.segmentation.order(5)
    assert [persona.id for persona in drafts] == [f"p{number}" for number in found.segmentation.order(5)]
    assert [persona.size for persona in drafts] == [
        (found.segmentation.labels[5] == number).sum() for number in found.segmentation.order(5)
    ]
    moved = draft_personas(found, frame, columns, 2, "grocer", {1: lineage.Place("p9", 4), 2: lineage.Place("p1", 1)})
    assert {persona.segment: persona.id for persona in moved} == {1: "p9", 2: "p1"}


# ---------------------------------------------------------------- kept in a folder


def test_segments_come_back_as_they_were(
    tmp_path: Path, columns: pd.DataFrame, analysed: tuple[Analysis, Features]
) -> None:
    found, _ = analysed
    kept = results(tmp_path, columns)
    assert not kept.has_segments
    kept.save_segments(found)
    assert kept.has_segments
    again = results(tmp_path, columns).load_segments()
    for name in ("labels", "certainty", "splits"):
        pd.testing.assert_frame_equal(getattr(again.segmentation, name), getattr(found.segmentation, name))
    pd.testing.assert_frame_equal(again.profiles, found.profiles)
    pd.testing.assert_frame_equal(again.structure.curve, found.structure.curve)
    assert replace(again.structure, curve=found.structure.curve) == found.structure
    assert again.segmentation.recipe == found.segmentation.recipe
    assert again.left_out == found.left_out
    assert [again.segmentation.order(k) for k in (3, 9)] == [found.segmentation.order(k) for k in (3, 9)]


def test_two_segments_at_most_come_back_too(tmp_path: Path) -> None:
    kinds = described({"x": "flag"})
    found, _ = analyse(pd.DataFrame({"x": ["a", "b"] * 30}), kinds)
    kept = results(tmp_path, kinds)
    kept.save_segments(found)
    pd.testing.assert_frame_equal(kept.load_segments().segmentation.splits, found.segmentation.splits)


def test_a_map_comes_back_as_it_was(tmp_path: Path, columns: pd.DataFrame, frame: pd.DataFrame) -> None:
    rng = np.random.default_rng(0)
    positions = pd.DataFrame(rng.normal(size=(len(frame), 2)).astype("float32"), frame.index, ["x", "y"])
    landmarks = pd.Series(rng.random(len(frame)) < 0.5, index=frame.index, name="landmark")
    trust = layout.Trust(**dict.fromkeys(layout.Trust.__dataclass_fields__, 0.5))
    kept = results(tmp_path, columns)
    kept.save_map(layout.Layout(positions, landmarks, "umap", trust))
    assert kept.has_map
    assert not kept.has_segments
    again = kept.load_map()
    pd.testing.assert_frame_equal(again.positions, positions)
    pd.testing.assert_series_equal(again.landmarks, landmarks)
    assert (again.method, asdict(again.trust)) == ("umap", asdict(trust))


def test_half_written_results_are_never_seen(
    tmp_path: Path, columns: pd.DataFrame, analysed: tuple[Analysis, Features], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = analysed
    kept = results(tmp_path, columns)

    def full_disk(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full_disk)
        with pytest.raises(OSError, match="no space"):
            kept.save_segments(found)
    assert not kept.has_segments
    left = list(tmp_path.iterdir())
    assert [path.suffix for path in left] == [".part"]
    assert list(left[0].glob("*.parquet")), "the writer died in the middle"
    kept.save_segments(found)
    assert kept.has_segments
    pd.testing.assert_frame_equal(kept.load_segments().segmentation.labels, found.segmentation.labels)


def test_saving_twice_leaves_one_result(
    tmp_path: Path, columns: pd.DataFrame, analysed: tuple[Analysis, Features]
) -> None:
    kept = results(tmp_path, columns)
    for _ in range(2):
        kept.save_segments(analysed[0])
    assert len(list(tmp_path.iterdir())) == 1
    assert kept.load_segments().segmentation.most == analysed[0].segmentation.most


# ---------------------------------------------------------------- which question a result answers


def test_another_label_is_the_same_question(tmp_path: Path, columns: pd.DataFrame) -> None:
    said = columns.assign(label="other words", examples="", warning="careful", missing=0.5)
    assert results(tmp_path, said).key == results(tmp_path, columns).key


@pytest.mark.parametrize("change", ["data", "seed", "role", "kind"])
def test_what_segments_are_made_of_names_them(tmp_path: Path, columns: pd.DataFrame, change: str) -> None:
    other = columns.copy()
    if change == "role":
        other.loc["spend", "role"] = "describe with"
    if change == "kind":
        other.loc["happy", "kind"] = "category"
    one = results(tmp_path, columns)
    two = results(tmp_path, other, "d2" if change == "data" else "d1", seed=int(change == "seed"))
    assert one.segments_digest != two.segments_digest
    assert one.key != two.key


def test_what_only_describes_changes_the_profile_but_not_the_segments(tmp_path: Path, columns: pd.DataFrame) -> None:
    other = columns.copy()
    other.loc["age", "role"] = "outcome"
    one, two = results(tmp_path, columns), results(tmp_path, other)
    assert columns.at["age", "role"] == "describe with"
    assert one.segments_digest == two.segments_digest, "the map and the personas stay"
    assert one.key != two.key, "the profiles are made again"
    money = columns.copy()
    money.loc["spend", "unit"] = "days"
    assert results(tmp_path, money).key != one.key


def test_results_of_different_questions_lie_side_by_side(
    tmp_path: Path, columns: pd.DataFrame, analysed: tuple[Analysis, Features]
) -> None:
    results(tmp_path, columns).save_segments(analysed[0])
    assert not results(tmp_path, columns, seed=1).has_segments
    assert not results(tmp_path, columns, data="d2").has_segments
    results(tmp_path, columns, seed=1).save_segments(analysed[0])
    assert len(list(tmp_path.iterdir())) == 2


def test_the_digest_does_not_depend_on_the_order_of_columns() -> None:
    columns = described(KINDS)
    assert segments_digest("d", columns, 0) == segments_digest("d", columns[::-1], 0)
