"""Articles asked for by what they are called, beside SQLite FTS5 and tantivy.

    python benchmarks/known_item.py path/to/azure path/to/vault ... --boost title=0

Each archive is indexed by `heatseek.rebuild`, the same articles by the others (`contenders`). Up
to 500 of its articles are drawn and asked for in three ways: by the whole title, by two or three
of its words in their order, and by one of the names that its header gives beside the title.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import heatseek
from contenders import ENTRIES, available, load
from heatseek import engines
from heatseek.article import Article, Kind, canonical
from heatseek.text.languages import stopwords
from heatseek.text.tokens import fold
from heatseek.text.words import words_of_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contenders.base import Search

OURS = "heatseek"
RIVALS = ("fts5", "tantivy_")
WAYS = ("title", "words", "alias")
DEPTH = 10
_STOPWORDS = stopwords("english")
_WORD = re.compile(r"\w+")


class Item(NamedTuple):
    """What is asked, and the articles of which any is the answer."""

    query: str
    answers: frozenset[str]


def main() -> None:
    """Measure every archive and print the tables."""
    options = _options()
    report: dict[str, Any] = {}
    for archive in options.archives:
        with tempfile.TemporaryDirectory(prefix="heatseek-known-") as work:
            report[archive.name] = measured(archive, Path(work), options)
        print(f"{archive.name}: {report[archive.name]['articles']:,} articles", flush=True)
    print(table(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def measured(archive: Path, work: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Index one archive in every way, and ask."""
    heatseek.rebuild(archive, work / "index")
    with engines.load(work / "index").open() as reader:
        articles = list(reader.articles())
    asked = draw(articles, options.items, options.seed)
    figures: dict[str, Any] = {"articles": len(articles)}
    with heatseek.open_index(work / "index") as index:
        for boosts in ("", *options.boost):
            search = _ours(index, boosts)
            figures[f"{OURS} {boosts}".strip()] = {w: ranks(search, asked[w]) for w in WAYS}
    here = {entry.key for entry in available()[0]}
    for key in RIVALS:
        if key in here:
            contender = load(key)
            contender.build(articles, work / key)
            search = _plainly(contender.searcher(work / key))
            figures[key] = {way: ranks(search, asked[way]) for way in WAYS}
    return figures


def draw(articles: Sequence[Article], count: int, seed: int) -> dict[str, list[Item]]:
    """What to ask in each way; the same articles and seed give the same."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    called, same = _names(articles)
    files = sorted((a for a in articles if a.kind is Kind.ARTICLE), key=lambda a: a.id)
    chance.shuffle(files)

    def item(query: str, article: Article) -> Item:
        answers = same[_link(article)] | called[_key(article.title)] | called[_key(query)]
        return Item(query, frozenset(answers))

    named = [article for article in files if _key(article.title)]
    words = ((_some_words(article.title, chance), article) for article in named)
    others = [article for article in files if any(map(_key, article.aliases))]
    return {
        "title": [item(article.title, article) for article in named[:count]],
        "words": [item(query, article) for query, article in words if query][:count],
        "alias": [item(chance.choice(list(filter(_key, a.aliases))), a) for a in others[:count]],
    }


def _names(
    articles: Sequence[Article],
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The ids of the articles that are called so, and of those with a link."""
    called: dict[str, set[str]] = defaultdict(set)
    same: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        same[_link(article)].add(article.id)
        for name in (article.title, *article.aliases):
            called[_key(name)].add(article.id)
    return called, same


def ranks(search: Callable[[str], Sequence[str]], items: Sequence[Item]) -> list[int]:
    """The place of the first answer to each, from 1; 0 if it is not among the first ten."""
    return [_rank(search(item.query), item.answers) for item in items]


def table(report: dict[str, Any]) -> str:
    """Success@1 / MRR@10 of every archive, and their means, as Markdown."""
    titles = {entry.key: entry.title for entry in ENTRIES}
    systems = [key for key in next(iter(report.values())) if key != "articles"]
    head = [f"{way}: {titles.get(key, key)}" for way in WAYS for key in systems]
    lines = [f"| success@1 / MRR@10 | {' | '.join(head)} |", "|---" * (len(head) + 1) + "|"]
    columns: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name, figures in report.items():
        cells = []
        for column, (way, key) in zip(head, _columns(systems), strict=True):
            found = _means(figures[key][way])
            cells.append(_cell(found))
            columns[column] += [found] if found else []
        lines.append(f"| {name} | {' | '.join(cells)} |")
    means = [_cell(_mean(columns[column])) for column in head]
    return "\n".join([*lines, f"| mean | {' | '.join(means)} |"])


def _columns(systems: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((way, key) for way in WAYS for key in systems)


def _means(places: Sequence[int]) -> tuple[float, float] | None:
    if not places:
        return None
    count = len(places)
    return places.count(1) / count, sum(1 / place for place in places if place) / count


def _mean(pairs: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    if not pairs:
        return None
    first, second = zip(*pairs, strict=True)
    return sum(first) / len(pairs), sum(second) / len(pairs)


def _cell(pair: tuple[float, float] | None) -> str:
    return f"{pair[0]:.3f} / {pair[1]:.3f}" if pair else ""


def _rank(ids: Sequence[str], answers: frozenset[str]) -> int:
    return next((place for place, id_ in enumerate(ids[:DEPTH], 1) if id_ in answers), 0)


def _ours(index: heatseek.Index, boosts: str) -> Callable[[str], list[str]]:
    """A title is typed as it is, whatever its signs mean in a query."""

    def search(query: str) -> list[str]:
        try:
            results = index.search(query, limit=DEPTH, snippet_length=0, boosts=boosts or None)
        except heatseek.QueryError:
            return []
        return [hit.article.id for hit in results]

    return search


def _plainly(search: Search) -> Callable[[str], list[str]]:
    """The others are asked the words alone: their syntax has no meaning for a title's signs."""
    return lambda query: search(" ".join(_WORD.findall(query))).ids


def _some_words(title: str, chance: random.Random) -> str:
    """Two or three words of a title of more, no function words or single signs, in their order."""
    every = words_of_text(title)
    words = [word for word in every if len(word) > 1 and fold(word) not in _STOPWORDS]
    count = chance.choice((2, 3))
    if len(words) <= count:
        return ""
    return " ".join(words[place] for place in sorted(chance.sample(range(len(words)), count)))


def _key(name: str) -> str:
    """The same for names that differ in case, accents and punctuation."""
    return " ".join(_WORD.findall(fold(name)))


def _link(article: Article) -> str:
    """Of articles with the same link a search shows one."""
    return canonical(article.url) if article.url else article.id


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("archives", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--items", type=int, default=500, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--boost",
        action="append",
        default=[],
        metavar="WEIGHTS",
        help="heatseek once more, by other weights: title=0; repeatable",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="every rank")
    return parser.parse_args()


if __name__ == "__main__":
    main()
