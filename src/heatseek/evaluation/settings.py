"""Settings of the ranking, as they are compared: the weights of a request, and how words match."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from heatseek.errors import ArgumentError
from heatseek.ranking import Boosts, Preset
from heatseek.search.arguments import WEIGHTS, preset_of
from heatseek.search.request import Defaults, Matching, SearchRequest, request_of
from heatseek.text.edit_distance import hint

if TYPE_CHECKING:
    from collections.abc import Mapping

_OTHERS = ("rank", "meaning", "matching")
"""What may stand among the weights of a setting."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    boosts: Boosts = Boosts()
    meaning: float = 0.0
    matching: Matching = Matching.WORDS

    @classmethod
    def of(cls, request: SearchRequest) -> Setting:
        """That of a request."""
        return cls(request.boosts, request.meaning, request.matching)

    def __str__(self) -> str:
        boosts = self.boosts
        weights = f"quality={boosts.quality:g},heat={boosts.heat:g},recency={boosts.recency:g}"
        if boosts.title != Boosts().title:
            weights += f",title={boosts.title:g}"
        meaning = f",meaning={self.meaning:g}" if self.meaning else ""
        matching = f",matching={self.matching}" if self.matching is not Matching.WORDS else ""
        half_life = f" half-life={boosts.half_life:g}d" if boosts.recency else ""
        return f"{weights}{meaning}{matching}{half_life}"

    def changed(self, text: str, presets: Mapping[str, Boosts]) -> Setting:
        """This one with what a text says in place of it.

        Args:
            text: a preset, or parts such as `heat=2,meaning=0.3,matching=any`; `rank=hot` among
                them is where the weights start from.
            presets: weights beside the built-in ones.

        Raises:
            ArgumentError: a part makes no sense.
        """
        if "=" not in text and text.strip().lower() in {*Preset, *presets}:
            text = f"rank={text}"
        parts = [part.strip() for part in text.split(",")]
        _check(text, parts, presets)
        others = {name: value for name, value in map(_pair, parts) if name in _OTHERS}
        weights = ",".join(part for part in parts if _pair(part)[0] not in _OTHERS)
        start = preset_of("rank", others["rank"], presets) if "rank" in others else self.boosts
        given: dict[str, Any] = {"defaults": Defaults(start, meaning=self.meaning)}
        if weights or not others:
            given["boosts"] = weights or text
        given |= {name: others[name] for name in ("meaning", "matching") if name in others}
        made = Setting.of(request_of(**given))
        return made if "matching" in others else replace(made, matching=self.matching)

    def request(self, text: str, **arguments: Any) -> SearchRequest:
        """A search under this setting."""
        return request_of(
            text,
            boosts=self.boosts,
            meaning=self.meaning,
            matching=self.matching,
            **arguments,
        )


def _check(text: str, parts: list[str], presets: Mapping[str, Boosts]) -> None:
    """Refuse names that neither a request nor a setting has, and a text without any."""
    if not text.strip():
        raise ArgumentError("boosts", text, "needs a preset or a weight, as in quality=1")
    for part in parts:
        name = _pair(part)[0]
        if name and name not in {*_OTHERS, *Boosts.__dataclass_fields__}:
            kind = "weight" if "=" in part else "preset or weight"
            names = (*WEIGHTS, *_OTHERS, *(() if "=" in part else (*Preset, *presets)))
            raise ArgumentError("boosts", part, f"no {kind} {name}; {hint(name, names)}")


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().lower(), value.strip()
