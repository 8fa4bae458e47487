"""What the page Compare shows is what the raw data say, and figures on fewer than ten customers are not shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from person import COMPARE, JARGON, SEGMENTS, Person, app_at
from scipy import stats
from support import as_customers, planted

from persona_core import columns as columns_of
from persona_core import profiles, workspace
from persona_core.projects import Store
from persona_core.ui.compare import frames


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    frame = planted(300)
    frame["club"] = np.where(frame["spend"] > 60, "yes", "no")
    frame["mood"] = pd.Categorical(np.where(frame["visits"] > 15, "good", "bad"), ["bad", "fair", "good"], ordered=True)
    frame.loc[frame.index[::11], ["visits", "shop"]] = None
    return frame


@pytest.fixture(scope="module")
def columns(people: pd.DataFrame) -> pd.DataFrame:
    return columns_of.describe(people)


@pytest.fixture(scope="module")
def labels(people: pd.DataFrame) -> pd.Series:
    """Three segments by shop (gaps to the first), and a fourth of eight customers."""
    found = people["shop"].map({"web": 1, "store": 2, "phone": 3}).fillna(1).astype(int)
    found.iloc[:8] = 4
    return found


@pytest.fixture(scope="module")
def profile(people: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    return profiles.profile(profiles.prepare(people, columns), labels)


@pytest.fixture(scope="module")
def lines(profile: pd.DataFrame, columns: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    return frames.lines(profile, columns, people)


def cell(table: pd.DataFrame, line: str, segment: int) -> pd.Series:
    (found,) = table[(table["line"] == line) & (table["segment"] == segment)].index
    return table.loc[found]


def test_every_column_has_one_line_and_every_segment_a_place_in_it(lines: pd.DataFrame, profile: pd.DataFrame) -> None:
    assert set(lines["line"]) == set(profile["column"])
    assert (lines.groupby("line").size() == 4).all()


def test_what_differs_comes_first(lines: pd.DataFrame) -> None:
    order = list(dict.fromkeys(lines["line"]))
    assert set(order[-3:]) == {"returns", "wishes", "age"}
    assert not lines.loc[lines["line"] == order[-1], "distinctive"].any()


@pytest.mark.parametrize("segment", [1, 2, 3])
def test_the_bar_of_a_number_is_the_mean_place_among_all_customers(
    lines: pd.DataFrame, people: pd.DataFrame, labels: pd.Series, segment: int
) -> None:
    known = people["visits"].dropna()
    place = (stats.rankdata(known) - 0.5) / len(known)
    found = cell(lines, "visits", segment)
    assert found["here"] == pytest.approx(place[labels[known.index] == segment].mean())
    assert found["everybody"] == pytest.approx(place.mean())


def test_the_bar_of_an_answer_is_its_share_and_the_dot_that_of_everybody(
    lines: pd.DataFrame, people: pd.DataFrame, labels: pd.Series
) -> None:
    yes = people["club"] == "yes"
    for segment in (1, 2, 3):
        found = cell(lines, "club", segment)
        assert found["here"] == pytest.approx(yes[labels == segment].mean())
        assert found["everybody"] == pytest.approx(yes.mean())
        assert found["label"] == "Club"
    assert cell(lines, "shop", 2)["label"].startswith("Shop: ")


def test_nothing_is_shown_of_eight_customers(
    lines: pd.DataFrame, people: pd.DataFrame, labels: pd.Series, profile: pd.DataFrame, columns: pd.DataFrame
) -> None:
    few = lines[lines["segment"] == 4]
    assert few["here"].isna().all()
    assert set(few["told"]) == {"Fewer than 10 customers"}
    assert not few["distinctive"].any()
    shares, _ = frames.classes(people["spend"], labels, "money")
    assert (shares[4] == 0).all()
    told = frames.answers(people["shop"], labels, profile[profile["column"] == "shop"])
    assert told.loc[told["segment"] == 4, "here"].isna().all()
    assert frames.strongest_rows(profile[profile["segment"] == 4], columns, people).empty


def test_the_classes_of_a_number_are_the_shares_of_its_values(people: pd.DataFrame, labels: pd.Series) -> None:
    shares, ticks = frames.classes(people["visits"], labels, "")
    low, high = people["visits"].quantile([0.01, 0.99])
    known = people["visits"].dropna().clip(low, high)
    edges = np.linspace(low, high, len(shares) + 1)
    for segment in (1, 2, 3):
        mine = known[labels[known.index] == segment]
        assert shares[segment].tolist() == pytest.approx(np.histogram(mine, edges)[0] / len(mine))
    assert shares["everybody"].tolist() == pytest.approx(np.histogram(known, edges)[0] / len(known))
    assert ticks.index.tolist() == pytest.approx([0, 0.5, 1])


def test_whole_numbers_of_few_values_have_a_class_each() -> None:
    values = pd.Series([0.0, 1, 1, 2, 3, 3, 3, 3, 2, 1] * 4 + [np.nan])
    shares, ticks = frames.classes(values, pd.Series([1] * 41), "count")
    assert shares["everybody"].tolist() == pytest.approx([0.1, 0.3, 0.2, 0.4])
    assert ticks.tolist() == ["0", "2", "3"]


def test_one_value_only_can_be_drawn() -> None:
    shares, _ = frames.classes(pd.Series([2.5] * 30), pd.Series([1] * 30), "")
    assert shares["everybody"].sum() == pytest.approx(1)


def test_answers_are_the_shares_of_those_who_gave_one(
    people: pd.DataFrame, labels: pd.Series, profile: pd.DataFrame
) -> None:
    for column in ("shop", "club", "mood"):
        found = frames.answers(people[column], labels, profile[profile["column"] == column])
        shares = pd.crosstab(people[column], labels, normalize="columns")
        for row in found[found["segment"] != 4].itertuples():
            assert row.here == pytest.approx(shares.loc[row.line, row.segment])
            assert row.everybody == pytest.approx((people[column].dropna() == row.line).mean())
    assert found["line"].unique().tolist() == ["bad", "good"]


def test_an_answer_is_coloured_where_it_is_distinctive(
    people: pd.DataFrame, labels: pd.Series, profile: pd.DataFrame
) -> None:
    mine = profile[profile["column"] == "shop"].set_index(["segment", "level"])["distinctive"]
    found = frames.answers(people["shop"], labels, profile[profile["column"] == "shop"])
    for row in found[found["segment"] != 4].itertuples():
        assert row.distinctive == mine[(row.segment, row.line)]


def test_many_answers_are_cut_to_the_commonest() -> None:
    values = pd.Series([f"town {i % 30}" for i in range(600)] + ["town 3"] * 20)
    found = frames.answers(
        values, pd.Series([1] * 620), pd.DataFrame({"segment": [], "level": [], "distinctive": pd.Series(dtype=bool)})
    )
    assert len(found) == 12
    assert found["line"].iloc[0] == "town 3"


def test_the_largest_differences_are_one_a_column_with_both_figures(
    profile: pd.DataFrame, columns: pd.DataFrame, people: pd.DataFrame, labels: pd.Series
) -> None:
    found = frames.strongest_rows(profile[profile["segment"] == 2], columns, people)
    assert len(found) <= 10
    assert found["column"].is_unique
    assert found["effect"].abs().is_monotonic_decreasing
    shop = found[found["column"] == "shop"].iloc[0]
    elsewhere = people.loc[labels != 2, "shop"].dropna() == shop["level"]
    assert (shop["shown"], shop["shown_elsewhere"]) == ("100 %", f"{100 * elsewhere.mean():.1f} %")


# ---------------------------------------------------------------- the page


@pytest.fixture(scope="module")
def person(new_home: Callable[[str], Path]) -> Iterator[Person]:
    """Somebody who looks at Compare with the segments of a planted table."""
    with app_at(new_home("compare")) as home:
        store = Store(home)
        project = workspace.create(
            store, "Planted", as_customers(planted(200)), {"kind": "file", "notes": ()}, "Ada"
        ).id
        store.close()
        yield Person(project=project).go(SEGMENTS).wait_for_segments().go(COMPARE)


def test_the_page_says_first_what_differs_and_shows_rule_example_and_count(person: Person) -> None:
    first = person.at.markdown[0].value
    assert first.startswith("The segments differ in ")
    for words in ("of those it catches are in it, n", " match ", "A real customer in the middle"):
        assert words in person.text
    assert not JARGON.search(person.text)
    assert "customer\\_id" not in person.text
    assert "c17" not in person.text


def test_a_chosen_column_is_told_in_a_sentence(person: Person) -> None:
    columns = person.at.selectbox[0].options
    person.at.selectbox[0].select_index(columns.index("Visits"))
    person.run()
    assert "Visits\\: typically" in person.text
    person.at.selectbox[0].select_index(columns.index("Wishes"))
    person.run()
    assert "No segment differs clearly from everyone else in Wishes." in person.text


def test_two_segments_are_set_against_each_other(person: Person) -> None:
    person.at.selectbox[1].set_value(2)  # the first one looked at is segment 1
    person.run()
    (other,) = re.findall(r"differs from \*\*(.+?)\*\* in", person.text)
    assert other in person.at.selectbox[1].options[1:]
