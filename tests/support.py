"""What several tests use: a table with planted groups, and the app itself on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pandas as pd

from persona_core.customers import Customers, from_table
from persona_core.tables import Table

ROOT = Path(__file__).resolve().parents[1]


def planted(rows: int = 150, seed: int = 0) -> pd.DataFrame:
    """Customers in three groups that visits, spend and shop tell apart; returns and wishes are chance."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, rows)
    return pd.DataFrame(
        {
            "visits": rng.normal(10 + 6 * group, 1).round(2),
            "spend": rng.lognormal(3 + group, 0.3).round(2),
            "shop": np.array(["web", "store", "phone"])[group],
            "returns": rng.normal(5, 1, rows).round(2),
            "wishes": rng.normal(50, 9, rows).round(1),
            "age": rng.integers(20, 70, rows),
        },
        index=pd.Index([f"c{i}" for i in range(rows)], name="customer_id"),
    )


def as_customers(frame: pd.DataFrame) -> Customers:
    return from_table(Table("planted", "", frame.reset_index(), ()))


def as_csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv().encode("utf-8")


class Server:
    """The app as a person starts it, on a free port of this machine, with a home of its own."""

    def __init__(self, home: Path, script: str = "server.py") -> None:
        self.home, self.script = home, script
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.log = home / "server.log"

    def start(self, seconds: float = 60) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", self.script, "--server.headless", "true"]
        environment = os.environ | {"PERSONA_STUDIO_HOME": str(self.home), "PERSONA_STUDIO_USER": "Tester"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--server.port", str(self.port)], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5):
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError(f"the app did not start: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """End it as a power cut would: no warning, no time to save."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as a person does."""
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
