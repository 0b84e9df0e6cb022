"""Titles of articles whose header has none: the first heading, or the file's name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.ingest.html import head_of
from heatseek.ingest.reader import read_file
from heatseek.ingest.title import Source, read_name, title_heading


def heading(body: str, *, html: bool = False) -> tuple[str, str] | None:
    found = title_heading(body, html=html)
    return found and (found.title, found.rest)


@pytest.mark.parametrize(
    ("path", "title", "date"),
    [
        ("harbour-clock.md", "Harbour clock", ""),
        ("Harbour Clock.md", "Harbour Clock", ""),
        ("a - b-c.md", "A - b-c", ""),
        ("deep/down/ebb_and__flow.txt", "Ebb and flow", ""),
        ("_posts/2023-03-14-harbour-clock.md", "Harbour clock", "2023-03-14"),
        ("2023-3-4 Tides.md", "Tides", "2023-03-04"),
        ("2023-02-30-tides.md", "2023 02 30 tides", ""),
        ("2023-03-14.md", "2023-03-14", "2023-03-14"),
        ("2023-03-145-ways.md", "2023 03 145 ways", ""),
        ("tides/index.md", "Tides", ""),
        ("tides/README.md", "Tides", ""),
        ("posts/2023-03-14-tides/index.md", "Tides", "2023-03-14"),
        ("log/2023/03/14/tides.md", "Tides", "2023-03-14"),
        ("log/2023/03/14.md", "14", "2023-03-14"),
        ("log/2023/03/tides.md", "Tides", ""),
        ("index.md", "Index", ""),
        ("v2.0.1.md", "V2.0.1", ""),
        ("naïve-日本語.md", "Naïve 日本語", ""),
        ("Zu\u0308rich.md", "Zürich", ""),
        ("---.md", "---", ""),
        ("Makefile", "Makefile", ""),
    ],
)
def test_names_become_readable(path: str, title: str, date: str) -> None:
    assert read_name(path) == (title, date)


@pytest.mark.parametrize(
    ("body", "title", "rest"),
    [
        ("# Tides\n\nText", "Tides", "\nText"),
        ("# Tides\n\n# More\n", "Tides", "\n# More\n"),
        ("## Tides\n\n### More\n### And more", "Tides", "\n### More\n### And more"),
        ("## Tides\n\n# More\n\n## And more", "Tides", "\n# More\n\n## And more"),
        ("\n\n## Tides ##\nText", "Tides", "\n\nText"),
        ("Tides\n=====\nText", "Tides", "Text"),
        ("Tides\n---\nText", "Tides", "Text"),
        ("<!-- # No\n# No -->\n\n# Tides {#t}\nText", "Tides", "<!-- # No\n# No -->\n\nText"),
        ("Text\n\n# Tides\nMore", "Tides", "Text\n\n# Tides\nMore"),
        ("# \n\n# ![](x.png)\n\n# Tides", "Tides", "# \n\n# ![](x.png)\n\n# Tides"),
        ("```sh\n# comment\n```\n# Tides\n", "Tides", "```sh\n# comment\n```\n# Tides\n"),
        ("~~~~\n```\n# no\n~~~~\n# Tides", "Tides", "~~~~\n```\n# no\n~~~~\n# Tides"),
        ("# The `rm` *is* [not](x) a &amp; <b>b</b>", "The rm is not a & b", ""),
        ('<h1 align="center">\n  Tides\n</h1>\nText', "Tides", "\nText"),
        ("<p align=center>\n<h1>Tides</h1></p>", "Tides", "<p align=center>\n<h1>Tides</h1></p>"),
        ("import X from 'x'\n\n# Tides", "Tides", "import X from 'x'\n\n# Tides"),
    ],
)
def test_the_title_heading_is_found(body: str, title: str, rest: str) -> None:
    assert heading(body) == (title, rest)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "#hashtag",
        "    # code",
        "Text\nand more\n---\n",
        "- entry\n---\n",
        "| a | b |\n---\n",
        "\n---\n\nText",
        "```\n# never closed",
        "# \n" * 100,
        "<h1>never closed",
        "Text\n\n## Section",
        "## Section\n\nText\n\n## Another",
        "Section\n---\n\n<h2>Another</h2>\n",
    ],
)
def test_what_is_no_heading(body: str) -> None:
    assert heading(body) is None


def test_of_a_page_the_title_counts_and_then_its_headings() -> None:
    page = "<html><head><title>{}</title></head><body><p># no</p><h2>Two &amp; <i>3</i></h2></body>"
    assert heading(page.format("Tides\n today"), html=True) == (
        "Tides today",
        page.format("Tides\n today"),
    )
    assert heading(page.format(" "), html=True) == ("Two & 3", page.format(" "))
    assert heading("<p>Text", html=True) is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("{{ page.title }}", "Two & 3"),
        ("{% block title %}{{ site }}{% endblock %}", "Two & 3"),
        ("Boats of {{ year }}", "Boats of"),
        ("The {} of C", "The {} of C"),
    ],
)
def test_what_a_template_leaves_open_is_no_title(title: str, expected: str) -> None:
    found = heading(f"<title>{title}</title><h1>Two &amp; <i>3</i></h1>", html=True)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize(
    ("name", "text", "title", "body", "said"),
    [
        ("a.md", "---\ntitle: T\n---\n# H\nx", "T", "H\nx", []),
        ("a.md", "# H\nx", "H", "x", ["a.md:1: no title: the first heading is taken"]),
        (
            "b.mdown",
            "\n---\ntags: [x]\n---\n# H\nx",
            "H",
            "x",
            ["b.mdown:2: no title: the first heading is taken"],
        ),
        ("old-clock.txt", "x", "Old clock", "x", ["old-clock.txt:1: no title: the name is taken"]),
        (
            "a.htm",
            "<head><title>H</title></head><p>x",
            "H",
            "x",
            [],
        ),
        ("a-b.md", " \n", "A b", "", ["a-b.md:1: nothing but its name is known"]),
        ("a-b.md", "---\n---\n", "A b", "", ["a-b.md:1: nothing but its name is known"]),
        (
            "a.html",
            "<h2>H</h2><p>x",
            "H",
            "H\nx",
            ["a.html:1: no title: the first heading is taken"],
        ),
        (
            "a.md",
            "---\ntitle: <p></p>\n---\n# H",
            "H",
            "",
            ["a.md:1: no title: the first heading is taken"],
        ),
    ],
)
def test_a_file_without_a_title(
    tmp_path: Path, name: str, text: str, title: str, body: str, said: list[str]
) -> None:
    (tmp_path / name).write_text(text)
    article, problems = read_file(tmp_path / name, name)
    assert (article.title, article.body) == (title, body)
    assert [str(problem) for problem in problems] == said
    assert all(problem.is_note for problem in problems)


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(lambda s: "/" not in s)
)
def test_every_file_has_a_title(name: str) -> None:
    source = Source(name, "")
    assert source.title()
    assert source.title_of == "name"


def test_the_date_of_a_name_is_that_of_an_article_without_one(tmp_path: Path) -> None:
    name = "2023-03-14-tides.md"
    for text, day in (("x", 14), ("---\npublishedDateTime: 2023-03-15\n---\n", 15)):
        (tmp_path / name).write_text(text)
        article, _ = read_file(tmp_path / name, name)
        assert article.published_at == datetime(2023, 3, day, tzinfo=UTC)


pieces = st.sampled_from(
    ["# a", "b\n", "===\n", "---\n", "\n", "```", "<h1>", "</h1>", "<!--", "-->", "  ", "c", "#\n"]
)


@given(body=st.lists(pieces, max_size=20).map("".join), html=st.booleans())
def test_a_heading_is_one_line_and_the_rest_is_of_the_body(*, body: str, html: bool) -> None:
    found = title_heading(body, html=html)
    if found:
        assert found.title
        assert "\n" not in found.title
        cut = len(body) - len(found.rest)
        starts = range(len(found.rest) + 1)
        assert any(body[:at] + body[at + cut :] == found.rest for at in starts)


PAGE = """<!doctype html>
<html><head>
<!-- <title>Old</title> <meta name="author" content="nobody"> -->
<title>
  Ebb &amp; flow
</title>
<META content='2012-07-09 22:28' NAME=Date>
<meta name="description" content="A > B">
<meta property="article:modified_time" content="2013-01-01">
<meta itemprop="keywords" content="sea, moon"><meta name="keywords" content="late">
<meta name="viewport" content="width=1"><meta name="secured" content="SEKRET">
<link rel="canonical" href="http://tide.example/?a=1&amp;b=2">
</head><body><meta name="author" content="nobody"><title>Late</title>
"""


def test_the_head_of_a_page_is_its_metadata() -> None:
    assert head_of(PAGE) == {
        "title": "\n  Ebb &amp; flow\n",
        "date": "2012-07-09 22:28",
        "description": "A > B",
        "modified": "2013-01-01",
        "keywords": "sea, moon",
        "canonical_url": "http://tide.example/?a=1&b=2",
    }


def test_a_page_with_a_header_of_its_own_has_no_other(tmp_path: Path) -> None:
    for name, text in (("a.html", PAGE), ("b.html", f"---\ntitle: B\n---\n{PAGE}")):
        (tmp_path / name).write_text(text)
    assert read_file(tmp_path / "a.html", "a.html")[0].title == "Ebb & flow"
    article, _ = read_file(tmp_path / "b.html", "b.html")
    assert (article.title, article.excerpt) == ("B", "")


@given(st.text(st.sampled_from("<meta> name='content=\"title/head!--\n"), max_size=80))
def test_any_head_is_read(text: str) -> None:
    assert all(head_of(f"<head><meta name=date content=x>{text}").values())
