"""Downloads, each built when it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from persona_core import exports
from persona_core.analysis import Analysis
from persona_core.personas import Persona
from persona_core.ui import state
from persona_core.workspace import Cast, Workspace, overview, provenance


def report(of: Workspace, analysis: Analysis, cast: Cast) -> None:
    """The whole report."""
    found = state.full_map(of) or state.quick_map(of)
    about = provenance(of, analysis, len(cast.placed), datetime.now(UTC).date())
    st.download_button(
        f"Report of {len(cast.placed)} personas (PDF)",
        data=partial(exports.report_pdf, cast.placed, about, overview(analysis, found, len(cast.placed))),
        file_name="personas.pdf", mime="application/pdf", on_click="ignore", type="primary",
        icon=":material/picture_as_pdf:", width="stretch",
    )  # fmt: skip


def page(of: Workspace, analysis: Analysis, cast: Cast, persona: Persona) -> None:
    """One persona's page."""
    about = provenance(of, analysis, len(cast.placed), datetime.now(UTC).date())
    st.download_button(
        "This persona (PDF)", data=partial(exports.persona_pdf, persona, about), file_name=f"persona-{persona.id}.pdf",
        mime="application/pdf", on_click="ignore", icon=":material/picture_as_pdf:", width="stretch",
    )  # fmt: skip


def customers(of: Workspace, analysis: Analysis, cast: Cast) -> None:
    """Every customer with segment, certainty and persona."""
    k = len(cast.placed)
    names = {persona.segment: persona.name for persona in cast.placed}
    labels, certainty = analysis.segmentation.labels[k], analysis.segmentation.certainty[k]
    st.download_button(
        f"{len(labels):,} customers (CSV)", data=partial(exports.customers_csv, labels, certainty, names),
        file_name="customers.csv", mime="text/csv", on_click="ignore", icon=":material/table:", width="stretch",
    )  # fmt: skip


def preview(of: Workspace, analysis: Analysis, cast: Cast, persona: Persona) -> bytes:
    """The persona's page as a picture (PNG)."""
    about = provenance(of, analysis, len(cast.placed), datetime.now(UTC).date())
    return exports.persona_png(persona, about)
