"""Every promise of SECURITY.md names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "SECURITY.md"


def test_every_promise_is_held_by_a_test_that_there_is() -> None:
    rows = re.findall(r"^\| (?!promise|---).+ \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 20
    for row in rows:
        file = None
        for name in re.findall(r"`((?:opensearch/)?test_\w+(?:\.py)?)`", row):
            if name.endswith(".py"):
                file = TESTS / name
                text = file.read_text("utf-8")
            else:
                assert file is not None, name
                assert f"def {name}(" in text, f"{file.name}: {name}"
        assert file is not None, row
