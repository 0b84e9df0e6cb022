"""One hit for each link, hits grouped by story, articles like one."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek import open_index, rebuild, update
from heatseek.article import Article, Kind
from heatseek.engines import load
from heatseek.engines.model import Budget, Match, Request
from heatseek.errors import UsageError
from heatseek.query.filters import Filters
from heatseek.query.tree import Term
from heatseek.search.grouping import grouped
from indexes import change, fill
from searches import Asking
from timing import check_time

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.engines.base import Engine

LINK = "https://example.com/solar"
ARTICLES = [
    Article("one.md", "Solar roofs of Berlin", url=LINK, quality=1),
    Article("two.md", "Solar roofs in Berlin, a report", url="HTTPS://EXAMPLE.com/solar#top"),
    Article("three.md", "Solar roofs of Paris", quality=90, topics=("Energy",)),
    Article("four.md", "Wind over Paris"),
    Article("five.md", "The solar roofs of Paris!"),
]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = load(tmp_path)
    fill(engine, ARTICLES)
    return engine


def found(engine: Engine, query: str, **options: object) -> list[str]:
    with engine.open() as reader:
        return [hit.article.id for hit in Asking(reader).search(query, **options)]  # type: ignore[arg-type]


def test_hits_with_the_same_link_are_one(engine: Engine) -> None:
    assert found(engine, "berlin") == ["one.md"]
    with engine.open() as reader:
        assert Asking(reader).search("berlin").total == 1


def test_which_one_depends_on_the_order(engine: Engine) -> None:
    assert found(engine, "berlin report") == ["two.md"]
    with engine.open() as reader:
        excluded = Filters(excluded=("one.md",))
        assert reader.search(Request(Term("berlin"), datetime.now(UTC), excluded)).total == 0


def test_a_twin_that_goes_leaves_the_other(engine: Engine) -> None:
    change(engine, removed=["one.md"])
    assert found(engine, "berlin") == ["two.md"]
    change(engine, added=[ARTICLES[0]])
    assert found(engine, "berlin") == ["one.md"]


@pytest.mark.parametrize("long_lived", [False, True])
def test_similar_articles(engine: Engine, long_lived: bool) -> None:
    with engine.open(long_lived=long_lived) as reader:
        ids = [hit.article.id for hit in Asking(reader).search(similar_to="one.md")]
    assert ids[0] in {"three.md", "five.md"}
    # Not itself, nor what leads to the same place; nor what shares no word.
    assert set(ids) == {"three.md", "five.md"}


def test_similar_to_nothing(engine: Engine) -> None:
    with (
        engine.open() as reader,
        pytest.raises(UsageError, match=r"similar_to none\.md: not in the index"),
    ):
        Asking(reader).search(similar_to="none.md")


def test_nothing_is_like_an_article_without_common_words(engine: Engine) -> None:
    change(engine, added=[Article("odd.md", "Xylophone")])
    with engine.open() as reader, pytest.raises(UsageError, match="no word that another"):
        Asking(reader).search(similar_to="odd.md")


def test_grouped_hits(engine: Engine) -> None:
    with engine.open() as reader:
        results = Asking(reader).search("solar roofs", group=True)
    assert (results.total, results.stories, results.size) == (3, (2, 3), 2)
    assert [(hit.rank, hit.article.id, hit.others) for hit in results] == [
        (1, "three.md", ("five.md",)),
        (2, "one.md", ()),
    ]


def test_pages_of_groups(engine: Engine) -> None:
    with engine.open() as reader:
        page = Asking(reader).search("solar roofs", group=True, offset=1, limit=1)
    assert [(hit.rank, hit.article.id) for hit in page] == [(2, "one.md")]


def match(id_: str, title: str, related_to: tuple[str, ...] = ()) -> Match:
    kind = Kind.RELATED if related_to else Kind.ARTICLE
    return Match(Article(id_, title, kind=kind, related_to=related_to), 1.0)


def groups(*matches: Match) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (group.first.article.id, group.others) for group in grouped(matches, {}, budget=Budget())
    ]


def test_a_story_and_who_mentions_it_are_one() -> None:
    story = match("http://x", "Something else", ("a.md",))
    assert groups(match("a.md", "An article"), story) == [("a.md", ("http://x",))]
    assert groups(story, match("a.md", "An article")) == [("http://x", ("a.md",))]


def test_relations_make_no_chains() -> None:
    first, second = match("http://x", "One", ("a.md",)), match("http://y", "Two", ("a.md", "b.md"))
    assert groups(first, second, match("b.md", "Three")) == [
        ("http://x", ("http://y",)),
        ("b.md", ()),
    ]


FILES = {
    "lead.md": ("Sun over Berlin", "https://x.com/lead", ["https://x.com/roofs", "https://y.com"]),
    "roofs.md": ("Sun on roofs", "https://x.com/roofs", []),
    "far.md": ("Sun far away", "https://x.com/far", ["https://x.com/roofs/other", "not a link"]),
    "own.md": ("Sun, again", "https://x.com/own", ["HTTPS://X.com/own#itself"]),
    "last.md": ("Sun of late", None, ["https://x.com/far"]),
}
"""Title, link, and the links of related stories."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for name, (title, url, related) in FILES.items():
        lines = [f"title: {title}", *([f"webUrl: {url}"] if url else []), "related:"]
        lines += [line for link in related for line in ("- title: Other", f"  webUrl: {link}")]
        write(tmp_path / "archive" / name, "\n".join(lines))
    return tmp_path / "archive"


def write(path: Path, front: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\n{front}\n---\n")


@pytest.mark.parametrize("long_lived", [False, True])
def test_articles_of_the_archive_that_mention_each_other(
    archive: Path, tmp_path: Path, long_lived: bool
) -> None:
    rebuild(archive, tmp_path / "index")
    engine = load(tmp_path / "index")

    def asked(query: str) -> set[str]:
        with engine.open(long_lived=long_lived) as reader:
            return {hit.article.id for hit in Asking(reader).search(query)}

    assert asked("related:lead.md") == {"roofs.md", "https://y.com"}
    assert asked("related:LEAD*") == {"roofs.md", "https://y.com"}
    assert asked("related:last.md related:own.md") == {"far.md"}
    assert asked("sun -related:last.md") == {"lead.md", "roofs.md", "own.md", "last.md"}
    with engine.open(long_lived=long_lived) as reader:
        results = Asking(reader).search("sun", group=True, sort="date")
    stories = {frozenset({hit.article.id, *hit.others}) for hit in results}
    assert stories == {
        frozenset({"lead.md", "roofs.md"}),
        frozenset({"far.md", "last.md"}),
        frozenset({"own.md"}),
    }


@pytest.mark.parametrize("long_lived", [False, True])
def test_an_open_index_knows_mentions_when_updates_have_gone_on(
    archive: Path, tmp_path: Path, long_lived: bool
) -> None:
    rebuild(archive, tmp_path / "index")
    with load(tmp_path / "index").open(long_lived=long_lived) as reader:
        for round_ in range(2):
            write(archive / "lead.md", f"title: Moon {round_}")
            update(archive, tmp_path / "index")
        searcher = Asking(reader)
        assert {hit.article.id for hit in searcher.search("related:lead.md")} == {
            "roofs.md",
            "https://y.com",
        }
        assert searcher.search("sun", group=True).stories == (3, 5)


def test_stories_and_similar_articles_through_the_library(archive: Path, tmp_path: Path) -> None:
    rebuild(archive, tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        stories = index.search("sun", group=True)
        assert stories.stories == (3, 5)
        similar = index.search(similar_to="roofs.md", related=False)
        assert "roofs.md" not in {hit.article.id for hit in similar}
        assert similar.total == 4
        with pytest.raises(UsageError, match="takes no query beside it"):
            index.search("sun", similar_to="roofs.md")


def test_a_mention_that_goes_or_comes(archive: Path, tmp_path: Path) -> None:
    rebuild(archive, tmp_path / "index")
    engine = load(tmp_path / "index")
    write(archive / "lead.md", "title: Sun over Berlin")
    update(archive, tmp_path / "index")
    assert found(engine, "related:lead.md") == []
    write(archive / "own.md", "title: Sun\nrelated:\n- {title: R, webUrl: https://x.com/roofs}")
    update(archive, tmp_path / "index")
    assert found(engine, "related:own.md") == ["roofs.md"]
    (archive / "roofs.md").unlink()
    update(archive, tmp_path / "index")
    assert found(engine, "related:own.md") == ["https://x.com/roofs"]


def test_a_hit_joins_the_first_story_that_it_belongs_to() -> None:
    known = {"c.md": ["a.md", "b.md"]}
    three = [match("b.md", "Two"), match("a.md", "One"), match("c.md", "Three")]
    made = grouped(three, known, budget=Budget())
    assert [(group.first.article.id, group.others) for group in made] == [
        ("b.md", ("c.md",)),
        ("a.md", ()),
    ]
    title = "one two three four five six seven eight nine"
    alike = [match("a.md", f"{title} ten"), match("b.md", f"{title[4:]} ten eleven twelve")]
    assert groups(*alike, match("c.md", f"{title[4:]} ten eleven"))[0] == ("a.md", ("c.md",))


def test_stories_do_not_depend_on_the_hashes_of_a_process() -> None:
    program = (
        "from heatseek.article import Article\n"
        "from heatseek.engines.model import Budget, Match\n"
        "from heatseek.search.grouping import grouped\n"
        "title = 'one two three four five six seven eight nine'\n"
        "titles = [title + ' ten', title[4:] + ' ten eleven twelve', title[4:] + ' ten eleven']\n"
        "matches = [Match(Article(t, t), 1.0) for t in titles]\n"
        "made = grouped(matches, {}, budget=Budget())\n"
        "print([group.others for group in made])\n"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "12345"
    }
    assert len(seen) == 1


def test_many_titles_with_a_word_in_common_are_grouped_quickly() -> None:
    matches = [match(f"{n}.md", f"azure {n} {n + 1} {n + 2}") for n in range(20_000)]
    check_time(lambda: grouped(matches, {}, budget=Budget()), 5.0)


titles = st.lists(st.sampled_from("solar wind tide grid of the 2023".split()), max_size=6)


@given(st.lists(titles.map(" ".join), max_size=12))
def test_every_match_is_in_one_group(texts: list[str]) -> None:
    matches = [match(f"{n}.md", text) for n, text in enumerate(texts)]
    made = grouped(matches, {}, budget=Budget())
    ids = [id_ for group in made for id_ in (group.first.article.id, *group.others)]
    assert sorted(ids) == sorted(one.article.id for one in matches)
    firsts = [int(group.first.article.id[:-3]) for group in made]
    assert firsts == sorted(firsts)
