"""From options as typed to what they mean; a wrong value is one line that names its option."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from heatseek import config, searcher
from heatseek.cli.render import Format, Output
from heatseek.errors import UsageError
from heatseek.query.dates import parse_date, parse_instant
from heatseek.query.filters import Filters
from heatseek.query.mistakes import closest
from heatseek.ranking import Preset
from heatseek.results import Sort

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from heatseek.cli.render.labels import Format as LabelFormat
    from heatseek.config import Config
    from heatseek.ranking import Boosts

    Choice = TypeVar("Choice", bound=StrEnum)

LOCK_TIMEOUT = 30.0
"""Seconds that a command waits for another writer if it is not told otherwise."""
MAX_LOCK_TIMEOUT = 86_400
WEIGHTS = ("quality", "heat", "recency")
"""What `--boost` takes."""


def settings(archive: Path | None, index: Path | None, file: Path | None) -> Config:
    """All settings, from `--archive`, `--index`, `--config` and where else they may stand."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise UsageError("the working directory does not exist any more") from None
    return config.load(archive=archive, index=index, file=file, environ=os.environ, cwd=here)


def text(typed: str) -> str:
    """Words as typed; bytes that are no UTF-8 could match nothing and be written nowhere."""
    return typed.encode("utf-8", "replace").decode("utf-8")


def target(typed: str) -> str:
    """Which article, as typed."""
    if not typed.strip():
        raise UsageError("which article? its number in the last search, or its path")
    return text(typed)


def choice(option: str, typed: str, choices: type[Choice]) -> Choice:
    """One of a few words, in any case."""
    try:
        return choices(typed.strip().lower())
    except ValueError:
        raise not_one_of(option, typed, choices) from None


def not_one_of(option: str, typed: str, choices: Iterable[str]) -> UsageError:
    """The error to raise: which words there are, and which of them was probably meant."""
    known = list(choices)
    meant = closest(typed.strip().lower(), known)
    hint = f"; did you mean {meant}?" if meant else ""
    return UsageError(f"{option} {typed or repr(typed)}: not one of {', '.join(known)}{hint}")


def order(option: str, typed: str, settings: Config) -> Sort | str:
    """What hits are ordered by: a word, or the name of a declared field."""
    try:
        return searcher.order(typed)
    except UsageError:
        # A plain search does without.
        from heatseek.cli.own_fields import known  # noqa: PLC0415

    fields = known(settings)
    try:
        return searcher.order(typed, fields)
    except UsageError:
        own = (field.name for field in fields if field.kind.is_ordered)
        raise not_one_of(option, typed, (*Sort, *own)) from None


def whole_number(option: str, typed: str) -> int:
    """A count of hits."""
    digits = typed.strip()
    # Not `int` alone: it takes 1_000 and the digits of all scripts.
    if digits.isascii() and digits.isdecimal() and len(digits) < 10:
        number = int(digits)
        if number <= config.MAX_LIMIT:
            return number
    raise UsageError(
        f"{option} {typed or repr(typed)}: must be a whole number from 0 to {config.MAX_LIMIT:,}"
    )


def ranked(settings: Config, rank: str | None, *, option: str = "--rank") -> Boosts:
    """The weights to start from: those of `--rank`, or the configured ones."""
    if rank is None:
        return settings.boosts
    weights = config.weights(rank.strip().lower(), settings.presets)
    if weights is None:
        raise not_one_of(option, rank, (*Preset, *settings.presets))
    return weights


def boosts(
    defaults: Boosts, texts: list[str] | None, half_life: str | None, *, option: str = "--boost"
) -> Boosts:
    """The weights of one query: the configured ones with `--boost` and `--half-life` applied."""
    changed = dict(_weight(part, option) for typed in texts or () for part in _parts(typed, option))
    if half_life is not None:
        changed["half_life"] = _half_life(half_life)
    return replace(defaults, **changed)


def _parts(typed: str, option: str) -> list[str]:
    parts = [part.strip() for part in typed.split(",") if part.strip()]
    if not parts:
        raise UsageError(f"{option}: needs a weight, as in quality=1")
    return parts


def _weight(typed: str, option: str) -> tuple[str, float]:
    name, equals, value = (part.strip() for part in typed.partition("="))
    if name not in WEIGHTS:
        meant = closest(name, list(WEIGHTS))
        hint = f"did you mean {meant}?" if meant else f"there are {', '.join(WEIGHTS)}"
        raise UsageError(f"{option} {typed}: no weight {name or 'without a name'}; {hint}")
    if not equals:
        raise UsageError(f"{option} {typed}: needs a number, as in {name}=1")
    try:
        return name, config.boost(name, _number(value))
    except ValueError as error:
        raise UsageError(f"{option} {typed}: {error}") from None


def _number(typed: str) -> float:
    try:
        return float(typed)
    except ValueError:
        raise ValueError("not a number") from None


def _half_life(typed: str) -> float:
    try:
        return config.boost("half_life", config.days(typed))
    except ValueError as error:
        raise UsageError(f"--half-life {typed or repr(typed)}: {error}") from None


def format_named(choices: type[Choice], typed: str | None, *, json: bool) -> Choice | None:
    """The one of the formats that `--format` and `--json` name; None if neither is there."""
    named = None if typed is None else choice("--format", typed, choices)
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


def instant(typed: str | None) -> datetime:
    """The instant that a search takes for the present, from `--now`."""
    return datetime.now(UTC) if typed is None else parse_instant(typed, "--now")


def interval(
    after: str | None, before: str | None, now: datetime | None = None
) -> tuple[datetime | None, datetime | None]:
    """The instants between which articles must be published; `yesterday` counts from `now`."""
    first = None if after is None else parse_date(after, "--after", now=now)[0]
    end = None if before is None else parse_date(before, "--before", now=now)[0]
    if first is not None and end is not None and end <= first:
        raise UsageError(f"nothing is both --after {after} and --before {before}")
    return first, end


def filters(
    labels: tuple[list[str] | None, ...],
    dates: tuple[str | None, str | None],
    *,
    published: bool | None,
    related: bool | None,
    now: datetime | None = None,
) -> Filters:
    """The conditions beside the query text.

    Args:
        labels: the values of `--topic`, `--provider`, `--category` and `--type`.
        dates: the values of `--after` and `--before`.
        published: `--published` or `--unpublished`.
        related: `--related` or `--no-related`.
        now: the instant that dates such as `yesterday` count from.
    """
    options = ("--topic", "--provider", "--category", "--type")
    topics, providers, categories, types = map(_labels, options, labels)
    first, end = interval(*dates, now)
    return Filters(topics, providers, categories, types, first, end, published, related)


def _labels(option: str, typed: list[str] | None) -> tuple[str, ...]:
    labels = tuple(map(text, typed or ()))
    if not all(label.strip() for label in labels):
        raise UsageError(f"{option}: needs a value")
    return labels


def lock_timeout(typed: str | None) -> float:
    """Seconds to wait for another writer."""
    if typed is None:
        return LOCK_TIMEOUT
    with suppress(ValueError):
        seconds = float(typed)
        if 0 <= seconds <= MAX_LOCK_TIMEOUT:
            return seconds
    raise UsageError(f"--lock-timeout {typed or repr(typed)}: must be seconds, 0 or more")
