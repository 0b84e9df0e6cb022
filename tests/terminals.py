"""Command lines run on a real terminal, which is their controlling one, of a given size."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from pathlib import Path
from typing import NamedTuple

BIN = Path(sys.executable).parent


class Shown(NamedTuple):
    """What a command line did on a terminal."""

    code: int
    text: str


def on_terminal(
    line: str,
    cwd: Path,
    *,
    rows: int = 24,
    columns: int = 80,
    keys: bytes = b"",
    shell: tuple[str, ...] = ("bash", "--norc", "--noprofile", "-c"),
    timeout: float = 60.0,
    **environ: str,
) -> Shown:
    """Run a line in a shell that owns a new terminal, with an environment of its own.

    Args:
        line: in it `search` and `heatseek` are ours; empty: the shell takes none.
        cwd: the working directory.
        rows, columns: the size of the terminal.
        keys: what is typed, all at once and before anything is read.
        shell: carries out the line, its last argument.
        timeout: seconds after which the test has failed.
        environ: variables; beside them there is only PATH, TERM and HOME, an empty folder.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    device = os.ttyname(theirs)
    home = cwd / "home"
    home.mkdir(exist_ok=True)
    variables = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "TERM": "xterm-256color",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        **environ,
    }
    os.write(ours, keys)
    shown = bytearray()
    # A session leader that opens a terminal gets it as its controlling one.
    owner = ["bash", "-c", f'exec <{device} >{device} 2>&1; exec "$@"', "-", *shell]
    owner += [line] if line else []
    with subprocess.Popen(owner, cwd=cwd, env=variables, start_new_session=True) as process:
        reading = threading.Thread(target=_read, args=(ours, shown))
        reading.start()
        try:
            code = process.wait(timeout)
        finally:
            process.kill()
            os.close(theirs)
            reading.join()
    os.close(ours)
    return Shown(code, shown.decode("utf-8").replace("\r\n", "\n"))


def _read(terminal: int, shown: bytearray) -> None:
    try:
        while part := os.read(terminal, 65536):
            shown += part
    except OSError:
        pass  # Linux says EIO when the last program is gone.
