"""Every way to ask for a field, state or date, searched: from files to hits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import heatseek
from cli_runs import run
from heatseek import engines
from heatseek.schema import link_words
from searches import Asking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLES = {
    "news/solar.md": """
title: Solar farms
excerpt: More of them
topics: [Energy, Machine Learning]
provider: {name: InfoQ, domain: infoq.com}
category: Research
type: Article
webUrl: https://www.InfoQ.com/News/2023/solar-AI/
images: [{url: 'https://infoq.com/a.png'}]
quality: 60
heat: 10
published: true
publishedDateTime: 2023-03-14T10:00:00Z
related:
  - title: Wind parks
    webUrl: https://example.com/ai/wind?page=2
    publishedDateTime: 2023-03-13T00:00:00Z
""",
    "wave.md": """
title: Wave power
published: false
publishedDateTime: 2023-03-08T23:59:59Z
webUrl: http://ai.example.com/wave
""",
    "old.md": """
title: Coal
publishedDateTime: 2022-05-31
---
A body.
""",
}
SOLAR, WAVE, OLD, WIND = "news/solar.md", "wave.md", "old.md", "https://example.com/ai/wind?page=2"
NOW = datetime(2023, 3, 15, 12, 30, tzinfo=UTC)

FOUND = {
    "title:solar": {SOLAR},
    "excerpt:more description:more": {SOLAR},
    'topic:"machine learning" topics:energy': {SOLAR},
    "provider:infoq": {SOLAR},
    "site:infoq.com": {SOLAR},
    "category:research type:article": {SOLAR},
    "body:body": {OLD},
    # Links by their words, in order.
    "url:infoq.com": {SOLAR},
    "url:infoq.com/news": {SOLAR},
    "url:https://www.infoq.com/News/2023/solar-AI": {SOLAR},
    "url:infoq/news": set(),
    "url:example.com/ai": {WIND},
    "url:example.com": {WIND, WAVE},
    "url:ai.example": {WAVE},
    "url:ai": {SOLAR, WIND, WAVE},
    'url:"page 2"': {WIND},
    "url:win": set(),
    "url:win*": {WIND},
    "url:w?nd": {WIND},
    "url:exa*.com": {WIND, WAVE},
    "-url:example.com": {SOLAR, OLD},
    # Stories by the article that mentions them.
    "related:news/solar.md": {WIND},
    "related:News/*": {WIND},
    "related:wave.md": set(),
    # States.
    "is:published": {SOLAR, OLD, WIND},
    "is:unpublished": {WAVE},
    "is:related": {WIND},
    "is:article": {SOLAR, WAVE, OLD},
    "has:image": {SOLAR},
    "-has:image": {WAVE, OLD, WIND},
    "has:url": {SOLAR, WAVE, WIND},
    "has:excerpt": {SOLAR},
    "has:body": {OLD},
    "has:topic has:site": {SOLAR},
    "has:quality": {SOLAR},
    "has:heat OR is:unpublished": {SOLAR, WAVE},
    "has:date": {SOLAR, WAVE, OLD, WIND},
    "wind OR (has:image solar)": {SOLAR, WIND},
    # Dates; it is Wednesday, 2023-03-15.
    "date:yesterday": {SOLAR},
    'date:"last week"': {WAVE},
    "date:this-week": {SOLAR, WIND},
    "after:yesterday": {SOLAR},
    "after:monday": {SOLAR, WIND},
    "before:1w": {OLD},
    "before:6d": {OLD, WAVE},
    "date:may": {OLD},
    'date:"31 may 2022"': {OLD},
    'after:"14 march 2023 10:00" before:"14 march 2023 11:00 +01:00"': set(),
    'after:"14 march 2023 11:00 +01:00"': {SOLAR},
    "quality:[50 TO 70] heat:10 date:2023-03": {SOLAR},
    'heat:>5 date:>="last week"': {SOLAR},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fields")
    for path, text in ARTICLES.items():
        file = folder / "seeds" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        front, _, body = text.partition("---\n")
        file.write_text(f"---{front}---\n{body}", "utf-8")
    heatseek.rebuild(folder / "seeds", folder / "index")
    return folder


@pytest.fixture(scope="module", params=[False, True], ids=["once", "long_lived"])
def searcher(request: pytest.FixtureRequest, folder: Path) -> Iterator[Asking]:
    with engines.load(folder / "index").open(long_lived=request.param) as reader:
        yield Asking(reader, now=NOW)


@pytest.mark.parametrize("text", FOUND)
def test_found(searcher: Asking, text: str) -> None:
    results = searcher.search(text, explain=True, sort=heatseek.Sort.DATE)
    assert FOUND[text] == {hit.article.id for hit in results}
    for hit in results:
        assert "".join(fragment.text for fragment in hit.title_marks) == hit.article.title


def test_states_and_dates_score_nothing_and_are_not_marked(searcher: Asking) -> None:
    plain = searcher.search("solar").hits[0]
    hit = searcher.search("solar has:image is:published after:monday", explain=True).hits[0]
    assert plain.score == hit.score
    assert [fragment.text for fragment in hit.title_marks if fragment.matched] == ["Solar"]


def test_the_understood_tells_what_dates_were_meant(searcher: Asking) -> None:
    results = searcher.search("solar date:this-week is:published has:url", explain=True)
    assert results.understood == ("solar date:2023-03-13..2023-03-19 is:published has:url")


def test_a_word_that_nothing_has_beside_a_frequent_one(tmp_path: Path) -> None:
    """Found by fuzzing, in the processes that stay: `+3 (climate OR zz*)`."""
    for number in range(20):
        (tmp_path / f"{number}.md").write_text(f"---\ntitle: climate {number}\n---\n")
    heatseek.rebuild(tmp_path, tmp_path / "index")
    with heatseek.open_index(tmp_path / "index") as index:
        for nothing in ("zz*", "category:zz", "url:zz"):
            assert len(index.search(f"+3 (climate OR {nothing})")) == 1


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--after", "last monday"), {SOLAR}),
        (("--after", "2w", "--before", "yesterday"), {WAVE}),
        (("--before", "may"), set()),
        (("date:yesterday",), {SOLAR}),
    ],
)
def test_a_command_can_be_repeated(folder: Path, args: tuple[str, ...], expected: set[str]) -> None:
    given = (*args, "--no-related", "--now", "2023-03-15T12:30", "--format", "paths")
    ran = run("search", *given, cwd=folder)
    assert expected == {line.partition("seeds/")[2] for line in ran.out.splitlines()}


def test_now_is_a_date(folder: Path) -> None:
    ran = run("search", "x", "--now", "someday", cwd=folder)
    assert ran.code == 2
    assert ran.err.startswith("search: --now someday: not a date; write 2023-03-14,")


@given(st.text(st.characters(max_codepoint=127)))
def test_links_in_ascii_have_words_like_others(link: str) -> None:
    assert f"{link_words(link) or '/'}é/" == link_words(f"{link}?é")
