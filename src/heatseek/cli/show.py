"""`heatseek show`: one article, all that is known of it, and its text."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from heatseek.cli import option_values, options
from heatseek.cli.arguments import Command
from heatseek.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

_EXAMPLES = f"""{options.TARGETS}
\b
Examples:
  heatseek show 1
  heatseek show seeds/sea.md --no-pager
  heatseek show 1 --json | jq .article.related

Exit codes: 0 shown, 1 no such article, 2 wrong usage, 3 index or archive unusable.
"""


def show(  # noqa: PLR0913 - one parameter an option
    *,
    target: str,
    json: bool,
    no_pager: bool,
    color: str | None,
    archive: Path | None,
    index: Path | None,
    config_file: Path | None,
) -> int:
    """Write an article."""
    # Not at the top: completion looks at this verb without reading an article.
    from heatseek.cli import terminal  # noqa: PLC0415
    from heatseek.cli.render import article as rendered  # noqa: PLC0415
    from heatseek.cli.target import article_of  # noqa: PLC0415
    from heatseek.cli.terminal import say, style_of, write  # noqa: PLC0415

    settings = option_values.settings(archive, index, config_file)
    match = article_of(target, settings)
    for notice in match.notices:
        say(notice)
    if json:
        write(rendered.render_json(match), exact=True)
    else:
        style = style_of(sys.stdout, os.environ, color, time_zone=settings.time_zone)
        text = rendered.render_text(match, style)
        terminal.show(text, os.environ, paged=not no_pager)
    return ExitCode.FOUND


command = Command(
    show,
    options.ONLY_JSON,
    options.NO_PAGER,
    options.COLOR,
    *options.PLACE_OPTIONS,
    options.DEBUG,
    words=options.TARGET,
    examples=_EXAMPLES,
)
