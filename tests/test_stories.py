from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from heatseek.article import Article, Kind, Provider, canonical
from heatseek.indexer.ledger import Ledger
from heatseek.indexer.rows import Entry
from heatseek.indexer.stories import stories as stories_of
from heatseek.ingest.file_stat import FileStat


def mention(url: str, title: str = "R", **fields: object) -> Article:
    article = Article(id=canonical(url), title=title, url=url, kind=Kind.RELATED)
    return replace(article, **fields)  # type: ignore[arg-type]


def article(id_: str, *related: Article, url: str | None = None) -> Article:
    return Article(id=id_, title=id_, url=url, related=related)


def ledger_of(*articles: Article) -> Ledger:
    ledger = Ledger(0)
    for one in articles:
        url = canonical(one.url) if one.url else ""
        numbers = ledger.numbers(one.related)
        ledger.files[one.id] = Entry(FileStat(0, 0, 0, 0), b"", url, numbers)
    return ledger


def stories(*articles: Article) -> list[Article]:
    return list(stories_of(ledger_of(*articles)).values())


def test_one_story_however_often_mentioned() -> None:
    first = article("a.md", mention("http://x"), mention("HTTP://X#y"))
    found = stories(article("b.md", mention("http://X:80")), first)
    assert [(one.id, one.related_to) for one in found] == [("http://x", ("a.md", "b.md"))]
    assert found[0].url == "http://x"


def test_what_the_archive_has_is_no_story() -> None:
    mentions = (mention("http://x"), mention("http://y"), mention("http://z"))
    found = stories(
        article("a.md", *mentions, url="http://y"),
        article("b.md", url="HTTP://X/".rstrip("/")),
        article("c.md", *mentions),
    )
    assert [one.id for one in found] == ["http://z"]


def test_stories_come_sorted() -> None:
    found = stories(article("a.md", *map(mention, ("http://c", "http://a", "http://b"))))
    assert [one.id for one in found] == ["http://a", "http://b", "http://c"]


def test_the_first_mention_wins_and_later_ones_fill_gaps() -> None:
    when = datetime(2023, 3, 14, tzinfo=UTC)
    found = stories(
        article("c.md", mention("http://x", "C", excerpt="c", quality=3, published_at=when)),
        article("b.md", mention("http://x", "B1", quality=0), mention("http://x", "B2", type="t")),
        article("d.md", mention("http://x", "D", provider=Provider("P"), topics=("D",))),
    )
    expected = Article(
        id="http://x",
        title="B1",
        excerpt="c",
        topics=("D",),
        provider=Provider("P"),
        type="t",
        published_at=when,
        url="http://x",
        quality=0,
        kind=Kind.RELATED,
        related_to=("b.md", "c.md", "d.md"),
    )
    assert found == [expected]


urls = st.sampled_from(["http://x", "http://y", "HTTP://x#f", "http://z/"])
mentions = st.builds(
    mention,
    urls,
    st.sampled_from("RST"),
    excerpt=st.sampled_from(["", "e", "f"]),
    quality=st.none() | st.integers(0, 3),
    provider=st.sampled_from([Provider(), Provider("P"), Provider(None, "p.q")]),
)
archives = st.lists(st.tuples(st.lists(mentions, max_size=4), st.none() | urls), max_size=6).map(
    lambda rows: [article(f"{n}.md", *related, url=url) for n, (related, url) in enumerate(rows)]
)


@given(archives, st.randoms())
def test_the_order_of_articles_changes_nothing(archive: list[Article], random: object) -> None:
    shuffled = archive.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = stories(*archive)
    assert found == stories(*shuffled)
    owned = {canonical(one.url) for one in archive if one.url}
    mentioned = {(related.id, one.id) for one in archive for related in one.related}
    assert {pair for pair in mentioned if pair[0] not in owned} == {
        (one.id, mentioner) for one in found for mentioner in one.related_to
    }


@given(archives, st.sets(urls.map(canonical)))
def test_some_stories_are_those_of_all(archive: list[Article], among: set[str]) -> None:
    ledger = ledger_of(*archive)
    every = stories_of(ledger)
    assert stories_of(ledger, among) == {id_: every[id_] for id_ in every if id_ in among}


@given(archives)
def test_notes_keep_everything(archive: list[Article]) -> None:
    ledger = ledger_of(*archive)
    loaded = Ledger.load(dict(ledger.notes()).__getitem__)
    assert loaded is not None
    assert loaded.files == ledger.files
    assert stories_of(loaded) == stories_of(ledger)
