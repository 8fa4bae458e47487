"""Results in a folder: frames as Parquet beside their facts as JSON, all of them under their final name at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd


def write(path: Path, frames: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> None:
    """Write a result so that others see all of it or nothing; one that is there already stays."""
    part = path.with_name(f"{uuid4().hex}.part")
    part.mkdir(parents=True)
    for name, frame in frames.items():
        frame.to_parquet(part / f"{name}.parquet")
    (part / "facts.json").write_text(json.dumps(facts), "utf-8")
    try:
        part.rename(path)
    except OSError:
        shutil.rmtree(part)
        if not path.exists():  # otherwise another process has just written the same result
            raise


def frame(path: Path, name: str) -> pd.DataFrame:
    """One frame of a result."""
    return pd.read_parquet(path / f"{name}.parquet")


def facts(path: Path) -> dict[str, Any]:
    """The facts of a result."""
    return json.loads((path / "facts.json").read_text("utf-8"))
