"""`search`, which is `heatseek search`: options in, ranked articles out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from heatseek.cli import options, values
from heatseek.cli.answering import answer
from heatseek.cli.asked import Asked
from heatseek.cli.command import CONTEXT
from heatseek.cli.facets import SHOWN, FacetsCommand, wanted
from heatseek.cli.question import Grouping, Question
from heatseek.cli.render import Format, Output
from heatseek.cli.terminal import say
from heatseek.errors import UsageError
from heatseek.query.filters import Filters
from heatseek.results import Sort
from heatseek.searcher import MAX_WINDOW, Matching

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
    asks = question.similar or question.text.strip() or question.filters != Filters()
    if not interactive and not asks:
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
    return answer(question, settings, output, paged=not no_pager)


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
