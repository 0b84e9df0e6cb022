"""The JSON documents: each is of its type in wire/, and docs/json.md says of every key."""

from __future__ import annotations

import json
import typing
from typing import TYPE_CHECKING, Any, is_typeddict

import pytest
from hypothesis import given
from hypothesis import strategies as st

import document_tables
from cli_runs import make_archive, run
from heatseek import wire
from wire_types import flaws, wire_types

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def named() -> dict[str, Any]:
    return wire_types()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=9,
)


@given(VALUES)
def test_documents_are_written_as_pythons_json_writes_them(value: Any) -> None:
    try:
        expected = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    except ValueError:  # of infinite numbers
        with pytest.raises(ValueError, match="JSON"):
            wire.dump(value, indent=2)
    else:
        text = wire.dump(value, indent=2)
        assert json.loads(text) == value
        assert text == f"{expected}\n" or not expected.replace("\n", "").isprintable()


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
    served = {"SuggestionsDocument", "StatusDocument", "ProblemDocument"}  # by test_serve.py
    served |= {"TextDocument"}  # by test_mcp.py
    assert {each.__name__ for each in typing.get_args(named["Document"])} == served | {
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
