"""`secured` is ciphertext: it reaches neither index, output nor messages."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import heatseek
from heatseek.ingest.reader import read_file
from heatseek.lint import lint

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

ENDLESS = [
    f'---\ntitle: a: b\nsecured: "q\nexcerpt: {SECRET}"\nx: 1\ny: 2\n---\n',
    f"---\nt: a: b\nsecured: 'it''s\nexcerpt: {SECRET}'\nx: 1\ny: 2\n---\n",
    f'---\ntitle: a: b\nsecured: {{q: "}}",\nexcerpt: {SECRET}\n}}\nx: 1\ny: 2\n---\n',
    f'---\ntitle: a: b\nsecured:\n  q: "\\"\nexcerpt: {SECRET}"\nx: 1\ny: 2\n---\n',
    f'---\ntitle: a: b\n"sec\\u0075red": "q\nexcerpt: {SECRET}"\nx: 1\ny: 2\n---\n',
    f'---\ntitle: a: b\n? secured\n: "q\nexcerpt: {SECRET}"\nx: 1\n---\n',
    f'---\nextra:\n  k: b: c\n  secured: "q\n  excerpt: {SECRET}" z\n---\n',
    f'---\ntitle: x\nsecured: "q\n\n{SECRET}"\n\nbody\n',
    f'+++\ntitle = a b\nsecured = [\n"q",\nexcerpt = "{SECRET}"\n]\nx = 1\n+++\n',
    f'Title: x\nAuthor: b\nsecured: "q\nExcerpt: {SECRET}"\n\nbody\n',
    f'secured: "q\n\n{SECRET}"\n\nbody\n',
]
"""Of headers that are not well formed: cut at lines that look like keys, it would be left over."""


@pytest.mark.parametrize("text", ENDLESS)
def test_no_line_of_a_secured_value_is_taken_for_a_key_or_a_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.md").write_text(text)
    article, problems = read_file(tmp_path / "a.md", "a.md")
    assert SECRET not in f"{article}{problems}"


def test_a_secured_value_with_an_end_costs_no_other_key(tmp_path: Path) -> None:
    lines = 'title: a: b\nsecured: "q" or {q}\nexcerpt: Boats\nauthor: M: N'
    (tmp_path / "a.md").write_text(f"---\n{lines}\n---\n")
    article, _ = read_file(tmp_path / "a.md", "a.md")
    assert (article.title, article.excerpt, article.provider.name) == ("a: b", "Boats", "M: N")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    archive = tmp_path / "seeds"
    archive.mkdir()
    (archive / "vault.md").write_text(ARTICLE)
    for number, text in enumerate(BROKEN):
        (archive / f"broken{number}.md").write_text(text)
    return tmp_path


def everything_said(folder: Path) -> bytes:
    commands = [
        ["rebuild", "--verbose"],
        ["search", "vault", "--explain"],
        ["search", "body", "--json"],
    ]
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


@pytest.mark.parametrize(
    "text",
    [
        "secured: &s {secret}\nexcerpt: *s\n",
        "SECURED: &s {secret}\ntopics: [a, *s]\n",
        "secured: {{a: [&s {secret}]}}\ncategory: *s\n",
        "secured: &s {{excerpt: {secret}}}\n<<: *s\n",
        "secured: &s {{excerpt: {secret}}}\n<<: [*s, {{type: b}}]\n",
        "secured: &s [{secret}]\nlist: &l [*s]\ntopics: *l\n",
        "related: [{{title: b, webUrl: 'http://b.example', Secured: &s {secret}, excerpt: *s}}]\n",
        '"sec\\u0075red": &s {secret}\nexcerpt: *s\n',
        "secured: &s {secret}\n*s : 1\n",
        "secured: &s {secret}\nquality: *s\nrelated: *s\nimages: *s\n",
    ],
)
def test_not_by_an_alias(tmp_path: Path, text: str) -> None:
    (tmp_path / "seeds").mkdir()
    path = tmp_path / "seeds" / "a.md"
    path.write_text(f"---\ntitle: a\n{text.format(secret=SECRET)}---\n")
    article, problems = read_file(path, "a.md")
    assert SECRET not in repr(article)
    findings = lint(tmp_path / "seeds", datetime.now(UTC)).findings
    assert SECRET[:20] not in "".join(map(str, (*problems, *findings)))


def test_what_secured_borrows_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: a\nexcerpt: &e public\nsecured: *e\n---\n")
    assert read_file(path, "a.md")[0].excerpt == "public"
