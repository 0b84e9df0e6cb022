"""`heatseek config`: every setting, and where it comes from."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from heatseek.cli import option_values, options
from heatseek.cli.arguments import Command
from heatseek.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

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
    index: Path | None,
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


command = Command(
    configuration,
    options.ONLY_JSON,
    options.COLOR,
    *options.PLACE_OPTIONS,
    options.DEBUG,
    examples=_EXAMPLES,
)
