"""`search`, which is `heatseek search`: options in, ranked articles out."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace

from heatseek.cli import option_values, options
from heatseek.cli.arguments import Command
from heatseek.cli.page import print_page
from heatseek.cli.render import Format, snippet_length
from heatseek.cli.terminal import say, style_of
from heatseek.errors import UsageError
from heatseek.results import Sort
from heatseek.search.request import ALL_FACETS, MAX_WINDOW, Defaults, Matching, request_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from heatseek.config import Config
    from heatseek.search.history import NewHits

FACET_VALUES = 10
"""Values of a facet that people see if they don't say how many."""

_EXAMPLES = """\b
Queries:
  climate ai                both words; after these, either one
  "machine learning"        a phrase (in a shell: search '"machine learning"')
  climate -ai               not this word (in a shell: search 'climate -ai')
  forecast*                 any word that begins so
  title:solar OR wind       a field; AND, OR, NOT and parentheses
  @ai-climate               a saved search of heatseek.toml

\b
Examples:
  search climate ai --after 2023 --sort date
  search solar --topic Energy --provider infoq.com --boost heat=2
  search climate --path blog/2023 --oldest
  search --topic AI --format paths -0 | xargs -0 wc -w
  search "weather forecast" --json | jq -r '.hits[].title'
  search climate --facet topic --facet year:all -n 0
  search @ai-climate --new  (for cron: what was not there the last time)
  search --similar 2        (more like the second hit of the last search)
  search azure --group story
  heatseek show 1           (the first hit; heatseek open 1: its link)

More: heatseek help query (the query language), heatseek help config (settings).

Exit codes: 0 found, 1 nothing found, 2 wrong usage, 3 index or archive unusable.
"""


def search(**values: Any) -> int:
    """Find articles; the values are those of the options and words of `command`."""
    line = SimpleNamespace(**values)
    settings = option_values.settings(line.archive, line.index, line.config_file)
    given = arguments(line)
    if line.interactive:
        return _interact(given, line, settings)
    output = option_values.output(
        line.format_,
        json=line.json,
        nul=line.nul,
        safe_csv=line.safe_csv,
        explain=line.explain,
        facets=line.facets or line.facet is not None,
        new=line.new,
    )
    defaults = _defaults(line.query, settings)
    earlier = _earlier_hits(given, settings, defaults) if line.new else None
    if line.similar is not None:
        given["similar_to"] = _similar(line.similar, given, settings)
    style = style_of(sys.stdout, os.environ, line.color, time_zone=settings.time_zone)
    page = page_arguments(line)
    # Programs get all values, people so many as they can look over.
    page["facet_limit"] = FACET_VALUES if output.format is Format.TEXT else None
    page["snippet_length"] = snippet_length(output, style)
    # A bare name cannot say that it has only some of the words, nor is a half match news.
    page["some"] = not (output.format.is_listing or line.new)
    if earlier is not None and earlier.ids is not None:
        # The first time everything is new, and nobody wants to see that.
        page.setdefault("limit", MAX_WINDOW)
    request = request_of(defaults=defaults, **page, **given)
    if line.half_life is not None and not request.boosts.recency:
        say("--half-life changes nothing while recency has no weight: add --boost recency=0.5")
    paged = not line.no_pager
    return print_page(request, output, settings, style, earlier=earlier, paged=paged)


_AS_TYPED = (
    "topics", "providers", "categories", "types", "paths", "where", "after", "before", "published",
    "related", "sort", "rank", "boosts", "half_life", "meaning", "now",
)  # fmt: skip
"""Options that are arguments of a request as they are."""


def arguments(line: SimpleNamespace) -> dict[str, Any]:
    """What is searched for, as `request_of` takes it, of the options and words of `command`.

    Raises:
        UsageError: two orders are asked for.
    """
    given = {"query": " ".join(line.query)}
    given |= _given({name: getattr(line, name) for name in _AS_TYPED})
    if line.oldest:
        if line.sort is not None:
            raise UsageError(f"--oldest is an order, and so is --sort {line.sort}: leave one out")
        given["sort"] = f"{Sort.DATE}:asc"
    if line.any_word is not None:
        given["matching"] = Matching.ANY if line.any_word else Matching.ALL
    return given


def _given(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}


def page_arguments(line: SimpleNamespace) -> dict[str, Any]:
    """The arguments of a request that say what is shown of the matches, whatever the format.

    Raises:
        UsageError: one of them makes no sense.
    """
    return {
        "facets": [*([ALL_FACETS] if line.facets else []), *(line.facet or ())],
        "group": line.group is not None and option_values.group(line.group),
        "explain": line.explain,
        **_given({"limit": line.limit, "offset": line.offset}),
    }


def _defaults(words: list[str], settings: Config) -> Defaults:
    """Those of the project; of `"@name words"` in quotes the first word is a word."""
    defaults = Defaults.of(settings)
    is_quoted = bool(words) and any(letter.isspace() for letter in words[0])
    return defaults._replace(searches=None) if is_quoted else defaults


def _earlier_hits(arguments: dict[str, Any], settings: Config, defaults: Defaults) -> NewHits:
    """The hits that the saved search had before."""
    # Only --new needs them.
    from heatseek.search import history  # noqa: PLC0415
    from heatseek.search.saved import name_in  # noqa: PLC0415

    name = name_in(arguments["query"])
    if name is None or defaults.searches is None:
        raise UsageError("--new: needs a saved search, as in search @NAME --new")
    return history.recall_hits(name, arguments, settings.index, os.environ)


def _similar(target: str, arguments: dict[str, Any], settings: Config) -> str:
    """The id of the article that `--similar` names, as `show` takes it."""
    if arguments["query"]:
        raise UsageError("--similar takes no words beside it; filters such as --topic narrow it")
    # Only --similar needs it.
    from heatseek.cli.target import article_of  # noqa: PLC0415

    return article_of(target, settings).article.id


_NOT_INTERACTIVE = {
    "limit": "--limit", "offset": "--offset", "format_": "--format", "json": "--json",
    "nul": "-0", "safe_csv": "--safe-csv", "facets": "--facets", "facet": "--facet",
    "new": "--new", "similar": "--similar", "group": "--group",
}  # fmt: skip
"""Options, by name, of which an interactive search has no use."""


def _interact(arguments: dict[str, Any], line: SimpleNamespace, settings: Config) -> int:
    """Search as the user types; `--now` holds until the end."""
    for name, flag in _NOT_INTERACTIVE.items():
        if getattr(line, name):
            raise UsageError(f"{flag} is not for --interactive, which shows all hits there are")
    from heatseek.cli.advice import extra  # noqa: PLC0415 - a plain search does without

    with extra("interactive", "textual", "--interactive"):
        # Textual takes longer to import than a search takes.
        from heatseek.cli.tui.app import interact  # noqa: PLC0415

    return interact(settings, arguments, explain=line.explain)


command = Command(
    search,
    *options.REQUEST_OPTIONS,
    *options.PAGE_OPTIONS,
    options.SIMILAR,
    options.GROUP,
    options.EXPLAIN,
    options.NO_PAGER,
    options.INTERACTIVE,
    options.FORMAT,
    options.JSON,
    options.NUL,
    options.SAFE_CSV,
    options.COLOR,
    *options.PLACE_OPTIONS,
    options.NOW,
    options.VERSION,
    options.DEBUG,
    words=options.QUERY,
    examples=_EXAMPLES,
)
