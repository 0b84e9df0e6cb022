"""Who writes an index, in words: from the document of the lease, as another one has written it.

Times are by the clock of the cluster.
"""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heatseek.engines.model import Slice

_MALFORMED = (KeyError, ValueError, TypeError, OverflowError, AttributeError, IndexError)
_MOST = 12
"""Slices that are named; more are counted."""
_ASPECTS = ("", "language", "fields", "conventions")
"""Of an origin, in its order; the first is the archive."""


def obstacle(said: dict[str, Any]) -> str:
    """Whom or what a writer has to wait for, and until when at most: after the name of the index.

    Args:
        said: the document.
    """
    try:
        if "filling" in said:
            return _slices(said)
    except _MALFORMED:
        pass
    expiry = said.get("expiry")
    seconds = expiry / 1000 if isinstance(expiry, int) else 30
    return (
        f"is being written by {_writer(said)}; if that has died, its lease ends within"
        f" {seconds:g} s"
    )


def slice_obstacle(said: dict[str, Any], part: Slice, expiry: float) -> str:
    """As `obstacle`, for the writer of a slice, which only waits for one at the same.

    Args:
        said: the document.
        part: the slice.
        expiry: seconds after a sign of life for which it is another one's.
    """
    try:
        own = said["slices"][str(part.number)]
        what = "is being completed" if own["reported"] else f"has slice {part} being written"
        beat = said["completion"]["beat"] if own["reported"] else own["beat"]
        return (
            f"{what} by another process, whose last sign of life came at {_clock(beat)}; if that"
            f" has died, this one may go on {expiry:g} s after it"
        )
    except _MALFORMED:
        return obstacle(said)


def misfit(said: dict[str, Any], filling: dict[str, Any]) -> str:
    """How the slices that are under way differ from another one; empty if they do not.

    Args:
        said: the document.
        filling: of the other one, as it would be in the document.
    """
    try:
        theirs = said["filling"]
        differences = []
        if theirs["of"] != filling["of"]:
            differences.append(f"of {theirs['of']} slices, not of {filling['of']}")
        pairs = zip(json.loads(theirs["origin"]), json.loads(filling["origin"]), strict=True)
        for aspect, (their, own) in zip(_ASPECTS, pairs, strict=True):
            if their != own and aspect:
                differences.append(
                    f"with other {aspect}" if aspect[-1] == "s" else "in another language"
                )
            elif their != own:
                differences.append(f"of the archive {_plain(str(their))}, not {_plain(str(own))}")
        end = _end(said)
    except _MALFORMED:
        return ""
    what = " and ".join(differences)
    return what and (
        f"{what}: make it fit, or try again when that is done, or, if nobody is at work on it,"
        f" given up at {end}"
    )


def _slices(said: dict[str, Any]) -> str:
    of, slices = int(said["filling"]["of"]), said["slices"]
    left = [n for n in range(1, of + 1) if not slices.get(str(n), {}).get("reported")]
    holders = [n for n in left if slices.get(str(n), {}).get("owner")]
    completes = not left and said["completion"].get("owner")
    what = f"slice{'s' * (len(left) > 1)} {_listed(left)}" if left else "its completion"
    beat, end = _clock(said["beat"]), _end(said)
    count = f"{of} slice{'s' * (of > 1)}"
    if holders or completes:
        who = f"slice{'s' * (len(holders) > 1)} {_listed(holders)}" if left else "the completion"
        work = f"the last sign of life from {who} came at {beat}; without another one"
    else:
        work = f"nobody is at work on it since {beat};"
    return f"is being rebuilt in {count} and waits for {what}; {work} it is given up at {end}"


def _end(said: dict[str, Any]) -> str:
    return _clock(said["beat"] + said["expiry"])


def _clock(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%H:%M:%S} UTC"


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:_MOST]))
    return shown if len(numbers) <= _MOST else f"{shown} and {len(numbers) - _MOST} more"


def _writer(said: dict[str, Any]) -> str:
    """Who holds it, as it has said itself."""
    try:
        since = datetime.fromtimestamp(int(said["since"]), UTC)
        process, host = int(said["process"]), _plain(str(said["host"]))
        command = _plain(str(said["command"])) or "another process"
    except _MALFORMED:
        return "another process"
    where = "" if host == socket.gethostname() else f" on {host}"
    return f"{command} (process {process}{where}, since {since:%H:%M:%S} UTC)"


def _plain(text: str) -> str:
    return "".join(letter for letter in text[:80] if letter.isprintable())
