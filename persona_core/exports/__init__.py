"""Documents and files that leave the room: the same input always gives the same bytes."""

from persona_core.exports.data import customers_csv, personas_json
from persona_core.exports.pdf import Overview, Provenance, persona_pdf, persona_png, report_pdf
from persona_core.exports.questions import questions_xlsx

__all__ = [
    "Overview",
    "Provenance",
    "customers_csv",
    "persona_pdf",
    "persona_png",
    "personas_json",
    "questions_xlsx",
    "report_pdf",
]
