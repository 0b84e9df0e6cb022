"""A page of hits, printed: the hits on stdout, everything else on stderr."""

from __future__ import annotations

import os
import sys

from heatseek.cli import ExitCode
from heatseek.cli.project import open_or_build
from heatseek.cli.render import Format, left_out, render
from heatseek.cli.terminal import is_terminal, say, write
from heatseek.definitions import replace
from heatseek.search.request import MAX_WINDOW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek import Generation, Index
    from heatseek.cli.render import Output
    from heatseek.cli.render.escapes import Style
    from heatseek.config import Config
    from heatseek.config.places import Location
    from heatseek.results import Results
    from heatseek.search.history import NewHits
    from heatseek.search.request import SearchRequest

MOST_SHOWN = 100
"""Columns of a query that is named in a message."""


def print_page(  # noqa: PLR0913 - a search, and how it is shown
    request: SearchRequest,
    output: Output,
    settings: Config,
    style: Style,
    *,
    earlier: NewHits | None = None,
    paged: bool = False,
) -> int:
    """Search, write the hits to stdout and remarks to stderr; gives the exit code.

    Args:
        request: the search.
        output: how the hits are written.
        settings: where the index is.
        style: of text.
        earlier: the hits that are not new, if only new ones are to be shown.
        paged: whether a person may read it in a pager.
    """
    whole = request if earlier is None else replace(request, limit=MAX_WINDOW, offset=0)
    with open_or_build(settings, request=whole) as index:
        everything = index.search(whole)
        generation = index.generation
        results = everything
        if earlier is not None:
            results = earlier.only_new(everything, request.limit, request.offset)
        if earlier is None or results.hits:
            results = _with_changes(results, index)
    here = os.getcwd()  # noqa: PTH109 - a text will do
    text = render(results, output, style=style, archive=generation.archive, here=here)
    remarks = _remarks(request, results, output, new=earlier is not None)
    for remark in (*mismatches(settings, generation), *results.notices, *remarks):
        say(remark)
    if output.format is not Format.TEXT or not style.live:
        write(text, exact=output.format is not Format.TEXT)
    else:
        _show(text, paged=paged)
        _remember(results, settings.index, generation)
    if earlier is not None:
        # Who only counts the news has not seen them.
        kept = earlier.remember(everything) if request.limit else None
        for remark in earlier.remarks(results, kept=kept, watched=is_terminal(sys.stderr)):
            say(remark)
    return ExitCode.FOUND if results.total else ExitCode.NOTHING


def _with_changes(results: Results, index: Index) -> Results:
    """The results, and how far the archive has gone on since it was indexed."""
    changes = index.changes_since(results)
    return replace(results, notices=(*results.notices, *changes)) if changes else results


def mismatches(settings: Config, generation: Generation) -> Iterator[str]:
    """Differences of an index from the configuration; it answers all the same."""
    if settings.chosen_fields not in (None, generation.fields):
        yield "the index has other fields than are declared: run heatseek update"
    if settings.conventions.differ_from(generation.conventions):
        yield "the index was built with other keys or another time zone: run heatseek update"
    if settings.chosen_language not in (None, generation.language):
        yield (
            f"the index is {generation.language}, not {settings.chosen_language}:"
            " run heatseek update"
        )


def _show(text: str, *, paged: bool) -> None:
    """Let a person read the text."""
    from heatseek.cli import terminal  # noqa: PLC0415 - terminals only

    terminal.show(text, os.environ, paged=paged)


def _remember(results: Results, index: Location, generation: Generation) -> None:
    """Keep the page for `show N` and `open N`."""
    from heatseek.search import history  # noqa: PLC0415 - terminals only

    if results.hits:
        ids = tuple(hit.article.id for hit in results)
        stamp = history.stamp(generation)
        others = tuple(hit.others for hit in results) if results.stories else ()
        page = history.LastSearch(index, stamp, results.hits[0].rank, ids, others)
        history.remember_search(page, os.environ)


def nothing_found(request: SearchRequest, results: Results) -> str:
    """A line on a search without hits; empty if there are some."""
    if results.total:
        return ""
    # As seldom as the cutting of text is needed.
    from heatseek.cli.render.wrapping import cut  # noqa: PLC0415

    query = results.suggestion or ("" if request.similar_to else request.query)
    words = f" for {cut(query, MOST_SHOWN, '...')}" if query.strip() else ""
    beside = " with these filters" if request.has_filters else ""
    return f"nothing found{words}{beside}"


def _remarks(
    request: SearchRequest, results: Results, output: Output, *, new: bool
) -> Iterator[str]:
    """Lines on what the hits do not show."""
    if not new and not results.total:
        yield nothing_found(request, results)
    elif not new and not results.hits and request.limit:
        one, many = ("match", "matches") if results.stories is None else ("story", "stories")
        noun = one if results.size == 1 else many
        yield f"no more than {results.size:,} {noun}; --offset {request.offset} is past them"
    if output.format.is_listing:
        missing = left_out(results, files=output.format is Format.PATHS)
        noun = "file" if output.format is Format.PATHS else "link"
        if missing:
            yield f"{missing} of {len(results.hits)} hits have no {noun} and are left out"
