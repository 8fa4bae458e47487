"""Groups of columns: where each column comes from, the say a group has, and weights that give all the same say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona_core import samples, tables
from persona_core.columns import describe
from persona_core.columns.groups import BEHAVIOUR, OTHER, PEOPLE, groups, same_say, say
from persona_core.features import FeatureRecipe, encode


def table(*names: str, kind: str = "number", role: str = "segment on") -> pd.DataFrame:
    """Columns that are called so, as `describe` would give them."""
    return pd.DataFrame({"role": role, "kind": kind, "label": list(names)}, index=pd.Index(names, name="column"))


def as_lists(found: pd.Series) -> dict[str, list[str]]:
    return {str(group): list(own.index) for group, own in found.groupby(found, sort=False)}


# ---------------------------------------------------------------- the two samples


@pytest.fixture(scope="module")
def small() -> tuple[pd.DataFrame, pd.Series]:
    frame = samples.small_company().frame
    files = {
        name: list(tables.read(samples.SAMPLE_FOLDER / f"{name}.csv")[0].frame) for name in ("customers", "survey")
    }
    columns = describe(frame)
    return frame, groups(columns, files)


def test_the_small_company_falls_into_what_people_would_call_its_parts(small: tuple[pd.DataFrame, pd.Series]) -> None:
    found = as_lists(small[1])
    assert list(found) == ["From customers", BEHAVIOUR, "Share of spend", "From survey", "Activities"]
    assert found["From customers"] == ["preferred_channel", "newsletter"]
    assert found["From survey"] == [
        f"{what}_matters" for what in ("price", "quality", "advice", "sustainability", "speed")
    ]
    assert all(column.startswith("activities: ") for column in found["Activities"])
    assert all(column.startswith("spend_share_") for column in found["Share of spend"])
    assert {"orders", "spend", "share_weekend_orders", "stores_visited"} <= set(found[BEHAVIOUR])


def test_only_columns_that_form_segments_have_a_group(small: tuple[pd.DataFrame, pd.Series]) -> None:
    columns = describe(small[0])
    assert set(small[1].index) == set(columns.index[columns["role"] == "segment on"])
    moved = describe(small[0], {"orders": "ignore", "age": "segment on", "signed_up": "segment on"})
    found = groups(moved)
    assert "orders" not in found
    assert found["age"] == PEOPLE
    assert "signed_up" not in found, "a date forms nothing"


def test_the_grocer_is_behaviour_and_the_mix_of_departments() -> None:
    found = groups(describe(samples.grocer().frame))
    assert found.value_counts().to_dict() == {BEHAVIOUR: 13, "Share of spend": 8}


# ---------------------------------------------------------------- where a column comes from


def test_columns_of_a_file_are_no_behaviour_whatever_they_are_called() -> None:
    both = table("spend", "visits", "spend (orders)", "orders")
    assert as_lists(groups(both, {"people": ["spend", "visits"]})) == {
        "From people": ["spend", "visits"],
        BEHAVIOUR: ["spend (orders)", "orders"],
    }


def test_a_column_that_stands_in_two_files_belongs_to_its_own() -> None:
    files = {"people": ["city_size", "score"], "survey": ["score", "orders"]}
    found = groups(table("city_size", "score", "score (survey)", "orders", "orders (survey)"), files)
    assert found["score"] == "From people"
    assert found["score (survey)"] == "From survey"
    assert found["orders"] == BEHAVIOUR


def test_names_that_begin_with_one_word_are_a_group_of_their_file() -> None:
    names = ["MntWines", "MntFish", "MntFruits", "NumWeb", "NumStore", "Recency"]
    found = groups(table(*names), {"people": names})
    assert found["MntWines"] == found["MntFish"] == found["MntFruits"] == "From people: Mnt …"
    assert found["NumWeb"] == found["NumStore"] == found["Recency"] == "From people", "two are no group"
    assert set(groups(table("q1", "q2", "q3"), {"survey": ["q1", "q2", "q3"]})) == {"From survey"}, "all are none"


def test_a_question_written_out_begins_like_others_by_chance() -> None:
    names = ["How old is it", "How big is it", "How red is it", "wishes"]
    assert set(groups(table(*names))) == {OTHER}


def test_what_a_person_is_stands_apart_and_one_part_alone_is_no_mix() -> None:
    found = groups(table("household_size", "income", "wishes", "Sport: Golf"))
    assert found.to_list() == [PEOPLE, PEOPLE, OTHER, OTHER]


def test_ready_dimensions_describe_people() -> None:
    assert groups(table("first_time_or_frequent"))["first_time_or_frequent"] == PEOPLE


def test_no_columns_have_no_groups() -> None:
    assert groups(table("spend", role="describe with")).empty


# ---------------------------------------------------------------- the say


def test_the_say_of_a_group_is_its_part_of_the_variance_in_the_features(small: tuple[pd.DataFrame, pd.Series]) -> None:
    frame, found = small
    weights = {"orders": 2.0, "activities: Hiking": 0.25, "newsletter": 4.0}
    columns = describe(frame)
    features = encode(frame, columns, FeatureRecipe(weights=weights))
    independent = features.weights.groupby(found.reindex(features.weights.index).to_numpy()).sum()
    independent /= features.weights.sum()
    counted = say(found, weights)
    np.testing.assert_allclose(counted["say"], independent.reindex(counted.index))
    assert counted["say"].sum() == pytest.approx(1)
    assert counted["columns"].sum() == len(found)


def test_a_group_whose_columns_differ_has_no_weight_of_its_own() -> None:
    of = pd.Series(["a", "a", "b", "b"], index=["w", "x", "y", "z"])
    counted = say(of, {"w": 2.0, "y": 0.5, "z": 0.5, "gone": 4.0})
    assert np.isnan(counted.at["a", "weight"])
    assert counted.at["b", "weight"] == 0.5
    assert counted.at["a", "say"] == 0.75


@pytest.mark.parametrize("sizes", [(1, 1), (13, 8), (2, 13, 8, 5, 7), (1, 120), (1,) * 30])
def test_the_same_say_is_the_same_for_every_group(sizes: tuple[int, ...]) -> None:
    of = pd.Series(np.repeat([f"group {i}" for i in range(len(sizes))], sizes))
    of.index = pd.Index([f"column {i}" for i in range(len(of))])
    weights = same_say(of)
    assert all(weight > 0 and weight == round(weight, 2) for weight in weights.values())
    np.testing.assert_allclose(say(of, weights)["say"], 1 / len(sizes), rtol=0.01)
    assert sum(weights.values()) == pytest.approx(len(of), rel=0.01), "columns count as much as before, all together"
