"""How generations follow each other: names, the switch, and what goes when."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from heatseek.engines.opensearch.generations import (
    DESCRIPTION,
    KIND,
    described,
    filling,
    is_generation,
    is_notes,
    named,
    notes_of,
    number_of,
)
from heatseek.errors import LeaseLostError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heatseek.engines.opensearch.client import Client
    from heatseek.engines.opensearch.location import Location

_LAST_NUMBER = 10**17


class Generations:
    """All generations of an index, for its writer.

    Args:
        client: to write by.
        location: of the index.
    """

    def __init__(self, client: Client, location: Location) -> None:
        self._client = client
        self._location = location

    def next_name(self) -> str:
        """The name of a new generation, which no other writer gives."""
        numbers = map(number_of, _generations(self._indexes(), self._location.name))
        number = max(numbers, default=0) % _LAST_NUMBER + 1
        return f"{self._location.name}-g{number:08d}-{os.urandom(4).hex()}"

    def switch(self, index: str, before: list[str]) -> None:
        """Have readers open a generation from now on, if they open what they did `before`.

        Raises:
            LeaseLostError: another writer has switched meanwhile.
        """
        name = self._location.name
        actions: list[dict[str, Any]] = [
            {"remove": {"index": each, "alias": name, "must_exist": True}} for each in before
        ]
        actions.append({"remove": {"index": index, "alias": f"{filling(index)}*"}})
        # An alias has but one index to write to: so two first generations exclude each other.
        actions.append({"add": {"index": index, "alias": name, "is_write_index": True}})
        answer = self._client.send(
            "POST", "_aliases", {"actions": actions}, retry=True, allow=(400, 404, 500)
        )
        # Also after an answer that was lost.
        if "error" in answer and named(self._client, self._location) != [index]:
            raise LeaseLostError(
                f"cannot write the index: another writer has changed {self._location} meanwhile;"
                " what it has written is left as it is: try again"
            )

    def remove(self, index: str) -> None:
        """Remove a generation and its notes."""
        query = {"ignore_unavailable": "true"}
        path = f"{index},{notes_of(index)}"
        self._client.send("DELETE", path, query=query, retry=True, allow=(404,))

    def collect_garbage(self, current: list[str], grace: float, since: float | None) -> None:
        """Remove all but the current generation, and the one before it for its time of grace.

        While it is not known which one is current, only what was never finished goes.

        Args:
            current: what readers open; none, or more than one, if something is wrong.
            grace: seconds for which the one before is kept.
            since: when the current one was made, in seconds since 1970; None: that is not known.
        """
        indexes = self._indexes()
        known = _generations(indexes, self._location.name)
        whole = [index for index, is_draft in known.items() if not is_draft]
        kept = set(current or whole)
        if current and since is not None and time.time() - since < grace:
            before = [index for index in whole if index not in kept]
            kept |= set(sorted(before, key=number_of)[-1:])
        for index in known:
            if index not in kept:
                self.remove(index)
        for index in _notes(indexes, self._location.name) - set(map(notes_of, indexes)):
            self._client.send("DELETE", index, retry=True, allow=(404,))

    def _indexes(self) -> dict[str, Any]:
        """The indexes that are named as this one's are, and perhaps more."""
        path = f"{self._location.name}-g*"
        query = {**DESCRIPTION, "expand_wildcards": "all"}
        answer: dict[str, Any] = self._client.send("GET", path, query=query)
        return answer


def _generations(indexes: Mapping[str, Any], name: str) -> dict[str, bool]:
    """The generations among them, each with whether it is still being filled."""
    return {
        index: filling(index) in found.get("aliases", ())
        for index, found in indexes.items()
        if is_generation(index, name) and KIND in described(found)
    }


def _notes(indexes: Mapping[str, Any], name: str) -> set[str]:
    """The notes among them; one that came too late has made them anew, and said nothing."""
    return {index for index in indexes if is_notes(index, name)}
