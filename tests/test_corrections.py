"""Misspelt words and unknown labels: only when nothing matches, and always said."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heatseek.article import Article, Provider
from heatseek.engines import load
from heatseek.engines.whoosh import merging
from heatseek.errors import IndexClosedError
from heatseek.search.request import Matching
from indexes import change, fill, fill_by_changes
from searches import Asking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.engines.base import Engine, Reader

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARTICLES = [
    Article("a.md", "Climate models computing", topics=("Machine Learning",)),
    Article("b.md", "Climate of the valley", provider=Provider("InfoQ", "infoq.com")),
    Article("c.md", "Computers compute computations", excerpt="form from 2023 wind"),
    Article("d.md", "from from", excerpt="wind"),
]


@pytest.fixture(scope="module", params=[False, True])
def reader(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    engine = load(tmp_path_factory.mktemp("index"))
    fill(engine, ARTICLES)
    with engine.open(long_lived=request.param) as reader:
        yield reader


OTHERS = {"otters": 30, "com": 300, "cosmos": 20, "cosy": 40, "teams": 20, "texas": 60}
OTHERS |= {
    "kubecon": 40,
    "kubernetes": 20,
    "data": 90,
    "cloud": 50,
    "weathervanes": 1,
    "weather": 90,
}


@pytest.fixture(scope="module", params=[False, True])
def archive(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    """So many articles with each word."""
    engine = load(tmp_path_factory.mktemp("index"))
    most = max(OTHERS.values())
    titles = [" ".join(word for word, n in OTHERS.items() if n > at) for at in range(most)]
    fill(engine, [Article(f"{at}.md", title) for at, title in enumerate(titles)])
    with engine.open(long_lived=request.param) as opened:
        yield opened


def test_swapped_letters_are_likelier_than_a_part_of_another_word(tmp_path: Path) -> None:
    engine = load(tmp_path)
    fill(engine, [Article("a.md", "the teams"), Article("b.md", "sistemas")])
    with engine.open() as reader:
        assert ask(reader, "temas")[2] == "teams"
        assert ask(reader, "stemas")[2] == "*stemas*"


def test_half_a_word_is_completed_and_that_is_said(archive: Reader) -> None:
    found, notices, suggestion = ask(archive, "otters kubern", matching=Matching.ALL)
    assert (len(found), suggestion) == (10, "otters kubernetes")
    assert notices == ('no article has "kubern": searched for "kubernetes"',)


class Calls:
    """A reader that counts the calls to it, by their names."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.made: Counter[str] = Counter()

    def __getattr__(self, name: str) -> object:
        self.made[name] += 1
        return getattr(self._reader, name)


def calls(reader: Reader, text: str, **options: object) -> tuple[int, int]:
    """How many searches and counts a search takes."""
    counted = Calls(reader)
    ask(counted, text, **options)  # type: ignore[arg-type]
    return counted.made["search"], counted.made["count"]


def test_a_misspelt_word_takes_two_searches_and_two_counts_at_most(reader: Reader) -> None:
    assert calls(reader, "climate") == (1, 0)
    assert calls(reader, "climte") == (2, 1)
    assert calls(reader, "climte vally frrm", matching=Matching.ALL) == (2, 1)
    assert calls(reader, "climatemodels") == (2, 2)  # two words
    assert calls(reader, "climatemodels fromwind compu ting", matching=Matching.ALL) == (2, 2)


def test_similar_articles_take_one_search_and_one_count(reader: Reader) -> None:
    assert calls(reader, "", similar_to="b.md") == (1, 1)


def test_unknown_labels_take_one_count(reader: Reader) -> None:
    assert calls(reader, "climate", topics=["X", "Y", "Z"], providers=["A", "B"]) == (1, 1)


def ask(reader: Reader, text: str, **options: object) -> tuple[list[str], tuple[str, ...], str]:
    found = Asking(reader, some=False).search(text, **options)  # type: ignore[arg-type]
    return sorted(hit.article.id for hit in found), found.notices, found.suggestion


def test_a_misspelt_word_is_replaced_and_that_is_said(reader: Reader) -> None:
    said = ('no article has "climte": searched for "climate"',)
    assert ask(reader, "climte") == (["a.md", "b.md"], said, "climate")
    assert ask(reader, "climte valley") == (["b.md"], said, "climate valley")
    assert ask(reader, "+climte -valley")[::2] == (["a.md"], "+climate -valley")
    assert ask(reader, "title:climte")[::2] == (["a.md", "b.md"], "title:climate")
    assert ask(reader, "climte valley", matching=Matching.ALL)[0] == ["b.md"]


def test_a_word_that_articles_have_is_never_replaced(reader: Reader) -> None:
    assert ask(reader, "form climate")[2] == ""
    said = 'no article has "climte"; did you mean "climate"?'
    assert ask(reader, "climte OR wind") == (["c.md", "d.md"], (said,), "")
    # It is in other fields.
    assert ask(reader, "title:wind") == ([], (), "")


@pytest.mark.parametrize(
    "text",
    ["climate topic:climate", "wind title:wind", "climate OR category:climate", "title:wind"],
)
def test_a_word_that_is_missing_in_one_field_only_is_not_unknown(reader: Reader, text: str) -> None:
    _, notices, suggestion = ask(reader, text)
    assert suggestion == ""
    assert not [notice for notice in notices if notice.startswith('no article has "')]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("climte?", "climate?"),
        ("climte, valley", "climate, valley"),
        ("(climte) valley!", "(climate) valley!"),
        ("WHAT IS THE CLIMTE OF THE VALLEY", "what is the climate of the valley"),
        ("cli\u0301mte", "climate"),
    ],
)
def test_misspelt_words_between_signs_and_in_other_scripts(
    reader: Reader, text: str, meant: str
) -> None:
    assert ask(reader, text, matching=Matching.ALL)[2] == meant


def test_two_words_as_one_where_any_will_do(reader: Reader) -> None:
    found, _, suggestion = ask(reader, "compu ting", matching=Matching.ANY)
    assert (found, suggestion) == (["a.md", "c.md"], "computing")
    assert "computing" not in ask(reader, "compu OR ting")[2]


def test_unknown_words_beside_others_are_told(reader: Reader) -> None:
    some = "no article has all of these words; these have some"
    told = 'no article has "zzyzx"'
    assert ask(reader, "zzyzx climate")[1] == (some, told)
    four = ask(reader, "climte zzyzx wind valley", matching=Matching.ANY)[1]
    assert four == ('no article has "climte"; did you mean "climate"?', told)
    many = ask(reader, "qq ww vv kk jj hh wind")[1]
    assert many[-1] == 'no article has "qq", "ww", "vv" and 3 more of the words'
    assert ask(reader, "wind -zzyzx zzyzx*")[1] == (some,)
    assert ask(reader, "climate 2029")[1] == (some, 'no article has "2029"')


@pytest.mark.parametrize("text", ['"climte"', "climte~0", "2024", "clim?tx", "topic:climte*"])
def test_what_is_meant_as_it_is_stays(reader: Reader, text: str) -> None:
    assert ask(reader, text) == ([], (), "")


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (
            {"topics": "machne learning"},
            'no topic "machne learning"; did you mean "Machine Learning"?',
        ),
        (
            {"providers": "Infoc"},
            'no provider "Infoc"; did you mean "InfoQ"?',
        ),
        ({"topics": "learning"}, 'no topic "learning"; did you mean "Machine Learning"?'),
        ({"topics": "lerning"}, 'no topic "lerning"; did you mean "Machine Learning"?'),
        ({"topics": "xylophone"}, 'no topic "xylophone"; there is "Machine Learning"'),
        ({"types": "video"}, 'no type "video"'),
    ],
)
def test_an_unknown_label_is_told_with_the_nearest(
    reader: Reader, filters: dict[str, str], said: str
) -> None:
    assert ask(reader, "climate", **filters) == ([], (said,), "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("topic:machne", 'no topic "machne" at character 7; did you mean "Machine Learning"?'),
        (
            'climate -topic:"machne learning"',
            'no topic "machne learning" at character 16; did you mean "Machine Learning"?',
        ),
        (
            "provider:(infoq OR infoc)",
            'no provider "infoc" at character 20; did you mean "InfoQ"?',
        ),
        ("climate OR type:video", 'no type "video" at character 17'),
        ("category:climte", 'no category "climte" at character 10'),
    ],
)
def test_an_unknown_label_in_a_query_is_told_with_its_place(
    reader: Reader, text: str, said: str
) -> None:
    found, notices, suggestion = ask(reader, text)
    assert (notices, suggestion) == ((said,), "")
    assert bool(found) == (" " in text)


def test_of_several_labels_the_unknown_ones_are_told(reader: Reader) -> None:
    filters = {"topics": ("machine learning", "machinery")}
    said = 'no topic "machinery"; did you mean "Machine Learning"?'
    assert ask(reader, "climate", **filters) == (["a.md"], (said,), "")


def test_of_very_many_unknown_labels_some_are_told(reader: Reader) -> None:
    notices = ask(reader, " ".join(f"topic:none{number}" for number in range(9)))[1]
    assert notices[4].startswith('no topic "none4" at character 55')
    assert notices[5:] == ("4 more of the labels are unknown",)
    twice = ask(reader, "topic:none climate OR topic:none")[1]
    assert len([notice for notice in twice if notice.startswith("no topic")]) == 1


def test_text_of_another_kind_is_not_corrected(reader: Reader) -> None:
    words = "climte vally computng cimate valleey moddels"
    assert ask(reader, words, matching=Matching.ALL)[2] == ""
    assert ask(reader, words.rpartition(" ")[0], matching=Matching.ALL)[2] != ""


def test_a_label_by_one_of_its_names_is_not_unknown(reader: Reader) -> None:
    searcher = Asking(reader, synonyms={"ML": ["machine learning"]})
    assert searcher.search("topic:ml").notices == ()


@pytest.mark.parametrize(
    ("text", "meant", "ids"),
    [
        ("machinelearning", '"machine learning"', ["a.md"]),
        ("title:climatemodels", 'title:"climate models"', ["a.md"]),
        ("Climatemodels computing", '"Climate models" computing', ["a.md"]),
        ("com puters wind", "computers wind", ["c.md"]),
        ("com  puters", "computers", ["a.md", "c.md"]),
        ("title:(com puters)", "title:(computers)", ["a.md", "c.md"]),
        ("windfrom", "windfrom", []),  # never side by side in this order
        ("climates", "climates", ["a.md", "b.md"]),
        ("com AND puters", "com AND *puters*", []),
        ('"com puters"', '"com puters"', []),
        ("topic:machinelearning", "topic:machinelearning", []),
    ],
)
def test_words_typed_together_or_apart(
    reader: Reader, text: str, meant: str, ids: list[str]
) -> None:
    found, notices, suggestion = ask(reader, text)
    assert (found, suggestion or text) == (ids, meant)
    assert not suggestion or "searched for" in notices[0]
    # What is proposed finds the same when it is typed.
    assert ask(reader, meant)[0] == ids


def test_a_word_with_one_mistake_is_likelier_than_two_words(tmp_path: Path) -> None:
    engine = load(tmp_path)
    fill(engine, [Article("a.md", "of ice and fire"), Article("b.md", "the office")])
    with engine.open() as reader:
        assert ask(reader, "ofice")[2] == "office"
        assert ask(reader, "andfire")[2] == '"and fire"'


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("RawTransaction", "*RawTransaction*"),
        ("UserById", "*UserById*"),
        ("server", "*server*"),
        ("raw-transaction", "*raw-transaction*"),
        ("title:rawtransaction send", "title:*rawtransaction* send"),
        ("3.11", "*3.11*"),
        ("Wasser", "*Wasser*"),
        ("versicherung", "*versicherung*"),
        ("Grundwassser", "grundwasser"),
        ("wass", "*wass*"),
        ("was", ""),
        ("2023", ""),
        ("2.0.2", ""),
        ('"server"', ""),
    ],
)
def test_a_word_that_is_part_of_longer_ones_stands_for_these(
    tmp_path: Path, text: str, meant: str
) -> None:
    engine = load(tmp_path)
    fill(
        engine,
        [
            Article("a.md", "eth_sendRawTransaction and others send"),
            Article("b.md", "HTTPServer, getUserById"),
            Article("c.md", "Release v2.0.1 of python3.11"),
            Article("d.md", "Das Grundwasser und die Haftpflichtversicherung"),
        ],
    )
    with engine.open() as reader:
        found, notices, suggestion = ask(reader, text)
        assert suggestion == meant
        assert bool(found) == bool(meant)
        if meant:
            assert ask(reader, meant) == (found, (), "")
            assert " ".join(notices).count("no article has") == 1


def test_words_with_marks_are_corrected(tmp_path: Path) -> None:
    engine = load(tmp_path)
    fill(engine, [Article("a.md", "मुश्किल सवाल")])
    with engine.open() as reader:
        assert ask(reader, "मुश्कील")[2] == "मुश्किल"
        assert ask(reader, "मुश् किल")[2] == "मुश्किल"


def test_a_whole_word_goes_before_those_that_have_it_in_them(tmp_path: Path) -> None:
    engine = load(tmp_path)
    fill(engine, [Article("a.md", "HTTPServer"), Article("b.md", "a server")])
    with engine.open() as reader:
        assert ask(reader, "server") == (["b.md"], (), "")
        (told,) = ask(reader, "server OR httpserve")[1]
        assert told == 'no article has "httpserve"; did you mean "httpserver"?'


def test_a_label_that_only_nothing_else_goes_with_is_not_unknown(reader: Reader) -> None:
    filters = {"providers": ("infoq.com",), "topics": ("machine learning",)}
    assert ask(reader, "", **filters) == ([], (), "")


STEMS = "sharing sharing sharing shared share start starting started started e-share".split()
MISSPELT = ("shart", "stare", "shere", "sahred", "starz", "strat", "shars", "sharess")


def proposed(engine: Engine, *, long_lived: bool) -> list[object]:
    """Every word in the place of each misspelt one, and what a search makes of it."""
    with engine.open(long_lived=long_lived) as reader:
        said = [ask(reader, word) for word in MISSPELT]
        return [reader.suggest(word) for word in MISSPELT] + said


archives = {
    "titles": st.lists(st.sampled_from(STEMS), min_size=6, max_size=16),
    "gone": st.lists(st.sampled_from(STEMS), max_size=6),
    "numbers": st.permutations(range(16)),
}


def test_a_closed_reader_of_an_index_with_deletions_suggests_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FACTOR", 0)
    monkeypatch.setattr(merging, "MOST_DELETED", 1.0)
    engine = load(tmp_path)
    fill(engine, ARTICLES)
    change(engine, removed=["a.md"])
    reader = engine.open()
    reader.close()
    with pytest.raises(IndexClosedError):
        reader.suggest("climat")


@settings(max_examples=10)
@given(**archives)
def test_corrections_depend_on_nothing_but_what_articles_say(
    titles: list[str], gone: list[str], numbers: list[int]
) -> None:
    """Not on the order of documents, on those that are gone, nor on the kind of process."""
    check_proposals(titles, gone, numbers)


@pytest.mark.slow
@settings(max_examples=500)
@given(**archives)
def test_corrections_of_hundreds_of_archives(
    titles: list[str], gone: list[str], numbers: list[int]
) -> None:
    check_proposals(titles, gone, numbers)


def check_proposals(titles: list[str], gone: list[str], numbers: list[int]) -> None:
    articles = [
        Article(f"{number}.md", title) for number, title in zip(numbers, titles, strict=False)
    ]
    others = [Article(f"gone{number}.md", title) for number, title in enumerate(gone)]
    with tempfile.TemporaryDirectory() as folder:
        rebuilt, updated = (load(Path(folder, name)) for name in ("one", "other"))
        fill(rebuilt, sorted(articles, key=lambda article: article.id))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(merging, "FACTOR", 0)
            patch.setattr(merging, "MOST_DELETED", 1.0)
            fill_by_changes(updated, [*others, *articles])
            change(updated, removed=[article.id for article in others])
        expected = proposed(rebuilt, long_lived=False)
        assert proposed(rebuilt, long_lived=True) == expected
        assert proposed(updated, long_lived=False) == expected
        assert proposed(updated, long_lived=True) == expected
