"""One hit for each link, hits grouped by story, articles like one."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek import open_index, rebuild, update
from heatseek.article import Article, Kind, Provider
from heatseek.engines import load
from heatseek.engines.model import Budget, Match, Request
from heatseek.errors import UsageError
from heatseek.query.filters import Filters
from heatseek.query.tree import Term
from heatseek.search.grouping import Words, grouped
from indexes import change, fill
from searches import Asking
from timing import check_time

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.engines.base import Engine

LINK = "https://example.com/solar"
MONDAY = datetime(2023, 3, 13, 9, tzinfo=UTC)
ARTICLES = [
    Article("one.md", "Solar roofs of Berlin", url=LINK, quality=1),
    Article("two.md", "Solar roofs in Berlin, a report", url="HTTPS://EXAMPLE.com/solar#top"),
    Article(
        "three.md", "Solar roofs of Paris", quality=90, topics=("Energy",), published_at=MONDAY
    ),
    Article("four.md", "Wind over Paris"),
    Article("five.md", "The solar roofs of Paris!", published_at=MONDAY + timedelta(days=6)),
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


def match(id_: str, title: str, day: float | None = 0, **fields: object) -> Match:
    date = None if day is None else MONDAY + timedelta(days=day)
    return Match(Article(id_, title, published_at=date, **fields), 1.0)  # type: ignore[arg-type]


def groups(
    *matches: Match, mentions: dict[str, list[str]] | None = None, common: str = ""
) -> list[tuple[str, tuple[str, ...]]]:
    """Stories in an index of a thousand articles, half of which have each common word."""
    words = Words(1_000, lambda some: [500 if word in common.split() else 2 for word in some])
    made = grouped(matches, mentions or {}, words, budget=Budget())
    return [(group.first.article.id, group.others) for group in made]


HERALD, TIMES = Provider("Herald"), Provider("Times", "times.org")


def test_one_title_in_one_week_is_a_story() -> None:
    first = match("a.md", "Harbour floods")
    assert groups(first, match("b.md", "The harbour floods!", 6.9)) == [("a.md", ("b.md",))]
    for day in (7, -7, 30, None):
        assert len(groups(first, match("b.md", "Harbour floods", day))) == 2


def test_two_publishers_tell_a_story_in_other_words() -> None:
    one = match("a.md", "Harbour floods after the storm", provider=HERALD)
    other = match("b.md", "Storm leaves harbour under deep water", provider=TIMES)
    assert len(groups(one, other)) == 2
    assert groups(one, other, mentions={"a.md": ["b.md"]}) == [("a.md", ("b.md",))]
    assert groups(one, other, mentions={"b.md": ["a.md"]}) == [("a.md", ("b.md",))]
    more = match("c.md", "Storm floods harbour again", provider=TIMES)
    assert groups(one, more) == [("a.md", ("c.md",))]


def test_one_publisher_tells_another_story_in_nearly_the_same_words() -> None:
    title = "How to use queues in {} | Tips and tricks"
    one, other = match("a.md", title.format("blue")), match("b.md", title.format("green"))
    for provider in (Provider(), HERALD, TIMES):
        pair = [match(m.article.id, m.article.title, provider=provider) for m in (one, other)]
        assert len(groups(*pair, mentions={"a.md": ["b.md"]})) == 2


def test_common_words_make_no_story() -> None:
    title = "{} now available in the marketplace"
    one = match("a.md", title.format("Acme"), provider=HERALD)
    other = match("b.md", title.format("Globex"), provider=TIMES)
    mentions = {"a.md": ["b.md"]}
    assert len(groups(one, other, mentions=mentions, common="available marketplace now")) == 2
    assert len(groups(one, other, mentions=mentions)) == 1


@pytest.mark.parametrize(
    ("title", "other"),
    [("Harbour tour, part 1", "Harbour tour, part 2"), ("Exam AZ-104 dumps", "Exam DP-203 dumps")],
)
def test_numbers_tell_stories_apart(title: str, other: str) -> None:
    one = match("a.md", title, provider=HERALD)
    assert len(groups(one, match("b.md", other, provider=TIMES))) == 2
    bare = " ".join(word for word in other.split() if not word[-1].isdecimal())
    assert len(groups(one, match("b.md", bare, provider=TIMES))) == 1


def test_news_of_two_years_is_no_story() -> None:
    """Each is near the next and like it, and mentions it."""
    year = [
        match(f"{n}.md", f"Acme harbour {n % 7} expands", 3 * n, provider=Provider(f"P{n}"))
        for n in range(240)
    ]
    mentions = {f"{n}.md": [f"{n + 1}.md"] for n in range(240)}
    made = groups(*year, mentions=mentions)
    assert max(len(others) for _, others in made) <= 4
    days = {one.article.id: one.article.published_at for one in year}
    for first, others in made:
        assert all(abs(days[first] - days[other]) < timedelta(days=7) for other in others)  # type: ignore[operator]


def test_relations_make_no_chains() -> None:
    titles = ("Harbour floods storm", "Storm floods town", "Town mourns storm")
    three = [match(f"{n}.md", t, provider=Provider(f"P{n}")) for n, t in enumerate(titles)]
    mentions = {"0.md": ["1.md"], "1.md": ["2.md"]}
    assert groups(*three, mentions=mentions) == [("0.md", ("1.md",)), ("2.md", ())]
    assert groups(three[1], three[0], three[2], mentions=mentions) == [
        ("1.md", ("0.md", "2.md")),
    ]


def test_a_story_without_a_file_and_who_mentions_it_are_one() -> None:
    story = match(
        "http://x",
        "Storm: harbour under water",
        provider=TIMES,
        kind=Kind.RELATED,
        related_to=("a.md",),
    )
    article = match("a.md", "Harbour floods after the storm", provider=HERALD)
    assert groups(article, story) == [("a.md", ("http://x",))]
    assert groups(story, article) == [("http://x", ("a.md",))]


FILES = {
    "lead.md": (
        "Sun over Berlin roofs",
        "https://x.com/lead",
        ["https://x.com/roofs", "https://y.com"],
    ),
    "roofs.md": ("Sun on roofs of Berlin", "https://x.com/roofs", []),
    "far.md": ("Sun far away", "https://x.com/far", ["https://x.com/roofs/other", "not a link"]),
    "own.md": ("Sun, again", "https://x.com/own", ["HTTPS://X.com/own#itself"]),
    "last.md": ("Far away sun of late", None, ["https://x.com/far"]),
}
"""Title, link, and the links of related stories."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for name, (title, url, related) in FILES.items():
        lines = [f"title: {title}", f"provider: {{name: {name}}}", "publishedDateTime: 2023-03-14"]
        lines += [*([f"webUrl: {url}"] if url else []), "related:"]
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
    titles = (
        "Storm floods town",
        "Harbour floods again",
        "Harbour floods, storm floods town again",
    )
    three = [match(f"{n}.md", t, provider=Provider(f"P{n}")) for n, t in enumerate(titles)]
    assert groups(*three) == [("0.md", ("2.md",)), ("1.md", ())]
    assert groups(three[1], three[0], three[2]) == [("1.md", ("2.md",)), ("0.md", ())]


def test_stories_do_not_depend_on_the_hashes_of_a_process() -> None:
    program = (
        "from datetime import datetime\n"
        "from heatseek.article import Article, Provider\n"
        "from heatseek.engines.model import Budget, Match\n"
        "from heatseek.search.grouping import Words, grouped\n"
        "day = datetime(2023, 3, 14)\n"
        "title = 'one two three four five six seven eight nine'\n"
        "titles = [title + ' ten', title[4:] + ' ten eleven twelve', title[4:] + ' ten eleven']\n"
        "articles = [Article(t, t, published_at=day, provider=Provider(t)) for t in titles]\n"
        "words = Words(9, lambda some: [len(word) for word in some])\n"
        "matches = [Match(article, 1.0) for article in articles]\n"
        "made = grouped(matches, {}, words, budget=Budget())\n"
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
    matches = [match(f"{n}.md", f"azure a{n} b{n + 1} c{n + 2}") for n in range(20_000)]
    check_time(lambda: groups(*matches), 5.0)


titles = st.lists(st.sampled_from("solar wind tide grid of the 2023".split()), max_size=6)


@given(st.lists(titles.map(" ".join), max_size=12))
def test_every_match_is_in_one_group(texts: list[str]) -> None:
    matches = [match(f"{n}.md", text) for n, text in enumerate(texts)]
    made = groups(*matches)
    ids = [id_ for first, others in made for id_ in (first, *others)]
    assert sorted(ids) == sorted(one.article.id for one in matches)
    firsts = [int(first[:-3]) for first, _ in made]
    assert firsts == sorted(firsts)
