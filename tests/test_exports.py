"""Documents hold every figure and name as text, whatever people wrote; files of data are safe and stable."""

import csv
import io
import json
import re
import struct
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from persona_core import palette, pictures
from persona_core.exports import data, drawing, fonts, pdf, small, words
from persona_core.personas.claims import Claim, Persona

N = 412
ABOUT = pdf.Provenance(
    project="Grocer",
    data="A year of 2,469 households",
    customers=2469,
    date=date(2026, 11, 21),
    revision=7,
    k=3,
    k_reason="3 segments were chosen: with 4 they change when customers are drawn again.",
    verdict="The segments are useful but not natural.",
    notes=("801 of 2,469 households have demographics.",),
    origin="Published data, simulated from real shopping patterns.",
)
HOSTILE = [
    '#panic("x") $x^2$ *b* _i_ @ref <label> #{1 + 1} [x] `code`',
    "\\ back, // no comment, /* nor this */ end",
    "<script>alert(1)</script> &amp; <b>bold</b>",
    "=HYPERLINK(1) {{7*7}} %s ~ --- ...",
    '"] } #sys.inputs',
]


def measured(text: str, value: float, about: str, n: int = N, **more: object) -> Claim:
    return Claim(text, "measured", {"column": "c", "value": value, "n": n, **more}, about)


def note(text: str, kind: str = "observed") -> Claim:
    evidence = {"source": "survey, row 88"} if kind == "said" else {"who": "Kim", "when": "2026-05-12"}
    return Claim(text, kind, evidence, "note")  # type: ignore[arg-type]


CLAIMS = (
    measured("Most often 45 to 54 years old (38 %)", 0.38, "demographics", n=133),
    measured("Two adults, no children (44 %)", 0.44, "demographics", n=133),
    measured("Visits 2.4 times a week", 2.4, "behaviour"),
    measured("Spends 3,940 a year", 3940.0, "behaviour", unit="money"),
    measured(
        "Uses a coupon for 12 % of spend, 3.1 times as much as everyone else (4 %), n = 412",
        0.12,
        "distinctive",
        unit="share",
        elsewhere=0.04,
        n_elsewhere=2057,
    ),
    measured("Goes to 4.2 stores, everyone else to 2.9", 4.2, "distinctive", elsewhere=2.9),
    note("I plan the week around the flyer.", "said"),
    note("Checks the coupon folder first."),
    note("Would stay if coupons became an app.", "assumed"),
)


def persona(segment: int = 1, name: str = "Coupon hunters", claims: tuple[Claim, ...] = CLAIMS) -> Persona:
    return Persona(
        id=f"p{segment}",
        name=name,
        tagline="Plan each trip around what is on offer",
        segment=segment,
        size=N,
        share=N / 2469,
        claims=claims,
        picture=f"seed-{segment}",
        colour=palette.colour(segment),
    )


def points(customers: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(rng.normal(size=(customers, 2)), columns=["x", "y"]).assign(
        segment=np.arange(customers) % 3 + 1
    )


def tool(name: str, *options: str, given: bytes, folder: Path) -> str:
    path = folder / "document.pdf"
    path.write_bytes(given)
    command = [name, *options, str(path), *(["-"] if name == "pdftotext" else [])]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")


def words_of(document: bytes, folder: Path) -> str:
    """The text of a document in the order in which it is set, every run of white space as one blank."""
    return " ".join(tool("pdftotext", "-raw", given=document, folder=folder).split())


def pages_of(document: bytes, folder: Path) -> int:
    return int(re.search(r"Pages:\s+(\d+)", tool("pdfinfo", given=document, folder=folder))[1])  # type: ignore[index]


# A persona's page


def test_a_usual_persona_is_one_page(tmp_path: Path):
    assert pages_of(pdf.persona_pdf(persona(), ABOUT), tmp_path) == 1


def test_every_line_has_its_kind_in_words_and_what_is_behind_it(tmp_path: Path):
    text = words_of(pdf.persona_pdf(persona(), ABOUT), tmp_path)
    for claim in CLAIMS:
        shown = claim.text.removesuffix(", n = 412")
        behind = {"measured": f"n = {claim.evidence.get('n')}", "said": "survey, row 88"}.get(
            claim.kind, "Kim, 12 May 2026"
        )
        assert f"{shown} {claim.kind.capitalize()} · {behind}" in text


def test_a_page_says_share_size_date_data_and_revision(tmp_path: Path):
    text = words_of(pdf.persona_pdf(persona(), ABOUT), tmp_path)
    assert "17 % of customers: 412 of 2,469" in text
    assert "n = 412 of 2,469 customers · 21 November 2026 · A year of 2,469 households · revision 7" in text
    for legend in ("Measured in the data", "Said by a customer", "Observed by a person", "Assumed by a person"):
        assert legend in text


def test_name_and_picture_are_marked_as_invented(tmp_path: Path):
    text = words_of(pdf.persona_pdf(replace(persona(), name_by="Kim"), ABOUT), tmp_path)
    assert "Name and picture are invented; the figures are not. Name by Kim." in text
    assert pictures.CREDIT in text


def test_bars_compare_the_segment_with_everyone_else(tmp_path: Path):
    text = words_of(pdf.persona_pdf(persona(), ABOUT), tmp_path)
    assert "This segment 12 % Everyone else 4 %" in text
    assert "This segment 4.2 Everyone else 2.9" in text


@pytest.mark.parametrize(
    ("value", "elsewhere"), [("65+", "45-54"), (float("nan"), 1.0), (-3.0, 2.0), (0.0, 0.0), (1.0, None)]
)
def test_there_are_no_bars_where_bars_would_mislead(value: object, elsewhere: object, tmp_path: Path):
    claim = measured("A line", value, "distinctive", elsewhere=elsewhere)  # type: ignore[arg-type]
    text = words_of(pdf.persona_pdf(persona(claims=(claim,)), ABOUT), tmp_path)
    assert "A line Measured · n = 412" in text
    assert "Everyone else" not in text


def test_numbers_of_numpy_make_bars_too():
    assert words.comparison({"value": np.float32(0.5), "elsewhere": np.int64(1)}) == (0.5, 1.0)


def test_a_persona_without_a_line_still_makes_a_page(tmp_path: Path):
    assert "Coupon hunters" in words_of(pdf.persona_pdf(persona(claims=()), ABOUT), tmp_path)


# What people write


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_any_field_stays_text(hostile: str, tmp_path: Path):
    about = replace(
        ABOUT, project=hostile, data=hostile, k_reason=hostile, verdict=hostile, notes=(hostile,), origin=hostile
    )
    who = replace(persona(claims=(note(hostile),)), name=hostile, tagline=hostile, tags=(hostile,), name_by=hostile)
    text = words_of(pdf.persona_pdf(who, about), tmp_path)
    assert text.count(hostile) >= 6  # name, tagline, tag, author, note, footer, verdict
    report = words_of(pdf.report_pdf([who], about, pdf.Overview(points(), hostile)), tmp_path)
    assert report.count(hostile) >= 12


@pytest.mark.parametrize(
    "name",
    [
        "Ελένη η πρωινή",
        "Экономная Ольга",
        "Zoë Ångström-Łuk",
        "日本語の人",
        "한국어 사람",
        "中文名字",
        "Người mua sắm",
        "הקונים",
    ],
)
def test_names_of_many_scripts_come_out_as_they_went_in(name: str, tmp_path: Path):
    text = words_of(pdf.persona_pdf(persona(name=name), ABOUT), tmp_path)
    assert name in text
    assert fonts.STAND_IN not in text


def test_arabic_comes_out_with_all_its_letters(tmp_path: Path):
    document = pdf.persona_pdf(persona(name="متسوقو المساء", claims=(note("تشتري 12 مرة مشتریان پیگیر"),)), ABOUT)
    text = tool("pdftotext", given=document, folder=tmp_path)
    assert "متسوقو المساء" in text
    assert "مشتریان پیگیر" in text
    assert "12" in text
    assert fonts.STAND_IN not in text


@pytest.mark.parametrize("script", ["हिन्दी", "ไทย", "தமிழ்", "తెలుగు", "ខ្មែរ", "বাংলা", "ქართული", "Հայերեն", "😀☕👩‍👩‍👧"])
def test_no_letter_of_these_scripts_is_missing(script: str):
    assert fonts.drawable(script) == (script, Counter())


def test_a_character_without_a_typeface_is_shown_as_missing_and_reported(tmp_path: Path):
    text = words_of(pdf.persona_pdf(persona(claims=(note("odd \U00012000 and \x07 end"),)), ABOUT), tmp_path)
    assert f"odd {fonts.STAND_IN} and {fonts.STAND_IN} end" in text
    assert "no such character: U+0007, U+12000." in text


def test_a_missing_character_in_the_projects_name_is_reported_in_the_report(tmp_path: Path):
    document = pdf.report_pdf([persona()], replace(ABOUT, project="Odd \U00012000"), pdf.Overview(None, ""))
    assert words_of(document, tmp_path).count("U+12000") == 2  # on the title page and on the persona's


def test_many_and_long_notes_flow_to_further_pages_and_none_is_lost(tmp_path: Path):
    notes = [note(f"Note {number}: goes to the late counter.", "assumed") for number in range(60)]
    long = [note(f"{number} " + "word " * 400 + f"end{number}") for number in range(3)]
    document = pdf.persona_pdf(persona(claims=(*CLAIMS, *notes, *long)), ABOUT)
    text = words_of(document, tmp_path)
    assert pages_of(document, tmp_path) > 3
    assert all(claim.text in text for claim in notes)
    # A page may end inside a long note, and the footer stands between.
    assert text.count("word") == 1200
    assert all(f"end{number} Observed" in text for number in range(3))


def test_nothing_is_set_beyond_the_edge_of_the_page(tmp_path: Path):
    name = "Donaudampfschifffahrtsgesellschaftskapitän " * 4
    who = replace(persona(claims=(*CLAIMS, note("W" * 300))), name=name, tagline=name, tags=(name, *"abcdefghij" * 3))
    about = replace(ABOUT, data="D" * 200, k_reason="R" * 200, verdict="V" * 200, project="P" * 90)
    report = pdf.report_pdf([who], about, pdf.Overview(points(), "M" * 200))
    boxes = tool("pdftotext", "-bbox", given=report, folder=tmp_path)
    right = [float(value) for value in re.findall(r'xMax="([\d.]+)"', boxes)]
    bottom = [float(value) for value in re.findall(r'yMax="([\d.]+)"', boxes)]
    assert max(right) < 595.3 - 40
    assert max(bottom) < 841.9 - 12


def test_a_long_word_is_whole_for_search(tmp_path: Path):
    word = "Donaudampfschifffahrtsgesellschaft"
    assert word in words_of(pdf.persona_pdf(persona(claims=(note(f"A {word}."),)), ABOUT), tmp_path)


# The report


def test_the_report_holds_verdict_comparison_and_every_persona(tmp_path: Path):
    personas = [persona(1), persona(2, "Evening dashers"), persona(3, "Big-basket families")]
    document = pdf.report_pdf(personas, ABOUT, pdf.Overview(points(), "83 % of neighbours here are true neighbours."))
    text = words_of(document, tmp_path)
    assert pages_of(document, tmp_path) == 6
    assert text.startswith("Grocer 3 personas from 2,469 customers How far to trust this The segments are useful")
    for sentence in (ABOUT.k_reason, *ABOUT.notes, ABOUT.origin, "83 % of neighbours here are true neighbours."):
        assert sentence in text
    for who in personas:
        assert text.count(who.name) == 3  # comparison, map and page
        assert f"Segment {who.segment}" in text
    assert text.count("Uses a coupon for 12 % of spend, 3.1 times as much as everyone else (4 %)") == 6


def test_a_report_without_a_map_has_no_page_for_it(tmp_path: Path):
    document = pdf.report_pdf([persona()], ABOUT, pdf.Overview(None, "not shown"))
    assert pages_of(document, tmp_path) == 3
    assert "not shown" not in words_of(document, tmp_path)


def test_twelve_personas_make_a_report_with_a_page_each(tmp_path: Path):
    personas = [persona(number) for number in range(1, 13)]
    document = pdf.report_pdf(personas, ABOUT, pdf.Overview(points(), "How far to trust the map."))
    assert pages_of(document, tmp_path) == 15


def test_the_same_input_gives_the_same_bytes():
    overview = pdf.Overview(points(), "note")
    assert pdf.persona_pdf(persona(), ABOUT) == pdf.persona_pdf(persona(), ABOUT)
    assert pdf.report_pdf([persona()], ABOUT, overview) == pdf.report_pdf([persona()], ABOUT, overview)


def test_documents_are_tagged_titled_dated_and_say_ua_1(tmp_path: Path):
    document = pdf.persona_pdf(persona(), ABOUT)
    facts = tool("pdfinfo", "-isodates", given=document, folder=tmp_path)
    assert re.search(r"Title:\s+Coupon hunters · Grocer", facts)
    assert re.search(r"Tagged:\s+yes", facts)
    assert re.search(r"CreationDate:\s+2026-11-21T00:00:00", facts)
    assert b"pdfuaid:part>1<" in tool_bytes("pdfinfo", "-meta", document, tmp_path)
    structure = tool("pdfinfo", "-struct-text", given=document, folder=tmp_path)
    assert "H1" in structure
    assert "Figure" in structure


def tool_bytes(name: str, option: str, document: bytes, folder: Path) -> bytes:
    return tool(name, option, given=document, folder=folder).encode("utf-8")


def test_only_fonts_of_the_packages_are_used_and_embedded(tmp_path: Path):
    listing = tool("pdffonts", given=pdf.persona_pdf(persona(), ABOUT), folder=tmp_path).splitlines()[2:]
    assert listing
    assert all("NotoSans" in line and re.search("yes +yes +yes", line) for line in listing)


# The map


def test_the_map_draws_every_segment_in_its_colour_and_labels_its_middle():
    view = drawing.map_view(points(), "note", [persona(number) for number in (1, 2, 3)])
    assert [view["picture"].count(palette.colour(number)) for number in (1, 2, 3)] == [1, 1, 1]
    assert [label["number"] for label in view["labels"]] == ["1", "2", "3"]
    assert all(0 < label["x"] < 1 and 0 < label["y"] < 1 for label in view["labels"])
    assert "Map of 300 customers" in view["alt"]


def test_customers_of_a_persona_that_is_not_shown_are_grey_and_without_a_label():
    view = drawing.map_view(points(), "", [persona(2)])
    assert view["picture"].count(drawing.OTHERS) == 2
    assert [label["number"] for label in view["labels"]] == ["2"]


def test_up_is_up_on_the_map():
    frame = pd.DataFrame({"x": [0.0, 0.0, 1.0], "y": [0.0, 2.0, 1.0], "segment": [1, 2, 1]})
    low, high = drawing.map_view(frame, "", [persona(1), persona(2)])["labels"]
    assert high["y"] < low["y"]


def test_customers_on_the_same_spot_are_one_dot_and_one_customer_is_a_map():
    spot = pd.DataFrame({"x": [1.0] * 500, "y": [2.0] * 500, "segment": [1] * 500})
    assert drawing.map_view(spot, "", [persona()])["picture"].count("M") == 1


# Small groups


def test_figures_on_few_customers_are_left_out_and_counted(tmp_path: Path):
    few = (measured("Secret one", 1.0, "behaviour", n=9), measured("Secret two", 1.0, "distinctive", n=3))
    who = persona(claims=(*CLAIMS, *few))
    (shown,) = small.hide_small([who])
    assert shown.claims == CLAIMS
    assert small.hidden_line(who) == "2 lines hidden: fewer than 10 customers."
    for document in (pdf.persona_pdf(who, ABOUT), pdf.report_pdf([who], ABOUT, pdf.Overview(None, ""))):
        text = words_of(document, tmp_path)
        assert "Secret" not in text
        assert "2 lines hidden: fewer than 10 customers." in text
    assert b"Secret" not in data.personas_json([who], ABOUT)


def test_ten_customers_are_enough_and_a_few_elsewhere_are_not():
    ten = measured("Ten", 1.0, "behaviour", n=10)
    few_elsewhere = measured("Few elsewhere", 1.0, "distinctive", n=400, n_elsewhere=4)
    (shown,) = small.hide_small([persona(claims=(ten, few_elsewhere))])
    assert shown.claims == (ten,)
    assert small.hidden_line(persona(claims=(ten,))) == ""
    assert small.hidden_line(persona(claims=(few_elsewhere,))) == "1 line hidden: fewer than 10 customers."


def test_what_people_wrote_is_never_hidden():
    words_of_people = tuple(note(kind, kind) for kind in ("said", "observed", "assumed"))
    (shown,) = small.hide_small([persona(claims=words_of_people)], smallest=1000)
    assert shown.claims == words_of_people


# Customers as CSV


def customers(keys: list[str], key_name: str | None = "household") -> tuple[pd.Series, pd.Series]:
    index = pd.Index(keys, name=key_name)
    labels = pd.Series(np.arange(len(keys)) % 2 + 1, index=index, dtype="int8")
    return labels, pd.Series(np.linspace(0.5, 1, len(keys)), index=index, dtype="float32")


def test_csv_has_key_segment_certainty_and_persona():
    content = data.customers_csv(*customers(["a1", "a2", "007"]), {1: "Coupon hunters", 2: "Evening, dashers"})
    assert content.decode("ascii").splitlines() == [
        "household,segment,certainty,persona",
        "a1,1,0.5,Coupon hunters",
        'a2,2,0.75,"Evening, dashers"',
        "007,1,1.0,Coupon hunters",
    ]


def test_csv_counts_rows_where_customers_have_no_key():
    content = data.customers_csv(*customers(["0", "1"], key_name=None), {1: "A", 2: "B"})
    assert content.decode("ascii").splitlines()[:2] == ["row,segment,certainty,persona", "1,1,0.5,A"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(first: str):
    cell = f"{first}cmd|' /C calc'!A0"
    content = data.customers_csv(*customers([cell, "b"]), {1: cell, 2: "B"}).decode("utf-8-sig")
    row = next(iter(csv.DictReader(io.StringIO(content, newline=""))))
    assert row["household"] == row["persona"] == f"'{cell}"


@pytest.mark.parametrize("key", ["-5", "+49123", "-1.5", "3,5"])
def test_numbers_stay_numbers(key: str):
    assert data.defuse(key) == key


def test_csv_has_a_byte_order_mark_only_where_excel_needs_one():
    plain = data.customers_csv(*customers(["a"]), {1: "Plain"})
    accented = data.customers_csv(*customers(["a"]), {1: "Zoë"})
    assert not plain.startswith(data.BOM)
    assert accented.startswith(data.BOM)
    assert pd.read_csv(io.BytesIO(accented))["persona"].tolist() == ["Zoë"]
    assert list(pd.read_csv(io.BytesIO(accented)).columns) == ["household", "segment", "certainty", "persona"]


def test_a_segment_without_a_persona_and_a_certainty_that_is_missing_are_empty():
    labels, certainty = customers(["a", "b"])
    certainty.iloc[0] = np.nan
    assert data.customers_csv(labels, certainty, {}).decode("ascii").splitlines()[1:] == ["a,1,,", "b,2,1.0,"]


# Personas as JSON


def test_json_has_exactly_the_promised_shape():
    content = json.loads(data.personas_json([persona()], ABOUT))
    assert list(content) == ["project", "data", "k", "personas"]
    (who,) = content["personas"]
    assert list(who) == ["id", "name", "tagline", "segment", "size", "share", "claims"]
    assert all(list(claim) == ["text", "kind", "evidence"] for claim in who["claims"])
    assert [claim["text"] for claim in who["claims"]] == [claim.text for claim in CLAIMS]
    assert who["claims"][0]["evidence"] == {"column": "c", "value": 0.38, "n": 133}


def test_json_takes_numpy_and_never_writes_a_number_that_is_not_finite():
    odd = measured(
        "Odd",
        np.float32("nan"),  # type: ignore[arg-type]
        "behaviour",
        n=np.int64(50),  # type: ignore[arg-type]
        elsewhere=float("inf"),
        interval=(np.float64(1), np.float64("-inf")),
        flag=np.bool_(True),
        since=pd.Timestamp("2026-05-12"),
        missing=pd.NA,
        levels=np.array(["a", "b"]),
    )
    content = json.loads(data.personas_json([persona(claims=(odd,))], ABOUT))
    assert content["personas"][0]["claims"][0]["evidence"] == {
        "column": "c",
        "value": None,
        "n": 50,
        "elsewhere": None,
        "interval": [1.0, None],
        "flag": True,
        "since": "2026-05-12T00:00:00",
        "missing": None,
        "levels": ["a", "b"],
    }


def test_json_is_utf_8_text_and_stable():
    first = data.personas_json([persona(name="Ελένη")], ABOUT)
    assert "Ελένη".encode() in first
    assert first == data.personas_json([persona(name="Ελένη")], ABOUT)


# Words and typefaces


@pytest.mark.parametrize(
    ("when", "shown"), [("2026-05-12", "12 May 2026"), (date(2026, 1, 3), "3 January 2026"), ("in spring", "in spring")]
)
def test_days_are_written_out(when: str | date, shown: str):
    assert words.day(when) == shown


@pytest.mark.parametrize(("part", "shown"), [(0.0, "0"), (0.004, "0.4"), (0.0096, "1"), (0.167, "17"), (1.0, "100")])
def test_shares_are_never_rounded_to_nothing(part: float, shown: str):
    assert words.share(part) == f"{shown}{words.NBSP}%"


def test_a_said_line_names_its_source_and_who_passed_it_on():
    claim = Claim("Too slow", "said", {"source": "call 3", "who": "Kim", "when": "2026-05-12"}, "note")
    assert words.detail(claim) == "call 3, Kim, 12 May 2026"


def test_every_family_that_is_asked_for_is_there():
    assert set(fonts.families()) == set(fonts.book().families())


def test_line_ends_and_tabs_are_made_plain_and_not_reported_as_missing():
    assert fonts.drawable("a\r\nb\rc\td") == ("a\nb\nc d", Counter())


def test_the_character_table_of_a_font_is_read_in_both_layouts():
    segments = ([65, 97, 0xFFFF], [66, 97, 0xFFFF], [1, -97 % 65536, 1])  # starts, ends, deltas: "a" maps to no glyph
    starts, ends, deltas = (struct.pack(">3H", *values) for values in segments)
    four = struct.pack(">7H", 4, 40, 0, 6, 0, 0, 0) + ends + b"\0\0" + starts + deltas + struct.pack(">3H", 0, 0, 0)
    twelve = struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, 0x1F600, 0x1F602, 7)

    def font(table: bytes) -> bytes:
        cmap = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table
        return struct.pack(">4sHHHH4sIII", b"\0\1\0\0", 1, 0, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap

    assert fonts.mapped(font(four)) == ((65, 65), (66, 66))
    assert fonts.mapped(font(twelve)) == ((0x1F600, 0x1F602),)
