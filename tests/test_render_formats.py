from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heatseek.cli.render import Format, Output, render, snippet_length
from heatseek.cli.render.escapes import Style
from heatseek.cli.render.tables import COLUMNS, number
from heatseek.errors import UsageError
from heatseek.results import FacetValue
from heatseek.wire import timestamp
from render_samples import (
    BARE,
    CLIMAX,
    EXPLANATION,
    MENTIONED,
    SNIPPET,
    counts,
    hit,
    results,
    wild_results,
)

if TYPE_CHECKING:
    from heatseek.results import Results

ARCHIVE, HERE = Path("/home/me/articles"), Path("/home/me")
DOCUMENTED = Path(__file__).parent.parent / "docs" / "json.md"
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def rendered(page: Results, output: Output, *, style: Style = Style()) -> str:  # noqa: B008
    return render(page, output, style=style, archive=ARCHIVE, here=HERE)


def test_json_is_the_documented_example() -> None:
    example = re.search(r"```json\n(.*?)```", DOCUMENTED.read_text("utf-8"), re.DOTALL)
    climax = replace(CLIMAX, excerpt="Researchers ...", image="https://infoq.com/climax.jpg")
    found = hit(climax, explanation=EXPLANATION, snippet=SNIPPET[-2:], words="all")

    assert example
    facets = {"topic": counts(FacetValue("Machine Learning", 21), FacetValue("AI", 13))}
    page = results(found, total=34, total_some=212, understood="climate ai", facets=facets)
    assert example[1] == rendered(page, Output(Format.JSON))


def test_json_of_declared_fields() -> None:
    at = datetime(2024, 3, 14, tzinfo=UTC)
    extra = (("due", at), ("free", False), ("levels", ("A", "B")), ("price", 4.5))
    assert results(hit(replace(BARE, extra=extra))).to_dict()["hits"][0]["extra"] == {
        "due": "2024-03-14T00:00:00Z",
        "free": False,
        "levels": ["A", "B"],
        "price": 4.5,
    }


def test_json_without_explanations_and_hits() -> None:
    assert results(hit()).to_dict()["hits"][0]["explanation"] is None
    assert json.loads(rendered(results(notices=("sorry",)), Output(Format.JSON))) == {
        "version": 1,
        "query": "climate ai",
        "understood": None,
        "total": 0,
        "total_some": None,
        "with_all": None,
        "near": None,
        "ages_from": None,
        "stories": None,
        "took_ms": 3.142,
        "hits": [],
        "facets": {},
        "suggestion": None,
        "notices": ["sorry"],
    }


def test_json_has_the_spelling_that_was_searched() -> None:
    assert results(suggestion="climate").to_dict()["suggestion"] == "climate"


def test_json_keeps_unknown_apart_from_zero() -> None:
    (found,) = results(hit(BARE)).to_dict()["hits"]

    assert [
        dict(found)[key]
        for key in ("url", "category", "type", "published_at", "published", "quality", "heat")
    ] == [None] * 7


def test_json_lines_are_the_hits() -> None:
    page = results(hit(), hit(MENTIONED, rank=2), total=9)

    lines = rendered(page, Output(Format.JSONL)).splitlines()

    assert page.to_dict()["hits"] == [json.loads(line) for line in lines]


def test_timestamps() -> None:
    assert timestamp(CLIMAX.published_at) == "2023-03-14T14:42:00Z"
    assert timestamp(None) is None


@settings(max_examples=40)
@given(wild_results)
def test_json_round_trips_and_is_harmless(page: Results) -> None:
    text = rendered(page, Output(Format.JSON))

    text.encode("utf-8")
    assert UNSAFE.findall(text) == []
    # Halves of characters that meet become whole ones.
    assert json.loads(json.dumps(page.to_dict())) == json.loads(text)


def test_csv() -> None:
    assert (
        rendered(results(hit(words="all"), hit(BARE, rank=2)), Output(Format.CSV))
        == """\
rank,id,title,excerpt,url,provider,domain,topics,category,type,published_at,published,quality,\
heat,kind,related_to,score,words
1,2023/climax.md,Microsoft Open-Sources Weather Forecasting Deep Learning Model ClimaX,"\
Researchers have open-sourced ClimaX, a model for weather and climate.",\
https://www.infoq.com/news/2023/03/microsoft-climate-ai/,InfoQ,infoq.com,\
Machine Learning; AI; Microsoft AI,news,article,2023-03-14T14:42:00Z,true,56,76,article,,12.685,all
2,bare.md,Nothing but a title,,,,,,,,,,,,article,,12.685,
"""
    )


def test_columns_are_documented() -> None:
    text = (DOCUMENTED.parent / "terminal.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.+?`) \|", text.partition("| column |")[2], re.MULTILINE)
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == list(COLUMNS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.685123456, "12.6851"),
        (0.00001, "0.00001"),
        (0.0000123456789, "0.0000123457"),
        (66.9090909090909, "66.9091"),
        (1234567.891, "1234568"),
        (-2.5, "-2.5"),
        (100.0, "100"),
        (0.0, "0"),
    ],
)
def test_numbers_of_tables_are_short_decimals(value: float, text: str) -> None:
    page = results(hit(score=value))
    for form in (Format.CSV, Format.TSV):
        assert rendered(page, Output(form)).splitlines()[-1].endswith((f",{text},", f"\t{text}\t"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_of_tables_keep_six_digits(value: float) -> None:
    text = number(value)
    assert "e" not in text
    assert float(text) == pytest.approx(value, rel=1e-5, abs=1e-320)


def test_tsv_escapes_what_would_break_its_cells() -> None:
    page = results(hit(replace(BARE, title="a\tb\nc\\d")))

    header, line = rendered(page, Output(Format.TSV)).splitlines()

    assert list(COLUMNS) == header.split("\t")
    assert line.split("\t")[2] == r"a\tb\nc\\d"


@settings(max_examples=40)
@given(wild_results)
def test_csv_reads_back_and_is_harmless(page: Results) -> None:
    text = rendered(page, Output(Format.CSV))

    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert UNSAFE.findall(text) == []
    assert [len(COLUMNS)] * (1 + len(page.hits)) == [len(row) for row in rows]


@settings(max_examples=40)
@given(wild_results)
def test_tsv_is_a_line_a_hit_and_harmless(page: Results) -> None:
    text = rendered(page, Output(Format.TSV))

    assert UNSAFE.findall(text) == []
    assert [len(COLUMNS)] * (1 + len(page.hits)) == [
        len(line.split("\t")) for line in text.split("\n")[:-1]
    ]


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (Output(Format.PATHS), "articles/2023/climax.md\narticles/bare.md\n"),
        (Output(Format.PATHS, nul=True), "articles/2023/climax.md\0articles/bare.md\0"),
        (Output(Format.URLS), f"{CLIMAX.url}\n{MENTIONED.url}\n"),
        (Output(Format.URLS, nul=True), f"{CLIMAX.url}\0{MENTIONED.url}\0"),
    ],
)
def test_listings(output: Output, text: str) -> None:
    assert text == rendered(results(hit(), hit(MENTIONED), hit(BARE)), output)


def test_paths_from_elsewhere_are_absolute() -> None:
    page = results(hit(BARE))

    text = render(
        page, Output(Format.PATHS), style=Style(), archive=ARCHIVE, here=Path("/somewhere/else")
    )

    assert text == "/home/me/articles/bare.md\n"


def test_paths_are_exact_for_programs_and_harmless_for_terminals() -> None:
    page = results(hit(replace(BARE, id="a\x1b[2Jb.md")))

    assert rendered(page, Output(Format.PATHS)) == "articles/a\x1b[2Jb.md\n"
    assert rendered(page, Output(Format.PATHS), style=Style(live=True)) == "articles/a[2Jb.md\n"


def test_snippets_are_asked_for_as_long_as_they_are_shown() -> None:
    text = Output(Format.TEXT)
    assert [snippet_length(text, Style(width=columns)) for columns in (80, 120)] == [142, 222]
    assert snippet_length(Output(Format.JSON), Style()) == 160
    assert snippet_length(Output(Format.CSV), Style()) == 0


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "-")


@pytest.mark.parametrize("form", [Format.CSV, Format.TSV])
@pytest.mark.parametrize("text", FORMULAS)
def test_safe_tables_have_no_formulas(form: Format, text: str) -> None:
    article = replace(CLIMAX, title=text, topics=(text, "x"), quality=-2.5)
    page = results(hit(article))

    plain, safe = (rendered(page, Output(form, safe=safe)) for safe in (False, True))

    delimiter = "," if form is Format.CSV else "\t"
    rows = [next(csv.DictReader(io.StringIO(t), delimiter=delimiter)) for t in (plain, safe)]
    for name in ("title", "topics"):
        assert rows[1][name] == f"'{rows[0][name]}"
    assert {k: v for k, v in rows[0].items() if k not in {"title", "topics"}} == {
        k: v for k, v in rows[1].items() if k not in {"title", "topics"}
    }
    assert rows[1]["quality"] == "-2.5"


def test_a_path_is_never_taken_for_two() -> None:
    page = results(hit(replace(CLIMAX, id="a\n/etc/passwd")))

    with pytest.raises(UsageError, match="-0"):
        rendered(page, Output(Format.PATHS))
    listed = rendered(page, Output(Format.PATHS, nul=True))
    assert listed == "articles/a\n/etc/passwd\0"
