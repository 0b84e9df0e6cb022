"""The lease on a generation that several machines fill, each a slice of it.

All of them hold it together: its document says what is being filled, and who is at work on which
slice. The first of them begins it, the last completes it.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from heatseek.engines.opensearch import lease as leases
from heatseek.engines.opensearch.generations import Seal
from heatseek.engines.opensearch.holders import misfit, slice_obstacle
from heatseek.engines.opensearch.lease import HeldLease
from heatseek.errors import IndexLockedError, LeaseLostError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heatseek.engines.model import Origin, Slice
    from heatseek.engines.opensearch.lease import LeaseDocument
    from heatseek.engines.opensearch.location import Location

EXPIRY = 300.0
"""Seconds for which other writers wait while nobody is at work on what was begun."""
_ALL = """
boolean all = true;
for (int n = 1; n <= s.filling.of; n++) {
  def each = s.slices[String.valueOf(n)];
  all = all && each != null && each.reported;
}
if (all) {
  if (s.completion == null) { s.completion = ['tries': 0] }
  def c = s.completion;
  if (c.owner != null && c.owner != p.owner && now - c.beat < p.expiry) { ctx.op = 'none'; return }
  if (c.owner != p.owner) { c.tries += 1 }
  c.owner = p.owner;
  c.beat = now;
}
"""
"""The one that finds all slices reported is to complete them, unless another one is at it."""
_HEAD = "def s = ctx._source; def p = params; def now = ctx._now;"
_TAKE = f"""{_HEAD}
def end = s.completion;
boolean ending = end != null && end.owner != null && now - end.beat < p.expiry;
boolean done = s.filling != null && p.current.contains(s.filling.index) && !ending;
boolean live = !done && s.owner != null && now - s.beat < s.expiry;
boolean same = !done && s.filling != null && s.filling.of == p.filling.of
    && s.filling.origin == p.filling.origin;
if (!same) {{
  if (live) {{ ctx.op = 'none'; return }}
  s.clear();
  s.filling = p.filling;
  s.slices = [:];
}}
if (s.slices[p.part] == null) {{ s.slices[p.part] = ['reported': false, 'tries': 0] }}
def part = s.slices[p.part];
if (part.owner != null && part.owner != p.owner && now - part.beat < p.expiry) {{
  ctx.op = 'none';
  return;
}}
if (!part.reported) {{
  if (part.owner != p.owner) {{ part.tries += 1 }}
  part.owner = p.owner;
  part.beat = now;
}}
{_ALL}
s.putAll(p.said);
s.owner = s.filling.id;
s.beat = now;
"""
"""What readers open already is done, though its last writer died before it could say so."""
_MINE = """
if (s.owner != p.id) { ctx.op = 'none'; return }
def part = s.slices[p.part];
boolean completes = s.completion != null && s.completion.owner == p.owner;
boolean writes = part.owner == p.owner;
"""
_RENEW = f"""{_HEAD}{_MINE}
if (!writes && !completes) {{ ctx.op = 'none'; return }}
if (writes) {{ part.beat = now }}
if (completes) {{ s.completion.beat = now }}
s.beat = now;
"""
_REPORT = f"""{_HEAD}{_MINE}
if (!writes && !(part.reported && part.by == p.owner)) {{ ctx.op = 'none'; return }}
part.putAll(['reported': true, 'by': p.owner, 'owner': null, 'notes': p.notes, 'count': p.count]);
s.beat = now;
{_ALL}
"""
_RELEASE = f"""{_HEAD}{_MINE}
if (completes && p.done) {{ ctx.op = 'delete'; return }}
if (writes) {{ part.owner = null }}
if (completes) {{ s.completion.owner = null }}
"""


class SliceLease(HeldLease):
    """A lease on one slice, or on the completion of all; others hold theirs at the same time.

    Args:
        document: that says so.
        location: of the index.
        part: the slice.
        origin: of the generation.
        index: of the generation, if this is the first slice.
        current: gives the indexes that readers open.
    """

    def __init__(  # noqa: PLR0913 - what is written, and where
        self,
        document: LeaseDocument,
        location: Location,
        part: Slice,
        origin: Origin,
        index: str,
        current: Callable[[], list[str]],
    ) -> None:
        super().__init__(document, location)
        self._current = current
        self._part = part
        self._filling = {
            "id": os.urandom(8).hex(),
            "of": part.of,
            "origin": json.dumps(origin),
            "index": index,
        }
        self._done = False
        self._known: dict[str, Any] = {}

    @property
    def number(self) -> int:
        """The slice."""
        return self._part.number

    @property
    def of(self) -> int:
        """How many slices there are."""
        return self._part.of

    @property
    def index(self) -> str:
        """The generation that is filled."""
        return str(self._known["filling"]["index"])

    @property
    def left(self) -> tuple[int, ...]:
        """The slices that have not reported, as far as is known."""
        slices = self._known["slices"]
        numbers = range(1, self._part.of + 1)
        return tuple(n for n in numbers if not slices.get(str(n), {}).get("reported"))

    @property
    def tries(self) -> int:
        """How often the slice was begun, or, if all are reported, the completion."""
        part = self._known["slices"][str(self._part.number)]
        return int((part if self.left else self._known["completion"])["tries"])

    @property
    def count(self) -> int:
        """The articles of all slices."""
        return sum(int(each.get("count", 0)) for each in self._known["slices"].values())

    def seals(self, number: int) -> dict[str, Seal]:
        """The notes of a slice that has reported."""
        notes = self._known["slices"].get(str(number), {}).get("notes") or {}
        return {name: Seal(*seal) for name, seal in notes.items()}

    def take(self) -> dict[str, Any] | None:
        """See `HeldLease.take`.

        Raises:
            IndexLockedError: what is being filled is of another division, or origin.
        """
        said = {**self._said(), "expiry": int(EXPIRY * 1000)}
        values = {"said": said, "filling": self._filling, "current": self._current()}
        if self._changed(_TAKE, **values):
            return None
        if difference := misfit(self._known, self._filling):
            error = IndexLockedError(
                f"slice {self._part} does not fit the rebuild of {self._location} that is under"
                f" way, which is {difference}"
            )
            error.remedy = None  # to wait makes them no more alike
            raise error
        return self._known

    def obstacle(self, said: dict[str, Any]) -> str:
        """See `HeldLease.obstacle`."""
        return slice_obstacle(said, self._part, leases.EXPIRY)

    def report(self, count: int, notes: Mapping[str, Seal]) -> None:
        """Say that the slice is written: its articles and notes.

        Raises:
            LeaseLostError: another one may be at it.
        """
        with self._lock:
            if not self._changed(_REPORT, count=count, notes=notes):
                raise LeaseLostError(
                    f"slice {self._part} of {self._location} was taken over by another writer:"
                    " try again"
                )

    def done(self) -> None:
        """The generation is whole, and what is filled next is another one."""
        self._done = True

    def _renew(self) -> None:
        self._is_lost = not self._changed(_RENEW)

    def _release(self) -> None:
        self._changed(_RELEASE, done=self._done)

    def _changed(self, source: str, **values: Any) -> bool:
        """Change the document, or leave it to another one; what it says is known then."""
        own = {
            "part": str(self._part.number),
            "owner": self._owner,
            "expiry": int(leases.EXPIRY * 1000),
            "id": self._known.get("filling", self._filling)["id"],
        }
        answer = self._document.change(source, {**own, **values})
        if "error" in answer:
            return False
        # Nothing is told of a document that was removed, or is not made.
        self._known = answer.get("get", {}).get("_source") or self._known
        return bool(answer["result"] != "noop")
