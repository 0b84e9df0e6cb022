"""The JSON documents: each is of its type in wire.py, and docs/json.md says of every key."""

from __future__ import annotations

import builtins
import json
import types
import typing
from typing import TYPE_CHECKING, Any, is_typeddict

import pytest

import document_tables
from cli_runs import make_archive, run
from heatseek import wire

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def named() -> dict[str, Any]:
    """What wire.py defines for the type checker, as objects."""
    module = types.ModuleType("heatseek.typed_wire")
    source = document_tables.inspect.getsource(wire)
    checked = source.replace("\nTYPE_CHECKING = False\n", "\nTYPE_CHECKING = True\n")
    assert checked != source
    exec(checked, module.__dict__)  # noqa: S102 - our own source
    return module.__dict__


def flaws(value: object, kind: Any, names: dict[str, Any], place: str = "") -> list[str]:
    """How a value is not of a type."""
    if is_typeddict(kind):
        return flaws_of_keys(value, kind, names, place)
    args = typing.get_args(kind)
    match typing.get_origin(kind), value:
        case (types.UnionType, None):
            return []
        case (types.UnionType, _):
            return flaws(value, args[0], names, place)
        case (builtins.list, list(items)):
            return [flaw for each in items for flaw in flaws(each, args[0], names, f"{place}[]")]
        case (builtins.dict, dict(items)):
            inner = items.values()
            return [flaw for each in inner for flaw in flaws(each, args[1], names, f"{place}.*")]
    allowed = (int, float) if kind is float else kind
    is_good = kind is Any or (isinstance(allowed, type | tuple) and isinstance(value, allowed))
    is_number = isinstance(value, bool) and kind in (int, float)
    return [] if is_good and not is_number else [f"{place}: {value!r} is no {kind}"]


def flaws_of_keys(value: object, kind: Any, names: dict[str, Any], place: str) -> list[str]:
    """How a value is no object of these keys in their order, with such values."""
    if not isinstance(value, dict):
        return [f"{place}: {value!r} is no object"]
    marked = typing.get_type_hints(kind, names, include_extras=True)
    optional = {k for k, hint in marked.items() if typing.get_origin(hint) is typing.NotRequired}
    hints = typing.get_type_hints(kind, names)
    expected = [key for key in hints if key in value or key not in optional]
    wrong = [] if list(value) == expected else [f"{place}: {list(value)} are not {expected}"]
    inner = [
        flaws(value[key], hints[key], names, f"{place}.{key}") for key in expected if key in value
    ]
    return wrong + [flaw for each in inner for flaw in each]


COMMANDS = [
    ("ResultsDocument", "search weather --facets --group story --explain --json"),
    ("ResultsDocument", "search --related -n 3 --json"),
    ("HitDocument", "search weather -n 1 --explain --format jsonl"),
    ("ShownDocument", "heatseek show climax.md --json"),
    ("ShownDocument", "heatseek show https://crn.com/layoffs --json"),
    ("LabelsDocument", "heatseek topics --json"),
    ("LabelsDocument", "heatseek providers --json"),
    ("StatsDocument", "heatseek stats --json"),
    ("DoctorDocument", "heatseek doctor --json"),
    ("DoctorDocument", "heatseek doctor --repair --json"),
    ("DoctorDocument", "heatseek doctor --json --index nowhere"),
    ("SettingsDocument", "heatseek config --json"),
    ("EvaluationDocument", "heatseek eval --queries q.tsv --qrels r.tsv --compare hot --json"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wire")
    make_archive(folder)
    (folder / "seeds" / "shut.md").write_bytes(b"\0")
    (folder / "heatseek.toml").write_text(
        'limit = 7\nsearches.sea = { query = "sea", boost = { heat = 1 } }\n'
        'synonyms.sea = ["ocean"]\n[presets.calm]\nheat = 0\n[fields.levels]\nkind = "keyword"\n'
    )
    (folder / "q.tsv").write_text("q1\tweather\nq2\tocean\n")
    (folder / "r.tsv").write_text("q1\tclimax.md\t1\nq2\treef.md\t1\n")
    assert run("heatseek", "rebuild", cwd=folder).code == 4
    return folder


@pytest.mark.parametrize(("name", "line"), COMMANDS)
def test_a_document_is_of_its_type(name: str, line: str, home: Path, named: dict[str, Any]) -> None:
    ran = run(*line.split(), cwd=home)
    assert ran.out, ran.err
    document = json.loads(ran.out)
    assert flaws(document, named[name], named) == []
    assert document.get("version", wire.VERSION) == wire.VERSION
    assert name == "HitDocument" or "version" in document


def test_every_whole_document_is_tried(named: dict[str, Any]) -> None:
    assert {each.__name__ for each in typing.get_args(named["Document"])} == {
        name for name, _ in COMMANDS
    }


def test_flaws_are_seen(named: dict[str, Any]) -> None:
    count, good = named["CountDocument"], {"value": "AI", "count": 1}
    assert flaws(good, count, named) == []
    for wrong in (
        {**good, "count": "1"},
        {**good, "count": True},
        {**good, "more": 1},
        {"value": "AI"},
        {"count": 1, "value": "AI"},
    ):
        assert flaws(wrong, count, named) != []


def test_every_key_is_documented_and_no_other() -> None:
    documented = document_tables.PAGE.read_text("utf-8")
    assert document_tables.page() == documented, "run python tests/document_tables.py"
    mixed_in = {"NamedDocument", "RankedDocument", "ArticleDocument"}
    for name in document_tables.classes().keys() - mixed_in:
        assert f"## {document_tables.title(name)}\n" in documented


def test_keys_are_in_snake_case(named: dict[str, Any]) -> None:
    for name, each in named.items():
        if is_typeddict(each):
            assert all(key == key.lower() and key.isidentifier() for key in each.__annotations__), (
                name
            )
