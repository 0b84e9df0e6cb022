"""What `search` finds, shown: the hits on stdout, everything else on stderr."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.facets import asked_for
from heatseek.cli.opening import open_reader
from heatseek.cli.render import Format, left_out, render, snippet_length
from heatseek.cli.terminal import is_terminal, say, style_of, write
from heatseek.query.filters import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.cli.question import OneShot
    from heatseek.cli.render.facets import Facets
    from heatseek.config import Config
    from heatseek.engines.base import Generation, Reader
    from heatseek.results import Results

MOST_SHOWN = 100
"""Columns of a query that is named in a message."""


def answer(search: OneShot, settings: Config, *, paged: bool) -> int:
    """Search, write the hits to stdout and what there is to say to stderr; gives the exit code."""
    style = style_of(sys.stdout, os.environ)
    with open_reader(settings) as reader:
        found = search.ask(reader, settings.synonyms, snippet_length(style))
        facets = _counted(search, reader) if search.facets else None
        generation = reader.generation
    archive, output = Path(generation.archive), search.output
    results = _wanted(found, search)
    text = render(results, output, style=style, archive=archive, here=Path.cwd(), facets=facets)
    remarks = _remarks(search, results)
    for remark in (*mismatches(settings, generation), *results.notices, *remarks):
        say(remark)
    if output.format is not Format.TEXT or not style.live:
        write(text, exact=output.format is not Format.TEXT)
    else:
        _show(text, paged=paged)
        _remember(results, settings.index, generation)
    if search.seen is not None:
        # Who only counts the news has not seen them.
        kept = search.seen.remember(found) if search.limit else None
        for remark in search.seen.remarks(results, kept=kept, watched=is_terminal(sys.stderr)):
            say(remark)
    return ExitCode.FOUND if results.total else ExitCode.NOTHING


def mismatches(settings: Config, generation: Generation) -> Iterator[str]:
    """How an index is not what is configured; it answers all the same."""
    if settings.chosen_fields not in (None, generation.fields):
        yield "the index has other fields than are declared: run heatseek update"
    if settings.chosen_language not in (None, generation.language):
        yield (
            f"the index is {generation.language}, not {settings.chosen_language}:"
            " run heatseek update"
        )


def _counted(search: OneShot, reader: Reader) -> Facets:
    """How the counts are to be shown."""
    from heatseek.cli.render.facets import Facets  # noqa: PLC0415 - most searches count nothing

    return Facets(search.facets, asked_for(search.question.filters, reader, search.now))


def _wanted(found: Results, search: OneShot) -> Results:
    """Only what is new, if that is wanted."""
    if search.seen is None:
        return found
    return search.seen.only_new(found, search.limit, search.offset)


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


def _remarks(search: OneShot, results: Results) -> Iterator[str]:
    """What should be known beside the hits."""
    question, output = search.question, search.output
    if search.seen is None and not results.total:
        # As seldom as the cutting of text is needed.
        from heatseek.cli.render.wrapping import cut  # noqa: PLC0415

        text = results.suggestion or question.text
        words = f" for {cut(text, MOST_SHOWN, '...')}" if text.strip() else ""
        beside = " with these filters" if question.filters != Filters() else ""
        yield f"nothing found{words}{beside}"
    elif search.seen is None and not results.hits and search.limit:
        one, many = ("match", "matches") if results.stories is None else ("story", "stories")
        noun = one if results.size == 1 else many
        yield f"no more than {results.size:,} {noun}; --offset {search.offset} is past them"
    if output.format.is_listing:
        missing = left_out(results, files=output.format is Format.PATHS)
        noun = "file" if output.format is Format.PATHS else "link"
        if missing:
            yield f"{missing} of {len(results.hits)} hits have no {noun} and are left out"
