"""`heatseek config` and `heatseek init`: all settings with their sources; a first heatseek.toml."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.config import IndexUrl
    from heatseek.lint.keys import Survey


_EXAMPLES = """\b
Examples:
  heatseek config
  heatseek config --config other.toml
  heatseek config --json | jq -r '.settings.archive.value'

Each value is shown with its source: an option, an environment variable, a line of
heatseek.toml, or the default. What heatseek.toml may hold: heatseek help config.

Exit codes: 0 shown, 2 a setting makes no sense.
"""


def configuration(
    *,
    json: bool,
    color: str | None,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
) -> int:
    """Write the settings."""
    # Not at the top: completion looks at this verb without reading a file.
    from heatseek.cli.render import settings  # noqa: PLC0415
    from heatseek.cli.terminal import style_of, write  # noqa: PLC0415

    resolved = option_values.settings(archive, index, config_file)
    if json:
        write(settings.render_json(resolved), exact=True)
    else:
        style = style_of(sys.stdout, os.environ, color)
        write(settings.render_text(resolved, style), exact=False)
    return ExitCode.FOUND


config_command = Command(
    configuration,
    options.ONLY_JSON,
    options.COLOR,
    *options.PLACE_OPTIONS,
    options.DEBUG,
    examples=_EXAMPLES,
)


FILE_NAME = "heatseek.toml"
INDEX = ".heatseek"
"""The folder of the index, beside the file."""
MOST_UNREAD = 12
"""Keys that nothing reads, for which there is a line."""

_INIT_EXAMPLES = """\b
Examples:
  heatseek init
  heatseek init ~/notes
  cd ~/notes && search anything

It says what the folder is (Hugo, Jekyll, Obsidian, ...), writes heatseek.toml into it, with the
keys that its articles have, and builds the index in .heatseek beside that. A heatseek.toml that is
there already is left as it is.

Exit codes: 0 done, 2 there is a heatseek.toml, 3 no articles, or the index cannot be written,
4 some files were skipped.
"""


def init(*, folder: str) -> int:
    """Make a project of a folder."""
    # Not at the top: completion looks at this verb without reading an article.
    from heatseek import config  # noqa: PLC0415
    from heatseek.cli.commentary import counted  # noqa: PLC0415
    from heatseek.cli.rebuild import rebuild_project  # noqa: PLC0415
    from heatseek.cli.terminal import display_path, say  # noqa: PLC0415
    from heatseek.config.relocation import location_before  # noqa: PLC0415
    from heatseek.errors import ArchiveError, ConfigError, UsageError, reason  # noqa: PLC0415
    from heatseek.lint.keys import survey  # noqa: PLC0415

    work = option_values.working_folder()
    # Path.expanduser would raise for a user whom nobody knows.
    root = (work / os.path.expanduser(folder or ".")).resolve()  # noqa: PTH111
    path = root / FILE_NAME
    if os.path.lexists(path):
        raise UsageError(f"{display_path(path)} is there already: it is left as it is")
    seen = survey(root)
    if not seen.files:
        raise ArchiveError(f"no articles in {display_path(root)}: name their folder")
    moved = location_before(root, root / seen.content, os.environ)
    kind = f", written for {seen.program}" if seen.program else ""
    say(f"{display_path(root)}: {counted(seen.files, 'article file')}{kind}")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines(seen, moved)))
    except OSError as error:
        flaw = f"{display_path(path)} cannot be written: {reason(error)}"
        raise ConfigError(flaw) from None
    say(f"wrote {display_path(path)}")
    if moved:
        say(f"its index stays in {display_path(moved)}; `heatseek rebuild` makes it anew")
        return ExitCode.FOUND
    settings = config.load(file=path, environ={}, cwd=root)
    code = rebuild_project(settings)
    here = "" if root == work else f"in {display_path(root)}, "
    say(f"search it: {here}search WORDS")
    return code


def lines(seen: Survey, moved: IndexUrl | None = None) -> Iterator[str]:
    """The text of a heatseek.toml, with the index beside it, or where it has moved to."""
    kind = f", written for {seen.program}" if seen.program else ""
    yield f"# {seen.files:,} article files{kind}. All settings: heatseek help configuration"
    yield f"archive = {_quoted(seen.content)}"
    yield f"engine.location = {_quoted(moved)}" if moved else f"index = {_quoted(INDEX)}"
    if seen.others:
        yield "# Folders of the program itself, in the words of a .gitignore."
        yield f"exclude = [{', '.join(_quoted(f'/{name}/') for name in seen.others)}]"
    yield "# Where days begin; without it in this machine's zone."
    yield '# time_zone = "Europe/Berlin"'
    if seen.keys:
        yield ""
        of = f"{seen.read:,}"
        yield f"# These keys are read, in so many files of {of}; a line without # changes it."
    for field, found in seen.keys.items():
        counts = ", ".join(f"{count:,}" for count in found.values())
        names = ", ".join(map(_quoted, found))
        yield f"# keys.{field} = [{names}]  # {counts}"
    least = max(2, seen.read // 100)
    some = [each for each in seen.unread if each.declaration and each.files >= least]
    declarable = some[:MOST_UNREAD]
    if declarable:
        yield ""
        yield "# Nothing reads these keys; a line without # makes a field to search and count by."
    for each in declarable:
        yield f"# {each.declaration}  # {each.files:,}"


def _quoted(value: str) -> str:
    """A text of TOML, for which JSON's will do."""
    return json.dumps(value, ensure_ascii=False)


init_command = Command(
    init,
    options.DEBUG,
    words=options.FOLDER,
    examples=_INIT_EXAMPLES,
)
