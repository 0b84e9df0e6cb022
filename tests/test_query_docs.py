"""`docs/query-language.md` shows what the tests run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from heatseek.query.language import MAX_DEPTH, MAX_LEAVES, MAX_LENGTH
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS, LabelField, TextField, searchable_field
from query_examples import examples, table

DOCS = (Path(__file__).parents[1] / "docs" / "query-language.md").read_text(encoding="utf-8")
SECTIONS = list(dict.fromkeys(case.section for case in examples()))


@pytest.mark.parametrize("section", SECTIONS)
def test_section_shows_its_examples(section: str) -> None:
    shown = DOCS.partition(f"\n### {section}\n")[2].partition("\n### ")[0].strip()
    assert table(section) == shown


def test_no_section_without_examples() -> None:
    shown = re.findall(r"^### (.+)$", DOCS, re.MULTILINE)
    assert list(SECTIONS) == shown


def test_limits_are_those_of_the_parser() -> None:
    limits = f"{MAX_LENGTH:,} characters, {MAX_LEAVES:,} words, {MAX_DEPTH} levels"
    assert limits in DOCS


def test_grammar_names_every_searchable_field() -> None:
    rule = re.search(r"^field +=(.+?);", DOCS, re.MULTILINE | re.DOTALL)
    assert rule
    fields: tuple[TextField | LabelField, ...] = (*TEXT_FIELDS, *LABEL_FIELDS)
    names = {name for field in fields for name in (field.name, *field.aliases)}
    assert {name for name in names if searchable_field(name)} == set(
        re.findall(r'"(\w+)"', rule[1])
    )
