"""What the server does when a person moves the slider of the page Segments, asked as a browser asks it.

A real server with a fresh store opens the project; then every number of segments is chosen twice through the page's own
websocket. A move is answered when the server reports the end of the run: the choice is saved, the personas and the
picture are made and sent. Nothing of the browser's drawing is in it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from persona_core import tables, workspace
from persona_core.customers import from_table
from persona_core.errors import JobFailed
from persona_core.jobs import Job, Worker
from persona_core.projects import Store

ROOT = Path(__file__).parents[1]


def main(data: str) -> None:
    """Measure the moves on the customers of a CSV file and print them as a line of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        project = prepare(Path(folder), data)
        with serving(Path(folder)) as address, opened(address) as socket:
            print(json.dumps(measure(Page(socket, f"project={project}"))))


def prepare(home: Path, data: str) -> str:
    """Make the project with its segments and its map; returns its id."""
    store, worker = Store(home), Worker(home)
    customers = from_table(tables.read(Path(data))[0])
    project = workspace.create(store, "Generated", customers, {"kind": "file", "notes": []}, "benchmark")
    opened = workspace.open_workspace(store, project.id)
    job = Job.of(opened.results, opened.columns)
    worker.submit(job)
    while (report := worker.report(job.key)) and report.state in ("waiting", "running"):
        time.sleep(0.1)
    worker.close()
    if not opened.results.has_map:
        raise JobFailed(f"The map was not made. {report and report.message}")
    return project.id


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The app on a free port of this machine; gives its address."""
    with closing(socket.create_server(("localhost", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    environment = {**os.environ, "PERSONA_STUDIO_HOME": str(home)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://localhost:{port}/_stcore/health")
            yield f"localhost:{port}"
        finally:
            server.terminate()


def wait_for(address: str, seconds: float = 60) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def opened(address: str) -> ClientConnection:
    """The connection that a browser keeps to the app while a page is open."""
    return connect(f"ws://{address}/_stcore/stream", subprotocols=["streamlit"], max_size=None)


class Page:
    """The page Segments as a browser sees it: it asks for runs and keeps what the slider looks like."""

    def __init__(self, socket: ClientConnection, query: str) -> None:
        self._socket, self._asked, self.bytes = socket, ClientState(query_string=query), 0
        self.run()  # the start page; its answer says which pages there are
        self.opening = self.run()

    def run(self) -> float:
        """Have the whole page run and return the seconds until it has ended."""
        return self._ask(self._asked)

    def move(self, k: int) -> float:
        """Move the slider to k segments and return the seconds until the server has answered."""
        asked = ClientState()
        asked.CopyFrom(self._asked)
        asked.fragment_id = self.fragment
        state = asked.widget_states.widgets.add(id=self.slider.id)
        state.string_array_value.data.append(str(k))
        return self._ask(asked)

    def _ask(self, state: ClientState) -> float:
        began, self.bytes = time.perf_counter(), 0
        self._socket.send(BackMsg(rerun_script=state).SerializeToString())
        while True:
            told = self._socket.recv(timeout=120)
            self.bytes += len(told)
            message = ForwardMsg.FromString(told)
            kind = message.WhichOneof("type")
            if kind == "navigation":
                pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
                self._asked.page_script_hash = pages.get("segments", "")
            element = message.delta.new_element if kind == "delta" else None
            if element and element.WhichOneof("type") == "slider" and element.slider.label == "How many segments":
                self.slider, self.fragment = element.slider, message.delta.fragment_id
            if kind == "script_finished":
                return time.perf_counter() - began


def measure(page: Page) -> dict[str, object]:
    """Every number of segments but the one shown at first, twice: seconds of the first moves and of the later ones."""
    ks = [int(option) for option in page.slider.options if option.isdigit()]
    first, later = ([page.move(k) for k in ks] for _ in range(2))
    return {"opening": page.opening, "first": first, "later": later, "kilobytes": page.bytes // 1000}


if __name__ == "__main__":
    main(sys.argv[1])
