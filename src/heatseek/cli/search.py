"""`search`, which is `heatseek search`: options in, ranked articles out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
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

    from heatseek.config import Config
    from heatseek.engines.base import Reader
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

\b
Examples:
  search climate ai --after 2023 --sort date
  search solar --topic Energy --provider infoq.com --boost heat=2
  search --topic AI --format paths -0 | xargs -0 wc -w
  search "weather forecast" --json | jq -r '.hits[].title'

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
    format_: options.Format = None,
    json: options.Json = False,
    nul: options.Nul = False,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Find articles, the best first."""
    text = values.text(" ".join(query or ()))
    labels = (topic, provider, category, type_)
    filters = values.filters(labels, (after, before), published=published, related=related)
    if not text.strip() and filters == Filters():
        raise UsageError("nothing to search for: give words, or a filter such as --topic")
    output = values.output(format_, json=json, nul=nul, explain=explain)
    settings = values.settings(archive, index, config_file)
    question = Question(
        text=text,
        filters=filters,
        boosts=values.boosts(values.ranked(settings.boosts, rank), boost, half_life),
        sort=Sort.RELEVANCE if sort is None else values.choice("--sort", sort, Sort),
        limit=settings.limit if limit is None else values.whole_number("--limit", limit),
        offset=0 if offset is None else values.whole_number("--offset", offset),
        matching=_matching(any_word=any_word),
        explain=explain,
    )
    if half_life is not None and not question.boosts.recency:
        say("--half-life changes nothing while recency has no weight: add --boost recency=0.5")
    return _answer(question, settings, output)


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

    def ask(self, reader: Reader, snippet_length: int) -> Results:
        """Put the question to an open index."""
        return Searcher(reader).search(
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


def _answer(question: Question, settings: Config, output: Output) -> int:
    appearance = look(sys.stdout, os.environ)
    with open_reader(settings) as reader:
        results = question.ask(reader, snippet_length=snippet_length(appearance))
        archive = Path(reader.generation.archive)
    text = render(results, output, look=appearance, archive=archive, here=Path.cwd())
    for remark in (*results.notices, *_remarks(question, results, output)):
        say(remark)
    write(text, exact=output.format is not Format.TEXT)
    return ExitCode.FOUND if results.total else ExitCode.NOTHING


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
