r"""Escape sequences of terminals: taken out of what strangers wrote, and written by ourselves.

`one_line` and `many_lines` are the last guard before text is shown. Removed: C0 and C1 controls
(terminal escapes begin with them), U+2028 and U+2029, and the marks that reverse the direction of
what follows (U+202A-202E, U+2066-2069). Kept: tab and newline where the caller handles them, and
joiners, which emoji and many scripts need.

`Style` writes colours (SGR) and hyperlinks (OSC 8), where the terminal has them.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from heatseek.definitions import NamedTuple
from heatseek.zones import local

_ALWAYS = (
    *(code for code in range(0x20) if chr(code) not in "\t\n"),
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
_DROP = dict.fromkeys(_ALWAYS, "") | dict.fromkeys((0x0D, 0x2028, 0x2029), "\n")
_ONE_LINE = _DROP | dict.fromkeys((0x09, 0x0A, 0x0D, 0x2028, 0x2029), " ")


def one_line(text: str) -> str:
    """Harmless text without line breaks and tabs."""
    # Nearly all text is printable through and through, and that is known at once.
    return text if text.isprintable() else _encodable(text.translate(_ONE_LINE))


def many_lines(text: str) -> str:
    """Harmless text that keeps its line breaks and tabs."""
    if text.isprintable():
        return text
    return _encodable(text.replace("\r\n", "\n").translate(_DROP))


def _encodable(text: str) -> str:
    """Half characters (lone surrogates) cannot be written; they become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Glyphs(NamedTuple):
    """Signs with a form for terminals that know nothing but ASCII."""

    dot: str
    bullet: str
    dash: str
    ellipsis: str
    times: str


UNICODE = Glyphs(
    dot="\N{MIDDLE DOT}",
    bullet="\N{MIDDLE DOT}",
    dash="\N{EN DASH}",
    ellipsis="…",
    times="\N{MULTIPLICATION SIGN}",
)
ASCII = Glyphs(dot="|", bullet="*", dash="-", ellipsis="...", times="x")

TITLE = "1"
MATCH = "1;31"
QUIET = "2"
MARK = "33"
"""SGR codes. Bold red is what grep marks matches with; all are legible on dark and light."""


class Style(NamedTuple):
    """Width and abilities of the terminal, decided once. The default is that of a file."""

    width: int = 80
    color: bool = False
    links: bool = False
    live: bool = False
    """Somebody is watching. A file says nothing that changes from one run to the next."""
    glyphs: Glyphs = UNICODE
    zone: tzinfo = UTC
    """The zone in which days begin."""

    def day(self, moment: datetime | None) -> str:
        """The day of an instant; a dash if it is unknown."""
        return self.glyphs.dash if moment is None else f"{local(moment, self.zone):%Y-%m-%d}"

    def paint(self, text: str, code: str) -> str:
        """Text in a colour, where there are colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    def link(self, text: str, url: str | None) -> str:
        """Text as a link to a web page, where the terminal has links (OSC 8)."""
        if not self.links or url is None or not url.lower().startswith(("http://", "https://")):
            return text
        target = "".join(map(_url_character, url))
        if len(target) > _MAX_URL:
            return text
        return f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\"


_MAX_URL = 2083
"""VTE and iTerm2 ignore longer ones."""


def _url_character(character: str) -> str:
    """OSC 8 wants 33 to 126 only; anything else, escapes included, becomes `%..`."""
    if "!" <= character <= "~":
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
