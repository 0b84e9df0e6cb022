"""`heatseek judge`: the hits of a query, one by one, and a judgment of each."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import PATH, Command, Option
from heatseek.cli.evaluate import JUDGED, first_setting, other_setting
from heatseek.cli.terminal import is_terminal
from heatseek.errors import UsageError
from heatseek.search.arguments import count_of
from heatseek.search.request import Defaults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from heatseek import Config, Index, Results
    from heatseek.evaluation.judging import JudgmentFile
    from heatseek.evaluation.settings import Setting
    from heatseek.results import Hit

_EXAMPLES = """\b
Keys, each at once on a terminal, else a line of standard input each:
  y  relevant      n  not relevant      s  skip
  u  undo          q  quit (what was judged is kept)

\b
Examples:
  heatseek judge "climate ai"
  heatseek judge climate ai --compare meaning=0.3 --compare hot --depth 20
  heatseek eval --queries queries.tsv --qrels qrels.tsv --compare meaning=0.3

The hits of all settings are judged together, those first that stand first in any. What an earlier
session judged is not asked again.
"""
_QUERIES, _QRELS = Path("queries.tsv"), Path("qrels.tsv")
_DEPTH = 10
_KEYS = "y relevant, n not, s skip, u undo, q quit"


def judge(  # noqa: PLR0913 - one parameter an option
    *,
    query: list[str],
    queries: Path | None,
    qrels: Path | None,
    depth: str | None,
    rank: str | None,
    boosts: list[str] | None,
    half_life: str | None,
    meaning: str | None,
    any_word: bool | None,
    compare: list[str] | None,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
) -> int:
    """Judge the hits of a query, for heatseek eval."""
    # Not at the top: `heatseek --help` lists this verb without reading a file.
    from heatseek.cli.terminal import say  # noqa: PLC0415
    from heatseek.evaluation.judging import JudgmentFile  # noqa: PLC0415

    settings = option_values.settings(archive, index, config_file)
    defaults = Defaults.of(settings)
    first = first_setting(defaults, rank, boosts, half_life, meaning, any_word)
    others = [other_setting(first, text, defaults) for text in compare or ()]
    most = _DEPTH if depth is None else count_of("--depth", depth)
    if not most:
        raise UsageError("--depth 0: must be at least 1")
    text, path = " ".join(query), qrels or _QRELS
    file = JudgmentFile(queries or _QUERIES, path, text)
    hits = _pooled(settings, text, [first, *others], most)
    left = [hit for hit in hits if not file.is_judged(hit)]
    if not left:
        say(f"all {len(hits):,} hits are judged" if hits else "nothing found")
        return ExitCode.FOUND if hits else ExitCode.NOTHING
    _ask(left, file, settings)
    say(f"{len(file.made):,} judged, {sum(file.made):,} relevant, as {file.query_id} in {path}")
    return ExitCode.FOUND


command = Command(
    judge,
    Option(
        "queries",
        "--queries",
        kind=PATH,
        metavar="FILE",
        help="The queries; a new one is added (queries.tsv).",
        panel=JUDGED,
    ),
    Option(
        "qrels",
        "--qrels",
        kind=PATH,
        metavar="FILE",
        help="The judgments, to which yours are added (qrels.tsv).",
        panel=JUDGED,
    ),
    Option(
        "depth",
        "--depth",
        metavar="N",
        help="Judge the first N hits of each setting (10).",
        panel=JUDGED,
    ),
    *options.BOOST_OPTIONS,
    options.MEANING,
    options.ANY_WORD,
    Option(
        "compare",
        "--compare",
        metavar="SETTING",
        help="Judge the hits of this setting too: heat=2,meaning=0.3,matching=any, or a preset.",
        panel=options.RANKING,
        repeatable=True,
    ),
    *options.PLACE_OPTIONS,
    options.DEBUG,
    words=options.QUERY,
    examples=_EXAMPLES,
)


def _pooled(config: Config, text: str, several: Sequence[Setting], depth: int) -> list[Hit]:
    from heatseek.cli.project import open_or_build  # noqa: PLC0415 - as above
    from heatseek.evaluation.judging import pool  # noqa: PLC0415

    with open_or_build(config, long_lived=True) as index:
        searches = [partial(_search, index, setting, depth) for setting in dict.fromkeys(several)]
        return pool(text, searches)


def _search(index: Index, setting: Setting, depth: int, text: str) -> Results:
    return index.search(setting.request(text, limit=depth))


def _ask(hits: Sequence[Hit], file: JudgmentFile, settings: Config) -> None:
    """Show the hits one after the other, and write what is said of each."""
    from heatseek.cli.render.text import block  # noqa: PLC0415 - as above
    from heatseek.cli.terminal import say, style_of, write  # noqa: PLC0415

    style = style_of(sys.stdout, os.environ, time_zone=settings.time_zone)
    judged: list[int] = []
    place = 0
    with _keys() as key:
        while place < len(hits):
            write(block(hits[place], style), exact=False)
            say(f"{place + 1} of {len(hits)}: {_KEYS}")
            pressed = key()
            if pressed in {"y", "n"}:
                file.add(hits[place], relevant=pressed == "y")
                judged.append(place)
                place += 1
            elif pressed == "s":
                place += 1
            elif pressed == "u" and judged:
                file.undo()
                place = judged.pop()
            elif pressed == "q":
                break
            else:
                say("nothing to undo" if pressed == "u" else f"no such key: {_KEYS}")


@contextmanager
def _keys() -> Iterator[Callable[[], str]]:
    """Gives the next key: as it is pressed on a terminal, else the first letter of a line."""
    if sys.stdin is None:
        raise UsageError("needs keys from a terminal, or lines on standard input")
    try:
        import termios  # noqa: PLC0415 - not on every system
        import tty  # noqa: PLC0415 - likewise
    except ImportError:
        yield lambda: _letter(sys.stdin.readline())
        return
    if not is_terminal(sys.stdin):
        yield lambda: _letter(sys.stdin.readline())
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield lambda: _letter(os.read(descriptor, 1).decode("ascii", "replace"))
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _letter(typed: str) -> str:
    """A key, in small letters; `q` where there is nothing more."""
    return typed.strip().lower()[:1] if typed not in {"", "\x04"} else "q"
