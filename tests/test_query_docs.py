"""`docs/query-language.md` shows what the tests run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from heatseek.query.parser import (
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_LENGTH,
    MAX_PATHS,
    MAX_PATTERNS,
    MAX_PHRASES,
)
from heatseek.query.ranges import HAS, IS
from heatseek.query.terms import MAX_DISTANCE, MAX_SLOP, MAX_WEIGHT
from heatseek.schema import (
    DATE_BOUNDS,
    LABEL_FIELDS,
    RANGE_FIELDS,
    STATES,
    TEXT_FIELDS,
    LabelField,
    TextField,
    searchable_field,
)
from query_examples import examples, mistakes_table, table

DOCS = (Path(__file__).parents[1] / "docs" / "query-language.md").read_text(encoding="utf-8")
SECTIONS = list(dict.fromkeys(case.section for case in examples()))


@pytest.mark.parametrize("section", SECTIONS)
def test_section_shows_its_examples(section: str) -> None:
    assert table(section) == _shown(f"### {section}")


def test_mistakes_are_shown() -> None:
    assert _shown("## Mistakes").endswith(f"\n\n{mistakes_table()}")


def _shown(heading: str) -> str:
    return re.split(r"\n##+ ", DOCS.partition(f"\n{heading}\n")[2])[0].strip()


def test_no_section_without_examples() -> None:
    shown = re.findall(r"^### (.+)$", DOCS, re.MULTILINE)
    assert list(SECTIONS) == shown


def test_limits_are_those_of_the_parser() -> None:
    for limit in (
        f"{MAX_LENGTH:,} characters",
        f"{MAX_LEAVES:,} words",
        f"{MAX_PATTERNS} with `*`, `?` or `~` or in `url:`",
        f"{MAX_PHRASES} phrases",
        f"{MAX_PATHS} paths",
        f"{MAX_DEPTH} levels",
        f"weights from 0 to {MAX_WEIGHT:,}",
        f"up to {MAX_DISTANCE} letters",
        f"counts as {MAX_SLOP:,}",
    ):
        assert limit in DOCS


def test_grammar_names_every_searchable_field() -> None:
    fields: tuple[TextField | LabelField, ...] = (*TEXT_FIELDS, *LABEL_FIELDS)
    names = {name for field in fields for name in (field.name, *field.aliases)}
    assert {name for name in names if searchable_field(name)} == _alternatives("field")
    assert set(RANGE_FIELDS) == _alternatives("measure")
    assert {*DATE_BOUNDS, *RANGE_FIELDS, *IS, *HAS, *STATES, "true", "false"} == (
        _alternatives("measure") | _alternatives("bound") | _alternatives("state")
    )


def _alternatives(rule: str) -> set[str]:
    found = re.search(rf"^{rule} +=(.+?);", DOCS, re.MULTILINE | re.DOTALL)
    assert found
    return set(re.findall(r'"(\w+)"', found[1]))
