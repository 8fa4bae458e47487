"""A segmentation as a model: it survives JSON to the last digit and puts the same customers into the same segments."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from persona_core.errors import ModelNotRead
from persona_core.features import FeatureRecipe, apply_codes, encode
from persona_core.segments import Segmentation, SegmentModel, SegmentRecipe, segment
from persona_core.segments.mixture import Components, Design, unlikeness


def shop(customers: int = 400, seed: int = 0) -> pd.DataFrame:
    """Three groups in a number, a skewed one, a scale, a category and a flag, with some gaps."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, customers)
    frame = pd.DataFrame(
        {
            "visits": rng.normal([2.0, 8.0, 15.0], 1.0, (customers, 3))[np.arange(customers), group],
            "spend": np.exp(rng.normal(group, 0.4)),
            "liking": pd.Categorical(
                np.array(["low", "middle", "high"])[np.clip(group + rng.integers(-1, 2, customers), 0, 2)],
                ["low", "middle", "high"],
                ordered=True,
            ),
            "channel": np.array(["store", "web", "app"])[(group + (rng.random(customers) < 0.1)) % 3],
            "member": (rng.random(customers) < 0.2 + 0.3 * group).astype(float),
        },
        index=pd.Index([f"c{i}" for i in range(customers)], name="customer"),
    )
    frame.loc[frame.index[::17], ["spend", "channel", "member"]] = None
    return frame


ROLES = pd.DataFrame(
    {"role": "segment on", "kind": ["number", "number", "ordered", "category", "flag"]},
    index=["visits", "spend", "liking", "channel", "member"],
)


@pytest.fixture(scope="module")
def found() -> Segmentation:
    return segment(encode(shop(), ROLES), SegmentRecipe(anchor=3))


def test_json_keeps_the_model_to_the_last_digit(found: Segmentation) -> None:
    text = found.model.to_json()
    again = SegmentModel.from_json(text)
    assert again.to_json() == text
    for k in found.labels:
        assigned = again.assign(shop(), k)
        assert assigned["segment"].equals(found.labels[k].rename("segment"))
        assert np.array_equal(assigned["certainty"], found.certainty[k])


def test_how_well_customers_fit_is_the_same_after_json(found: Segmentation) -> None:
    again = SegmentModel.from_json(found.model.to_json())
    fit = again.assign_all(apply_codes(shop(), again.codes, again.feature_recipe)).fit
    assert np.array_equal(fit, found.fit)


def test_versions_and_recipe_travel_with_the_model(found: Segmentation) -> None:
    told = json.loads(found.model.to_json())
    assert told["versions"]["pandas"] == pd.__version__
    assert told["versions"]["numpy"] == np.__version__
    assert told["recipe"] == {"anchor": 3, "most": 12, "sample": 5000, "seed": 0}
    assert [column["column"] for column in told["columns"]] == list(ROLES.index)


def test_a_new_customer_like_a_group_joins_it(found: Segmentation) -> None:
    new = shop(60, seed=9)
    own = segment(encode(shop(), ROLES), SegmentRecipe(anchor=3)).labels[3]
    middles = shop()["visits"].groupby(own).median()
    nearest = [int((middles - visits).abs().idxmin()) for visits in new["visits"]]
    assert (found.model.assign(new, 3)["segment"].to_numpy() == nearest).mean() > 0.95


def test_fewer_columns_are_enough_and_make_it_less_sure(found: Segmentation) -> None:
    whole, part = found.model.assign(shop(), 3), found.model.assign(shop()[["spend", "liking"]], 3)
    assert (whole["segment"] == part["segment"]).mean() > 0.8
    assert part["certainty"].mean() < whole["certainty"].mean()


def test_columns_in_another_order_and_more_of_them_change_nothing(found: Segmentation) -> None:
    mixed = shop().assign(more="x")[["more", "member", "channel", "liking", "spend", "visits"]]
    assert found.model.assign(mixed, 3).equals(found.model.assign(shop(), 3))


def test_codes_read_as_whole_numbers_are_the_same_answers(found: Segmentation) -> None:
    whole = shop().dropna()
    assert found.model.assign(whole.astype({"member": int}), 3).equals(found.model.assign(whole, 3))


def test_answers_of_a_scale_may_come_as_words(found: Segmentation) -> None:
    assert found.model.assign(shop().astype({"liking": "str"}), 3).equals(found.model.assign(shop(), 3))


def test_an_answer_never_seen_is_skipped(found: Segmentation) -> None:
    odd, gap = shop().head(3), shop().head(3)
    odd["channel"], gap["channel"] = "fax", None
    assert found.model.assign(odd, 3).equals(found.model.assign(gap, 3))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no model"),
        ("[]", "no model"),
        ('{"kind": "questions"}', "no model"),
        ('{"kind": "segments", "format": 99}', "newer"),
        ('{"kind": "segments", "format": 1, "columns": []}', "no model"),
    ],
)
def test_what_is_no_model_is_refused_in_a_sentence(text: str, word: str) -> None:
    with pytest.raises(ModelNotRead, match=word):
        SegmentModel.from_json(text)


def test_a_file_with_none_of_the_columns_is_refused(found: Segmentation) -> None:
    with pytest.raises(ModelNotRead, match="asks for visits, spend"):
        found.model.assign(pd.DataFrame({"other": [1.0]}))


def test_numbers_come_back_in_their_own_unit(found: Segmentation) -> None:
    code = next(code for code in found.model.codes if code.column == "spend")
    values = shop()["spend"].dropna()
    inside = values[values.between(code.low, code.high)]
    encoded = code.encode(inside.to_numpy())
    assert np.allclose(code.raw(encoded), inside, rtol=0.02)


# ---------------------------------------------------------------- fits none well


def test_unlikeness_is_the_likelihood_beside_its_expectation() -> None:
    """Against scipy: the standardised log-density of independent normals and multinomials."""
    rng = np.random.default_rng(3)
    parts = Components(
        np.array([1.0]), np.array([[0.5, -1.0]]), np.array([[0.4, 2.0]]), np.array([[0.2, 0.5, 0.3, 0.9, 0.1]])
    )
    levels = (slice(0, 3), slice(3, 5))
    customers = 40_000
    x = rng.normal(parts.mean[0], np.sqrt(parts.variance[0]), (customers, 2))
    first, second = rng.choice(3, customers, p=parts.answer[0, :3]), rng.choice(2, customers, p=parts.answer[0, 3:])
    matrix = np.hstack([x, x * x, np.ones_like(x), np.eye(3)[first], np.eye(2)[second]])
    found = unlikeness(Design(matrix, 2, levels, np.ones(4)), parts, np.zeros(customers, int))
    logs = stats.norm.logpdf(x, parts.mean[0], np.sqrt(parts.variance[0])).sum(1)
    logs += np.log(parts.answer[0, :3])[first] + np.log(parts.answer[0, 3:])[second]
    assert np.corrcoef(found, logs)[0, 1] > 0.99999
    assert abs(found.mean()) < 0.02
    assert abs(found.std() - 1) < 0.02


def test_somebody_unlike_everybody_fits_none(found: Segmentation) -> None:
    odd = shop().copy()
    odd.iloc[0] = [60.0, 0.05, "low", "app", 0.0]
    again = segment(encode(odd, ROLES), SegmentRecipe(anchor=3))
    assert again.fit.idxmin() == odd.index[0]
    assert again.fits_none(3).iloc[0]
    assert again.labels[3].iloc[0] in (1, 2, 3)
    assert found.fits_none(3).mean() < 0.1


def test_who_lies_between_two_segments_fits_none_well(found: Segmentation) -> None:
    for k in found.labels:
        assert found.fits_none(k)[found.certainty[k] < 0.5].all()
    assert not found.fits_none(1)[found.fit >= -4].any()


# ---------------------------------------------------------------- weights


def test_a_weight_of_two_counts_as_the_column_twice() -> None:
    frame = shop()
    twice = frame.assign(again=frame["channel"])
    roles = pd.concat([ROLES, ROLES.loc[["channel"]].set_axis(["again"])])
    weighted = segment(encode(frame, ROLES, FeatureRecipe(weights={"channel": 2.0})), SegmentRecipe(anchor=3))
    doubled = segment(encode(twice, roles), SegmentRecipe(anchor=3))
    assert (pd.crosstab(weighted.labels[3], doubled.labels[3]).max(axis=1).sum() / len(frame)) > 0.98


def test_a_heavy_column_decides_and_a_light_one_does_not() -> None:
    def told(weight: float) -> float:
        features = encode(shop(), ROLES, FeatureRecipe(weights={"member": weight}))
        labels = segment(features, SegmentRecipe(anchor=2)).labels[2]
        return float(pd.crosstab(labels, shop()["member"]).max(axis=1).sum() / shop()["member"].count())

    assert told(16.0) > told(0.25) + 0.1


def test_the_scale_of_features_is_the_root_of_the_weight() -> None:
    plain = encode(shop(), ROLES)
    heavy = encode(shop(), ROLES, FeatureRecipe(weights={"visits": 4.0, "channel": 4.0}))
    assert heavy.weights.to_dict() == {"visits": 4, "spend": 1, "liking": 1, "channel": 4, "member": 1}
    for column in ROLES.index:
        ratio = 2 if column in ("visits", "channel") else 1
        assert np.allclose(heavy.frame[column], ratio * plain.frame[column])
