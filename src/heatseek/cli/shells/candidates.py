"""`heatseek __complete KIND PREFIX [WORD...]`: what the shells' scripts ask while one types.

One candidate a line, a tab and its description behind it where it has one. It must be quick, and
whatever goes wrong it proposes nothing: nobody wants a message in the middle of a line.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek import config
from heatseek.cli.render import Format
from heatseek.cli.render.clean import one_line
from heatseek.cli.shells import Shell
from heatseek.cli.terminal import write
from heatseek.cli.verbs import VERBS
from heatseek.errors import HeatseekError
from heatseek.ranking import Preset
from heatseek.results import Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heatseek.config import Config

    Candidates = Iterable[tuple[str, str]]
    """Values with their descriptions."""

FILE, FOLDER = "file", "folder"
"""Kinds that the shells complete themselves."""
MAX_CANDIDATES = 1_000
PAGES = ("query", "config")
"""Of `help_.PAGES`, which takes long to load; a test holds them equal."""


def complete(args: Sequence[str]) -> int:
    """Print the candidates.

    Args:
        args: the kind, what has been typed of the value, and the words of the line so far.
    """
    kind, prefix, *words = args if len(args) > 1 else (*args, "", "")
    try:
        found = list(_candidates(kind, prefix, words))
    except (HeatseekError, OSError):
        return 0
    lines = (one_line(value) + (f"\t{one_line(text)}" if text else "") for value, text in found)
    write("".join(f"{line}\n" for line in list(lines)[:MAX_CANDIDATES]), exact=True)
    return 0


def _candidates(kind: str, prefix: str, words: Sequence[str]) -> Candidates:
    if kind in FIXED:
        found: Candidates = FIXED[kind]()
    elif kind in CONFIGURED:
        found = CONFIGURED[kind](_settings(words))
    else:
        found = indexed_values(kind, prefix, _settings(words))
    start = prefix.casefold()
    return (pair for pair in found if pair[0].casefold().startswith(start))


def indexed_values(kind: str, prefix: str, settings: Config) -> Candidates:  # noqa: ARG001
    """The values of a label (topic, provider, category, type) that the index holds.

    The seam for the engine's values: an index that is missing proposes nothing, and is not built.

    Args:
        kind: the label.
        prefix: what the values begin with, in any case; the caller leaves out all others.
        settings: where the index is.
    """
    return ()


def _rank(settings: Config) -> Candidates:
    return [*((name, "") for name in Preset), *((name, "preset") for name in settings.presets)]


def _saved(settings: Config) -> Candidates:
    return [(f"@{name}", saved.query) for name, saved in settings.searches.items()]


def _verbs() -> Candidates:
    return [(name, verb.summary) for name, verb in VERBS.items()]


FIXED: dict[str, Callable[[], Candidates]] = {
    "verb": _verbs,
    "sort": lambda: [(name, "") for name in Sort],
    "format": lambda: [(name, "") for name in Format],
    "shell": lambda: [(name, "") for name in Shell],
    "help": lambda: dict([*_verbs(), *((page, "") for page in PAGES)]).items(),
}
CONFIGURED: dict[str, Callable[[Config], Candidates]] = {"rank": _rank, "saved": _saved}


def _settings(words: Sequence[str]) -> Config:
    """The settings of the line that is being typed."""
    return config.load(
        archive=_path("--archive", words),
        index=_path("--index", words),
        file=_path("--config", words),
        environ=os.environ,
        cwd=Path.cwd(),
    )


def _path(option: str, words: Sequence[str]) -> Path | None:
    """The value of an option, in one word with it or in the next one."""
    for word, following in pairwise((*words, "")):
        name, equals, value = word.partition("=")
        if name == option and (value if equals else following):
            return Path(value if equals else following).expanduser()
    return None
