"""Three nodes, each shard on two of them: any one is killed while many search and one writes.

No error reaches anybody, and every answer is that of one generation, to the last bit.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

import pytest

from clusters import address
from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.model import Request
from heatseek.engines.opensearch import parts
from heatseek.errors import EngineUnreachableError, GenerationGoneError, HeatseekError
from heatseek.query import tree
from heatseek.results import Facet
from indexes import change, fill
from opensearch.cluster_index import ClusterIndex
from strategies import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.engines.base import Engine, Reader

pytestmark = [pytest.mark.opensearch, pytest.mark.slow]
SCRIPT = Path(__file__).with_name("server.sh")
ARTICLES = 120
WORDS = "tide wind sun rain snow".split()
QUERIES = [
    tree.Term("common"),
    tree.Synonyms(("tide", "wind")),
    tree.Phrase("sun common"),
    tree.Term("tide", "topics"),
    tree.Everything(),
]


class Nodes:
    """Three processes, each of which can be killed and started again."""

    def __init__(self, root: Path) -> None:
        ports = {"OPENSEARCH_HTTP": "19470", "OPENSEARCH_TRANSPORT": "19570"}
        self._environment = {**os.environ, **ports, "OPENSEARCH_ROOT": str(root)}
        self._environment.setdefault("OPENSEARCH_HEAP", "512m")
        self.hosts = [f"127.0.0.1:{19470 + node}" for node in range(3)]
        self._dead: set[int] = set()

    def run(self, *command: str) -> None:
        # Its nodes go on, and would hold what it writes to.
        with (Path(self._environment["OPENSEARCH_ROOT"]) / "script.log").open("ab") as log:
            subprocess.run(
                [SCRIPT, *command], check=True, env=self._environment, stdout=log, stderr=log
            )

    def kill(self, node: int) -> None:
        self._dead.add(node)
        self.run("kill", str(node))

    def mend(self) -> None:
        """Start those that are dead, and wait until all shards are where they should be."""
        while self._dead:
            self.run("restart", str(self._dead.pop()))
        index = ClusterIndex(f"http://{self.hosts[0]}")
        for _ in range(240):
            try:
                health = index.get(
                    "_cluster/health?wait_for_nodes=3&wait_for_status=green&timeout=5s"
                )
                if health.get("timed_out") is False:
                    return
            except OSError:
                pass
            time.sleep(0.5)
        raise AssertionError("the cluster does not come together again")


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    address()  # where there is no server there is no Java either
    with TemporaryDirectory() as folder:
        # If need be they run as a user who may not look into pytest's folders.
        root = Path(folder)
        root.chmod(0o755)
        made = Nodes(root)
        made.run("start", "3")
        try:
            yield made
        finally:
            made.run("stop")


@pytest.fixture
def index(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClusterIndex]:
    """On all three; lines go in many requests, so that some are always on their way."""
    monkeypatch.setattr(parts, "BYTES", 2_000)
    nodes.mend()
    made = ClusterIndex(f"http://{','.join(nodes.hosts)}", shards=3, replicas=1, timeout=20)
    yield made
    one = ClusterIndex(f"http://{nodes.hosts[0]}")
    one.name = made.name
    one.remove()


def version(number: int) -> list[Article]:
    """All articles, as they are in the generation of this number."""
    return [
        Article(
            f"{place}.md",
            f"{WORDS[(place + number) % 5]} common {WORDS[place % 3]}",
            topics=(WORDS[(place * number) % 5],),
            quality=place % 7,
        )
        for place in range(ARTICLES)
    ]


def answers(reader: Reader) -> list[Any]:
    facets = (Facet("topic"),)
    pages = [reader.search(Request(query, EPOCH, facets=facets)) for query in QUERIES]
    return [
        (page.total, page.facets, [(match.article, match.score) for match in page.matches])
        for page in pages
    ]


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """The answers of each generation, as a folder gives them."""
    engine = load(tmp_path_factory.mktemp("right"))
    made = []
    for number in range(6):
        fill(engine, version(number))
        with engine.open() as reader:
            made.append(answers(reader))
    return made


class Searching:
    """Threads that search all the while, with readers that are new and with one that is not."""

    def __init__(self, engine: Engine, right: list[list[Any]]) -> None:
        self._engine = engine
        self._right = right
        self._is_over = threading.Event()
        self.errors: list[BaseException] = []
        self.seen: list[int] = []
        self._threads = [
            threading.Thread(target=self._watch, args=(way,)) for way in (self._anew, self._on)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def go_on_until(self, number: int) -> None:
        """Wait until a generation has answered, or something has failed."""
        deadline = time.monotonic() + 60
        while number not in self.seen and not self.errors:
            assert time.monotonic() < deadline, f"generation {number} answers nobody"
            time.sleep(0.1)

    def _watch(self, way: Callable[[], None]) -> None:
        try:
            way()
        except BaseException as error:  # noqa: BLE001 - told below
            self.errors.append(error)

    def _anew(self) -> None:
        while not self._is_over.is_set():
            with self._engine.open() as reader:
                self._ask(reader)

    def _on(self) -> None:
        while not self._is_over.is_set():
            with self._engine.open(long_lived=True) as reader:
                try:
                    while not self._is_over.is_set():
                        self._ask(reader)
                except GenerationGoneError:
                    continue

    def _ask(self, reader: Reader) -> None:
        number = reader.generation.number
        assert answers(reader) == self._right[number - 1], f"generation {number}"
        self.seen.append(number)


@pytest.mark.parametrize("victim", [1, 2, 3])
def test_a_node_killed_in_the_middle_of_a_change_is_noticed_by_nobody(
    nodes: Nodes, index: ClusterIndex, right: list[list[Any]], victim: int
) -> None:
    fill(index.engine, version(0))

    def killing() -> Iterator[Article]:
        for place, article in enumerate(version(2)):
            if place == ARTICLES // 2:
                nodes.kill(victim)
            yield article

    with Searching(index.engine, right) as searching:
        time.sleep(1)
        change(index.engine, version(1))
        change(index.engine, killing())
        change(index.engine, version(3))
        searching.go_on_until(4)
    assert searching.errors == []
    with index.engine.open() as reader:
        assert answers(reader) == right[3]
    nodes.mend()
    assert list(index.engine.check()) == []
    with index.engine.open() as reader:
        assert answers(reader) == right[3]


def test_a_node_killed_in_the_middle_of_a_rebuild_is_noticed_by_nobody(
    nodes: Nodes, index: ClusterIndex, right: list[list[Any]]
) -> None:
    fill(index.engine, version(0))

    def killing() -> Iterator[Article]:
        for place, article in enumerate(version(1)):
            if place == ARTICLES // 3:
                nodes.kill(2)
            yield article

    with Searching(index.engine, right) as searching:
        fill(index.engine, killing())
        searching.go_on_until(2)
    assert searching.errors == []
    assert 1 in searching.seen
    nodes.mend()
    assert list(index.engine.check()) == []


def test_without_most_of_the_nodes_nothing_is_lost_and_nothing_is_left_out(
    nodes: Nodes, index: ClusterIndex, right: list[list[Any]]
) -> None:
    """Two of three are dead: an error, never fewer hits; and all is there when they are back."""
    fill(index.engine, version(0))
    nodes.kill(2)
    nodes.kill(3)
    told: list[EngineUnreachableError] = []
    for _ in range(3):
        # Until the last node has noticed it may still have what it needs.
        try:
            with index.engine.open() as reader:
                assert answers(reader) == right[0]
        except EngineUnreachableError as error:
            told.append(error)
    assert told
    assert not [error for error in told if "\n" in str(error)]
    with pytest.raises(HeatseekError) as refused:
        change(index.engine, version(1))
    assert "\n" not in str(refused.value)
    nodes.mend()
    assert list(index.engine.check()) == []
    with index.engine.open() as reader:
        assert answers(reader) == right[0]
