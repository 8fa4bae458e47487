"""Every line of a draft can be checked against the data, and nothing that a person wrote is touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from persona_core import profiles
from persona_core.columns import describe, format_value
from persona_core.personas import SMALLEST_GROUP, Claim, Persona, draft, invented, levels, strongest, with_words
from persona_core.personas.words import Written

SIZES = {1: 120, 2: 60, 3: 15, 4: 5}
PLACES = {1: ("p1", 1), 2: ("p2", 2), 3: ("p7", 3), 4: ("p4", 4)}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Customers of four sizes of segment, with every kind and unit of column."""
    rng = np.random.default_rng(5)
    segment = np.repeat(list(SIZES), list(SIZES.values()))
    rows = len(segment)
    frame = pd.DataFrame(
        {
            "annual_spend": np.round(rng.lognormal(4 + 0.8 * (segment == 2), 0.4), 2),
            "coupon_share": np.clip(rng.beta(2, 8 - 5 * (segment == 1)), 0, 1),
            "num_visits": rng.poisson(4 + 30 * (segment == 3)),
            "recency": rng.integers(1, 300, rows) // (1 + 4 * (segment == 2)),
            "likes_us": rng.integers(1, 6, rows),
            "member": np.where(rng.random(rows) < 0.2 + 0.6 * (segment == 1), "yes", "no"),
            "shop": np.where(rng.random(rows) < 0.7 * (segment == 3), "web", rng.choice(["web", "store", "app"], rows)),
            "age": pd.Categorical(rng.choice(["18-29", "30-49", "50+"], rows), ["18-29", "30-49", "50+"], ordered=True),
            "town": rng.choice(["Northton", "Southby"], rows),
            "code": rng.choice([2.0, 7.0, np.nan], rows),
        },
        index=pd.Index([f"c{i}" for i in range(rows)], name="customer"),
    )
    frame.loc[frame.sample(40, random_state=1).index, "annual_spend"] = np.nan
    return frame


@pytest.fixture(scope="module")
def labels(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(np.repeat(list(SIZES), list(SIZES.values())), index=frame.index)


@pytest.fixture(scope="module")
def columns(frame: pd.DataFrame) -> pd.DataFrame:
    return describe(frame)


def drafts(frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series, project: str = "grocer") -> list[Persona]:
    table = profiles.profile(profiles.prepare(frame, columns), labels)
    sizes = labels.value_counts().sort_index()
    return draft(table, columns, levels(frame), sizes, PLACES, project)


@pytest.fixture(scope="module")
def personas(frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series) -> list[Persona]:
    return drafts(frame, columns, labels)


# ---------------------------------------------------------------- figures


def figure(values: pd.Series, evidence: Mapping[str, object]) -> float:
    """The figure of a claim, worked out again from the values of some customers."""
    known = values.dropna()
    if evidence["level"]:
        return float((known.astype("str").str.removesuffix(".0") == evidence["level"]).mean())
    numbers = known.cat.codes if isinstance(known.dtype, pd.CategoricalDtype) else known.astype(float)
    return float(numbers.mean() if evidence["statistic"] == "mean" else numbers.median())


def test_every_figure_can_be_worked_out_again(frame: pd.DataFrame, labels: pd.Series, personas: list[Persona]) -> None:
    checked = 0
    for persona in personas:
        inside = labels == persona.segment
        for claim in persona.claims:
            seen, values = claim.evidence, frame[claim.evidence["column"]]
            assert seen["value"] == pytest.approx(figure(values[inside], seen))
            assert seen["elsewhere"] == pytest.approx(figure(values[~inside], seen))
            assert seen["n"] == values[inside].notna().sum()
            assert seen["n_elsewhere"] == values[~inside].notna().sum()
            checked += 1
    assert checked > 20


def test_every_sentence_says_the_figures_of_its_evidence(frame: pd.DataFrame, personas: list[Persona]) -> None:
    said = set()
    for claim in (claim for persona in personas for claim in persona.claims):
        seen = claim.evidence
        value, other = seen["value"], seen["elsewhere"]
        assert claim.text.endswith(f"n = {seen['known']}")
        assert seen["shown"] in claim.text
        words = levels(frame).get(seen["column"])
        if words:
            assert seen["shown"] in words
        else:
            assert seen["shown"] == format_value(value, seen["unit"])
        times = re.search(r"([\d.,]+) times as (often|much|many|long) as everyone else \((.+?)\), n", claim.text)
        if times:
            assert float(times[1]) == pytest.approx(value / other, abs=0.051)
            assert times[3] == seen["shown_elsewhere"]
            assert value > other
            said.add(times[2])
        elif "against" in claim.text:
            assert f"against {seen['shown_elsewhere']} elsewhere" in claim.text
            assert seen["shown"] != seen["shown_elsewhere"]
        else:
            assert "as everyone else" in claim.text
            assert seen["shown"] == seen["shown_elsewhere"]
    assert {"often", "many"} <= said


def test_n_says_how_many_of_the_segment_have_a_value(personas: list[Persona]) -> None:
    for persona in personas:
        for claim in persona.claims:
            n, known = claim.evidence["n"], claim.evidence["known"]
            assert known == (f"{n:,.0f}" if n == persona.size else f"{n:,.0f} of {persona.size:,}")


def test_sentences_are_readable(personas: list[Persona]) -> None:
    for claim in (claim for persona in personas for claim in persona.claims):
        assert claim.kind == "measured"
        assert not re.search(r"nan|None|_|\b\d+\.\d{4,}|!", claim.text), claim.text
        assert claim.text[0].isupper()
        assert len(claim.text) < 140


def test_a_code_is_written_as_it_stands_in_the_file(
    frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series
) -> None:
    """With gaps a column of whole numbers is read as 2.0 and 7.0."""
    assert columns.at["code", "kind"] == "flag"
    table = profiles.profile(profiles.prepare(frame, columns), labels)
    assert table.loc[table["column"] == "code", "level"].unique().tolist() == ["7"]


# ---------------------------------------------------------------- what is claimed, and what is not


def test_nothing_is_claimed_on_fewer_than_ten_customers(personas: list[Persona]) -> None:
    assert all(claim.evidence["n"] >= SMALLEST_GROUP for persona in personas for claim in persona.claims)
    small = personas[3]
    assert small.size == 5 < SMALLEST_GROUP
    assert small.claims == ()
    assert small.tagline == "Fewer than 10 customers, too few to describe"


def test_what_sets_apart_is_distinctive_and_said_once(
    frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series, personas: list[Persona]
) -> None:
    table = profiles.profile(profiles.prepare(frame, columns), labels)
    for persona in personas:
        marks = [(c.evidence["column"], c.evidence["level"]) for c in persona.about("distinctive")]
        mine = table[(table["segment"] == persona.segment) & table["distinctive"]]
        assert set(marks) <= set(zip(mine["column"], mine["level"], strict=True))
        assert len({column for column, _ in marks}) == len(marks) <= 5
        strengths = [abs(claim.evidence["effect"]) for claim in persona.about("distinctive")]
        assert all(a >= b - 0.05 for a, b in pairwise(strengths))
        for part in ("demographics", "behaviour"):
            assert not {claim.evidence["column"] for claim in persona.about(part)} & {column for column, _ in marks}


def test_the_planted_differences_are_on_the_cards(personas: list[Persona]) -> None:
    marks = {p.segment: [claim.evidence["column"] for claim in p.about("distinctive")] for p in personas}
    assert {"member", "coupon_share"} <= set(marks[1])
    assert {"annual_spend", "recency"} <= set(marks[2])
    assert marks[3][0] == "num_visits"


def test_demographics_describe_and_behaviour_segments(personas: list[Persona], columns: pd.DataFrame) -> None:
    for persona in personas:
        assert {columns.at[c.evidence["column"], "role"] for c in persona.about("demographics")} <= {"describe with"}
        assert {columns.at[c.evidence["column"], "role"] for c in persona.about("behaviour")} <= {"segment on"}


def test_taglines_are_the_strongest_differences_in_words(personas: list[Persona]) -> None:
    assert "many num visits" in personas[2].tagline.lower()
    assert "member: mostly" in personas[0].tagline.lower()
    for persona in personas[:3]:
        assert not re.search(r"\d", persona.tagline), "figures need their n"
        assert persona.tagline[0].isupper()


def test_slices_of_one_scale_are_told_apart_by_degree() -> None:
    scale = np.arange(120.0)
    frame = pd.DataFrame({"annual_spend": scale * 10, "num_visits": scale + 3})
    slices = pd.Series(np.repeat([1, 2, 3, 4], 30))
    lines = [persona.tagline for persona in drafts(frame, describe(frame), slices)]
    assert len(set(lines)) == 4
    assert [line.rpartition(", ")[2] for line in lines] == ["most of all", "less so", "less so", "most of all"]


def test_an_average_segment_says_so(frame: pd.DataFrame, columns: pd.DataFrame) -> None:
    any_half = pd.Series(np.resize([1, 2], len(frame)), index=frame.index)
    for persona in drafts(frame, columns, any_half):
        assert persona.about("distinctive") == ()
        assert persona.tagline == "Close to the average customer in every column"


def test_the_card_knows_its_size_and_its_place(personas: list[Persona]) -> None:
    assert [(p.id, p.segment, p.size) for p in personas] == [("p1", 1, 120), ("p2", 2, 60), ("p7", 3, 15), ("p4", 4, 5)]
    assert sum(persona.share for persona in personas) == pytest.approx(1)
    assert len({persona.colour for persona in personas}) == 4
    assert all(persona.name_by == persona.tagline_by == "draft" for persona in personas)


def test_personal_columns_and_outcomes_of_others_never_appear(frame: pd.DataFrame, labels: pd.Series) -> None:
    hidden = describe(frame, {"annual_spend": "personal", "shop": "ignore", "member": "key"})
    said = {claim.evidence["column"] for persona in drafts(frame, hidden, labels) for claim in persona.claims}
    assert not said & {"annual_spend", "shop", "member"}


def test_the_strongest_differences_of_a_selection(
    frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series
) -> None:
    table = profiles.profile(profiles.prepare(frame, columns), labels)
    mine = table[table["segment"] == 2]
    claims = strongest(mine, columns, levels(frame), 60, most=2)
    assert {claim.evidence["column"] for claim in claims} == {"annual_spend", "recency"}
    assert strongest(table[table["segment"] == 4], columns, levels(frame), 5) == []


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("project", ["grocer", "7f3a", "", "läden"])
def test_names_do_not_repeat_inside_a_project(project: str) -> None:
    names = [invented(project, number) for number in range(1, 151)]
    assert len(set(names)) == 150
    assert len({name.split()[0] for name in names[:12]}) == 12
    assert names == [invented(project, number) for number in range(1, 151)]


def test_drafts_have_different_names_and_keep_them(
    frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series, personas: list[Persona]
) -> None:
    assert len({persona.name for persona in personas}) == 4
    assert personas == drafts(frame, columns, labels)
    assert [p.name for p in drafts(frame, columns, labels, "another")] != [p.name for p in personas]


# ---------------------------------------------------------------- a person's words


def test_what_a_person_wrote_stands_and_the_draft_stays_beneath(personas: list[Persona]) -> None:
    notes = (
        Written("Asks for the manager", "observed", "Ines", "2026-01-02T10:00:00"),
        Written("Would pay more for delivery", "assumed", "Jo", "2026-01-03T10:00:00"),
    )
    mine = with_words(
        personas[0], name="The collector", tagline="Never without a coupon", tags=("core",),
        written_by={"name": "Ines", "tagline": "Jo"}, notes=notes,
    )  # fmt: skip
    assert (mine.name, mine.name_by) == ("The collector", "Ines")
    assert (mine.tagline, mine.tagline_by) == ("Never without a coupon", "Jo")
    assert mine.tags == ("core",)
    assert mine.claims[: len(personas[0].claims)] == personas[0].claims
    assert [(claim.text, claim.kind) for claim in mine.about("note")] == [(note.text, note.kind) for note in notes]
    assert mine.about("note")[1].evidence == {"who": "Jo", "when": "2026-01-03T10:00:00"}
    assert (mine.id, mine.size, mine.picture, mine.colour) == (
        personas[0].id, personas[0].size, personas[0].picture, personas[0].colour,
    )  # fmt: skip


def test_without_words_the_draft_is_as_it_was(personas: list[Persona]) -> None:
    assert with_words(personas[0]) == personas[0]


def test_a_new_draft_does_not_touch_a_persons_words(
    frame: pd.DataFrame, columns: pd.DataFrame, labels: pd.Series, personas: list[Persona]
) -> None:
    words = {"name": "The collector", "notes": (Written("Asks twice", "observed", "Ines", "2026-01-02"),)}
    changed = drafts(frame.assign(member="no", annual_spend=1.0), columns, labels)
    before, after = with_words(personas[0], **words), with_words(changed[0], **words)
    assert before.claims != after.claims
    assert before.name == after.name == "The collector"
    assert before.about("note") == after.about("note")


# ---------------------------------------------------------------- evidence or assumption, never blurred


@pytest.mark.parametrize(
    ("kind", "evidence"),
    [
        ("measured", {}),
        ("measured", {"column": "spend", "value": 3.0}),
        ("measured", {"who": "Ines", "when": "2026-01-02"}),
        ("said", {"who": "Ines", "when": "2026-01-02"}),
        ("observed", {"who": "Ines"}),
        ("assumed", {"when": "2026-01-02"}),
        ("assumed", {"column": "spend", "value": 3.0, "n": 20}),
    ],
)
def test_a_claim_without_its_evidence_is_refused(kind: str, evidence: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=f"a {kind} claim needs"):
        Claim("Spends more", kind, evidence, "note")  # type: ignore[arg-type]


def test_a_claim_with_its_evidence_stands() -> None:
    for kind, evidence in {
        "measured": {"column": "spend", "value": 3.0, "n": 20},
        "said": {"source": "survey, row 7"},
        "observed": {"who": "Ines", "when": "2026-01-02"},
        "assumed": {"who": "Jo", "when": "2026-01-02"},
    }.items():
        assert Claim("Spends more", kind, evidence, "note").evidence == evidence  # type: ignore[arg-type]
