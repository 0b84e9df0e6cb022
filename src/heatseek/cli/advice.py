"""Advice: what to type about an error of the core, by its class; exit codes of errors."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode
from heatseek.cli.terminal import OutputError, display_path
from heatseek.errors import (
    ArchiveError,
    ArgumentError,
    NoArticleError,
    OtherArchiveError,
    Remedy,
    StoreError,
    UnknownSearchError,
    UsageError,
)
from heatseek.text.edit_distance import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.errors import HeatseekError


ARGUMENTS = {
    "topics": "--topic",
    "providers": "--provider",
    "categories": "--category",
    "types": "--type",
    "paths": "--path",
    "boosts": "--boost",
    "facets": "--facet",
    "half_life": "--half-life",
    "matching": "--any",
    "similar_to": "--similar",
    **{
        name: f"--{name}"
        for name in "after before where sort rank meaning limit offset now group".split()
    },
}
"""The option of each argument of a request."""
_STEPS = {
    Remedy.BUILD: ": `heatseek rebuild` makes one",
    Remedy.REBUILD: "; run `heatseek rebuild`",
    Remedy.REBUILD_FROM: "; run `heatseek rebuild` with the right --archive DIR",
    Remedy.REPAIR: "; `heatseek doctor --repair` makes it anew",
    Remedy.OTHER_INDEX: "; name another folder by --index DIR",
    Remedy.OTHER_PLACE: "; name another index by --index or --engine",
    Remedy.CREDENTIALS: (
        "; set HEATSEEK_OPENSEARCH_USER and HEATSEEK_OPENSEARCH_PASSWORD, or credentials under"
        " [engine] in heatseek.toml"
    ),
    Remedy.OTHER_ARCHIVE: "; name the articles' folder by --archive DIR",
    Remedy.VECTORS: (
        ": set [semantic] in heatseek.toml and run `heatseek update`, or search with --meaning 0"
    ),
    Remedy.SLICES: (
        "; run what is awaited by `heatseek rebuild --slice K/N`, or wait with --lock-timeout"
        " SECONDS"
    ),
    Remedy.WAIT: "; try again when it is done, or wait for it with --lock-timeout SECONDS",
}
"""The words that a step has here, behind an error."""
_ELSEWHERE = {
    "--after": "--since --from --newer --start",
    "--before": "--until --to --older --end",
    "--topic": "--tag --tags --label --labels --keyword --keywords --subject",
    "--provider": "--author --site --source --publisher --by --domain",
    "--category": "--section",
    "--path": "--dir --directory --folder --glob --include --in",
    "--where": "--filter --field",
    "--sort": "--order --order-by --sort-by",
    "--sort date": "--newest --latest --recent",
    "--sort date:asc": "--reverse --asc --ascending",
    "--limit": "--max --top --count --num --size --rows --head --max-count --max-results",
    "--offset": "--skip",
    "--facet": "--group-by --aggregate --count-by",
    "--similar": "--like --more-like-this",
    "--explain": "--why --score --scores",
    "--interactive": "--tui --live",
    "--format csv": "--csv",
    "--format tsv": "--tsv",
    "--format jsonl": "--jsonl",
    "--format paths": "--files --paths --list --files-with-matches",
    "--format urls": "--urls --links",
    "--format": "--output --out",
    "--index": "--db --database",
    "--archive": "--root --input",
}
"""Names of options here, by those in other tools that search, list or sort."""
_CODES = {
    NoArticleError: ExitCode.NOTHING,
    ArchiveError: ExitCode.INDEX,
    StoreError: ExitCode.INDEX,
    OutputError: ExitCode.OUTPUT,
}
"""All others are of wrong usage."""


def message(error: HeatseekError) -> str:
    """The line on an error: what is wrong, and what to type."""
    match error:
        case UnknownSearchError():
            return f"{error.reason}; for the word itself: search '\"{error.value}\"'"
        case ArgumentError():
            return error.message_for(ARGUMENTS.get(error.argument, error.argument))
        case OtherArchiveError():
            named = display_path(Path(error.named))
            return (
                f"the index was built from {display_path(Path(error.archive))}, not {named}:"
                f" choose another --index, or run heatseek rebuild --archive {named}"
            )
    return advised(error)


def advised(error: HeatseekError) -> str:
    """An error's own words, and the step that helps."""
    return f"{error}{_STEPS[error.remedy] if error.remedy else ''}"


def option(name: str, names: list[str]) -> str | None:
    """The option of a command that was meant by one that it has not, perhaps with its value.

    Args:
        name: as it was typed.
        names: those that the command has.
    """
    known = {there: here for here, others in _ELSEWHERE.items() for there in others.split()}
    here = known.get(name, "")
    return here if here.partition(" ")[0] in names else closest(name, names)


def code(error: HeatseekError) -> ExitCode:
    """The exit code of an error."""
    kinds = (kind for kind in _CODES if isinstance(error, kind))
    return next((_CODES[kind] for kind in kinds), ExitCode.USAGE)


@contextmanager
def extra(name: str, package: str, user: str = "") -> Iterator[None]:
    """Work that needs an extra of our distribution.

    Args:
        name: of the extra.
        package: the package that it brings.
        user: the option that needs it; without it the whole command does.

    Raises:
        UsageError: the package is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        hint = f"needs the package {package}: pip install 'heatseek[{name}]'"
        raise UsageError(f"{user} {hint}".lstrip()) from None
