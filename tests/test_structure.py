"""The shape of the code: imports point one way, and a search loads only what it needs."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

import heatseek
from heatseek import errors

SOURCE = Path(heatseek.__file__).parent
LAYERS = [
    {"__main__"},
    {"cli.serve"},
    {"cli.mcp"},
    {"agents"},
    {"web"},
    {"cli"},
    {"maintenance"},
    {"health", "build_arguments"},
    {"library", "whoosh"},
    {"evaluation"},
    {"search", "indexer", "lint"},
    {"config"},
    {"engines.whoosh", "engines.opensearch", "ingest", "engines"},
    {"vectors"},
    {"engines.shared"},
    {"engines.base"},
    {"engines.model"},
    {"query"},
    {"ranking"},
    {"results"},
    {"explanation"},
    {"wire", "schema"},
    {"toml_text"},
    {"text"},
    {"article", "conventions", "errors", "compression", "zones"},
    {"definitions"},
]
"""A module may import from lower layers, and from its own package."""
LEVEL = {name: depth for depth, names in enumerate(LAYERS) for name in names}


def room(module: str) -> str:
    """The name under which a module stands in LAYERS."""
    parts = module.split(".")[1:]
    for size in (2, 1):
        name = ".".join(parts[:size])
        if name in LEVEL:
            return name
    raise AssertionError(f"{module} stands in no layer")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module.startswith("heatseek"):
                public = node.module == "heatseek"
                here = (homes(alias.name) if public else alias.name for alias in node.names)
                names = {f"{node.module}.{name}" for name in here}
                found |= names & modules().keys() or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("heatseek")}
    return found


def homes(name: str) -> str:
    """The module of a public name of the package; all other names as they are."""
    return heatseek._HOME.get(name, name)


@cache
def modules() -> dict[str, Path]:
    paths = (p for p in SOURCE.rglob("*.py") if p != SOURCE / "__init__.py")
    return {
        ".".join(("heatseek", *p.relative_to(SOURCE).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): p
        for p in paths
    }


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_point_down(module: str) -> None:
    here = room(module)
    for imported in imports(modules()[module]):
        there = room(imported)
        assert here == there or LEVEL[here] < LEVEL[there], f"{module} imports {imported}"


def test_the_map_has_every_file_and_no_other() -> None:
    root = Path(__file__).parents[1]
    text = (root / "ARCHITECTURE.md").read_text("utf-8")
    names = set(re.findall(r"`(?:[\w.]+/)*(\w+)(?:\.py|/)?`", text))
    assert {p.stem for p in SOURCE.rglob("*.py")} - names == set()
    paths = [f"/{p.relative_to(root)}" for p in root.rglob("*.py") if ".venv" not in p.parts]
    named = set(re.findall(r"`([\w./]+\.py)`", text))
    assert {name for name in named if not any(p.endswith(f"/{name}") for p in paths)} == set()


def test_no_circles() -> None:
    graph = {module: imports(path) & modules().keys() for module, path in modules().items()}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module not in done:
            for imported in graph[module]:
                visit(imported, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


FRONT_ENDS = {"agents", "cli", "web"}
OPEN_TO_FRONT_ENDS = {
    *("", "library", "maintenance", "health", "build_arguments", "wire", "results", "article"),
    *("errors", "config", "schema"),
    "explanation",
    *("conventions", "zones", "ranking", "text", "lint", "evaluation", "definitions"),
    # Making a request, and words about one.
    *("search.request", "search.arguments", "search.saved", "search.interpreter", "query.ranges"),
    # Ranks and news of earlier searches, and finding by them.
    *("search.find", "search.history"),
    # For types only.
    "search.highlight",
}
"""All else is behind the library: engines, indexer, ingest, the searcher, Whoosh."""
CLOSED_TO_FRONT_ENDS = {
    "dateutil", "frontmatter", "numpy", "Stemmer", "whoosh", "yaml"
}  # fmt: skip
"""Libraries that engines and readers of files are made of."""


def reach(source: str) -> set[str]:
    """All modules that a text imports, also those for types, and modules named as text."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= inner & modules().keys() or {node.module}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= {node.value} & modules().keys()
    return names


def beyond_front_ends(source: str) -> set[str]:
    """The imports of a text that no front end may have."""
    names = reach(source)
    ours = {name for name in names if name.split(".")[0] == "heatseek"}
    front = {f"heatseek.{name}" for name in FRONT_ENDS}
    allowed = {f"heatseek.{name}".rstrip(".") for name in OPEN_TO_FRONT_ENDS}
    beginnings = {name: {".".join(name.split(".")[:size]) for size in (1, 2, 3)} for name in ours}
    wrong = {
        name
        for name, parts in beginnings.items()
        if name != "heatseek" and not (parts - {"heatseek"}) & (allowed | front)
    }
    return wrong | {n for n in names - ours if n.split(".")[0] in CLOSED_TO_FRONT_ENDS}


@pytest.mark.parametrize(
    "module", sorted(name for name in modules() if name.split(".")[1] in FRONT_ENDS)
)
def test_front_ends_use_the_library_only(module: str) -> None:
    assert beyond_front_ends(modules()[module].read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "line",
    [
        "import whoosh",
        "import whoosh.index as anything",
        "from whoosh.qparser import QueryParser",
        "import heatseek.whoosh",
        "from heatseek import whoosh",
        "from heatseek import engines",
        "from heatseek.engines.model import Request",
        "if TYPE_CHECKING:\n    from heatseek.engines.base import Reader",
        "def late():\n    from heatseek.ingest.reader import read_file",
        "from heatseek import indexer",
        "from heatseek.search.searcher import Searcher",
        "from heatseek.query.parser import parse",
        "import_module('heatseek.engines.whoosh.reader')",
        "import yaml",
    ],
)
def test_what_front_ends_may_not_import_is_seen(line: str) -> None:
    assert beyond_front_ends(line) != set()


def text_of(tree: ast.Module) -> set[str]:
    """The texts of a module that are no docstrings."""
    docs = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # fmt: skip
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs
    }


@pytest.mark.parametrize(
    "module", sorted(n for n in modules() if n.split(".")[1] not in {*FRONT_ENDS, "config"})
)
def test_what_to_type_is_said_by_front_ends_only(module: str) -> None:
    """`config` names options as places of settings."""
    texts = text_of(ast.parse(modules()[module].read_text("utf-8")))
    typed = re.compile(r"--[a-z]|`?heatseek (rebuild|update|doctor|search)")
    assert {text for text in texts if typed.search(text)} == set()


WRITING = {"codec", "indexing"}
INTEROP = {"interop", *(f"interop.{name}" for name in ("analysis", "codec", "cursors", "fields"))}


def test_whoosh_is_imported_to_write_and_for_whoosh_itself_only() -> None:
    importing = {
        module
        for module, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text()))
        if "whoosh" in {name.split(".")[0] for name in imported(node)}
    }
    here = "heatseek.engines.whoosh"
    allowed = {f"{here}.{name}" for name in WRITING | INTEROP}
    assert importing == {*allowed, "heatseek.whoosh"}  # of which the last one only for its types


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module} if isinstance(node, ast.ImportFrom) and node.module else set()


def test_heatseek_whoosh_imports_whoosh_when_an_index_is_opened() -> None:
    assert "whoosh" not in loaded_by("import heatseek; heatseek.whoosh.open_index")


def test_public_names_are_sorted_and_there() -> None:
    assert sorted(heatseek.__all__) == heatseek.__all__
    assert dir(heatseek) == heatseek.__all__
    for name in set(heatseek.__all__) - {"__version__"}:
        assert getattr(heatseek, name).__name__ == name
    assert heatseek.__version__ == version("heatseek")
    assert not hasattr(heatseek, "no_such_name")


def test_every_error_is_public() -> None:
    kinds = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert kinds - set(heatseek.__all__) == set()
    drawn = set(re.findall(r"\w+Error\b", errors.__doc__ or ""))
    assert drawn == kinds


def test_a_type_checker_knows_the_public_names(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import heatseek\nheatseek.open_index\nheatseek.nonsense\n"
    )
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull),
            *("--cache-dir", os.devnull, "--follow-imports", "silent", "program.py"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = checked.stdout.splitlines()
    assert len(told) == 2, told
    assert told[0].startswith('program.py:3: error: Module has no attribute "nonsense"')


def test_importing_the_package_loads_nothing_else() -> None:
    loaded = loaded_by("import heatseek")
    assert {name for name in loaded if name.startswith("heatseek")} == {"heatseek"}


def loaded_by(code: str) -> set[str]:
    program = f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return set(json.loads(done.stderr))


MOST_MODULES = 69
"""Modules of ours that one search may load: each takes a million instructions."""
HEAVY = set(
    """
    asyncio concurrent contextlib dataclasses email frontmatter hashlib http inspect ipaddress
    logging markdown_it multiprocessing numpy pathlib pydantic pyromark rich shutil socket ssl
    tempfile threading tomllib typer typing urllib whoosh yaml
    """.split()
)


def test_one_shot_search_imports_only_what_it_needs(tmp_path: Path) -> None:
    archive = tmp_path / "seeds"
    archive.mkdir()
    (archive / "a.md").write_text("---\ntitle: Climate AI\n---\n")
    heatseek.rebuild(archive, tmp_path / "index")
    loaded = loaded_by(
        f"import os; os.chdir({str(tmp_path)!r})\n"
        "from heatseek.cli.main import run\n"
        "assert run('search', ['climate', '--json']) == 0"
    )
    assert HEAVY & loaded == set()
    ours = {name for name in loaded if name.startswith("heatseek")}
    assert len(ours) <= MOST_MODULES
