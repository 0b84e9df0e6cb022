"""`search`, which is `heatseek search`: options in, ranked articles out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import typer

from heatseek.cli import options, values
from heatseek.cli.asked import Asked
from heatseek.cli.command import CONTEXT
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.facets import SHOWN, FacetsCommand, asked_for, wanted
from heatseek.cli.opening import open_reader
from heatseek.cli.render import Format, Output, render, snippet_length
from heatseek.cli.terminal import is_terminal, look, say, write
from heatseek.errors import UsageError
from heatseek.query.filters import Filters
from heatseek.results import Sort
from heatseek.searcher import MAX_WINDOW, Matching, Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.cli.render.facets import Facets
    from heatseek.cli.seen import Seen
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
  search climate --facets=topic,year:all -n 0
  search @ai-climate --new  (for cron: what was not there the last time)
  search --similar 2        (more like the second hit of the last search)
  search azure --group story
  heatseek show 1           (the first hit; heatseek open 1: its link)

More: heatseek help query (the query language), heatseek help config (settings).

Exit codes: 0 found, 1 nothing found, 2 wrong usage, 3 index or archive unusable.
"""


@app.command("search", cls=FacetsCommand, context_settings=CONTEXT, epilog=_EXAMPLES)
def search(  # noqa: PLR0913 - one parameter an option
    query: options.Query = None,
    *,
    topic: options.Topic = None,
    provider: options.Provider = None,
    category: options.Category = None,
    type_: options.Type = None,
    where: options.Where = None,
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
    facets: options.Facets = False,
    facets_list: options.FacetsList = None,
    new: options.New = False,
    similar: options.Similar = None,
    group: options.Group = None,
    explain: options.Explain = False,
    no_pager: options.NoPager = False,
    interactive: options.Interactive = False,
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
        *(where, any_word, sort, rank, limit),
    )
    seen = _seen(asked, settings) if new else None
    if asked.query and asked.query[0].startswith("@"):
        # A plain search does without.
        from heatseek.cli.saved import fill  # noqa: PLC0415

        asked = fill(asked, settings)
    counts = facets or bool(facets_list)
    output = values.output(format_, json=json, nul=nul, explain=explain, facets=counts, new=new)
    present = values.instant(now)
    weights = replace(values.ranked(settings, asked.rank), **asked.weights)
    question = Question(
        text=values.text(" ".join(asked.query)),
        filters=asked.filters(settings, present),
        boosts=values.boosts(weights, boost, half_life),
        sort=Sort.RELEVANCE if asked.sort is None else values.order("--sort", asked.sort, settings),
        limit=_limit(asked, settings, seen),
        offset=0 if offset is None else values.whole_number("--offset", offset),
        matching=_matching(any_word=asked.any),
        explain=explain,
        now=present,
        facets=_facets(facets_list, settings, alone=facets, output=output),
        seen=seen,
        similar=_similar(similar, asked, settings),
        grouped=group is not None and values.choice("--group", group, Grouping) is Grouping.STORY,
    )
    if (
        not interactive
        and not question.similar
        and not question.text.strip()
        and question.filters == Filters()
    ):
        raise UsageError("nothing to search for: give words, or a filter such as --topic")
    if half_life is not None and not question.boosts.recency:
        say("--half-life changes nothing while recency has no weight: add --boost recency=0.5")
    if interactive:
        given = {
            "--limit": limit,
            "--offset": offset,
            "--format": format_,
            "--json": json or None,
            "-0": nul or None,
            "--facets": counts or None,
            "--new": new or None,
            "--similar": similar,
            "--group": group,
        }
        refused = [name for name, value in given.items() if value is not None]
        return _interact(question, settings, refused, fixed=now is not None)
    return _answer(question, settings, output, paged=not no_pager)


class Question(NamedTuple):
    """One search, all its options resolved."""

    text: str
    filters: Filters
    boosts: Boosts
    sort: Sort | str
    limit: int
    offset: int
    matching: Matching
    explain: bool
    now: datetime
    facets: Mapping[str, int | None] = MappingProxyType({})
    """What all matches are counted by, each with how many values to show; None: all."""
    seen: Seen | None = None
    """What is not new, if only that is wanted."""
    similar: str = ""
    """The id of the article that hits are to be like."""
    grouped: bool = False
    """Whether hits about one story are one."""

    def ask(
        self, reader: Reader, synonyms: Mapping[str, tuple[str, ...]], snippet_length: int
    ) -> Results:
        """Put the question to an open index; what is new is found among all matches."""
        searcher = Searcher(reader, clock=lambda: self.now, synonyms=synonyms)
        if self.similar:
            return searcher.similar(
                self.similar,
                filters=self.filters,
                boosts=self.boosts,
                sort=self.sort,
                limit=self.limit,
                offset=self.offset,
                explain=self.explain,
                facets=tuple(self.facets),
                snippet_length=snippet_length,
                group=self.grouped,
            )
        return searcher.search(
            self.text,
            filters=self.filters,
            boosts=self.boosts,
            sort=self.sort,
            limit=self.limit if self.seen is None else MAX_WINDOW,
            offset=self.offset if self.seen is None else 0,
            matching=self.matching,
            explain=self.explain,
            facets=tuple(self.facets),
            snippet_length=snippet_length,
            group=self.grouped,
        )


class Grouping(StrEnum):
    """By what hits are put together."""

    STORY = "story"


def _similar(typed: str | None, asked: Asked, settings: Config) -> str:
    """The id of the article that `--similar` names, as `show` takes it."""
    if typed is None:
        return ""
    if asked.query:
        raise UsageError("--similar takes no words beside it; filters such as --topic narrow it")
    # Only --similar needs it.
    from heatseek.cli.targets import find  # noqa: PLC0415

    return find(values.target(typed), settings).article.id


def _matching(*, any_word: bool | None) -> Matching:
    if any_word is None:
        return Matching.WORDS
    return Matching.ANY if any_word else Matching.ALL


def _interact(question: Question, settings: Config, refused: list[str], *, fixed: bool) -> int:
    """Search as the user types; `fixed`: the present stays that of the question."""
    if refused:
        raise UsageError(f"{refused[0]} is not for --interactive, which shows all hits there are")
    # Textual takes longer to import than a search takes.
    from heatseek.cli.tui import run, session  # noqa: PLC0415

    return run.interact(
        settings,
        session.Question(*question[:4], matching=question.matching),
        (lambda: question.now) if fixed else (lambda: datetime.now(UTC)),
        explain=question.explain,
    )


def _seen(asked: Asked, settings: Config) -> Seen:
    """What the saved search had found before."""
    # Only --new needs them.
    from heatseek.cli import saved, seen  # noqa: PLC0415

    name = saved.name_in(asked.query)
    if name is None:
        raise UsageError("--new: needs a saved search, as in search @NAME --new")
    # The order and the number of hits make no other search of it.
    beside = asked._replace(sort=None, rank=None, limit=None)
    return seen.recall(name, beside[:-1], settings.index, os.environ)


def _limit(asked: Asked, settings: Config, seen: Seen | None) -> int:
    """How many hits to show: as typed, as saved, or as configured; but all that is new."""
    if asked.limit is not None:
        return values.whole_number("--limit", asked.limit)
    # The first time everything is new, and nobody wants to see that.
    return settings.limit if seen is None or seen.ids is None else MAX_WINDOW


def _facets(
    typed: list[str] | None, settings: Config, *, alone: bool, output: Output
) -> Mapping[str, int | None]:
    if not alone and not typed:
        return {}
    # Programs get all values, people so many as they can look over.
    shown = SHOWN if output.format is Format.TEXT else None
    # Only counting needs them.
    from heatseek.cli.own_fields import facets  # noqa: PLC0415

    return wanted(typed or (), alone=alone, shown=shown, own=facets(settings))


def _answer(question: Question, settings: Config, output: Output, *, paged: bool) -> int:
    appearance = look(sys.stdout, os.environ)
    with open_reader(settings) as reader:
        found = question.ask(reader, settings.synonyms, snippet_length(appearance))
        facets = _counted(question, reader) if question.facets else None
        generation = reader.generation
    archive = Path(generation.archive)
    results = _wanted(found, question)
    if settings.chosen_fields not in (None, generation.fields):
        say("the index was built with other fields than are declared: heatseek update changes that")
    text = render(results, output, look=appearance, archive=archive, here=Path.cwd(), facets=facets)
    remarks = _remarks(question, results, output)
    for remark in (*_strangeness(settings, generation), *results.notices, *remarks):
        say(remark)
    if output.format is not Format.TEXT or not appearance.live:
        write(text, exact=output.format is not Format.TEXT)
    else:
        _show(text, paged=paged)
        _remember(results, settings.index, generation)
    if question.seen is not None and not question.seen.remember(found):
        say(f"cannot remember what @{question.seen.name} found: all of it will be new again")
    return ExitCode.FOUND if results.total else ExitCode.NOTHING


def _strangeness(settings: Config, generation: Generation) -> Iterator[str]:
    """How the index is not what is configured."""
    if settings.chosen_language not in (None, generation.language):
        yield (
            f"the index was built for {generation.language}, not {settings.chosen_language}:"
            " heatseek update builds it anew"
        )


def _counted(question: Question, reader: Reader) -> Facets:
    """How the counts are to be shown."""
    from heatseek.cli.render.facets import Facets  # noqa: PLC0415 - most searches count nothing

    filters = question.filters
    return Facets(question.facets, filters, asked_for(filters, reader, question.now))


def _wanted(found: Results, question: Question) -> Results:
    """Only what is new, if that is wanted."""
    if question.seen is None:
        return found
    return question.seen.only_new(found, question.limit, question.offset)


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
    if question.seen is not None:
        yield from question.seen.remarks(results, watched=is_terminal(sys.stderr))
    elif not results.total:
        text = results.suggestion or question.text
        words = f" for {text}" if text.strip() else ""
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
