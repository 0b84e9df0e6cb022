"""`heatseek show` and `heatseek open`: all that is known of an article; its link in a browser."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import FLAG, Command, Option
from heatseek.cli.terminal import is_terminal, say, write

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
    index: str | None,
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


show_command = Command(
    show,
    options.ONLY_JSON,
    options.NO_PAGER,
    options.COLOR,
    *options.PLACE_OPTIONS,
    options.DEBUG,
    words=options.TARGET,
    examples=_EXAMPLES,
)


_OPEN_EXAMPLES = f"""{options.TARGETS}
\b
Examples:
  heatseek open 1
  heatseek open 1 --print | xclip

The browser is the system's, or the one that the variable BROWSER names. Only links that
begin with http:// or https:// are opened.

Exit codes: 0 opened, 1 no such article, no link or no browser, 2 wrong usage, 3 index or
archive unusable.
"""


def open_(
    *,
    target: str,
    print_: bool,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
) -> int:
    """Hand an article's link to the browser."""
    # Not at the top: completion looks at this verb without reading an article.
    from heatseek.cli.target import article_of  # noqa: PLC0415
    from heatseek.errors import NoArticleError  # noqa: PLC0415
    from heatseek.search.find import link_of  # noqa: PLC0415

    match = article_of(target, option_values.settings(archive, index, config_file))
    for notice in match.notices:
        say(notice)
    url = link_of(match.article)
    if url is None:
        raise NoArticleError(f"{match.article.id} has no link to open: heatseek show {target}")
    if print_:
        write(f"{url}\n", exact=True)
        return ExitCode.FOUND
    if not open_link(url):
        raise NoArticleError(f"no browser to open {url} with; name one by the variable BROWSER")
    say(f"opened {url}")
    return ExitCode.FOUND


def open_link(url: str) -> bool:
    """Hand a link to the system's browser; false if none took it."""
    # Not at the top: `heatseek --help` opens nothing.
    import webbrowser  # noqa: PLC0415

    screen = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & {k for k, v in os.environ.items() if v}
    if sys.platform == "linux" and not screen and not is_terminal(sys.stdout):
        # Only browsers that draw on the terminal would be left.
        return False
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False


_PRINT = Option(
    "print_",
    "--print",
    kind=FLAG,
    help="Print the link instead of opening it.",
    panel=options.OUTPUT,
)
open_command = Command(
    open_,
    _PRINT,
    *options.PLACE_OPTIONS,
    options.DEBUG,
    words=options.TARGET,
    examples=_OPEN_EXAMPLES,
)
