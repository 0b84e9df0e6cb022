"""`secured` is ciphertext: it reaches neither index, output nor messages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import heatseek

SEEDS = Path(__file__).parent.parent / "seeds"
SECRET = "iVhLxju6MSagNxXBFPorGjsBRImLxyZ6"  # noqa: S105 - a made-up one
ARTICLE = f"""---
title: A vault
excerpt: All about it
secured: "{SECRET}"
provider: {{name: Bank, secured: {SECRET}}}
related:
  - {{title: Key, webUrl: "https://bank.example/key", secured: {SECRET}}}
---
The body.
"""
BROKEN = [
    f"---\ntitle: x\nsecured: *{SECRET}\n---\n",
    f"---\ntitle: x\nsecured: !{SECRET} y\n---\n",
    f'---\ntitle: x\nsecured: "{SECRET}\n---\n',
    f"---\ntitle: x\nsecured: {{{SECRET}: {SECRET}: 1\n---\n",
    f"---\nsecured: {SECRET}\n---\n",
    f'+++\ntitle = "x"\nsecured = {SECRET}\n+++\n',
    f';;;\n{{"title": "x", "secured": {SECRET}}}\n;;;\n',
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    archive = tmp_path / "seeds"
    archive.mkdir()
    (archive / "vault.md").write_text(ARTICLE)
    for number, text in enumerate(BROKEN):
        (archive / f"broken{number}.md").write_text(text)
    return tmp_path


def everything_said(folder: Path) -> bytes:
    commands = [["rebuild"], ["search", "vault", "--explain"], ["search", "body", "--json"]]
    said = b""
    for arguments in commands:
        program = [sys.executable, "-c", "from heatseek.cli.main import heatseek; heatseek()"]
        done = subprocess.run([*program, *arguments], cwd=folder, capture_output=True, check=False)
        assert done.returncode in (0, 4)
        said += done.stdout + done.stderr
    return said


def test_not_in_output_or_messages(folder: Path) -> None:
    said = everything_said(folder)
    assert b"broken0.md:3" in said
    assert SECRET.encode() not in said


def test_not_in_the_bytes_of_the_index(folder: Path) -> None:
    heatseek.rebuild(folder / "seeds", folder / "index")
    files = [path for path in (folder / "index").rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert b"vault" in content  # short records are stored as they are
    for part in (SECRET, SECRET.lower(), SECRET[:12].lower()):
        assert part.encode() not in content


def test_not_in_what_the_sample_articles_give(tmp_path: Path) -> None:
    heatseek.rebuild(SEEDS, tmp_path)
    texts = [path.read_text() for path in SEEDS.rglob("*") if path.is_file()]
    secrets = [s for text in texts for s in re.findall(r'"?secured"?\s*[:=]\s*"([^"]{16})', text)]
    assert len(secrets) >= 2
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    with heatseek.open_index(tmp_path) as index:
        related = [index.search(limit=999, related=kind) for kind in (True, False)]
        stored = "".join(repr(hit.article) for results in related for hit in results)
    for secret in secrets:
        assert secret.encode() not in content
        assert secret not in stored
