"""The options of the commands as they are typed: names, help, groups; shared by the verbs.

Values stay text here. `values.py` makes them what they mean, with messages of one line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FILTERS = "Filters (repeat one: any of its values; different ones: all of them)"
RANKING = "Ranking"
OUTPUT = "Output"
PLACES = "Places"
OTHER = "Other"

Query = Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...", show_default=False)]

Target = Annotated[str, typer.Argument(metavar="N|PATH", show_default=False)]
TARGETS = """\b
Which article:
  3                 the third hit of the last search on this terminal
  seeds/sea.md      a file of the archive, by its path on disk
  sea.md            the same, by its path inside the archive
  https://...       a related story, by its link
"""
"""The forms of a target, for the help of the commands that take one."""

Prefix = Annotated[list[str] | None, typer.Argument(metavar="[PREFIX]", show_default=False)]

Topic = Annotated[
    list[str] | None,
    typer.Option("--topic", metavar="T", help="Only with this topic.", rich_help_panel=FILTERS),
]
Provider = Annotated[
    list[str] | None,
    typer.Option(
        "--provider",
        metavar="P",
        help="Only from this provider, by name or domain.",
        rich_help_panel=FILTERS,
    ),
]
Category = Annotated[
    list[str] | None,
    typer.Option("--category", metavar="C", help="Only of this category.", rich_help_panel=FILTERS),
]
Type = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="T", help="Only of this type.", rich_help_panel=FILTERS),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="NAME=V",
        help="Only where a field has this value, as in a query: levels=Intermediate, 'price>=4.5'.",
        rich_help_panel=FILTERS,
    ),
]
After = Annotated[
    str | None,
    typer.Option(
        "--after",
        metavar="DATE",
        help="Published then or later: 2023-03-14, 2023-03, yesterday, 'last monday', 2w.",
        rich_help_panel=FILTERS,
    ),
]
Before = Annotated[
    str | None,
    typer.Option(
        "--before",
        metavar="DATE",
        help="Published before this day, week, month or year begins; 2w: over two weeks ago.",
        rich_help_panel=FILTERS,
    ),
]
Published = Annotated[
    bool | None,
    typer.Option(
        "--published/--unpublished",
        help="Only what the site shows, or only what it holds back.",
        rich_help_panel=FILTERS,
        show_default=False,
    ),
]
Related = Annotated[
    bool | None,
    typer.Option(
        "--related/--no-related",
        help="Only articles that others mention, or only files of the archive.",
        rich_help_panel=FILTERS,
        show_default=False,
    ),
]

Sort = Annotated[
    str | None,
    typer.Option(
        "--sort",
        metavar="ORDER",
        help="relevance (the default), date, quality, heat or a declared field; "
        "the best or newest first.",
        rich_help_panel=RANKING,
    ),
]
AnyWord = Annotated[
    bool | None,
    typer.Option(
        "--any/--all",
        help="Match any of the words, or only all; default: all of up to 3, any of more.",
        rich_help_panel=RANKING,
        show_default=False,
    ),
]
Rank = Annotated[
    str | None,
    typer.Option(
        "--rank",
        metavar="NAME",
        help="Start from the weights relevance, balanced, hot, fresh, or [presets.NAME].",
        rich_help_panel=RANKING,
    ),
]
Boost = Annotated[
    list[str] | None,
    typer.Option(
        "--boost",
        metavar="NAME=W",
        help="How much quality, heat and recency count: quality=1,heat=0,recency=0.5.",
        rich_help_panel=RANKING,
    ),
]
HalfLife = Annotated[
    str | None,
    typer.Option(
        "--half-life",
        metavar="AGE",
        help="The age at which half of the recency weight is lost: 30d, 2w, 6m, 1y.",
        rich_help_panel=RANKING,
    ),
]

Limit = Annotated[
    str | None,
    typer.Option(
        "-n", "--limit", metavar="N", help="Show N hits (10; 0: count).", rich_help_panel=OUTPUT
    ),
]
Offset = Annotated[
    str | None,
    typer.Option("--offset", metavar="N", help="Leave out the first N.", rich_help_panel=OUTPUT),
]
New = Annotated[
    bool,
    typer.Option(
        "--new",
        help="Of a saved search (@NAME): only what it had not found the last time with --new.",
        rich_help_panel=OUTPUT,
    ),
]
Facet = Annotated[
    list[str] | None,
    typer.Option(
        "--facet",
        metavar="NAME",
        help="Count all matches by topic, provider, category, type, year or a declared facet; "
        "NAME:5 or NAME:all: so many values.",
        rich_help_panel=OUTPUT,
    ),
]
Facets = Annotated[
    bool,
    typer.Option("--facets", help="Count all matches by every facet.", rich_help_panel=OUTPUT),
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Show how each score came about.", rich_help_panel=OUTPUT),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="text (the default), json, jsonl, csv, tsv, paths or urls.",
        rich_help_panel=OUTPUT,
    ),
]
LabelSort = Annotated[
    str | None,
    typer.Option(
        "--sort",
        metavar="ORDER",
        help="count (the default), name, date or quality.",
        rich_help_panel=OUTPUT,
    ),
]
LabelLimit = Annotated[
    str | None,
    typer.Option(
        "-n", "--limit", metavar="N", help="Show N (all; 0: count).", rich_help_panel=OUTPUT
    ),
]
LabelFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="text (the default), json, csv or tsv.",
        rich_help_panel=OUTPUT,
    ),
]
Json = Annotated[
    bool, typer.Option("--json", help="The same as --format json.", rich_help_panel=OUTPUT)
]
OnlyJson = Annotated[
    bool, typer.Option("--json", help="Write JSON, for programs.", rich_help_panel=OUTPUT)
]
Nul = Annotated[
    bool,
    typer.Option(
        "-0", help="Paths or URLs, each ended by NUL, for xargs -0.", rich_help_panel=OUTPUT
    ),
]
SafeCsv = Annotated[
    bool,
    typer.Option(
        "--safe-csv",
        help="CSV or TSV with ' before texts that a spreadsheet would run as formulas.",
        rich_help_panel=OUTPUT,
    ),
]
NoPager = Annotated[
    bool,
    typer.Option(
        "--no-pager",
        help="Print at once what is longer than the screen.",
        rich_help_panel=OUTPUT,
    ),
]
Interactive = Annotated[
    bool,
    typer.Option(
        "-i",
        "--interactive",
        help="Search as you type, with a preview (docs/interactive.md).",
        rich_help_panel=OUTPUT,
    ),
]

Archive = Annotated[
    Path | None,
    typer.Option(
        "--archive",
        metavar="DIR",
        help="The folder of articles (seeds/; HEATSEEK_ARCHIVE).",
        rich_help_panel=PLACES,
    ),
]
Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="The folder of the index (index/; HEATSEEK_INDEX).",
        rich_help_panel=PLACES,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The settings (the nearest heatseek.toml upwards; HEATSEEK_CONFIG).",
        rich_help_panel=PLACES,
    ),
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        help="The present, as an ISO date, so that a search can be repeated.",
        rich_help_panel=OTHER,
        hidden=True,
    ),
]


def _show_version(value: bool) -> None:
    if value:
        # Reading the installed metadata takes 10 ms.
        from importlib.metadata import version  # noqa: PLC0415

        from heatseek.cli.terminal import write  # noqa: PLC0415 - likewise for this alone

        write(f"heatseek {version('heatseek')}\n", exact=False)
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version",
        callback=_show_version,
        is_eager=True,
        help="Show the version.",
        rich_help_panel=OTHER,
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", help="Name each file with a flaw, and its place.", rich_help_panel=OTHER
    ),
]
Debug = Annotated[
    bool,
    typer.Option("--debug", help="Show tracebacks of errors.", rich_help_panel=OTHER),
]

LockTimeout = Annotated[
    str | None,
    typer.Option(
        "--lock-timeout",
        metavar="SECONDS",
        help="How long to wait for another writer of the index; 30 by default.",
        rich_help_panel=OTHER,
    ),
]

Repair = Annotated[
    bool,
    typer.Option("--repair", help="Build the index anew if it cannot be used, and do no more."),
]
AllLevels = Annotated[
    bool,
    typer.Option("--all", help="Show notes, too.", rich_help_panel=OUTPUT),
]
MaxOfKind = Annotated[
    str | None,
    typer.Option(
        "--max",
        metavar="N",
        help="Show N findings of each kind (10; 0: count).",
        rich_help_panel=OUTPUT,
    ),
]

Similar = Annotated[
    str | None,
    typer.Option(
        "--similar",
        metavar="N|PATH",
        help="More like an article: a hit of the last search, or a path.",
        rich_help_panel=RANKING,
    ),
]
Group = Annotated[
    str | None,
    typer.Option(
        "--group",
        metavar="story",
        help="Hits about one story together: the best, and how many more.",
        rich_help_panel=OUTPUT,
    ),
]
