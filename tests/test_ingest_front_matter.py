from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from heatseek.ingest.front_matter import MAX_FRONT_MATTER, parse_front_matter
from heatseek.ingest.problem import FormatError
from heatseek.ingest.yaml_tree import load_yaml


def metadata(text: str) -> dict[Any, Any]:
    return parse_front_matter(text).metadata


def flaw(text: str) -> tuple[str, int, int | None, str]:
    """The first flaw of a text."""
    flaws = parse_front_matter(text).flaws
    assert "SEKRET" not in str(flaws)
    assert all(flaw.reason.isprintable() for flaw in flaws)
    line, column, reason, kind = flaws[0]
    return kind, line, column, reason


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
    assert flaw(text)[:3] == ("syntax", 3, 7)
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
            "a text that begins with * needs quotes",
        ),
        ("---\ntitle: *bold* x\n---\n", "syntax", 2, 13, "begins with * or & needs quotes"),
        ('---\ntitle: "x\n---\n', "syntax", 2, 8, "a quote is not closed"),
        ("---\ntitle: [x] y\n---\n", "syntax", 2, 12, "check the quotes"),
        ("---\ntitle: [x\ny: z\n---\n", "syntax", 2, 8, "a bracket is not closed, or a text"),
        ("---\ntitle: {x\n---\n", "syntax", 2, 8, "a brace is not closed, or a text"),
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
        ('+++\na = """x\n+++\n', "syntax", 2, 1, "TOML: "),
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
    *place, message = flaw(text)
    assert place == [kind, line, column]
    assert reason in message
    *place, _ = flaw("\ufeff\r\n" + text.replace("\n", "\r\n"))
    assert place == [kind, line + 1, column]


def bomb(levels: int, line: str) -> str:
    lines = (line.format(n=n, refs=",".join([f"*a{n - 1}"] * 9)) for n in range(1, levels))
    return "---\na0: &a0 {k: v}\n" + "".join(lines) + "---\n"


@pytest.mark.parametrize("line", ["a{n}: &a{n} [{refs}]\n", "a{n}: &a{n} {{<<: [{refs}]}}\n"])
def test_alias_bombs_are_refused(line: str) -> None:
    assert flaw(bomb(30, line))[0] == "alias-bomb"
    assert metadata(bomb(4, line))


def test_many_values_without_aliases_are_no_bomb() -> None:
    assert len(metadata("---\na: [" + "x," * 120_000 + "]\n---\n")["a"]) == 120_000


def test_brackets_in_texts_are_no_depth() -> None:
    text = "[{" * 10_000
    assert metadata(f'---\na: "{text}"\n---\n') == {"a": text}


@pytest.mark.parametrize(
    "frame", ["---\na: {}\n---\n", '{{"a": "{}"\n}}\n', "+++\na = '{}'\n+++\n"]
)
def test_huge_front_matter_is_passed_over(frame: str) -> None:
    text = f"{frame.format('x' * MAX_FRONT_MATTER)}Body"
    assert flaw(text)[:3] == ("too-large", 1, None)
    front = parse_front_matter(text)
    assert (front.metadata, front.body.strip()) == ({}, "Body")


DEEP = """
import sys
sys.path[:0] = {path!r}
from heatseek.ingest.front_matter import parse_front_matter
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
    print(parse_front_matter(text).flaws[0].kind)
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
def test_any_text_is_parsed(text: str, frame: str) -> None:
    front = parse_front_matter(frame.format(text))
    assert isinstance(front.metadata, dict)
    assert all(flaw.line >= 1 for flaw in front.flaws)


def test_signs_that_the_parser_names_stay_readable() -> None:
    with pytest.raises(FormatError, match="did not find expected , or ]"):
        load_yaml("title: [x\n")
    with pytest.raises(FormatError, match=r"expected : \(a key needs `: ` behind it"):
        load_yaml("title: x\nSea\n")


# What people write


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ferries: who runs them", "Ferries: who runs them"),
        ('"Safe" is a word', '"Safe" is a word'),
        ('"A "safe" harbour"', 'A "safe" harbour'),
        ('"Safe" and "sound"', '"Safe" and "sound"'),
        ("'It's late'", "It's late"),
        ("'Twas night", "'Twas night"),
        ('"Never closed', "Never closed"),
        ('"C:\\quay"', "C:\\quay"),
        ("@home in port", "@home in port"),
        ("`ls` lists", "`ls` lists"),
        ("%d quays", "%d quays"),
        ("{{ page.title }}", "{{ page.title }}"),
        ("{% raw %}", "{% raw %}"),
        ("*Bold* claims", "*Bold* claims"),
        ("&c. and so on", "&c. and so on"),
        ("!Warning", "!Warning"),
        ("> quoted", "> quoted"),
        ("- dashed", "- dashed"),
        ("[Solved] How to moor", "[Solved] How to moor"),
        ("[#one, two: three, 'four, five', @six]", ["#one", "two: three", "four, five", "@six"]),
        ("[%one", ["%one"]),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_value_that_needs_quotes_is_read_as_it_was_meant(
    typed: str, meant: object, ending: str
) -> None:
    text = f"---\ndate: 2024-01-01\nkey: {typed}\nlast: x\n---\nBody".replace("\n", ending)
    front = parse_front_matter(text)
    assert front.metadata == {"date": "2024-01-01", "key": meant, "last": "x"}
    assert front.body == "Body"
    (flaw,) = front.flaws
    assert (flaw.line, flaw.kind) == (3, "syntax")
    assert flaw.reason.endswith(": read as the text that stands there")


def test_entries_of_lists_are_read_as_they_were_meant() -> None:
    front = parse_front_matter(
        "---\naliases:\n- %\n- @x: y\n- plain\nrelated:\n"
        '  - title: "Old" quays\n    webUrl: http://a.b\n  - title: One: two\n---\n'
    )
    assert front.metadata == {
        "aliases": ["%", "@x: y", "plain"],
        "related": [{"title": '"Old" quays', "webUrl": "http://a.b"}, {"title": "One: two"}],
    }
    assert [flaw.line for flaw in front.flaws] == [3, 7]


def test_tabs_count_as_spaces() -> None:
    front = parse_front_matter("---\ntitle:\tTides\ntags:\n\t- ebb\n\t- flow: x\n---\n")
    assert front.metadata == {"title": "Tides", "tags": ["ebb", {"flow": "x"}]}
    assert [(flaw.line, flaw.column) for flaw in front.flaws] == [(4, 1)]
    assert "a tab where spaces belong" in front.flaws[0].reason


def test_a_text_that_goes_on_in_the_first_column() -> None:
    front = parse_front_matter("---\nexcerpt: One\ntwo\nthree\ntitle: T\n---\n")
    assert front.metadata == {"excerpt": "One two three", "title": "T"}


def test_what_cannot_be_mended_costs_its_own_key_only() -> None:
    front = parse_front_matter(
        "---\ntitle: Tides\nmap:\n   a: b\n  c: d\nflags: &f x\n? [k]\n: v\nend: y\n---\nBody\n"
    )
    assert front.metadata == {"title": "Tides", "map": None, "flags": "x", "end": "y"}
    assert front.body == "Body\n"
    assert [flaw.line for flaw in front.flaws] == [5, 7]
    assert {flaw.reason.rpartition(": ")[2] for flaw in front.flaws} == {
        "what stands below this key is left out"
    }


def test_a_broken_entry_costs_the_others_of_its_list_nothing() -> None:
    front = parse_front_matter(
        "---\ntitle: Tides\nrelated:\n  - title: A\n    webUrl: http://a.b\n"
        "  - title: B\n     webUrl: http://b.c\n   excerpt: x\n  - title: C\n---\n"
    )
    assert front.metadata == {
        "title": "Tides",
        "related": [{"title": "A", "webUrl": "http://a.b"}, {"title": "C"}],
    }
    assert [flaw.line for flaw in front.flaws] == [7]
    assert front.flaws[0].reason.endswith("what cannot be read of this list is left out")


def test_of_many_faults_some_are_told_and_the_rest_counted() -> None:
    lines = "".join(f"k{number}: a: {number}\n" for number in range(50))
    front = parse_front_matter(f"---\n{lines}---\n")
    assert front.metadata == {f"k{number}": f"a: {number}" for number in range(50)}
    assert len(front.flaws) == 21
    assert front.flaws[-1].reason == "and 30 more faults"


def test_a_broken_header_of_another_format() -> None:
    toml = parse_front_matter("+++\ntitle = Unquoted\nn = 1\n[extra]\na = 1\nb = [\n+++\nBody")
    assert (toml.metadata, toml.body) == (
        {"title": "Unquoted", "n": 1, "extra": {"a": 1, "b": []}},
        "Body",
    )
    assert [flaw.line for flaw in toml.flaws] == [2, 6]
    json = parse_front_matter('{\n  "title": "T",\n  "n": x,\n  "a": [1]\n}\nBody')
    assert (json.metadata, json.body) == ({"title": "T", "a": ["1"]}, "Body")
    assert [(flaw.line, flaw.column) for flaw in json.flaws] == [(3, 8)]


names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
values = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1)


@given(st.dictionaries(names, values.map(str.strip).filter(bool), min_size=1, max_size=5), names)
def test_sound_keys_beside_a_broken_one_are_as_if_it_were_not_there(
    data: dict[str, str], broken: str
) -> None:
    sound = yaml.safe_dump(data, allow_unicode=True, width=1_000_000)
    front = parse_front_matter(f"---\n{sound}{broken}: a: b\n---\n")
    assert front.metadata == {**data, broken: "a: b"}


# Headers without fences, and none


def test_pairs_down_to_a_blank_line_are_a_header() -> None:
    front = parse_front_matter(
        "Title: Tides: a table\nDate: 2010-12-03 10:20\nTags: ebb, flow\nSummary: One\n    two\n"
        "Base Header Level: 2\n\nBody\n"
    )
    assert front.metadata == {
        "Title": "Tides: a table",
        "Date": "2010-12-03 10:20",
        "Tags": "ebb, flow",
        "Summary": "One two",
        "Base Header Level": "2",
    }
    assert (front.body, front.body_line, front.line_of("Tags"), front.flaws) == ("Body\n", 8, 3, ())


def test_a_header_whose_first_fence_is_missing() -> None:
    front = parse_front_matter("title: Ebb: flow\ntags:\n- one\n- two\n---\nBody\n---\nmore")
    assert front.metadata == {"title": "Ebb: flow", "tags": ["one", "two"]}
    assert front.body == "Body\n---\nmore"
    assert [flaw.line for flaw in front.flaws] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "# Hello\n",
        "Hello: x\n",
        "Note: this is a text\nand goes on\n",
        "One thing: two\nAnother: three\n\nMore",
        "Title: of nobility\nare many of them.\n",
        "{% include x %}",
        "---\nA line between rules.\n\n---\nmore",
        "---\n- one\n---\ntwo",
        "---\n\nA rule, and never another",
        "***\n",
        "text",
        "",
    ],
)
def test_what_is_no_header_is_text(text: str) -> None:
    front = parse_front_matter(text)
    assert (front.metadata, front.body) == ({}, text)


def test_a_header_that_is_never_closed_ends_at_a_blank_line() -> None:
    front = parse_front_matter("---\ntitle: Tides\ntags: [a: b, @c]\n\nBody\n")
    assert front.metadata == {"title": "Tides", "tags": ["a: b", "@c"]}
    assert front.body.strip() == "Body"
    assert [flaw.kind for flaw in front.flaws] == ["unclosed", "syntax"]


@pytest.mark.parametrize("text", ["---\n---\nBody", "---\n\n# none\n---\nBody", "{}\nBody"])
def test_an_empty_header_is_no_flaw(text: str) -> None:
    front = parse_front_matter(text)
    assert (front.metadata, front.body.strip(), front.flaws) == ({}, "Body", ())


@pytest.mark.parametrize(
    "text",
    [
        "---\nsecured: SEKRET\n",
        "---\nwords\nsecured: SEKRET\n",
        "---\n- secured: SEKRET\n---\nx",
        '{"title": "T", "secured": "SEKRET',
        '{"a": 1,\n"secured": "SEKRET\n SEKRET"\n\nx',
        '"secured": SEKRET\n\nx',
        "  secured = SEKRET\nSEKRET\n\nx",
        "secured: SEKRET\n\nx",
        "---\ntitle: T\nsecured = SEKRET\n---\n",
        "---\nprovider: {name: B, secured: SEKRET: 1}\n---\n",
        "---\nprovider:\n  - a: b: c\n    secured: SEKRET: 1\n---\n",
        "---\na: b: c\nsecured: |\nSEKRET\n---\n",
    ],
)
def test_what_is_secured_is_never_taken_for_text(text: str) -> None:
    front = parse_front_matter(text)
    front.metadata.pop("secured", None)
    assert "SEKRET" not in repr((front.metadata, front.body, front.flaws))
