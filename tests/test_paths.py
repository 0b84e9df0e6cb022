"""Articles by the folder that they stand in: in a query, and as a filter beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import heatseek
from heatseek.errors import ArgumentError, QueryError
from heatseek.query.parser import MAX_PATHS
from heatseek.results import Facet

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = (
    "blog/2023/otter.md",
    "blog/2023/drafts/beaver.md",
    "blog/2023-old/otter.md",
    "blog/2023.md",
    "Übung/My Notes/otter.md",
    "otter.md",
)


@pytest.fixture(scope="module", params=[False, True], ids=["once", "often"])
def index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[heatseek.Index]:
    folder: Path = tmp_path_factory.mktemp("archive")
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        head = f"title: The {Path(name).stem} of {name.count('/')}\ncategory: Animals\n"
        story = (
            "related:\n  - title: otter elsewhere\n    webUrl: https://example.com/blog/2023/a\n"
        )
        (folder / name).write_text(f"---\n{head}{story}---\n", "utf-8")
    heatseek.rebuild(folder, folder / "index")
    with heatseek.open_index(folder / "index", long_lived=request.param) as opened:
        yield opened


def found(index: heatseek.Index, query: str = "", **options: object) -> set[str]:
    return {hit.article.id for hit in index.search(query, **options)}


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("blog/2023", (0, 1)),
        ("./blog//2023/", (0, 1)),
        ("BLOG/2023", (0, 1)),
        ("blog", (0, 1, 2, 3)),
        ("blo", ()),
        ("2023", ()),
        ("blog/2023/otter.md", (0,)),
        ("blog/2023*", (0, 1, 2, 3)),
        ("blog/202?", (0, 1)),
        ("*/drafts", (1,)),
        ("*otter.md", (0, 2, 4, 5)),
        ("ubung/my notes", (4,)),
        ("*", (0, 1, 2, 3, 4, 5)),
    ],
)
def test_a_path_is_a_folder_or_a_file(
    index: heatseek.Index, path: str, places: tuple[int, ...]
) -> None:
    expected = {FILES[place] for place in places}
    assert found(index, f'path:"{path}"') == expected
    assert found(index, paths=path) == expected
    assert found(index, where=f"path={path}") == expected
    everywhere = found(index, "otter")
    assert found(index, "otter", paths=[path, "none"]) == everywhere & expected
    assert found(index, f'otter -path:"{path}"') == everywhere - expected


def test_it_holds_where_any_of_the_words_will_do_and_scores_nothing(index: heatseek.Index) -> None:
    assert found(index, "otter unheard path:blog/2023") == {FILES[0]}
    within = index.search("otter path:blog/2023")
    scores = {hit.article.id: hit.score for hit in index.search("otter")}
    assert [(hit.article.id, hit.score) for hit in within] == [(FILES[0], scores[FILES[0]])]
    assert index.search("path:blog/2023").hits[0].score == 1


def test_totals_and_facets_are_those_of_the_folder(index: heatseek.Index) -> None:
    page = index.search("", paths="blog", limit=1, facets=[Facet("category")])
    assert page.total == 4
    assert [(each.value, each.articles) for each in page.facets["category"].values] == [
        ("Animals", 4)
    ]


def test_a_path_that_no_article_has_is_told(index: heatseek.Index) -> None:
    assert 'no path "bolg"' in index.search("otter path:bolg").notices
    assert 'no path "bolg"' in index.search("otter", paths="bolg").notices
    assert index.search("otter", paths=["bolg", "blog"]).notices == ()


def test_a_path_from_outside_the_archive_is_told_as_it_is_in_it(index: heatseek.Index) -> None:
    name = Path(index.generation.archive).name
    notices = index.search(f"otter path:{name}/blog/2023").notices
    assert f'no path "{name}/blog/2023"; did you mean "blog/2023"?' in notices


def test_paths_that_are_none(index: heatseek.Index) -> None:
    with pytest.raises(QueryError, match="no path at character 6; write path:blog/2023"):
        index.search("path:/")
    with pytest.raises(ArgumentError, match="paths: '/': no path"):
        index.search("x", paths="/")
    with pytest.raises(ArgumentError, match=f"paths: the filters have {MAX_PATHS + 1} paths"):
        index.search("x", paths=[str(n) for n in range(MAX_PATHS + 1)])
    with pytest.raises(QueryError, match=f"more than {MAX_PATHS}; ask for folders above them"):
        index.search(" ".join(f"path:{n}" for n in range(MAX_PATHS + 1)))
    with pytest.raises(ArgumentError, match="path has no order"):
        index.search("x", where="path>a")
    assert found(index, "path: otter") == found(index, "path otter")
