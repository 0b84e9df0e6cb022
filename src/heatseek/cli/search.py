"""`search`, which is `heatseek search`: options in, ranked articles out."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from heatseek.cli import option_values, options
from heatseek.cli.command import CONTEXT, Command
from heatseek.cli.page import print_page
from heatseek.cli.render import Format, Output, snippet_length
from heatseek.cli.terminal import say, style_of
from heatseek.errors import UsageError
from heatseek.search.request import ALL_FACETS, MAX_WINDOW, Defaults, Matching, request_of

if TYPE_CHECKING:
    from heatseek.config import Config
    from heatseek.search.history import NewHits
    from heatseek.search.request import SearchRequest

app = typer.Typer(add_completion=False, rich_markup_mode=None)

FACET_VALUES = 10
"""Values of a facet that people see if they don't say how many."""

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
  search climate --facet topic --facet year:all -n 0
  search @ai-climate --new  (for cron: what was not there the last time)
  search --similar 2        (more like the second hit of the last search)
  search azure --group story
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
    facet: options.Facet = None,
    facets: options.Facets = False,
    new: options.New = False,
    similar: options.Similar = None,
    group: options.Group = None,
    explain: options.Explain = False,
    no_pager: options.NoPager = False,
    interactive: options.Interactive = False,
    format_: options.Format = None,
    json: options.Json = False,
    nul: options.Nul = False,
    safe_csv: options.SafeCsv = False,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    now: options.Now = None,
    version: options.Version = False,  # noqa: ARG001 - its callback shows it
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Find articles, the best first."""
    settings = option_values.settings(archive, index, config_file)
    arguments = _given(
        query=" ".join(query or ()),
        topics=topic,
        providers=provider,
        categories=category,
        types=type_,
        where=where,
        after=after,
        before=before,
        published=published,
        related=related,
        matching=None if any_word is None else Matching.ANY if any_word else Matching.ALL,
        sort=sort,
        rank=rank,
        boosts=boost,
        half_life=half_life,
        now=now,
    )
    defaults = _defaults(query or [], settings)
    page = _Page(limit, offset, facet or [], facets, new, similar, group)
    writing = _Writing(format_, json, nul, safe_csv, explain)
    if interactive:
        return _interact(arguments, page, writing, settings)
    output = option_values.output(
        format_,
        json=json,
        nul=nul,
        safe_csv=safe_csv,
        explain=explain,
        facets=page.counts,
        new=new,
    )
    earlier = _earlier_hits(arguments, settings, defaults) if new else None
    similar_to = "" if similar is None else _similar(similar, arguments, settings)
    request = _request(
        {**arguments, "similar_to": similar_to},
        page,
        output,
        defaults,
        earlier=earlier,
        explain=explain,
    )
    if half_life is not None and not request.boosts.recency:
        say("--half-life changes nothing while recency has no weight: add --boost recency=0.5")
    return print_page(request, output, settings, earlier=earlier, paged=not no_pager)


class _Page(NamedTuple):
    """Options that cut the answer."""

    limit: str | None
    offset: str | None
    facet: list[str]
    facets: bool
    new: bool
    similar: str | None
    group: str | None

    @property
    def counts(self) -> bool:
        """True: all matches are to be counted."""
        return self.facets or bool(self.facet)


class _Writing(NamedTuple):
    """Options that say how the answer is written."""

    format: str | None
    json: bool
    nul: bool
    safe_csv: bool
    explain: bool


def _given(**arguments: Any) -> dict[str, Any]:
    """The arguments of a request that were given: a saved search fills in the others."""
    return {name: value for name, value in arguments.items() if value is not None}


def _request(  # noqa: PLR0913 - what an answer depends on
    arguments: dict[str, Any],
    page: _Page,
    output: Output,
    defaults: Defaults,
    *,
    earlier: NewHits | None,
    explain: bool,
) -> SearchRequest:
    """The search that all options together ask for.

    Raises:
        UsageError: one of them makes no sense, or not beside the others.
    """
    # The first time everything is new, and nobody wants to see that.
    new = {"limit": MAX_WINDOW} if earlier is not None and earlier.ids is not None else {}
    cut = _given(limit=page.limit, offset=page.offset)
    return request_of(
        defaults=defaults,
        facets=[*([ALL_FACETS] if page.facets else []), *page.facet],
        # Programs get all values, people so many as they can look over.
        facet_limit=FACET_VALUES if output.format is Format.TEXT else None,
        group=page.group is not None and option_values.group(page.group),
        explain=explain,
        snippet_length=snippet_length(output, style_of(sys.stdout, os.environ)),
        **{**new, **cut, **arguments},
    )


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


def _interact(arguments: dict[str, Any], page: _Page, writing: _Writing, settings: Config) -> int:
    """Search as the user types; `--now` holds until the end."""
    refused = {
        "--limit": page.limit,
        "--offset": page.offset,
        "--format": writing.format,
        "--json": writing.json,
        "-0": writing.nul,
        "--safe-csv": writing.safe_csv,
        "--facets": page.facets,
        "--facet": page.facet,
        "--new": page.new,
        "--similar": page.similar,
        "--group": page.group,
    }
    for name, value in refused.items():
        if value:
            raise UsageError(f"{name} is not for --interactive, which shows all hits there are")
    from heatseek.cli.advice import extra  # noqa: PLC0415 - a plain search does without

    with extra("interactive", "textual", "--interactive"):
        # Textual takes longer to import than a search takes.
        from heatseek.cli.tui.app import interact  # noqa: PLC0415

    return interact(settings, arguments, explain=writing.explain)
