"""`heatseek serve` as a process of its own, and requests to it, sent as they are written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from programs import HEATSEEK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Response(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], log: Path, address: str) -> None:
        self.process = process
        self.address = address
        self.port = urlsplit(address).port or 0
        self._log = log

    def get(self, target: str, method: str = "GET", /, **headers: str) -> Response:
        """Ask for a target; `_` in the name of a header stands for `-`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, headers=given)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, named, answer.read())
        finally:
            connection.close()

    @property
    def log(self) -> str:
        """All that it wrote on stderr."""
        return self._log.read_text()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and wait for its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@contextmanager
def serving(home: Path, *options: str, **environ: str) -> Iterator[Server]:
    """A server of the archive in a folder, at a free port, with one reader if nothing is said."""
    number, name = tempfile.mkstemp(".log", "serve", home)
    os.close(number)
    log = Path(name)
    line = [HEATSEEK, "serve", "--port", "0", *options]
    line += [] if "--readers" in options else ["--readers", "1"]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            line,
            cwd=home,
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, log.read_text()
        try:
            yield Server(process, log, address)
        finally:
            process.kill()
