r"""Text from strangers made harmless, once more, at the last step before it is shown.

Removed: C0 and C1 controls (terminal escapes begin with them), U+2028 and U+2029, and the
marks that reverse the direction of what follows (U+202A-202E, U+2066-2069). Kept: tab and
newline where the caller handles them, and joiners, which emoji and many scripts need.
"""

from __future__ import annotations

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
