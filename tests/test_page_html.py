"""The page as it is sent, before a browser does anything: tiers, corrections, dates, images."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from cli_runs import make_archive, run
from servers import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLE = """\
---
title: {title}
excerpt: {excerpt}
publishedDateTime: {date}
image: https://photo.example/{number}.png
---

![inside](https://photo.example/inside.png)
"""
TEXTS = (
    ("Granite bridge", "Arches over a river.", "2019-12-31"),
    ("Granite quarry", "No arch far and wide.", "2022-06-01"),
    ("Wooden bridge", "Planks.", "2022-12-24"),
    ("Granite of the last day", "Much later.", "9999-12-31"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("html")
    seeds = make_archive(folder)
    for number, (title, excerpt, date) in enumerate(TEXTS):
        text = ARTICLE.format(title=title, excerpt=excerpt, date=date, number=number)
        (seeds / f"stone{number}.md").write_text(text)
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home) as started:
        yield started


def links(text: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', text)]


def test_a_line_parts_the_hits_with_all_words_from_those_with_some(server: Server) -> None:
    text = server.get("/?q=granite+bridge").text
    assert "<p>4 matches, by relevance" in text
    first, line, rest = text.partition("1 article has all words; 3 have some")
    assert line
    assert "stone0.md" in first
    assert "stone1.md" not in first
    assert {f"stone{number}.md" in rest for number in (1, 2, 3)} == {True}
    assert "Counts are of the 1 with all words." in rest


def test_a_correction_is_a_link(server: Server) -> None:
    text = server.get("/?q=granitte+quarry&sort=date").text
    assert "searched for &#34;granite&#34;" in text
    assert "/?sort=date&q=granite+quarry" in links(text)


def test_what_is_wrong_in_an_address_can_be_taken_out(server: Server) -> None:
    text = server.get("/?q=granite&after=someday&topic=AI").text
    assert 'role="alert">after someday: not a date' in text
    assert {"/?q=granite&topic=AI", "/?q=granite&after=someday"} <= set(links(text))
    assert '<input type="hidden" name="topic" value="AI">' in text


def test_years_are_columns_with_their_gaps_and_months_of_one(server: Server) -> None:
    text = server.get("/?q=bridge").text
    years = re.findall(r'aria-label="(\d{4}): (\d+)"', text)
    assert years == [("2019", "1"), ("2020", "0"), ("2021", "0"), ("2022", "1")]
    text = server.get("/?q=bridge&after=2022&before=2023").text
    assert re.findall(r'aria-current="true" aria-label="(\d{4}): 1"', text) == ["2022"]
    months = dict(re.findall(r'aria-label="(\d{4}-\d\d): (\d+)"', text))
    assert (len(months), months["2022-11"], months["2022-12"]) == (12, "0", "1")
    assert "/?q=bridge&after=2022-12&before=2023-01" in links(text)


def test_no_year_follows_the_last_one(server: Server) -> None:
    text = server.get("/?q=granite").text
    assert "/?q=granite&after=9999" in links(text)
    text = server.get("/?q=granite&after=9999").text
    assert "<p>1 match" in text
    assert "<p>1 match" in server.get("/?q=granite&after=9999-12").text


def test_images_can_be_left_out_on_all_pages_from_there(server: Server) -> None:
    assert "<img" in server.get("/?q=quarry").text
    text = server.get("/?q=quarry&images=0").text
    assert "<img" not in text
    assert "Show images" in text
    assert "/feed.atom?q=quarry" in links(text)
    paged = links(server.get("/?q=granite&limit=1&page=2&images=0").text)
    assert "/search.json?q=granite&limit=1&page=2" in paged
    (article,) = {each for each in links(text) if each.startswith("/a/stone1")}
    text = server.get(article).text
    assert "<h1>" in text
    assert "<img" not in text
    within = [each for each in links(text) if not each.startswith(("/static", "#", "http"))]
    assert len(within) > 3
    assert [each for each in within if "images=0" not in each] == []
    assert "<img" in server.get(article.replace("images=0", "images=1")).text
    assert server.get("/?images=perhaps").status == 400


def test_images_that_nobody_may_load_have_no_switch(home: Path) -> None:
    (home / "none.toml").write_text("images = false\n")
    with serving(home, "--config", "none.toml", "--archive", "seeds", "--index", "index") as server:
        for target in ("/?q=quarry", "/?q=quarry&images=1", "/a/stone1.md"):
            text = server.get(target).text
            assert "<img" not in text
            assert " images</a>" not in text


def test_a_hit_knows_those_beside_it(server: Server) -> None:
    hits = [each for each in links(server.get("/?q=granite&limit=1").text) if each[:3] == "/a/"]
    seen = []
    while hits and len(seen) < 5:
        seen.append(hits[0])
        text = server.get(hits[0]).text
        hits = [unescape(each) for each in re.findall(r'rel="next" href="([^"]+)"', text)]
    assert len(seen) == 3
    assert "/?q=granite&limit=1&page=3" in links(text)
    before = re.findall(r'rel="prev" href="([^"]+)"', text)
    assert [unescape(each) for each in before] == [seen[1]]
    # In another order it has another place, and no hits beside it.
    text = server.get(seen[0].replace("q=granite", "q=bridge+-granite")).text
    assert not re.search(r'rel="(next|prev)"', text)


def test_weights_are_those_of_the_address(server: Server) -> None:
    text = server.get("/?q=granite&boost=heat%3D0.35&rank=hot").text
    assert '<option value="heat=0.35" selected>0.35</option>' in text
    assert '<option value="">3 (as set)</option>' in text
    assert "[boost]\nquality = 0.25\nheat = 0.35\nrecency = 0\nhalf_life = 30" in text
    assert "<option selected>hot</option>" in text
