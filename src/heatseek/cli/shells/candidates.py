"""Candidates of completion: verbs, options, files, and labels and fields of the index."""

from __future__ import annotations

import os
import re
from itertools import islice, pairwise
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek import config
from heatseek.cli.render import Format
from heatseek.cli.render.escapes import one_line
from heatseek.cli.shells import quoting
from heatseek.cli.shells.quoting import Quoting, for_bash, is_typeable
from heatseek.cli.terminal import COLOR_CHOICES, write
from heatseek.cli.verbs import VERBS
from heatseek.library import open_index
from heatseek.query.ranges import HAS, IS
from heatseek.ranking import Preset
from heatseek.results import Sort
from heatseek.schema import FACET_OF, FACETS, FieldKind, Names, field_names
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from heatseek.config import Config


if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.config import Config

    Candidates = Iterable[tuple[str, str]]
    """Values with their descriptions."""

PATIENCE = 1.0
"""Seconds that a server may take to answer."""
_FIXED = {"is": IS, "has": HAS}


def conditions(prefix: str, settings: Config) -> Candidates:
    """Names of fields, each with `=`; behind that the values there are of the field."""
    name, equals, value = prefix.partition("=")
    if equals:
        return [(f"{name}={each}", text) for each, text in _values(name, value, settings)]
    names = [(field.name, str(field.kind)) for field in settings.declared]
    names += [(name, "") for name in field_names()]
    return [(f"{name}=", text) for name, text in beginning(names, prefix)]


def _values(name: str, prefix: str, settings: Config) -> Candidates:
    names = Names(settings.declared)
    field = names.declared(name)
    if field and field.kind is FieldKind.BOOLEAN:
        return beginning([("true", ""), ("false", "")], prefix)
    if field and field.kind is FieldKind.KEYWORD:
        return indexed_values(field.name, prefix, settings)
    if facet := FACET_OF.get(names.searchable(name) or ""):
        return indexed_values(facet, prefix, settings)
    return beginning([(state, "") for state in _FIXED.get(name.lower(), ())], prefix)


def facets(prefix: str, settings: Config) -> Candidates:
    """Names of facets, built in and declared; behind `NAME:` how many of its values."""
    name, colon, _ = prefix.partition(":")
    if colon:
        return beginning([(f"{name}:all", "")], prefix)
    declared = (field.name for field in settings.declared if field.facet)
    return beginning([(name, "") for name in (*FACETS, *declared)], prefix)


def beginning(candidates: Candidates, prefix: str) -> Candidates:
    """Those that begin so, without regard to case."""
    start = prefix.casefold()
    return [pair for pair in candidates if pair[0].casefold().startswith(start)]


def indexed_values(facet: str, prefix: str, settings: Config) -> Candidates:
    """The values of a label, the most frequent first.

    An index that is missing or cannot be used is not built.

    Args:
        facet: topic, provider, category, type or a declared field of keywords.
        prefix: what the values begin with, without regard to case and accents; if none does, what
            a later word of them begins with.
        settings: where the index is.

    Raises:
        StoreError: there is no index that can be used.
    """
    place = settings.index
    if isinstance(place, config.IndexUrl):
        # Somebody has pressed a key, and waits.
        place = config.IndexUrl(place, {**place.settings, "timeout": PATIENCE})
    with open_index(place, long_lived=False) as index:
        known = [(each.value, f"{each.articles:,}") for each in index.labels(facet)]
    start = label(prefix)
    compared = [(pair, label(pair[0])) for pair in known]
    first = [pair for pair, text in compared if text.startswith(start)]
    return first or _distinguishable([pair for pair, text in compared if f" {start}" in text])


def _distinguishable(pairs: list[tuple[str, str]]) -> Candidates:
    """Those that bash can propose: it replaces the word by what all of several begin with."""
    several = len(pairs) > 1
    return () if several and commonprefix([value.casefold() for value, _ in pairs]) else pairs


FILE, FOLDER = "file", "folder"
"""Kinds that the shells complete themselves."""
MAX_CANDIDATES = 1_000
GROUPS = ("story",)
"""Of `question.Grouping`, which takes long to load; a test holds them equal."""
SHELLS = ("bash", "zsh", "fish")
"""Of `shells.Shell`, whose scripts come from the commands, which need the kinds above."""
PAGES = ("query", "config", "opensearch")
"""Of `help_.PAGES`, which takes long to load; a test holds them equal."""
_OPTION = re.compile(r"--[a-z][a-z-]*=")
_INSERT_ALL = str(ord("*"))
"""COMP_TYPE of bash's `insert-completions`."""


def complete(args: Sequence[str]) -> int:
    """Print the candidates.

    Args:
        args: the kind, the beginning of the value, and the words of the line so far; or
            `bash`, the kind, the end of the line that is to be replaced, the line up to the
            cursor, and bash's COMP_TYPE.
    """
    try:
        lines = _for_bash(*args[1:]) if args[:1] == ["bash"] else list(_described(*args))
    except Exception:  # noqa: BLE001 - as said above
        return 0
    write("".join(f"{line}\n" for line in lines), exact=True)
    return 0


def _described(kind: str = "", prefix: str = "", *words: str) -> Iterator[str]:
    """For zsh and fish: values as they are, each with its description."""
    for value, text in _typeable(kind, prefix, words):
        yield f"{value}\t{one_line(text)}" if text else value


def _for_bash(kind: str, replaced: str, line: str, mode: str) -> list[str]:
    """For bash: replacements of the end of the line, in its quotes."""
    parsed = quoting.parse(line, replaced)
    # With all matches at once bash takes away the quote that was opened.
    if parsed is None or (mode == _INSERT_ALL and parsed.quoting is not Quoting.NONE):
        return []
    option = _OPTION.match(parsed.last)
    before = option[0] if option else ""
    values = _typeable(kind, parsed.last.removeprefix(before), parsed.words)
    words = [before + value for value, _ in values]
    ends = [word.removeprefix(parsed.kept) for word in words if word.startswith(parsed.kept)]
    return for_bash(ends, parsed.quoting)


def _typeable(kind: str, prefix: str, words: Sequence[str]) -> Candidates:
    """The candidates that can be typed, and no more than anybody looks over."""
    typeable = (pair for pair in _candidates(kind, prefix, words) if is_typeable(pair[0]))
    return list(islice(typeable, MAX_CANDIDATES))


def _candidates(kind: str, prefix: str, words: Sequence[str]) -> Candidates:
    of_verb = OF_VERB.get(_verb(words), {})
    if kind in of_verb:
        return beginning([(name, "") for name in of_verb[kind]], prefix)
    if kind in FIXED:
        return beginning(FIXED[kind](), prefix)
    settings = _settings(words)
    if kind in INDEXED:
        return indexed_values(kind, prefix, settings)
    if kind in FIELDS:
        return FIELDS[kind](prefix, settings)
    return beginning(CONFIGURED[kind](settings), prefix)


def _verb(words: Sequence[str]) -> str:
    """The verb of the line that is being typed; zsh leaves out the program before it."""
    named = [word for word in words[:2] if Path(word).name != "heatseek"]
    return named[0] if named else ""


def _rank(settings: Config) -> Candidates:
    return [*((name, "") for name in Preset), *((name, "preset") for name in settings.presets)]


def _sort(settings: Config) -> Candidates:
    declared = [
        (field.name, str(field.kind)) for field in settings.declared if field.kind.is_ordered
    ]
    return [*((name, "") for name in Sort), *declared]


def _saved(settings: Config) -> Candidates:
    return [(f"@{name}", saved.query) for name, saved in settings.searches.items()]


def _verbs() -> Candidates:
    return [(name, verb.summary) for name, verb in VERBS.items()]


FIXED: dict[str, Callable[[], Candidates]] = {
    "verb": _verbs,
    "format": lambda: [(name, "") for name in Format],
    "group": lambda: [(name, "") for name in GROUPS],
    "color": lambda: [(name, "") for name in COLOR_CHOICES],
    "shell": lambda: [(name, "") for name in SHELLS],
    "help": lambda: dict([*_verbs(), *((page, "") for page in PAGES)]).items(),
}
INDEXED = ("topic", "provider", "category", "type")
FIELDS: dict[str, Callable[[str, Config], Candidates]] = {
    "where": conditions,
    "facet": facets,
}
CONFIGURED: dict[str, Callable[[Config], Candidates]] = {
    "rank": _rank,
    "sort": _sort,
    "saved": _saved,
}
_OF_LABELS = {
    "sort": ("count", "name", "date", "quality"),
    "format": ("text", "json", "csv", "tsv"),
}
OF_VERB: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "topics": _OF_LABELS,
    "providers": _OF_LABELS,
    "eval": {"format": ("text", "json")},
}
"""Kinds that mean something else after these verbs, whose modules take long to load; a test holds
them equal."""


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
