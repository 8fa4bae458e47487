"""Profiles made ready for the page Compare; what is heavy is computed once for each analysis and number of segments."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import streamlit as st

from persona_core import charts, personas, profiles
from persona_core.analysis import Analysis
from persona_core.charts import Key
from persona_core.features import encode
from persona_core.personas.sentences import Words
from persona_core.segments import LEFT_OUT
from persona_core.ui import pieces, state
from persona_core.ui.compare.frames import answers, classes, lines, records, strongest_rows
from persona_core.ui.text import plain
from persona_core.workspace import Cast, Workspace

EVERYBODY_ELSE = 0
"""In the place of a segment's number: everyone who is not in the first one."""

_LINES = 14


@dataclass(frozen=True)
class View:
    """What the page is about: the open project, its segments at `k`, who stands there and how they are drawn."""

    of: Workspace
    analysis: Analysis
    k: int
    cast: Cast

    @property
    def keys(self) -> list[Key]:
        """The segments in the order of the tree."""
        return pieces.keys(self.cast)

    @property
    def profile(self) -> pd.DataFrame:
        """Every segment against everyone else."""
        return self.analysis.profile(self.k)

    @cached_property
    def labels(self) -> pd.Series:
        """The segment of each customer whom nobody left out."""
        labels = self.analysis.segmentation.labels[self.k]
        return labels[labels != LEFT_OUT]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The same customers."""
        labels = self.analysis.segmentation.labels[self.k]
        return self.of.frame if len(self.labels) == len(labels) else self.of.frame[(labels != LEFT_OUT).to_numpy()]

    @cached_property
    def named(self) -> str:
        """What names these segments among others, also among those that people shaped by hand."""
        shaped = hashlib.sha256(self.analysis.segmentation.labels[self.k].to_numpy().tobytes()).hexdigest()
        return f"{self.of.results.key}-{self.k}-{shaped[:12]}"

    def name(self, segment: int) -> str:
        """How a segment is called."""
        return self.cast.in_segment(segment).name

    def label(self, column: str) -> str:
        """How a column is called."""
        return str(self.of.columns.at[column, "label"])


def headline(view: View) -> str:
    """In how many columns the segments differ, and the strongest difference of all, as a sentence."""
    marked = view.profile[view.profile["distinctive"]]
    if marked.empty:
        return "No segment differs clearly from everyone else in any column."
    best = marked.iloc[int(marked["effect"].abs().argmax())]
    where = _columns(marked["column"].nunique())
    who, what = plain(view.name(int(best["segment"]))), plain(view.label(str(best["column"])))
    return f"The segments differ in {where}, most of all **{who}** in {what}."


def _columns(many: int) -> str:
    return "one column" if many == 1 else f"{many} columns"


# ---------------------------------------------------------------- all segments at a glance


def overview(view: View, every: bool, chosen: str, chart: str) -> None:
    """The picture of all segments; a click on a bar chooses its column. `chart`: the key of the picture."""
    rows = _lines(view, view.named)
    lines = list(dict.fromkeys(rows["line"]))
    shown = rows if every else rows[rows["line"].isin(lines[:_LINES])]
    st.plotly_chart(
        charts.panels(shown, view.keys, state.ink(), chosen),
        theme=None,
        key=chart,
        on_select=lambda: _click(view, chart),
        selection_mode="points",
        config={"displayModeBar": False},
        alt="Where each segment is higher or lower than everybody",
    )


def order(view: View) -> list[str]:
    """The columns, those in which segments differ most first."""
    return list(dict.fromkeys(_lines(view, view.named)["line"]))


def many(view: View) -> bool:
    """Whether there are more columns than the picture shows at first."""
    return len(order(view)) > _LINES


def chosen(view: View) -> tuple[str, int | None]:
    """The column that is looked at and, where a person clicked on a bar, its segment."""
    return state.remembered(f"compared-{view.named}", lambda: (order(view)[0], None))


def choose(view: View, column: str) -> None:
    """Look at a column."""
    if column != chosen(view)[0]:
        state.remember(f"compared-{view.named}", (column, None))
        st.rerun()


def _click(view: View, chart: str) -> None:
    points = state.remembered(chart, dict).get("selection", {}).get("points", [])
    marked = [point["customdata"] for point in points if point.get("customdata")]
    if marked:
        state.remember(f"compared-{view.named}", (str(marked[0][0]), int(marked[0][1])))


@st.cache_resource(show_spinner=False, max_entries=32)
def _lines(_view: View, named: str) -> pd.DataFrame:
    return lines(_view.profile, _view.of.columns, _view.frame)


# ---------------------------------------------------------------- one column


def column_picture(view: View, column: str) -> None:
    """How one column is distributed in each segment, against everybody."""
    marked = view.profile[(view.profile["column"] == column) & view.profile["distinctive"]]
    if view.of.columns.at[column, "kind"] == "number":
        shares, ticks = _classes(view, view.named, column)
        figure = charts.histograms(shares, ticks, marked["segment"].tolist(), view.keys, state.ink())
    else:
        figure = charts.panels(_answers(view, view.named, column), view.keys, state.ink())
    alt = f"How {view.label(column)} is distributed in each segment"
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key=f"column-{view.named}-{column}", alt=alt)


@st.cache_resource(show_spinner=False, max_entries=64)
def _classes(_view: View, named: str, column: str) -> tuple[pd.DataFrame, pd.Series]:
    return classes(_view.frame[column], _view.labels, str(_view.of.columns.at[column, "unit"]))


@st.cache_resource(show_spinner=False, max_entries=64)
def _answers(_view: View, named: str, column: str) -> pd.DataFrame:
    mine = _view.profile[_view.profile["column"] == column]
    return answers(_view.frame[column], _view.labels, mine)


def column_sentence(view: View, column: str, segment: int | None) -> None:
    """The strongest difference in a column, or that of the segment that a person clicked on, as a sentence."""
    rows = view.profile[(view.profile["column"] == column) & view.profile["distinctive"]]
    rows = rows[rows["n"] >= personas.SMALLEST_GROUP]
    mine = rows if segment is None else rows[rows["segment"] == segment]
    if mine.empty:
        who = "No segment differs" if segment is None else f"**{plain(view.name(segment))}** does not differ"
        st.markdown(f"{who} clearly from everyone else in {plain(view.label(column))}.")
        return
    best = int(mine["segment"].to_numpy()[mine["effect"].abs().argmax()])
    size = view.cast.in_segment(best).size
    claims = personas.strongest(
        mine[mine["segment"] == best], view.of.columns, personas.levels(view.frame), size, most=1
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(view.name(best))}**", width="content")
        pieces.sentences(claims)


def figures(view: View, rows: pd.DataFrame) -> None:
    """The statistics behind a picture, one click away."""
    say = Words.of(view.of.columns, personas.levels(view.frame))
    rows = rows[rows["n"] >= personas.SMALLEST_GROUP]
    table = pd.DataFrame(
        {
            "Segment": [view.name(int(segment)) for segment in rows["segment"]],
            "Column": rows["column"].map(view.of.columns["label"]).to_numpy(),
            "Answer": rows["level"].to_numpy(),
            "Here": [say.figure(row, "value") for row in records(rows)],
            "Elsewhere": [say.figure(row, "elsewhere") for row in records(rows)],
            "Effect": rows["effect"].to_numpy(),
            "From": rows["low"].to_numpy(),
            "To": rows["high"].to_numpy(),
            "Customers": rows["n"].to_numpy(),
            "Others": rows["n_elsewhere"].to_numpy(),
            "False discovery rate": rows["q"].to_numpy(),
            "Differs": rows["distinctive"].to_numpy(),
        }
    )
    number = st.column_config.NumberColumn(format="%.2f")
    st.dataframe(
        table,
        hide_index=True,
        column_config={"Effect": number, "From": number, "To": number,
                       "False discovery rate": st.column_config.NumberColumn(format="%.4f")},
    )  # fmt: skip
    st.caption(
        "Effect: Cliff’s delta for numbers and ordered answers, difference of shares for answers. From and To: its "
        "95 % interval (Newcombe). Differs: false discovery rate under 5 % (Benjamini and Hochberg; Mann-Whitney, "
        "two-proportion z) and an effect of 0.2 or more."
    )


# ---------------------------------------------------------------- one segment, or two against each other


def compared(view: View, one: int, other: int) -> pd.DataFrame:
    """The profile of one segment against another, or against everyone else."""
    if other == EVERYBODY_ELSE:
        return view.profile[view.profile["segment"] == one]
    return _pair(view, view.named, one, other)


@st.cache_resource(show_spinner=False, max_entries=64)
def _pair(_view: View, named: str, one: int, other: int) -> pd.DataFrame:
    labels = _view.analysis.segmentation.labels[_view.k]
    found = profiles.compare(state.prepared(_view.of), labels == one, labels == other)
    return found.assign(segment=one)


def differences(view: View, rows: pd.DataFrame, segment: int) -> None:
    """The picture of the ten largest differences of one segment."""
    strongest = strongest_rows(rows, view.of.columns, view.frame)
    st.plotly_chart(
        charts.differences(strongest, next(key for key in view.keys if key.segment == segment), state.ink()),
        theme=None,
        config={"displayModeBar": False},
        alt=f"The ten largest differences of {view.name(segment)}",
    )
    st.caption("Bar: share of pairs in which a customer here is higher, less those lower. Whisker: 95 % interval.")


def pair_sentence(view: View, rows: pd.DataFrame, one: int, other: int) -> str:
    """In how many columns two groups differ, and in which most."""
    against = "everyone else" if other == EVERYBODY_ELSE else f"**{plain(view.name(other))}**"
    marked = rows[rows["distinctive"]]
    if marked.empty:
        return f"**{plain(view.name(one))}** does not differ clearly from {against} in any column."
    top = [plain(view.label(column)) for column in marked["column"].drop_duplicates().head(3)]
    where = _columns(marked["column"].nunique())
    return f"**{plain(view.name(one))}** differs from {against} in {where}, most in {_listed(top)}."


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


@st.cache_resource(show_spinner=False, max_entries=16)
def _rules(_view: View, named: str) -> pd.DataFrame:
    return profiles.rules(_view.frame, _view.of.columns, _view.labels)


@st.cache_resource(show_spinner=False, max_entries=16)
def _examples(_view: View, named: str) -> pd.DataFrame:
    return profiles.exemplars(encode(_view.frame, _view.of.columns).frame, _view.labels)


def rule(view: View, segment: int) -> None:
    """The short rule of a segment with how much it catches and how often it is right."""
    found = _rules(view, view.named)
    mine = found[found["segment"] == segment]
    if mine.empty:
        st.markdown("No short rule catches these customers.")
        return
    row = mine.iloc[0]
    st.markdown(
        f"{plain(row['rule'])}: **{pieces.percent(row['coverage'])}** of this segment, "
        f"**{pieces.percent(row['precision'])}** of those it catches are in it, n\u00a0=\u00a0{row['n']:,}.",
        help=f"Found on one half of the customers. In the other half it catches {row['held_out_n']:,}, "
        f"{pieces.percent(row['held_out_precision'])} of them rightly, and "
        f"{pieces.percent(row['held_out_coverage'])} of the segment.",
    )


def example(view: View, segment: int) -> None:
    """A real customer in the middle of the segment, without who it is."""
    found = _examples(view, view.named)
    mine = found[found["segment"] == segment]
    if mine.empty:
        st.markdown("Fewer than 10 customers: nobody is shown, so that nobody can be recognised.")
        return
    strongest = view.profile.loc[view.profile["segment"] == segment, "column"].drop_duplicates()
    facts = profiles.facts_of(view.frame, view.of.columns, int(mine["place"].iloc[0]), list(strongest), most=6)
    st.markdown("  \n".join(f"{plain(row.label)}: **{plain(row.value)}**" for row in facts.itertuples()))


@st.cache_resource(show_spinner=False, max_entries=128)
def _prevalence(_view: View, named: str, segment: int) -> profiles.Prevalence:
    facts = [claim.evidence for claim in _view.cast.in_segment(segment).about("distinctive")]
    return profiles.prevalence(_view.frame, _view.of.columns, _view.labels, segment, facts)


def matching(view: View, segment: int) -> None:
    """How many customers match the lines that set the segment apart."""
    found = _prevalence(view, view.named, segment)
    if found.sentence:
        st.markdown(
            f":material/group: {found.sentence}",
            help="A number matches where it is in the middle half of the segment, or further on the side that sets the "
            "segment apart; an answer where it was given.",
        )
