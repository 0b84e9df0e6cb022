"""`heatseek __complete KIND PREFIX [WORD...]`: what the shells' scripts ask while one types.

One candidate a line, a tab and its description behind it where it has one. It must be quick, and
whatever goes wrong it proposes nothing: nobody wants a message in the middle of a line.
"""

from __future__ import annotations

import os
from itertools import pairwise
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek import config, engines
from heatseek.analysis import label
from heatseek.cli.render import Format
from heatseek.cli.render.clean import one_line
from heatseek.cli.terminal import write
from heatseek.cli.verbs import VERBS
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
SHELLS = ("bash", "zsh", "fish")
"""Of `shells.Shell`, whose scripts come from the commands, which need the kinds above."""
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
    except Exception:  # noqa: BLE001 - as said above
        return 0
    lines = (one_line(value) + (f"\t{one_line(text)}" if text else "") for value, text in found)
    write("".join(f"{line}\n" for line in list(lines)[:MAX_CANDIDATES]), exact=True)
    return 0


def _candidates(kind: str, prefix: str, words: Sequence[str]) -> Candidates:
    if kind in INDEXED:
        return indexed_values(kind, prefix, _settings(words))
    if _verb(words) in {"topics", "providers"} and kind in OF_LABELS:
        found: Candidates = OF_LABELS[kind]
    elif kind in FIXED:
        found = FIXED[kind]()
    else:
        found = CONFIGURED[kind](_settings(words)) if kind in CONFIGURED else ()
    start = prefix.casefold()
    return (pair for pair in found if pair[0].casefold().startswith(start))


def indexed_values(kind: str, prefix: str, settings: Config) -> Candidates:
    """The values of a label that the index holds, the most frequent first.

    An index that is missing or cannot be used proposes nothing, and is not built.

    Args:
        kind: the label: topic, provider, category or type.
        prefix: what the values begin with, without regard to case and accents; if none does, what
            a later word of them begins with.
        settings: where the index is.

    Raises:
        StoreError: there is no index that can be used.
    """
    with engines.load("whoosh", settings.index).open() as reader:
        known = [(each.value, f"{each.articles:,}") for each in reader.labels(kind)]
    start = label(prefix)
    compared = [(pair, label(pair[0])) for pair in known]
    first = [pair for pair, text in compared if text.startswith(start)]
    return first or _told_apart([pair for pair, text in compared if f" {start}" in text])


def _told_apart(found: list[tuple[str, str]]) -> Candidates:
    """What bash can propose: in place of the typed word it puts what all of several begin with."""
    several = len(found) > 1
    return () if several and commonprefix([value.casefold() for value, _ in found]) else found


def _verb(words: Sequence[str]) -> str:
    """The verb of the line that is being typed; zsh leaves out the program before it."""
    named = [word for word in words[:2] if Path(word).name != "heatseek"]
    return named[0] if named else ""


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
    "shell": lambda: [(name, "") for name in SHELLS],
    "help": lambda: dict([*_verbs(), *((page, "") for page in PAGES)]).items(),
}
INDEXED = ("topic", "provider", "category", "type")
OF_LABELS = {
    "sort": [(name, "") for name in ("count", "name", "date", "quality")],
    "format": [(name, "") for name in ("text", "json", "csv", "tsv")],
}
"""Of `labels.Sort` and its `Format`, which take long to load; a test holds them equal."""
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
