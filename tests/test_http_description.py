"""The description of the interface, and the server under the requests that can be made from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import document_http
from cli_runs import make_archive, run
from servers import serving

ROOT = Path(__file__).parents[1]


def test_the_description_is_that_of_the_declarations() -> None:
    advice = "run python tests/document_http.py"
    assert document_http.openapi() == document_http.OPENAPI.read_text("utf-8"), advice
    assert document_http.page() == document_http.PAGE.read_text("utf-8"), advice


@pytest.mark.slow
def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    make_archive(tmp_path)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    with serving(tmp_path, "--readers", "2") as server:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run"),
                f"{server.address}openapi.json",
                # What is refused is tried by hand: an empty value is none, and many are let in.
                *("--checks", "all", "--exclude-checks"),
                "negative_data_rejection,positive_data_acceptance,ignored_auth",
                *("--phases", "coverage,fuzzing", "--max-examples", "50", "--no-color"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stdout[-5000:]
    assert "Traceback" not in server.log


@pytest.mark.slow
def test_under_load_while_the_index_is_updated() -> None:
    """No error and no mixture; figures are in benchmarks/README.md."""
    script = ROOT / "benchmarks/serve_http.py"
    options = ("--clients", "16", "--seconds", "10", "--updates", "5", "--alone")
    done = subprocess.run(
        [sys.executable, script, ROOT / "seeds", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT / "benchmarks",
    )
    assert done.returncode == 0, done.stdout + done.stderr
