"""`search`, which is `heatseek search`: options in, ranked articles out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from heatseek.cli import options, values
from heatseek.cli.answering import answer
from heatseek.cli.asked import Asked, Once
from heatseek.cli.command import CONTEXT
from heatseek.cli.facets import SHOWN, FacetsCommand, wanted
from heatseek.cli.question import Grouping, OneShot
from heatseek.cli.render import Format, Output
from heatseek.cli.terminal import say
from heatseek.errors import UsageError
from heatseek.searcher import MAX_WINDOW

if TYPE_CHECKING:
    from heatseek.cli.seen import Seen
    from heatseek.config import Config

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
    safe_csv: options.SafeCsv = False,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    now: options.Now = None,
    version: options.Version = False,  # noqa: ARG001 - its callback shows it
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Find articles, the best first."""
    settings = values.settings(archive, index, config_file)
    asked = Asked(
        *(query or [], topic, provider, category, type_, after, before, published, related),
        *(where, any_word, sort, rank, limit, boost, half_life),
    )
    once = Once(
        *(offset, similar, group, new, facets, facets_list),
        *(format_, json, nul, safe_csv, explain, now),
    )
    resolved = _resolve(asked, once, settings)
    if not interactive and resolved.question.is_empty and not resolved.similar:
        raise UsageError("nothing to search for: give words, or a filter such as --topic")
    if half_life is not None and not resolved.question.boosts.recency:
        say("--half-life changes nothing while recency has no weight: add --boost recency=0.5")
    if interactive:
        return _interact(asked, once, settings, resolved.now)
    return answer(resolved, settings, paged=not no_pager)


def _resolve(typed: Asked, once: Once, settings: Config) -> OneShot:
    """What all options together mean.

    Raises:
        UsageError: one of them makes no sense, or not beside the others.
    """
    seen = _seen(typed, settings) if once.new else None
    asked = _filled(typed, settings)
    output = _output(once)
    now = values.instant(once.now)
    return OneShot(
        question=asked.question(settings, now),
        limit=_limit(asked, settings, seen),
        offset=0 if once.offset is None else values.whole_number("--offset", once.offset),
        output=output,
        explain=once.explain,
        now=now,
        facets=_facets(once, output, settings),
        seen=seen,
        similar=_similar(once.similar, asked, settings),
        grouped=_grouped(once.group),
    )


def _seen(asked: Asked, settings: Config) -> Seen:
    """What the saved search had found before."""
    # Only --new needs them.
    from heatseek.cli import saved, seen  # noqa: PLC0415

    name = saved.name_in(asked.query)
    if name is None:
        raise UsageError("--new: needs a saved search, as in search @NAME --new")
    return seen.recall(name, asked.choosing, settings.index, os.environ)


def _filled(asked: Asked, settings: Config) -> Asked:
    """With what is saved under the name that may stand first."""
    if not asked.query or not asked.query[0].startswith("@"):
        return asked
    # A plain search does without.
    from heatseek.cli.saved import fill  # noqa: PLC0415

    return fill(asked, settings)


def _output(once: Once) -> Output:
    return values.output(
        once.format,
        json=once.json,
        nul=once.nul,
        safe_csv=once.safe_csv,
        explain=once.explain,
        facets=once.counts,
        new=once.new,
    )


def _limit(asked: Asked, settings: Config, seen: Seen | None) -> int:
    """How many hits to show: as typed, as saved, or as configured; but all that is new."""
    if asked.limit is not None:
        return values.whole_number("--limit", asked.limit)
    # The first time everything is new, and nobody wants to see that.
    return settings.limit if seen is None or seen.ids is None else MAX_WINDOW


def _facets(once: Once, output: Output, settings: Config) -> Mapping[str, int | None]:
    if not once.counts:
        return {}
    # Programs get all values, people so many as they can look over.
    shown = SHOWN if output.format is Format.TEXT else None
    # Only counting needs them.
    from heatseek.cli.own_fields import facets  # noqa: PLC0415

    own = facets(settings)
    return wanted(once.facets_list or (), alone=once.facets, shown=shown, own=own)


def _similar(typed: str | None, asked: Asked, settings: Config) -> str:
    """The id of the article that `--similar` names, as `show` takes it."""
    if typed is None:
        return ""
    if asked.query:
        raise UsageError("--similar takes no words beside it; filters such as --topic narrow it")
    # Only --similar needs it.
    from heatseek.cli.targets import find  # noqa: PLC0415

    return find(values.target(typed), settings).article.id


def _grouped(typed: str | None) -> bool:
    return typed is not None and values.choice("--group", typed, Grouping) is Grouping.STORY


def _interact(asked: Asked, once: Once, settings: Config, now: datetime) -> int:
    """Search as the user types; `--now` holds until the end."""
    refused = {
        "--limit": asked.limit,
        "--offset": once.offset,
        "--format": once.format,
        "--json": once.json,
        "-0": once.nul,
        "--safe-csv": once.safe_csv,
        "--facets": once.counts,
        "--new": once.new,
        "--similar": once.similar,
        "--group": once.group,
    }
    for name, typed in refused.items():
        if typed:
            raise UsageError(f"{name} is not for --interactive, which shows all hits there are")
    # Textual takes longer to import than a search takes.
    from heatseek.cli.tui import run  # noqa: PLC0415

    clock = (lambda: datetime.now(UTC)) if once.now is None else (lambda: now)
    return run.interact(settings, asked, clock, explain=once.explain)
