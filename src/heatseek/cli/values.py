"""From options as typed to what they mean; a wrong value is one line that names its option."""

from __future__ import annotations

import os
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from heatseek import config
from heatseek.cli.render import Format, Output
from heatseek.errors import ArgumentError, UnknownSearchError, UsageError
from heatseek.search.request import choice_of

if TYPE_CHECKING:
    from heatseek.cli.render.facet_values import Format as LabelFormat
    from heatseek.config import Config

Choice = TypeVar("Choice", bound=StrEnum)

LOCK_TIMEOUT = 30.0
"""Seconds that a command waits for another writer if it is not told otherwise."""
MAX_LOCK_TIMEOUT = 86_400
ARGUMENTS = {
    "topics": "--topic",
    "providers": "--provider",
    "categories": "--category",
    "types": "--type",
    "boosts": "--boost",
    "facets": "--facet",
    "half_life": "--half-life",
    "matching": "--any",
    "similar_to": "--similar",
    **{name: f"--{name}" for name in "after before where sort rank limit offset now group".split()},
}
"""The option of each argument of a request."""


def settings(archive: Path | None, index: Path | None, file: Path | None) -> Config:
    """All settings, from `--archive`, `--index`, `--config` and where else they may stand."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise UsageError("the working directory does not exist any more") from None
    return config.load(archive=archive, index=index, file=file, environ=os.environ, cwd=here)


def format_named(choices: type[Choice], typed: str | None, *, json: bool) -> Choice | None:
    """The one of the formats that `--format` and `--json` name; None if neither is there."""
    named = None if typed is None else choice_of("--format", typed, choices)
    if not json:
        return named
    wanted = choices("json")
    if named not in {None, wanted}:
        raise UsageError(f"--json contradicts --format {named}")
    return wanted


def output(  # noqa: PLR0913 - options that must fit together
    typed: str | None,
    *,
    json: bool,
    nul: bool,
    safe_csv: bool = False,
    explain: bool = False,
    facets: bool = False,
    new: bool = False,
) -> Output:
    """The format, from the options that name it together, if it can show what is asked for."""
    default = Format.PATHS if nul else Format.CSV if safe_csv else Format.TEXT
    wanted = format_named(Format, typed, json=json) or default
    if nul and not wanted.is_listing:
        raise UsageError(f"-0 is for --format paths or urls, not {wanted}")
    check_safe(wanted, safe=safe_csv)
    if explain and not wanted.explains:
        raise UsageError(f"--explain is for --format text, json or jsonl, not {wanted}")
    if facets and not wanted.counts:
        raise UsageError(f"--facets is for --format text or json, not {wanted}")
    if facets and new:
        raise UsageError("--facets counts all matches, not only new ones: leave out one of the two")
    return Output(wanted, nul=nul, safe=safe_csv, new=new)


def check_safe(wanted: Format | LabelFormat, *, safe: bool) -> None:
    """Refuse `--safe-csv` for what is no table."""
    if safe and not wanted.is_table:
        raise UsageError(f"--safe-csv is for --format csv or tsv, not {wanted}")


def lock_timeout(typed: str | None) -> float:
    """Seconds to wait for another writer."""
    if typed is None:
        return LOCK_TIMEOUT
    with suppress(ValueError):
        seconds = float(typed)
        if 0 <= seconds <= MAX_LOCK_TIMEOUT:
            return seconds
    raise UsageError(f"--lock-timeout {typed or repr(typed)}: must be seconds, 0 or more")


def message(error: ArgumentError) -> str:
    """The message of an error, with the option in place of the argument."""
    if isinstance(error, UnknownSearchError):
        return f"{error.reason}; for the word itself: search '\"{error.value}\"'"
    return error.told(ARGUMENTS.get(error.argument, error.argument))


class Grouping(StrEnum):
    """By what hits are put together."""

    STORY = "story"


def group(typed: str) -> bool:
    """Whether hits about one story are one."""
    return choice_of("group", typed, Grouping) is Grouping.STORY
