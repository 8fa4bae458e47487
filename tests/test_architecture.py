"""The three rules of the house, and the size of its rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = ROOT / "persona_core"
FLOW = ["errors", "palette", "tables", "customers", "samples", "columns", "features", "segments", "structure"]
FLOW += ["verdict", "lineage", "layout", "profiles", "questions", "pictures", "personas", "projects", "cache"]
FLOW += ["charts", "exports", "sources", "analysis", "jobs", "workspace", "cli", "__main__", "ui"]
MODULES = sorted(CORE.rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
SHOWN = [*PAGES, ROOT / "app.py"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)} imports from a dot"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    """The module of the flow that a file of persona_core belongs to."""
    return path.relative_to(CORE).parts[0].removesuffix(".py")


def test_every_module_has_its_place_in_the_flow() -> None:
    assert {room(path) for path in MODULES} - {"__init__"} <= set(FLOW)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_imports_only_modules_before_it(path: Path) -> None:
    if path == CORE / "__init__.py":
        assert not [module for module in imports(path) if module.startswith("persona_core")]
        return
    own = room(path)
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "persona_core" and len(parts) > 1:
            assert FLOW.index(parts[1]) <= FLOW.index(own), f"{name(path)} imports {module}"
        assert parts[0] not in ("app", "pages"), f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_interface_knows_streamlit(path: Path) -> None:
    if room(path) != "ui":
        assert not [module for module in imports(path) if module.split(".")[0] == "streamlit"]


@pytest.mark.parametrize("path", SHOWN, ids=name)
def test_a_page_asks_calls_and_shows(path: Path) -> None:
    heads = {module.split(".")[0] for module in imports(path)}
    assert not heads & {"pages", "app", "sklearn", "umap", *(page.stem for page in PAGES)}
    assert "session_state" not in path.read_text("utf-8")


def test_pages_stand_in_a_folder_for_their_section() -> None:
    assert PAGES
    assert all(len(path.relative_to(ROOT / "pages").parts) == 2 for path in PAGES)


@pytest.mark.parametrize("path", [*MODULES, *SHOWN], ids=name)
def test_a_file_can_be_read_at_a_sitting(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= (400 if path.is_relative_to(CORE) else 120)


@pytest.mark.parametrize("path", [*MODULES, *SHOWN], ids=name)
def test_nothing_is_pickled_and_no_mistake_is_swallowed(path: Path) -> None:
    assert not {"pickle", "joblib", "dill", "shelve"} & {module.split(".")[0] for module in imports(path)}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{name(path)}:{node.lineno} catches everything"
            names = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)}
            assert not names & {"Exception", "BaseException"}, f"{name(path)}:{node.lineno}"


def test_importing_the_steps_does_not_import_umap_or_streamlit() -> None:
    for path in MODULES:
        top = [
            node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        named = {alias.name.split(".")[0] for node in top for alias in node.names}
        assert "umap" not in named, f"{name(path)} imports umap where it is loaded"
