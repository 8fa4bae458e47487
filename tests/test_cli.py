"""The command line writes whole files or none, and answers every mistake with one sentence and exit code 2."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_tables import xlsx

from persona_core import samples, segments
from persona_core.cli import arguments, files, main, one_sentence, parser
from persona_core.errors import StorageFailed

ROOT = Path(__file__).parents[1]
HEADER = "customer_id,visits,spend,channel\n"


def people(rows: int = 40) -> pd.DataFrame:
    """Three groups that stand apart; the map of fewer than 50 customers needs no umap."""
    rng = np.random.default_rng(0)
    group = np.arange(rows) % 3
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:03}" for i in range(rows)],
            "visits": np.round(rng.normal(5 + 20 * group, 1), 3),
            "spend": np.round(rng.normal(100 - 40 * group, 2), 2),
            "channel": np.array(["web", "store", "phone"])[group],
            "email": [f"c{i}@example.org" for i in range(rows)],
        }
    )


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        assert (self.code, self.err) == (0, "")
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one sentence of a refusal."""
        assert (self.code, self.out) == (2, "")
        assert self.err.endswith(("\n",))
        assert self.err.count("\n") == 1
        text = self.err.strip()
        assert text.endswith((".", "?"))
        assert ". " not in text
        assert "? " not in text
        return text


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the command line in a folder of its own, with a store of its own."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("PERSONA_STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")  # the command sets it; this puts it back afterwards
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")

    def call(*argv: object) -> Said:
        code = main([str(part) for part in argv])
        return Said(code, *capsys.readouterr())

    return call


@pytest.fixture
def folder(run: Run) -> Path:
    """The working folder, with a file of customers in it."""
    people().to_csv("people.csv", index=False)
    return Path.cwd()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def pdf_text(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


# ---------------------------------------------------------------- segment


def test_segment_writes_key_segment_and_certainty_and_prints_a_summary(run: Run, folder: Path) -> None:
    said = run("segment", "people.csv", "--k", 3, "--out", "labels.csv").summary
    rows = rows_of(folder / "labels.csv")
    assert list(rows[0]) == ["customer_id", "segment", "certainty"]
    assert [row["customer_id"] for row in rows] == people()["customer_id"].to_list()
    assert all(0 <= float(row["certainty"]) <= 1 for row in rows)
    found = pd.crosstab(pd.Series([row["segment"] for row in rows]), people()["channel"])
    assert (found > 0).sum().sum() == 3  # the three groups, each one segment
    assert (said["rows"], said["k"], said["columns_used"]) == (40, 3, ["visits", "spend", "channel"])
    assert said["sizes"] == pd.Series([row["segment"] for row in rows]).value_counts().sort_index().to_dict()
    assert said["verdict"] in ("natural", "reproducible", "constructed")
    assert said["verdict_reason"].endswith(".")


def test_segment_takes_the_suggested_number_without_k(run: Run, folder: Path) -> None:
    said = run("segment", "people.csv", "--out", "labels.csv").summary
    assert said["k"] == said["recommended_k"] == len(said["sizes"])


def test_the_same_file_and_seed_give_the_same_bytes(run: Run, folder: Path) -> None:
    for name in ("one.csv", "two.csv"):
        assert run("segment", "people.csv", "--k", 3, "--seed", 5, "--out", name).code == 0
    assert (folder / "one.csv").read_bytes() == (folder / "two.csv").read_bytes()


def test_without_a_key_rows_are_counted_from_one(run: Run, folder: Path) -> None:
    people().drop(columns=["customer_id", "email"]).to_csv("bare.csv", index=False)
    run("segment", "bare.csv", "--k", 2, "--out", "labels.csv")
    assert [row["row"] for row in rows_of(folder / "labels.csv")] == [str(number) for number in range(1, 41)]


def test_columns_can_be_left_out(run: Run, folder: Path) -> None:
    people().assign(**{"spend, a year": np.arange(40) % 7}).to_csv("more.csv", index=False)
    told = ("--leave-out", "visits, channel", "--leave-out", '"spend, a year",customer_id')
    said = run("segment", "more.csv", "--k", 2, "--out", "labels.csv", *told).summary
    assert said["columns_used"] == ["spend"]


def test_a_key_that_a_spreadsheet_would_run_is_made_harmless(run: Run, folder: Path) -> None:
    table = people()
    table.loc[0, "customer_id"] = "=1+1"
    table.loc[1, "customer_id"] = "Zoë"
    table.to_csv("odd.csv", index=False)
    run("segment", "odd.csv", "--k", 2, "--out", "labels.csv")
    content = (folder / "labels.csv").read_bytes()
    assert content.startswith("\ufeffcustomer_id,segment,certainty\r\n'=1+1,".encode())
    assert "Zoë,".encode() in content


def test_packed_files_are_read(run: Run, folder: Path) -> None:
    people().to_csv("people.csv.gz", index=False)
    assert run("segment", "people.csv.gz", "--k", 2, "--out", "labels.csv").summary["rows"] == 40


# ---------------------------------------------------------------- build


FILES = ["personas.pdf", "customers.csv", "personas.json", "model.json", "questions.json", "questions.xlsx"]


def test_build_writes_files_that_agree(run: Run, folder: Path) -> None:
    said = run("build", "people.csv", "--out", "new/out", "--k", 3).summary
    out = folder / "new" / "out"
    assert said["files"] == [str(out / name) for name in FILES]
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    told = json.loads((out / "personas.json").read_text("utf-8"))
    assert list(told) == ["project", "data", "k", "personas"]
    assert (told["project"], told["data"], told["k"]) == ("People", "people.csv", 3)
    assert list(told["personas"][0]) == ["id", "name", "tagline", "segment", "size", "share", "claims"]
    assert sum(persona["size"] for persona in told["personas"]) == 40
    rows = rows_of(out / "customers.csv")
    assert list(rows[0]) == ["customer_id", "segment", "certainty", "persona"]
    names = {str(persona["segment"]): persona["name"] for persona in told["personas"]}
    assert all(row["persona"] == names[row["segment"]] for row in rows)
    pages = pdf_text(out / "personas.pdf")
    assert all(name in pages for name in names.values())
    assert "22 November 2026" in pages  # SOURCE_DATE_EPOCH
    assert "The map of customers" in pages


def test_every_claim_of_a_build_is_measured_and_has_its_evidence(run: Run, folder: Path) -> None:
    run("build", "people.csv", "--out", "out", "--k", 3)
    told = json.loads((folder / "out" / "personas.json").read_text("utf-8"))
    claims = [claim for persona in told["personas"] for claim in persona["claims"]]
    assert claims
    for claim in claims:
        assert list(claim) == ["text", "kind", "evidence"]
        assert claim["kind"] == "measured"
        assert {"column", "value", "n"} <= set(claim["evidence"])


def test_personal_columns_reach_no_file(run: Run, folder: Path) -> None:
    said = run("build", "people.csv", "--out", "out", "--k", 3).summary
    assert "Personal data, kept out of the segments and not shown: Email." in said["notes"]
    written = b"".join(path.read_bytes() for path in (folder / "out").iterdir() if path.suffix != ".pdf")
    assert b"example.org" not in written
    assert "example.org" not in pdf_text(folder / "out" / "personas.pdf")


def test_several_files_are_connected(run: Run, folder: Path) -> None:
    sample = Path(__file__).parents[1] / "data" / "sample"
    files = [str(sample / f"{name}.csv") for name in ("customers", "orders", "survey", "feedback")]
    done = run("build", *files, "--out", "out", "--k", "4")
    assert done.summary["rows"] == 360
    assert {"spend_per_order", "price_matters", "activities: Hiking"} <= set(done.summary["columns_used"])
    assert "orders.csv was read as orders." in done.summary["notes"]
    assert "survey.csv: 4 rows belong to customers in no other source." in done.summary["notes"]


def test_a_build_can_be_used_on_other_customers(run: Run, folder: Path) -> None:
    """The model and the questions of the folder find the same segments under the same names."""
    run("build", "people.csv", "--out", "out", "--k", 3)
    built = [row["segment"] for row in rows_of(folder / "out" / "customers.csv")]
    names = [one["name"] for one in json.loads(Path("out/personas.json").read_text("utf-8"))["personas"]]
    for model in ("model.json", "questions.json"):
        told = run("score", f"out/{model}", "people.csv", "--out", "scored.csv").summary
        assert [row["segment"] for row in rows_of(folder / "scored.csv")] == built
        assert sum(one["size"] for one in told["segments"]) == 40
    assert sorted(one["name"] for one in told["segments"]) == sorted(names)
    assert (folder / "out" / "questions.xlsx").read_bytes().startswith(b"PK")


FEW = {
    "alike": pd.DataFrame({"id": range(30), "a": [1] * 29 + [2], "b": ["x"] * 28 + ["y"] * 2}),
    "few": people(30)[["customer_id", "channel"]],
}


@pytest.mark.parametrize("name", FEW)
def test_where_nothing_can_be_asked_a_build_says_so(run: Run, name: str) -> None:
    FEW[name].to_csv("few.csv", index=False)
    told = run("build", "few.csv", "--out", "out").summary
    assert told["notes"][-1].startswith("There are no questions: No column can be asked about")
    assert sorted(os.listdir("out")) == sorted(FILES[:4])


def test_the_same_build_gives_the_same_bytes(run: Run, folder: Path) -> None:
    for name in ("one", "two"):
        run("build", "people.csv", "--out", name)
    for path in (folder / "one").iterdir():
        assert path.read_bytes() == (folder / "two" / path.name).read_bytes()


def test_a_folder_is_reused_and_what_else_lies_in_it_stays(run: Run, folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    (out / "personas.pdf").write_text("old")
    run("build", "people.csv", "--out", "out")
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "personas.pdf").read_bytes().startswith(b"%PDF")
    assert len(list(out.iterdir())) == 7


def test_a_number_that_was_asked_for_is_told_apart_from_the_suggested_one(run: Run, folder: Path) -> None:
    said = run("build", "people.csv", "--out", "out", "--k", 2).summary
    assert (said["k"], said["recommended_k"]) == (2, 3)
    assert "2 segments were asked for; 3 are suggested." in pdf_text(folder / "out" / "personas.pdf")


def test_a_second_sheet_is_not_used_in_silence(run: Run, folder: Path) -> None:
    rows = [list(people().columns), *people().to_numpy().tolist()]
    Path("book.xlsx").write_bytes(xlsx(People=rows, More=rows))
    said = run("build", "book.xlsx", "--out", "out", "--k", 3).summary
    assert said["notes"][0] == "book.xlsx holds 2 tables; only the first, book.xlsx: People, was used."


@pytest.mark.slow  # umap compiles
def test_the_small_company_comes_with_the_program(run: Run) -> None:
    said = run("build", "sample", "--out", "out", "--k", 4).summary
    assert (said["project"], said["rows"]) == ("Outdoor shop", 360)
    assert {"email", "phone", "name", "churned"}.isdisjoint(said["columns_used"])
    pages = pdf_text(Path("out/personas.pdf"))
    assert "UMAP puts customers who are alike side by side" in " ".join(pages.split())


@pytest.mark.slow  # umap compiles
def test_the_grocer_comes_with_the_program(run: Run) -> None:
    said = run("segment", "grocer", "--k", 3, "--out", "labels.csv").summary
    assert said["rows"] == len(samples.grocer().frame) == sum(said["sizes"].values())
    assert list(rows_of(Path("labels.csv"))[0]) == ["household_id", "segment", "certainty"]


# ---------------------------------------------------------------- bad input

BAD_FILES = {
    "empty": ("", "empty.csv is empty; check"),
    "blank": (" \n \n", "blank.csv is empty; check"),
    "header": (HEADER, "header.csv has column names but no rows; export it again"),
    "one_row": (HEADER + "a,1,2,web\n", "one_row.csv has fewer than two customers; segments need many customers"),
    "one_column": ("visits\n1\n2\n3\n", "one_column.csv has only one column; a customer table needs at least two"),
    "document": ("%PDF-1.7\n%âãÏÓ\n1 0 obj\n", "document.csv is a PDF document, not a table; save the table as CSV"),
    "picture": ("\x89PNG\r\n\x1a\n\0\0", "picture.csv holds binary data, not text; save the table"),
    "constant": (HEADER + "".join(f"c{i},3,7,web\n" for i in range(20)), "No column of constant.csv can form segments"),
    "missing": ("id,visits,spend\n" + "".join(f"c{i},,\n" for i in range(20)), "No column of missing.csv can form"),
    "no_values": ("visits,spend\n" + ",\n" * 20, "no_values.csv has column names but no values; check the export"),
    "only_mails": (
        "visits,mail\n" + "".join(f"3,c{i}@example.org\n" for i in range(20)),
        "each has the same value for everybody, or was taken for something else (visits (ignore), mail (personal));",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_one_sentence_and_nothing_is_written(run: Run, name: str) -> None:
    content, words = BAD_FILES[name]
    path = Path(f"{name}.csv")
    path.write_text(content, encoding="utf-8")
    assert words in run("build", path, "--out", "out").sentence
    assert words in run("segment", path, "--out", "labels.csv", "--k", 2).sentence
    assert os.listdir() == [path.name]


def test_fewer_customers_than_segments(run: Run) -> None:
    people(8).to_csv("few.csv", index=False)
    sentence = run("build", "few.csv", "--out", "out", "--k", 12).sentence
    assert sentence == "few.csv has 8 customers, too few for 12 segments; ask for fewer with --k."
    people(12).to_csv("few.csv", index=False)
    assert "part into" in run("segment", "few.csv", "--out", "labels.csv", "--k", 12).sentence
    assert os.listdir() == ["few.csv"]


@pytest.mark.parametrize("rows", [2, 3, 5])
def test_a_handful_of_customers_gives_files_or_a_sentence(run: Run, rows: int) -> None:
    people(rows).to_csv("few.csv", index=False)
    said = run("build", "few.csv", "--out", "out")
    assert said.summary["rows"] == rows if said.code == 0 else said.sentence


def test_a_file_that_is_not_there(run: Run, folder: Path) -> None:
    assert run("build", "peple.csv", "--out", "out").sentence == "There is no file peple.csv; did you mean people.csv?"
    assert run("segment", "grocr", "--out", "x.csv").sentence == "There is no file grocr; did you mean grocer?"
    assert run("build", "nowhere/x.csv", "--out", "out").sentence.endswith("check the name and the folder.")
    assert run("build", "x" * 300, "--out", "out").sentence.endswith("check the name and the folder.")
    assert run("build", str(folder), "--out", "out").sentence.endswith("name the file in it that holds the customers.")
    assert run("build", "bad\udcff.csv", "--out", "out").sentence.endswith("cannot be shown; rename the file.")
    assert os.listdir() == ["people.csv"]


WRONG = {
    "no command": ((), "No COMMAND was given"),
    "unknown command": (("bild",), "There is no command 'bild', only 'build', 'segment', 'inspect'"),
    "no input": (("build", "--out", "out"), "No INPUT was given"),
    "no out": (("build", "people.csv"), "No --out was given"),
    "out without value": (("build", "people.csv", "--out"), "--out needs a value"),
    "unknown option": (("build", "people.csv", "--out", "out", "--kk", "3"), "It is not known what to do with --kk"),
    "no room for one model": (("segment", "people.csv", "--out", "x", "--model", "./x"), "for both --out and --model"),
    "model over the input": (("segment", "people.csv", "--out", "x", "--model", "people.csv"), "place for --model"),
    "model nowhere": (("segment", "people.csv", "--out", "x", "--model", "no/m.json"), "choose another --model"),
    "k 0": (("segment", "people.csv", "--out", "x", "--k", "0"), "a whole number from 1 to 12, not '0'"),
    "k 1": (("build", "people.csv", "--out", "out", "--k", "1"), "a whole number from 2 to 12, not '1'"),
    "k 13": (("build", "people.csv", "--out", "out", "--k", "13"), "a whole number from 2 to 12, not '13'"),
    "k x": (("segment", "people.csv", "--out", "out", "--k", "x"), "a whole number from 1 to 12, not 'x'"),
    "k negative": (("segment", "people.csv", "--out", "out", "--k", "-3"), "not '-3'"),
    "seed": (("segment", "people.csv", "--out", "x.csv", "--seed", "-1"), "--seed must be a whole number"),
    "a project among files": (("build", "people.csv", "grocer", "--out", "out"), "cannot be connected with files"),
    "a file twice": (("build", "people.csv", "./people.csv", "--out", "out"), "have the same name; rename one"),
    "unknown column": (
        ("segment", "people.csv", "--out", "x.csv", "--leave-out", "visit"),
        "people.csv has no column visit to leave out; did you mean visits?",
    ),
    "far column": (("segment", "people.csv", "--out", "x.csv", "--leave-out", "zzz"), "the columns are visits, spend,"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_gets_one_sentence(run: Run, folder: Path, name: str) -> None:
    argv, words = WRONG[name]
    assert words in run(*argv).sentence
    assert os.listdir() == ["people.csv"]


def test_a_wrong_date_in_the_environment(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("soon", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        assert "set it to a number of seconds since 1970" in run("build", "people.csv", "--out", "out").sentence


def test_the_input_is_never_overwritten(run: Run, folder: Path) -> None:
    before = (folder / "people.csv").read_bytes()
    assert "is the file to read" in run("segment", "people.csv", "--out", "./people.csv").sentence
    (folder / "people.csv").rename("customers.csv")
    assert "is the file to read" in run("build", "customers.csv", "--out", ".").sentence
    os.symlink("customers.csv", "link.csv")
    assert "is the file to read" in run("segment", "customers.csv", "--out", "link.csv").sentence
    assert (folder / "customers.csv").read_bytes() == before


def test_places_that_cannot_be_written_to(run: Run, folder: Path) -> None:
    assert "is a folder" in run("segment", "people.csv", "--out", folder).sentence
    assert "is not there" in run("segment", "people.csv", "--out", "no/labels.csv").sentence
    assert "is a file, not a folder" in run("build", "people.csv", "--out", "people.csv").sentence
    assert "no file that can be replaced" in run("segment", "people.csv", "--out", "/dev/null").sentence
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    (folder / "out" / "customers.csv").mkdir(parents=True)
    assert "is a folder" in run("build", "people.csv", "--out", "out").sentence
    assert "could not be written" in run("build", "people.csv", "--out", "/proc/out").sentence


def test_a_disk_that_fails_leaves_the_old_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(StorageFailed, match="could not be written"):
        files.write_all({tmp_path / "a.csv": b"new", tmp_path / "blocked" / "b.csv": b"new"})
    assert (tmp_path / "a.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "blocked"]


def test_written_files_may_be_read_as_the_user_wishes(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        files.write_all({tmp_path / "a.csv": b"x"})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o644


# ---------------------------------------------------------------- sentences and help


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("One. Two things. A third thing.", "One; two things; a third thing."),
        ("It is a b.c file. CSV is better.", "It is a b.c file; CSV is better."),
        ("My file. Copy.csv is empty.", "My file. Copy.csv is empty."),
        ("Two\nlines of it.", "Two lines of it."),
        ("There is no age_. Did you mean age?", "There is no age_; did you mean age?"),
    ],
)
def test_messages_become_one_sentence(message: str, sentence: str) -> None:
    assert one_sentence(message) == sentence


@pytest.mark.parametrize("argv", [["--help"], ["build", "--help"], ["segment", "--help"]])
def test_help_explains_every_argument(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(argv)
    assert end.value.code == 0
    told = capsys.readouterr().out
    options = {"--help": ["build", "segment"], "build": ["INPUT", "--out", "--k"]}
    for word in options.get(argv[0], ["FILE", "--out", "--k", "--seed", "--leave-out"]):
        assert word in told


def test_the_range_of_k_is_that_of_the_segments() -> None:
    assert segments.MOST_SEGMENTS == arguments.MOST_SEGMENTS
    assert parser().parse_args(["segment", "f", "--out", "o", "--k", "12"]).k == 12


# ---------------------------------------------------------------- as a program


def program(*argv: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *argv], cwd=ROOT, capture_output=True, text=True, timeout=120, **more)


def test_the_program_exits_with_the_code_and_the_sentence(tmp_path: Path) -> None:
    done = program("-m", "persona_core", "segment", str(tmp_path / "no.csv"), "--out", str(tmp_path / "x.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"There is no file {tmp_path}/no.csv; check the name and the folder.\n"


def test_help_and_refusals_load_nothing_heavy_and_segments_no_map(tmp_path: Path) -> None:
    people().to_csv(tmp_path / "people.csv", index=False)
    script = (
        "import sys\n"
        "from persona_core.cli import main\n"
        "assert main(['build', 'x', '--out', 'y', '--k', '1']) == 2\n"
        "assert main(['build', 'no such file', '--out', 'y']) == 2\n"
        "assert 'pandas' not in sys.modules\n"
        "assert main(['segment', sys.argv[1] + '/people.csv', '--out', sys.argv[1] + '/x.csv']) == 0\n"
        "assert 'umap' not in sys.modules and 'numba' not in sys.modules\n"
    )
    done = program("-W", "error", "-c", script, str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    people().to_csv(tmp_path / "people.csv", index=False)
    for argv in (["--help"], ["segment", str(tmp_path / "people.csv"), "--out", str(tmp_path / "x.csv")]):
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [sys.executable, "-m", "persona_core", *argv], cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False
        )
        os.close(write)
        assert (done.returncode, done.stderr) in [(141, b""), (0, b"")]  # argparse itself is silent about its help
    assert (tmp_path / "x.csv").exists()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C works in children too, also where a shell started the tests in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_it_with_a_word_and_writes_nothing(tmp_path: Path) -> None:
    """In a terminal, where the step is shown, so that the test knows when to stop it."""
    mine, its = pty.openpty()
    command = [sys.executable, "-m", "persona_core", "build", "sample", "--out", str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=its) as child:
        os.close(its)
        shown = b""
        while b"Comparing with customers without segments" not in shown:
            shown += os.read(mine, 1000)
        child.send_signal(signal.SIGINT)
        while b"Stopped before the end." not in shown:
            shown += os.read(mine, 1000)
        assert child.wait(timeout=60) == 130
        assert child.stdout
        assert child.stdout.read() == b""
    os.close(mine)
    assert b"Reading the customers" in shown
    assert b"Traceback" not in shown
    assert not (tmp_path / "out").exists()
