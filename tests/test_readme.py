"""What the README shows is run: its Python as it stands, and its commands exist with these very arguments."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import pytest

from persona_core.cli import parser
from persona_core.errors import PersonaError

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
MOST_LINES = 15  # "about ten lines", imports and blanks apart
# what a shell or the machine's owner brings along
FOREIGN = {"cd", "git", ".", "source", "export", "sudo", "apt", "apt-get", "brew", "python", "python3", "python3.11"}


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[list[str]]:
    """The commands of a shell block as lists of words, without prompts, comments and settings of variables."""
    found: list[list[str]] = []
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars="&|;")
        words.whitespace_split = True
        found.append([])
        for word in words:
            if set(word) <= set("&|;"):
                found.append([])
            elif found[-1] or not re.match(r"[A-Z_]+=", word):
                found[-1].append(word)
    return [command for command in found if command]


def trouble(command: list[str], root: Path = ROOT) -> str:
    """Why a command of the README would not work; empty when it would."""
    name, *rest = command
    missing = [word for word in rest if re.search(r"\w\.(py|txt|toml|sh)$", word) and not (root / word).exists()]
    if missing:
        return f"{missing[0]} is not there"
    program = Path(name).name
    if program == "make":
        return _make_trouble(rest, root)
    if program.startswith("python") and rest[:1] == ["-m"]:
        return _module_trouble(rest[1], rest[2:])
    known = program in FOREIGN or program == "pip" or shutil.which(program) or (root / name).exists()
    return "" if known or importlib.util.find_spec(program) else f"there is no {program}"


def _make_trouble(targets: list[str], root: Path) -> str:
    path = root / "Makefile"
    known = re.findall(r"^([\w-]+):", path.read_text("utf-8"), flags=re.MULTILINE) if path.exists() else []
    unknown = [target for target in targets if target not in known and "=" not in target]
    return f"the Makefile has no {unknown[0]}" if unknown else ""


def _module_trouble(module: str, rest: list[str]) -> str:
    if module != "persona_core":
        return "" if importlib.util.find_spec(module) else f"there is no module {module}"
    try:
        parser().parse_args(rest)
    except PersonaError as error:
        return str(error)
    except SystemExit:  # --help
        return ""
    return ""


@pytest.fixture(scope="module")
def readme() -> str:
    assert README.exists(), "There is no README.md. Write it, with the ten lines of Python that do the main job."
    return README.read_text("utf-8")


def test_the_lines_of_python_do_the_main_job(readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of their own, one after the other, with the small company beside them."""
    shown = blocks(readme, "python")
    assert shown, "README.md shows no ```python block: the ten lines that do the main job are missing."
    shutil.copytree(ROOT / "data" / "sample", tmp_path / "data" / "sample")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PERSONA_STUDIO_HOME", str(tmp_path / "home"))
    names: dict[str, object] = {"__name__": "readme"}
    for block in shown:
        exec(compile(block, "README.md", "exec"), names)
    written = [path for path in tmp_path.iterdir() if path.suffix == ".pdf"]
    assert written, "The Python in README.md writes no PDF."
    assert all(path.read_bytes().startswith(b"%PDF") for path in written)


def test_the_main_job_stays_about_ten_lines(readme: str) -> None:
    first = blocks(readme, "python")[0].splitlines()
    working = [line for line in first if line.strip() and not re.match(r"(from|import|#) ?", line)]
    assert len(working) <= MOST_LINES


def test_every_command_of_the_readme_exists(readme: str) -> None:
    shown = [command for block in blocks(readme, "sh") for command in commands(block)]
    assert shown, "README.md shows no ```sh block: the commands that set up and start the app are missing."
    wrong = {" ".join(command): why for command in shown if (why := trouble(command))}
    assert not wrong


# ---------------------------------------------------------------- the checks themselves


def test_blocks_and_commands_are_found() -> None:
    text = (
        "Text\n```sh\n$ make run  # starts\ncd a && PORT=1 make \\\n  test\n```\n```python\nx = 1\n```\n```\nno\n```\n"
    )
    assert blocks(text, "python") == ["x = 1\n"]
    (block,) = blocks(text, "sh")
    assert commands(block) == [["make", "run"], ["cd", "a"], ["make", "test"]]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("make run", ""),
        ("make fly", "the Makefile has no fly"),
        ("python -m venv .venv", ""),
        (".venv/bin/python -m nonsense", "there is no module nonsense"),
        ("pip install -r requirements.txt", ""),
        ("pip install -r wishes.txt", "wishes.txt is not there"),
        ("streamlit run app.py", "app.py is not there"),
        ("flytrap --now", "there is no flytrap"),
        ("python -m persona_core build grocer --out out --k 5", ""),
        ("python -m persona_core segment people.csv --out labels.csv --leave-out a,b", ""),
        ("python -m persona_core --help", ""),
        ("python -m persona_core build grocer", "No --out was given"),
        ("python -m persona_core grade model people.csv", "There is no command 'grade'"),
    ],
)
def test_a_command_that_would_not_work_is_found(
    line: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Makefile").write_text("run: install\n\t@echo run\n")
    (tmp_path / "requirements.txt").write_text("")
    (command,) = commands(line)
    assert trouble(command, tmp_path).startswith(why)
    assert bool(trouble(command, tmp_path)) == bool(why)
