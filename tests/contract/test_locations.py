"""Engines are named by locations, and say what they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.base import require
from heatseek.engines.model import Capability, Origin, Slice
from heatseek.errors import CapabilityError, ConfigError
from indexes import fill

if TYPE_CHECKING:
    from pathlib import Path


def test_a_path_is_a_folder_as_text_and_as_a_path(tmp_path: Path) -> None:
    for location in (tmp_path / "index", str(tmp_path / "index")):
        fill(load(location), [Article("a.md", "one")])
        with load(location).open() as reader:
            assert [article.id for article in reader.articles()] == ["a.md"]


@pytest.mark.parametrize("location", ["nosuch://host/news", "NOSUCH://", "s3://bucket/a"])
def test_the_scheme_of_a_location_names_its_engine(location: str) -> None:
    scheme = location.partition(":")[0].lower()
    with pytest.raises(ConfigError, match=rf"no engine for {scheme}://; an index is a folder"):
        load(location)


@pytest.mark.parametrize("location", ["./a://b", "1x://y", "./a b://c", "C:\\index", "://"])
def test_what_has_no_scheme_is_a_path(location: str) -> None:
    assert load(location).name == "whoosh"


def test_an_unknown_setting_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no setting 'shards'"):
        load(tmp_path, {"shards": 3})


def test_what_an_engine_does_not_declare_is_one_clear_error(tmp_path: Path) -> None:
    engine = load(tmp_path)
    for capability in engine.capabilities:
        require(engine, capability)
    with pytest.raises(CapabilityError, match="whoosh cannot be filled by several machines"):
        engine.slicing(Slice(1, 2), Origin("/archive"))

    class Lacking:
        name = "slate"
        capabilities = frozenset({Capability.CHECK})

    require(Lacking(), Capability.CHECK)
    with pytest.raises(CapabilityError, match="of the engine slate cannot suggest words") as told:
        require(Lacking(), Capability.SUGGESTIONS)
    assert (told.value.engine, told.value.capability) == ("slate", "suggest words")
