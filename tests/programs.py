"""Our programs as they are installed, for tests that run them as processes."""

import subprocess
import sys
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
"""The folder that they are in."""
HEATSEEK = str(PROGRAMS / "heatseek")
SEARCH = str(PROGRAMS / "search")


def run_forking(program: str) -> None:
    """Run a program, a text in Python that forks while it has threads, and see it end well."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
