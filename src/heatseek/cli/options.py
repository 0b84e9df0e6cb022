"""The options of the commands, declared once: names, help, groups; shared by the verbs.

Typer makes its commands of them (`command.py`), a plain search is read by them without Typer
(`arguments.py`). Values stay text here; `option_values.py` and the core make them what they
mean, with messages of one line.
"""

from __future__ import annotations

from heatseek.cli.arguments import FLAG, PATH, PLACE, Option, Words

FILTERS = "Filters (repeat one: any of its values; different ones: all of them)"
RANKING = "Ranking"
OUTPUT = "Output"
PLACES = "Places"

QUERY = Words("query", "[QUERY]...", several=True)
PREFIX = Words("prefix", "[PREFIX]", several=True)
FOLDER = Words("folder", "[FOLDER]")
TARGET = Words("target", "N|PATH")
TARGETS = """\b
Which article:
  3                 the third hit of the last search on this terminal
  seeds/sea.md      a file of the archive, by its path on disk
  sea.md            the same, by its path inside the archive
  https://...       a related story, by its link
"""
"""The forms of a target, for the help of the commands that take one."""

FILTER_OPTIONS = (
    Option(
        "topics",
        "--topic",
        metavar="T",
        help="Only with this topic.",
        panel=FILTERS,
        repeatable=True,
    ),
    Option(
        "providers",
        "--provider",
        metavar="P",
        help="Only from this provider, by name or domain.",
        panel=FILTERS,
        repeatable=True,
    ),
    Option(
        "categories",
        "--category",
        metavar="C",
        help="Only of this category.",
        panel=FILTERS,
        repeatable=True,
    ),
    Option(
        "types",
        "--type",
        metavar="T",
        help="Only of this type.",
        panel=FILTERS,
        repeatable=True,
    ),
    Option(
        "paths",
        "--path",
        metavar="PATH",
        help="Only files below this folder of the archive, or this file; '*.txt' ends so.",
        panel=FILTERS,
        repeatable=True,
    ),
    Option(
        "where",
        "--where",
        metavar="NAME=V",
        help="Only where a field has this value, as in a query: levels=Intermediate, 'price>=4.5'.",
        panel=FILTERS,
        repeatable=True,
    ),
    Option(
        "after",
        "--after",
        metavar="DATE",
        help="Published then or later: 2023-03-14, 2023-03, yesterday, 'last monday', 2w.",
        panel=FILTERS,
    ),
    Option(
        "before",
        "--before",
        metavar="DATE",
        help="Published before this day, week, month or year begins; 2w: over two weeks ago.",
        panel=FILTERS,
    ),
    Option(
        "published",
        "--published",
        kind=FLAG,
        opposite="--unpublished",
        help="Only what the site shows, or only what it holds back.",
        panel=FILTERS,
    ),
    Option(
        "related",
        "--related",
        kind=FLAG,
        opposite="--no-related",
        help="Only articles that others mention, or only files of the archive.",
        panel=FILTERS,
    ),
)

ANY_WORD = Option(
    "any_word",
    "--any",
    kind=FLAG,
    opposite="--all",
    help="Match any of the words, or only all; default: of up to 3 all first, of more any.",
    panel=RANKING,
)
SORT = Option(
    "sort",
    "--sort",
    metavar="ORDER",
    help="relevance (the default), date, updated, quality, heat or a declared field; "
    "the best or newest first, or as date:asc the least.",
    panel=RANKING,
)
OLDEST = Option("oldest", "--oldest", kind=FLAG, help="The same as --sort date:asc.", panel=RANKING)
BOOST_OPTIONS = (
    Option(
        "rank",
        "--rank",
        metavar="NAME",
        help="Start from the weights relevance, balanced, hot, fresh, or [presets.NAME].",
        panel=RANKING,
    ),
    Option(
        "boosts",
        "--boost",
        metavar="NAME=W",
        help="How much quality, heat, recency and title count: quality=1,heat=0,recency=0.5.",
        panel=RANKING,
        repeatable=True,
    ),
    Option(
        "half_life",
        "--half-life",
        metavar="AGE",
        help="The age at which half of the recency weight is lost: 30d, 2w, 6m, 1y.",
        panel=RANKING,
    ),
)
MEANING = Option(
    "meaning",
    "--meaning",
    metavar="W",
    help="How much nearness in meaning counts, 0 to 1; needs [semantic] (docs/meaning.md).",
    panel=RANKING,
)
SIMILAR = Option(
    "similar",
    "--similar",
    metavar="N|PATH",
    help="More like an article: a hit of the last search, or a path.",
    panel=RANKING,
)

REQUEST_OPTIONS = (*FILTER_OPTIONS, ANY_WORD, SORT, OLDEST, *BOOST_OPTIONS, MEANING)
"""What is searched for, and in which order."""
PAGE_OPTIONS = (
    Option("limit", "-n", "--limit", metavar="N", help="Show N hits (10; 0: count).", panel=OUTPUT),
    Option("offset", "--offset", metavar="N", help="Leave out the first N.", panel=OUTPUT),
    Option(
        "facet",
        "--facet",
        metavar="NAME",
        help="Count all matches by topic, provider, category, type, year or a declared facet; "
        "NAME:5 or NAME:all: so many values.",
        panel=OUTPUT,
        repeatable=True,
    ),
    Option("facets", "--facets", kind=FLAG, help="Count all matches by every facet.", panel=OUTPUT),
    Option(
        "new",
        "--new",
        kind=FLAG,
        help="Of a saved search (@NAME): only what it had not found the last time with --new.",
        panel=OUTPUT,
    ),
)
GROUP = Option(
    "group",
    "--group",
    metavar="story",
    help="Hits about one story together; heatseek show RANK lists the others.",
    panel=OUTPUT,
)
EXPLAIN = Option(
    "explain", "--explain", kind=FLAG, help="Show how each score came about.", panel=OUTPUT
)
NO_PAGER = Option(
    "no_pager",
    "--no-pager",
    kind=FLAG,
    help="Print at once what is longer than the screen.",
    panel=OUTPUT,
)
INTERACTIVE = Option(
    "interactive",
    "-i",
    "--interactive",
    kind=FLAG,
    help="Search as you type, with a preview (docs/interactive.md).",
    panel=OUTPUT,
)
COLOR = Option(
    "color",
    "--color",
    metavar="WHEN",
    help="auto (the default: on terminals, without NO_COLOR), always or never.",
    panel=OUTPUT,
)
FORMAT = Option(
    "format_",
    "--format",
    metavar="FORMAT",
    help="text (the default), json, jsonl, csv, tsv, paths or urls.",
    panel=OUTPUT,
)
JSON = Option("json", "--json", kind=FLAG, help="The same as --format json.", panel=OUTPUT)
ONLY_JSON = Option("json", "--json", kind=FLAG, help="Write JSON, for programs.", panel=OUTPUT)
NUL = Option(
    "nul", "-0", kind=FLAG, help="Paths or URLs, each ended by NUL, for xargs -0.", panel=OUTPUT
)
SAFE_CSV = Option(
    "safe_csv",
    "--safe-csv",
    kind=FLAG,
    help="CSV or TSV with ' before texts that a spreadsheet would run as formulas.",
    panel=OUTPUT,
)

PLACE_OPTIONS = (
    Option(
        "archive",
        "--archive",
        kind=PATH,
        metavar="DIR",
        help="The folder of articles (of heatseek.toml, or seeds/; HEATSEEK_ARCHIVE).",
        panel=PLACES,
    ),
    Option(
        "index",
        "--index",
        kind=PLACE,
        metavar="DIR",
        help="The folder of the index, or its address (index/ beside these; HEATSEEK_INDEX).",
        panel=PLACES,
    ),
    Option(
        "config_file",
        "--config",
        kind=PATH,
        metavar="FILE",
        help="The settings (the nearest heatseek.toml upwards; HEATSEEK_CONFIG).",
        panel=PLACES,
    ),
)

NOW = Option(
    "now",
    "--now",
    metavar="INSTANT",
    help="The present, as an ISO date, so that a search can be repeated.",
    hidden=True,
)
VERSION = Option("version", "-V", "--version", kind=FLAG, help="Show the version.", of_program=True)
VERBOSE = Option(
    "verbose", "--verbose", kind=FLAG, help="Name each file with a flaw, and its place."
)
DEBUG = Option("debug", "--debug", kind=FLAG, help="Show tracebacks of errors.", of_program=True)
LOCK_TIMEOUT = Option(
    "lock_timeout",
    "--lock-timeout",
    metavar="SECONDS",
    help="How long to wait for another writer of the index; 30 by default.",
)
