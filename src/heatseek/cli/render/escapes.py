"""How text output looks: the width and what the terminal can do, decided once."""

from __future__ import annotations

from typing import NamedTuple


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


class Look(NamedTuple):
    """What `text` may use. The default is what a file gets."""

    width: int = 80
    color: bool = False
    links: bool = False
    live: bool = False
    """Somebody is watching. A file says nothing that changes from one run to the next."""
    glyphs: Glyphs = UNICODE

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
