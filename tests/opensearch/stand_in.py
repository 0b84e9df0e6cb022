"""A server on this machine that answers as no real node can be made to: for faults only."""

from __future__ import annotations

import socket
import ssl
import subprocess
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Answers = Callable[["Asked"], "Answer"]


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """What to say to it."""

    status: int
    data: bytes
    kind: str = "application/json"
    headers: Mapping[str, str] = {}


class StandIn:
    """The server, and what it was asked."""

    def __init__(self, answers: Answers, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                asked = Asked(self.command, self.path, self.headers, body)
                stand_in.asked.append(asked)
                said = answers(asked)
                self.send_response(said.status)
                self.send_header("Content-Type", said.kind)
                self.send_header("Content-Length", str(len(said.data)))
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.data)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - the library's

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:  # whoever hangs up
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def location(self) -> str:
        return f"opensearch://{self.host}/news"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def standing_in(answers: Answers, context: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    server = StandIn(answers, context)
    try:
        yield server
    finally:
        server.close()


def always(
    status: int, data: str | bytes, kind: str = "application/json", **headers: str
) -> Answers:
    """The same answer to whatever is asked."""
    body = data.encode() if isinstance(data, str) else data
    return lambda _: Answer(
        status, body, kind, {k.replace("_", "-"): v for k, v in headers.items()}
    )


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself, for this machine; and a server's context with it."""
    key, file = folder / f"{name}.key", folder / f"{name}.pem"
    command = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name}"
        f" -addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {file}"
    )
    try:
        subprocess.run(command.split(), check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return file, context


@contextmanager
def tls_before(address: str, context: ssl.SSLContext) -> Iterator[str]:
    """A port that speaks TLS, behind which a real node answers."""
    host, _, port = address.rpartition(":")
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def forward(source: socket.socket, target: socket.socket) -> None:
            with suppress(OSError):
                while data := source.recv(65_536):
                    target.sendall(data)
            for end in (source, target):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        def serve(connection: socket.socket) -> None:
            with (
                suppress(OSError),
                context.wrap_socket(connection, server_side=True) as outer,
                socket.create_connection((host, int(port))) as inner,
            ):
                back = Thread(target=forward, args=(inner, outer), daemon=True)
                back.start()
                forward(outer, inner)
                back.join()

        def listen() -> None:
            with suppress(OSError):
                while True:
                    Thread(target=serve, args=(plain.accept()[0],), daemon=True).start()

        thread = Thread(target=listen, daemon=True)
        thread.start()
        yield f"127.0.0.1:{plain.getsockname()[1]}"
        plain.shutdown(socket.SHUT_RDWR)
        thread.join()
