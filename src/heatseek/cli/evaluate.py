"""`heatseek eval`: judged queries through the path that `search` takes, and figures for it."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import FLAG, PATH, Command, Option
from heatseek.errors import ArgumentError, UsageError
from heatseek.evaluation.runs import DEPTH, MEASURES
from heatseek.evaluation.settings import Setting
from heatseek.search.request import Defaults, request_of

if TYPE_CHECKING:
    from heatseek import Config, Index
    from heatseek.evaluation.comparison import Report
    from heatseek.evaluation.runs import Search

_EXAMPLES = """\b
Files:
  queries  {"_id": "q1", "text": "climate ai"} a line; or q1, a tab, the text
  qrels    q1, a tab, the article, a tab and 1 (relevant) or 0; or TREC's four
           columns; the article by its path (with or without ending) or link

\b
Examples:
  heatseek eval --queries queries.jsonl --qrels qrels.tsv
  heatseek eval --queries q.tsv --qrels r.tsv --compare quality=0,heat=0
  heatseek eval --queries q.tsv --qrels r.tsv --fail-under ndcg@10=0.68

Exit codes: 0 measured, 1 below --fail-under, 2 wrong usage, 3 index or archive unusable.
"""
JUDGED = "Judged queries"
_TITLES = {measure.name: measure.title for measure in MEASURES}


class _Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def evaluate(  # noqa: PLR0913 - one parameter an option
    *,
    queries: Path | None,
    qrels: Path | None,
    rank: str | None,
    boosts: list[str] | None,
    half_life: str | None,
    meaning: str | None,
    any_word: bool | None,
    compare: list[str] | None,
    fail_under: list[str] | None,
    per_query: bool,
    format_: str | None,
    json: bool,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
) -> int:
    """Measure the ranking by queries whose right answers are known."""
    if queries is None or qrels is None:
        raise UsageError("needs both --queries FILE and --qrels FILE")
    form = option_values.format_of(_Format, format_, json=json) or _Format.TEXT
    floors = dict(map(_floor, fail_under or ()))
    settings = option_values.settings(archive, index, config_file)
    defaults = Defaults.of(settings)
    first = first_setting(defaults, rank, boosts, half_life, meaning, any_word)
    others = [other_setting(first, text, defaults) for text in compare or ()]
    report, place, notices = _measure(settings, (queries, qrels), first, others)
    _show(report, place, notices, form, per_query=per_query)
    return _judge(report, floors)


command = Command(
    evaluate,
    Option(
        "queries",
        "--queries",
        kind=PATH,
        metavar="FILE",
        help="The queries.",
        panel=JUDGED,
    ),
    Option(
        "qrels",
        "--qrels",
        kind=PATH,
        metavar="FILE",
        help="Which articles answer them.",
        panel=JUDGED,
    ),
    *options.BOOST_OPTIONS,
    options.MEANING,
    options.ANY_WORD,
    Option(
        "compare",
        "--compare",
        metavar="SETTING",
        help="Measure this too, as heat=2,meaning=0.3,matching=any or a preset, and test if it "
        "differs by chance.",
        panel=options.RANKING,
        repeatable=True,
    ),
    Option(
        "fail_under",
        "--fail-under",
        metavar="MEASURE=X",
        help=f"Exit with 1 if a measure is below: {', '.join(_TITLES)}.",
        panel=options.OUTPUT,
        repeatable=True,
    ),
    Option(
        "per_query",
        "--per-query",
        kind=FLAG,
        help="Show the figures of every query; JSON always does.",
        panel=options.OUTPUT,
    ),
    Option(
        "format_",
        "--format",
        metavar="FORMAT",
        help="text (the default) or json.",
        panel=options.OUTPUT,
    ),
    options.JSON,
    *options.PLACE_OPTIONS,
    options.DEBUG,
    examples=_EXAMPLES,
)


def first_setting(  # noqa: PLR0913 - an option each
    defaults: Defaults,
    rank: str | None,
    boosts: list[str] | None,
    half_life: str | None,
    meaning: str | None,
    any_word: bool | None,
) -> Setting:
    """The setting that options name."""
    matching = None if any_word is None else "any" if any_word else "all"
    request = request_of(
        defaults=defaults,
        rank=rank,
        boosts=boosts,
        half_life=half_life,
        meaning=meaning,
        matching=matching,
    )
    return Setting.of(request)


def other_setting(first: Setting, text: str, defaults: Defaults) -> Setting:
    """The setting to compare with: a preset, or what differs from the first one.

    Raises:
        UsageError: a part of it makes no sense.
    """
    try:
        return first.changed(text, defaults.presets)
    except ArgumentError as error:
        # A weight shows its name with its value; what stands beside the weights does not.
        part = "" if error.argument == "boosts" or error.value is None else f"{error.argument}="
        value = "" if error.value is None else f" {part}{error.value}"
        raise UsageError(f"--compare{value}: {error.reason}") from None


def _measure(
    settings: Config, files: tuple[Path, Path], first: Setting, others: Sequence[Setting]
) -> tuple[Report, str, tuple[str, ...]]:
    """The report, the archive, and notices about the files and the queries."""
    # Not at the top: `heatseek --help` lists this verb without reading a file.
    from heatseek.cli.project import open_or_build  # noqa: PLC0415
    from heatseek.evaluation import comparison, judgments, runs  # noqa: PLC0415

    runs.library()
    judged = judgments.load(*files)
    with open_or_build(settings, long_lived=True) as index:
        searches = _searches(index)
        outcome = comparison.evaluate(judged.queries, searches, first, others)
        missing = comparison.coverage(judged.queries, index.articles())
        notices = (*judged.notices, *missing, *outcome.notices)
        return outcome, index.generation.archive, notices


def _searches(index: Index) -> Callable[[Setting], Search]:
    return lambda setting: lambda text: index.search(
        setting.request(text, limit=DEPTH, snippet_length=0)
    )


def _show(
    report: Report, archive: str, notices: tuple[str, ...], form: _Format, *, per_query: bool
) -> None:
    from heatseek.cli.render.evaluation import render_json, render_text  # noqa: PLC0415
    from heatseek.cli.terminal import say, style_of, write  # noqa: PLC0415

    for notice in notices:
        say(notice)
    if form is _Format.JSON:
        write(render_json(report, archive=archive, notices=notices), exact=True)
    else:
        style = style_of(sys.stdout, os.environ)
        write(render_text(report, style, per_query=per_query), exact=False)


def _judge(report: Report, floors: dict[str, float]) -> ExitCode:
    from heatseek.cli.terminal import say  # noqa: PLC0415

    below = list(_below(report, floors))
    for line in below:
        say(line)
    return ExitCode.NOTHING if below else ExitCode.FOUND


def _below(report: Report, floors: dict[str, float]) -> Iterator[str]:
    for name, floor in floors.items():
        value = report.run.means[name]
        if value < floor:
            yield f"{_TITLES[name]} is {value:.4f}, below {floor:g}"


def _floor(text: str) -> tuple[str, float]:
    name, _, number = (part.strip().lower() for part in text.partition("="))
    if name not in _TITLES:
        raise UsageError(f"--fail-under {text}: no measure {name}; there are {', '.join(_TITLES)}")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise UsageError(f"--fail-under {text}: needs a number from 0 to 1, as in {name}=0.68")
    return name, value
