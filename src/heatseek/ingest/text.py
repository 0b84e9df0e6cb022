"""Text and links from strangers, made harmless: no terminal escapes, no invisible characters."""

from __future__ import annotations

import re

from heatseek.article import HTTP
from heatseek.definitions import pattern
from heatseek.text.nfc import nfc

_ESCAPE = pattern(
    r"\x1b\[[0-?]*+[ -/]*+[@-~]?"  # CSI: colours, cursor
    r"|\x9b[0-?]*+[ -/]*+[@-~]?"  # the same in 8 bits
    r"|\x1b[\]PX^_][^\x07\x1b\x9c\n]*+(?:\x07|\x1b\\|\x9c)"  # OSC, DCS: titles, links
    r"|\x1b[ -/]*+[0-~]?"
)
"""Terminal escape sequences. Each alternative stops at the next escape: linear time."""

_BREAK = pattern(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

_INVISIBLE = pattern(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    r"\xad\u200b\u2060-\u2064\ufeff"  # soft hyphens, zero-width: they split words unseen
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidi: show other text than is there
    r"\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"  # no text at all
)

_HARMFUL = pattern(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""All of these, breaks of lines other than `\n` among them."""

_BAD_IN_NAMES = pattern(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_WHOLE_ESCAPE = pattern(
    r"(?:\x1b\[|\x9b)[0-?]*+[@-~]|\x1b[\]PX^_][^\x07\x1b\x9c\n]*+(?:\x07|\x1b\\|\x9c)"
)
_UNPARSEABLE = dict.fromkeys(
    (
        *(*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029),
        *(*range(0xD800, 0xE000), 0xFFFE, 0xFFFF),
    ),
    " ",
)
_PARSEABLE = pattern(
    r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]*+"
)
"""None of these characters."""

MAX_URL = 2_000
"""Characters; a longer link is not usable, because a cut one leads elsewhere."""

_READ = 2 * MAX_URL
"""Characters that may be a link with what is cleaned away."""

_VISIBLE = pattern(r"[!-~]++")
_SPACE = pattern(r"\s")
_SCHEME = pattern(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def clean(text: str) -> str:
    """Harmless, and in Unicode's composed form: text as it is indexed and shown."""
    return nfc(harmless(text))


def harmless(text: str) -> str:
    r"""Drop escapes and invisible characters; every kind of line break becomes `\n`."""
    # Told twenty times as fast as searched for; of what is not printable lines and tabs are common.
    if text.isprintable() or text.replace("\n", " ").replace("\t", " ").isprintable():
        return text
    if not _HARMFUL.search(text):
        return text
    return _INVISIBLE.sub("", _BREAK.sub("\n", _ESCAPE.sub("", text)))


def one_line(text: str) -> str:
    """Clean `text` and make every run of whitespace one space."""
    if text.isascii() and text.isprintable():  # most are, and clean
        return " ".join(text.split())
    return " ".join(clean(text).split())


def blank_controls(text: str) -> str:
    """Replace what no front matter parser accepts by as many spaces; positions stay."""
    if _PARSEABLE.fullmatch(text):  # nearly always, and told seven times as fast
        return text
    if "\x1b" in text or "\x9b" in text:
        text = _WHOLE_ESCAPE.sub(lambda match: " " * len(match[0]), text)
    return text.translate(_UNPARSEABLE)


def has_controls(name: str) -> bool:
    """True if a file name can move a cursor, end a line or turn the writing direction."""
    return _BAD_IN_NAMES.search(name) is not None


def printable(name: str) -> str:
    r"""`name` in one safe line; bytes and characters that are not become `\x..` escapes."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _BAD_IN_NAMES.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def link(text: str) -> str | None:
    """The link as it can be shown and opened, or None if it is no usable http(s) link."""
    if len(text) > _READ:
        return None
    if len(text) <= MAX_URL and _VISIBLE.fullmatch(text):
        return text if HTTP.fullmatch(text) else None
    # Not composed: to a server these are two links.
    candidate = harmless(text).strip().replace("\n", "").replace("\t", "")
    if len(candidate) > MAX_URL or HTTP.fullmatch(candidate) is None:
        return None
    return _SPACE.sub("%20", candidate)


def is_path(text: str) -> bool:
    """True if a text may lead to a place on its own site, or beside its file."""
    return _SCHEME.match(text) is None
