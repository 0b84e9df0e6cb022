from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from heatseek.errors import ArticleError
from heatseek.ingest.front_matter import MAX_FRONT_MATTER, parse_front_matter
from heatseek.ingest.problem import RejectedError


def metadata(text: str) -> dict[Any, Any]:
    return parse_front_matter(text).metadata


def rejected(text: str) -> tuple[str, int, int | None, str]:
    with pytest.raises(RejectedError) as caught:
        parse_front_matter(text)
    error = caught.value
    assert "SEKRET" not in error.reason
    assert error.reason.isprintable()
    return error.kind, error.line, error.column, error.reason


def test_yaml_and_body_are_taken_apart() -> None:
    front = parse_front_matter("---\ntitle: A\nx:\n  - b\n---\n\nBody\n---\nmore\n")
    assert front.metadata == {"title": "A", "x": ["b"]}
    assert front.body == "\nBody\n---\nmore\n"
    assert front.body_line == 6


@pytest.mark.parametrize(
    "typed",
    ["1.10", "NO", "yes", "0x10", "1_000", "2023-03-14", "2023-02-30", "1e3", ".inf", "=", "010"],
)
def test_plain_scalars_stay_as_typed(typed: str) -> None:
    assert metadata(f"---\ntitle: {typed}\n---\n") == {"title": typed}
    assert metadata(f"---\n{typed}: x\n---\n") == {typed: "x"}


@pytest.mark.parametrize("typed", ["", "~", "null", "Null", "NULL"])
def test_null_is_none_unless_quoted(typed: str) -> None:
    assert metadata(f"---\na: {typed}\nb: '{typed}'\n---\n") == {"a": None, "b": typed}


def test_standard_tags_of_scalars_change_nothing() -> None:
    text = "---\na: !!int abc\nb: !!str 1\nc: !!timestamp x\nd: !!bool x\n---\n"
    assert metadata(text) == {"a": "abc", "b": "1", "c": "x", "d": "x"}


def test_the_last_of_equal_keys_counts() -> None:
    front = parse_front_matter("---\na: 1\nb: 2\na: 3\n---\n")
    assert front.metadata == {"a": "3", "b": "2"}
    assert front.line_of("a") == 4


def test_aliases_and_merges_are_followed() -> None:
    text = (
        "---\nbase: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\n"
        "one: {<<: *b, x: 5}\nboth: {<<: [*b, *m]}\nagain: *b\nquoted: {'<<': no}\n---\n"
    )
    data = metadata(text)
    assert data["one"] == {"x": "5", "y": "2"}
    assert data["both"] == {"x": "1", "y": "2", "z": "4"}
    assert data["again"] == {"x": "1", "y": "2"}
    assert data["quoted"] == {"<<": "no"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("lead", ["", "\ufeff", "\ufeff\n \t\n", "\n\n\n"])
def test_marks_breaks_and_blank_lines_are_tolerated(lead: str, ending: str) -> None:
    text = f"{lead}---\ntitle: A\n---  \nBody".replace("\n", ending)
    front = parse_front_matter(text)
    assert (front.metadata, front.body) == ({"title": "A"}, "Body")
    assert front.body_line == 4 + lead.count("\n")
    assert front.line_of("title") == 2 + lead.count("\n")


@pytest.mark.parametrize("closing", ["---", "-----", "..."])
def test_yaml_is_closed_by_dashes_or_dots(closing: str) -> None:
    assert parse_front_matter(f"---\na: 1\n{closing}\nb").body == "b"


def test_raw_controls_count_as_spaces() -> None:
    text = '---\ntitle: "a\x00b\x1b[31mc\x1b]0;t\x07d\u2028e"\nbad: x: y\n---\n'
    assert rejected(text)[:3] == ("syntax", 3, 7)
    assert metadata(text.replace("bad: x: y\n", "")) == {"title": "a b     c      d e"}


def test_toml() -> None:
    text = (
        '+++\ntitle = "A"\nn = 1.10\nd = 2023-03-14T14:42:00Z\n[provider]\nname = "P"\n+++\nBody\n'
    )
    front = parse_front_matter(text)
    when = datetime(2023, 3, 14, 14, 42, tzinfo=UTC)
    assert front.metadata == {"title": "A", "n": "1.10", "d": when, "provider": {"name": "P"}}
    assert (front.body, front.body_line, front.line_of("provider")) == ("Body\n", 8, 5)


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "A", "n": 1.10, "big": 9}\nBody',
        '{\n  "title": "A",\n  "n": 1.10,\n  "big": 9\n}\nBody',
        ';;;\n"title": "A",\n"n": 1.10,\n"big": 9\n;;;\nBody',
        ';;;\n{"title": "A", "n": 1.10, "big": 9}\n;;;\nBody',
    ],
)
def test_json(text: str) -> None:
    text = text.replace("9", "9" * 5_000)
    front = parse_front_matter(text)
    assert front.metadata == {"title": "A", "n": "1.10", "big": "9" * 5_000}
    assert front.body.strip() == "Body"
    assert text.splitlines()[front.body_line - 1 :][-1] == "Body"


def test_json_knows_the_line_of_a_key() -> None:
    front = parse_front_matter('{\n  "title": "A",\n  "quality": "x"\n}\n')
    assert front.line_of("quality") == 3


@pytest.mark.parametrize(
    ("text", "kind", "line", "column", "reason"),
    [
        ("# Hello\n", "no-front-matter", 1, None, "no front matter"),
        ("\n\nHello: x\n", "no-front-matter", 3, None, "no front matter"),
        ("{% include x %}", "no-front-matter", 1, None, "no front matter"),
        ("---\ntitle: x\n\nBody", "unclosed", 1, None, "never closed: a second `---`"),
        ("+++\ntitle = 1\n", "unclosed", 1, None, "never closed: a second `+++`"),
        ("---\n- a\n---\n", "syntax", 1, None, "not a mapping"),
        ("---\nwords\n---\n", "syntax", 1, None, "not a mapping"),
        ("---\ntitle: Foo: bar\n---\n", "syntax", 2, 11, "needs quotes"),
        ("---\n\u00e9: 1\n\u00e9t\u00e9: Foo: bar\n---\n", "syntax", 3, 9, "needs quotes"),
        ('---\ntitle: "Foo "bar" baz"\n---\n', "syntax", 2, 14, "check the quotes"),
        ("---\ntitle: @x\n---\n", "syntax", 2, 8, "needs quotes"),
        ("---\na: 1\n\tb: 2\n---\n", "syntax", 3, 1, "tab"),
        (
            "---\nsecured: *SEKRET\n---\n",
            "syntax",
            2,
            10,
            "undefined alias (a text that begins with",
        ),
        ("---\ntitle: *bold* x\n---\n", "syntax", 2, 13, "begins with * or & needs quotes"),
        ('---\ntitle: "x\n---\n', "syntax", 3, 1, "(a quote is not closed)"),
        ("---\ntitle: [x] y\n---\n", "syntax", 2, 12, "check the quotes"),
        ("---\ntitle: [x\ny: z\n---\n", "syntax", 3, 2, "(a bracket is not closed, or a text"),
        ("---\ntitle: {x\n---\n", "syntax", 3, 1, "(a brace is not closed, or a text"),
        ("---\ntitle: > x\n---\n", "syntax", 2, 10, "begins with > or | needs quotes"),
        ("---\ntitle: - x\n---\n", "syntax", 2, 8, "begins with `- ` needs quotes"),
        ('---\ntitle: "C:\\q"\n---\n', "syntax", 2, 11, "write \\\\ for one"),
        ("---\nsecured: !SEKRET x\n---\n", "syntax", 2, 10, "tags"),
        ("---\na: !!python/object/apply:os.system [x]\n---\n", "syntax", 2, 4, "tags"),
        ("---\na: !!binary eA==\n---\n", "syntax", 2, 4, "tags"),
        ("---\n? [a]\n: b\n---\n", "syntax", 2, 3, "a key must be text"),
        ("---\n<<: SEKRET\n---\n", "syntax", 2, 5, "needs mappings"),
        ("---\na: &a [*a]\n---\n", "too-deep", 2, 4, "contains itself"),
        ("+++\nsecured = SEKRET\n+++\n", "syntax", 2, 11, "TOML: Invalid value: it is missing"),
        (
            '+++\nSEKRET = 1\nSEKRET = "b"\n+++\n',
            "syntax",
            3,
            13,
            "TOML: Cannot overwrite a value",
        ),
        ('+++\na = """x\n+++\n', "syntax", 3, 1, "TOML: "),
        (f"+++\na = {'9' * 5_000}\n+++\n", "syntax", 2, 3, "too long"),
        ('{\n  "title": "x",\n  "secured": SEKRET\n}', "syntax", 3, 14, "JSON: Expecting value"),
        ('{"secured": "\\SEKRET"}', "syntax", 1, 14, "JSON: Invalid"),
        ('{\n "title": "x"\n', "syntax", 3, 1, "JSON: Expecting"),
        (';;;\n"a": 1,\n"b": x\n;;;\n', "syntax", 3, 6, "JSON: Expecting value"),
        (';;;\n{"a": 1} x\n;;;\n', "syntax", 2, 9, "after the closing brace"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    text: str, kind: str, line: int, column: int | None, reason: str
) -> None:
    *place, message = rejected(text)
    assert place == [kind, line, column]
    assert reason in message
    *place, _ = rejected("\ufeff\r\n" + text.replace("\n", "\r\n"))
    assert place == [kind, line + 1, column]


def bomb(levels: int, line: str) -> str:
    lines = (line.format(n=n, refs=",".join([f"*a{n - 1}"] * 9)) for n in range(1, levels))
    return "---\na0: &a0 {k: v}\n" + "".join(lines) + "---\n"


@pytest.mark.parametrize("line", ["a{n}: &a{n} [{refs}]\n", "a{n}: &a{n} {{<<: [{refs}]}}\n"])
def test_alias_bombs_are_refused(line: str) -> None:
    assert rejected(bomb(30, line))[0] == "alias-bomb"
    assert metadata(bomb(4, line))


def test_many_values_without_aliases_are_no_bomb() -> None:
    assert len(metadata("---\na: [" + "x," * 120_000 + "]\n---\n")["a"]) == 120_000


def test_brackets_in_texts_are_no_depth() -> None:
    text = "[{" * 10_000
    assert metadata(f'---\na: "{text}"\n---\n') == {"a": text}


def test_huge_front_matter_is_refused() -> None:
    text = f"---\na: {'x' * MAX_FRONT_MATTER}\n---\n"
    assert rejected(text)[:3] == ("too-large", 1, None)


DEEP = """
import sys
sys.path[:0] = {path!r}
from heatseek.ingest.front_matter import parse_front_matter
from heatseek.ingest.problem import RejectedError
n = 90_000
for text in (
    "---\\na: " + "[" * n + "]" * n + "\\n---\\n",
    "---\\na: " + "{{b: " * n + "\\n---\\n",
    "---\\n" + "? " * n + "\\n---\\n",
    "---\\n" + "- " * n + "\\n---\\n",
    "---\\n" + "".join(" " * i + "-\\n" for i in range(1_300)) + "---\\n",
    '{{"a": ' + "[" * n + "]" * n + "}}",
    ';;;\\n"a": ' + '{{"b":' * n + "\\n;;;\\n",
    "+++\\na = " + "[" * n + "]" * n + "\\n+++\\n",
    "+++\\n" + "a." * n + "a = 1\\n+++\\n",
    "+++\\na = " + "{{b=" * n + "\\n+++\\n",
):
    try:
        parse_front_matter(text)
    except RejectedError as error:
        print(error.kind)
"""


def test_bottomless_nesting_is_refused_and_never_crashes() -> None:
    code = DEEP.format(path=sys.path)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["too-deep"] * 10


# What YAML can write down and our reading of control characters leaves alone.
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
trees = st.recursive(
    st.none() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(texts, trees, max_size=5), st.booleans(), st.sampled_from(["", "\ufeff\n"]))
def test_what_pyyaml_writes_is_read_back(data: dict[str, Any], flow: bool, lead: str) -> None:
    dumped = yaml.safe_dump(data, default_flow_style=flow, width=1_000_000)
    assert metadata(f"{lead}---\n{dumped}---\nBody") == data


@given(st.text(max_size=200), st.sampled_from(["---\n{}\n---\n", "+++\n{}\n+++\n", "{{{}}}", "{}"]))
def test_any_text_is_parsed_or_rejected(text: str, frame: str) -> None:
    try:
        front = parse_front_matter(frame.format(text))
    except ArticleError:
        return
    assert isinstance(front.metadata, dict)


def test_signs_that_the_parser_names_stay_readable() -> None:
    with pytest.raises(ArticleError, match="did not find expected , or ]"):
        parse_front_matter("---\ntitle: [x\n---\n")
