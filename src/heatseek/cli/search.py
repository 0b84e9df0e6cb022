"""`search`, which is `heatseek search`: options in, ranked articles out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import typer

from heatseek.cli import options, values
from heatseek.cli.command import CONTEXT, Command
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.opening import open_reader
from heatseek.cli.render import Format, Output, render, snippet_length
from heatseek.cli.terminal import look, say, write
from heatseek.errors import UsageError
from heatseek.query.filters import Filters
from heatseek.results import Sort
from heatseek.searcher import Matching, Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from heatseek.config import Config
    from heatseek.engines.base import Generation, Reader
    from heatseek.ranking import Boosts
    from heatseek.results import Results

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXAMPLES = """\b
Queries:
  climate ai                both words; either one, if no article has both
  "machine learning"        a phrase (in a shell: search '"machine learning"')
  climate -ai               not this word (in a shell: search 'climate -ai')
  forecast*                 any word that begins so
  title:solar OR wind       a field; AND, OR, NOT and parentheses
  @ai-climate               a saved search of heatseek.toml

\b
Examples:
  search climate ai --after 2023 --sort date
  search solar --topic Energy --provider infoq.com --boost heat=2
  search --topic AI --format paths -0 | xargs -0 wc -w
  search "weather forecast" --json | jq -r '.hits[].title'
  heatseek show 1           (the first hit; heatseek open 1: its link)

More: heatseek help query (the query language), heatseek help config (settings).

Exit codes: 0 found, 1 nothing found, 2 wrong usage, 3 index or archive unusable.
"""


@app.command("search", cls=Command, context_settings=CONTEXT, epilog=_EXAMPLES)
def search(  # noqa: PLR0913 - one parameter an option
    query: options.Query = None,
    *,
    topic: options.Topic = None,
    provider: options.Provider = None,
    category: options.Category = None,
    type_: options.Type = None,
    after: options.After = None,
    before: options.Before = None,
    published: options.Published = None,
    related: options.Related = None,
    any_word: options.AnyWord = None,
    sort: options.Sort = None,
    rank: options.Rank = None,
    boost: options.Boost = None,
    half_life: options.HalfLife = None,
    limit: options.Limit = None,
    offset: options.Offset = None,
    explain: options.Explain = False,
    no_pager: options.NoPager = False,
    format_: options.Format = None,
    json: options.Json = False,
    nul: options.Nul = False,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    now: options.Now = None,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Find articles, the best first."""
    settings = values.settings(archive, index, config_file)
    asked = Asked(
        *(query or [], topic, provider, category, type_, after, before, published, related),
        *(any_word, sort, rank, limit),
    )
    if asked.query and asked.query[0].startswith("@"):
        # A plain search does without.
        from heatseek.cli.saved import fill  # noqa: PLC0415

        asked = fill(asked, settings)
    output = values.output(format_, json=json, nul=nul, explain=explain)
    present = values.instant(now)
    weights = replace(values.ranked(settings, asked.rank), **asked.weights)
    question = Question(
        text=values.text(" ".join(asked.query)),
        filters=asked.filters(present),
        boosts=values.boosts(weights, boost, half_life),
        sort=Sort.RELEVANCE if asked.sort is None else values.choice("--sort", asked.sort, Sort),
        limit=settings.limit
        if asked.limit is None
        else values.whole_number("--limit", asked.limit),
        offset=0 if offset is None else values.whole_number("--offset", offset),
        matching=_matching(any_word=asked.any),
        explain=explain,
        now=present,
    )
    if not question.text.strip() and question.filters == Filters():
        raise UsageError("nothing to search for: give words, or a filter such as --topic")
    if half_life is not None and not question.boosts.recency:
        say("--half-life changes nothing while recency has no weight: add --boost recency=0.5")
    return _answer(question, settings, output, paged=not no_pager)


class Asked(NamedTuple):
    """What a search asks for, as typed; a saved search fills in what was not."""

    query: list[str]
    topic: list[str] | None
    provider: list[str] | None
    category: list[str] | None
    type: list[str] | None
    after: str | None
    before: str | None
    published: bool | None
    related: bool | None
    any: bool | None
    sort: str | None
    rank: str | None
    limit: str | None
    weights: Mapping[str, float] = MappingProxyType({})
    """In place of those that the rank starts from; `--boost` comes after them."""

    def filters(self, now: datetime) -> Filters:
        """The conditions beside the query text; dates such as `yesterday` count from `now`."""
        return values.filters(
            (self.topic, self.provider, self.category, self.type),
            (self.after, self.before),
            published=self.published,
            related=self.related,
            now=now,
        )


class Question(NamedTuple):
    """One search, all its options resolved."""

    text: str
    filters: Filters
    boosts: Boosts
    sort: Sort
    limit: int
    offset: int
    matching: Matching
    explain: bool
    now: datetime

    def ask(self, reader: Reader, snippet_length: int) -> Results:
        """Put the question to an open index."""
        return Searcher(reader, clock=lambda: self.now).search(
            self.text,
            filters=self.filters,
            boosts=self.boosts,
            sort=self.sort,
            limit=self.limit,
            offset=self.offset,
            matching=self.matching,
            explain=self.explain,
            snippet_length=snippet_length,
        )


def _matching(*, any_word: bool | None) -> Matching:
    if any_word is None:
        return Matching.WORDS
    return Matching.ANY if any_word else Matching.ALL


def _answer(question: Question, settings: Config, output: Output, *, paged: bool) -> int:
    appearance = look(sys.stdout, os.environ)
    with open_reader(settings) as reader:
        results = question.ask(reader, snippet_length=snippet_length(appearance))
        generation = reader.generation
    archive = Path(generation.archive)
    text = render(results, output, look=appearance, archive=archive, here=Path.cwd())
    for remark in (*results.notices, *_remarks(question, results, output)):
        say(remark)
    if output.format is not Format.TEXT or not appearance.live:
        write(text, exact=output.format is not Format.TEXT)
    else:
        _show(text, paged=paged)
        _remember(results, settings.index, generation)
    return ExitCode.FOUND if results.total else ExitCode.NOTHING


def _show(text: str, *, paged: bool) -> None:
    """Let a person read the text."""
    from heatseek.cli import pager  # noqa: PLC0415 - terminals only

    pager.show(text, os.environ, paged=paged)


def _remember(results: Results, index: Path, generation: Generation) -> None:
    """Keep what was shown for `show N` and `open N`."""
    from heatseek.cli import last_search  # noqa: PLC0415 - terminals only

    if results.hits:
        ids = tuple(hit.article.id for hit in results)
        stamp = last_search.stamp(generation)
        shown = last_search.LastSearch(index, stamp, results.hits[0].rank, ids)
        last_search.remember(shown, os.environ)


def _remarks(question: Question, results: Results, output: Output) -> Iterator[str]:
    """What should be known beside the hits."""
    if not results.total:
        words = f" for {question.text}" if question.text.strip() else ""
        beside = " with these filters" if question.filters != Filters() else ""
        yield f"nothing found{words}{beside}"
    elif not results.hits and question.limit:
        yield f"no more than {results.total:,} matches; --offset {question.offset} is past them"
    if output.format.is_listing:
        from heatseek.cli.render.listings import left_out  # noqa: PLC0415 - listings only

        missing = left_out(results, files=output.format is Format.PATHS)
        noun = "file" if output.format is Format.PATHS else "link"
        if missing:
            yield f"{missing} of {len(results.hits)} hits have no {noun} and are left out"
