"""The values of options; a wrong one is one line that names its option."""

from __future__ import annotations

import os
from enum import StrEnum

from heatseek import config
from heatseek.cli.render import Format, Output
from heatseek.errors import UsageError
from heatseek.search.arguments import choice_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import TypeVar

    from heatseek.cli.render.tables import LabelFormat
    from heatseek.config import Config

    Choice = TypeVar("Choice", bound=StrEnum)

LOCK_TIMEOUT = 30.0
"""Seconds that a command waits for another writer if it is not told otherwise."""
MAX_LOCK_TIMEOUT = 86_400


def settings(
    archive: Path | None, index: str | None, file: Path | None, *, follow_note: bool = True
) -> Config:
    """All settings, from `--archive`, `--index`, `--config`, the environment and heatseek.toml."""
    return config.load(
        archive=archive,
        index=index,
        file=file,
        environ=os.environ,
        cwd=_working_folder(),
        follow_note=follow_note,
    )


def working_folder() -> Path:
    """The folder that somebody works in."""
    from pathlib import Path  # noqa: PLC0415 - a plain search does without

    return Path(_working_folder())


def _working_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109
    except FileNotFoundError:
        raise UsageError("the working directory does not exist any more") from None


def format_of(choices: type[Choice], name: str | None, *, json: bool) -> Choice | None:
    """The one of the formats that `--format` and `--json` name; None if neither is there."""
    named = None if name is None else choice_of("--format", name, choices)
    if not json:
        return named
    as_json = choices("json")
    if named not in {None, as_json}:
        raise UsageError(f"--json contradicts --format {named}")
    return as_json


def output(  # noqa: PLR0913 - options that must fit together
    name: str | None,
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
    form = format_of(Format, name, json=json) or default
    if nul and not form.is_listing:
        raise UsageError(f"-0 is for --format paths or urls, not {form}")
    check_safe(form, safe=safe_csv)
    if explain and not form.explains:
        raise UsageError(f"--explain is for --format text, json or jsonl, not {form}")
    if facets and not form.counts:
        raise UsageError(f"--facets is for --format text or json, not {form}")
    if facets and new:
        raise UsageError("--facets counts all matches, not only new ones: leave out one of the two")
    return Output(form, nul=nul, safe=safe_csv, new=new)


def check_safe(form: Format | LabelFormat, *, safe: bool) -> None:
    """Refuse `--safe-csv` for what is no table."""
    if safe and not form.is_table:
        raise UsageError(f"--safe-csv is for --format csv or tsv, not {form}")


def lock_timeout(text: str | None) -> float:
    """Seconds to wait for another writer."""
    if text is None:
        return LOCK_TIMEOUT
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if 0 <= seconds <= MAX_LOCK_TIMEOUT:
        return seconds
    raise UsageError(f"--lock-timeout {text or repr(text)}: must be seconds, 0 or more")


class Grouping(StrEnum):
    """The ways in which hits are put together."""

    STORY = "story"


def group(text: str) -> bool:
    """True: hits about one story are one."""
    return choice_of("group", text, Grouping) is Grouping.STORY
