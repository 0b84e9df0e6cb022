"""Headers in YAML by other parsers: FOLDER... [--files 1500].

Microseconds of CPU for a header, and how many of them each refuses: ours piece by piece over all
files in order, as an index is built; ours whole; and PyYAML's, ryaml, py-yaml12 and rapidyaml, if
they are installed. `differs` are headers of which a parser gives other data than ours; values
that it takes for numbers, dates or truth have lost how they were typed, and count.
"""

from __future__ import annotations

import argparse
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from heatseek.ingest.discover import discover
from heatseek.ingest.handlers import HANDLERS
from heatseek.ingest.yaml_pieces import PieceLoader
from heatseek.ingest.yaml_tree import load_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Load = Callable[[str], Any]


def headers(folder: Path) -> list[str]:
    """Those of all files of an archive that have one in YAML."""
    found: list[str] = []
    fence = HANDLERS[0]
    for file in discover(folder, lambda problem: None):  # noqa: ARG005 - says nothing
        with suppress(ValueError):
            text = file.path.read_text(encoding="utf-8").replace("\r\n", "\n")
            if fence.detect(text):
                found.append(fence.split(text)[0])
    return found


def loaders() -> dict[str, Load]:
    """Each way that is here."""
    ways: dict[str, Load] = {
        "ours, piece by piece": PieceLoader().load,
        "ours, whole": load_yaml,
        "PyYAML, C loader": lambda text: yaml.load(text, Loader=yaml.CSafeLoader),
    }
    with suppress(ImportError):
        import ryaml  # noqa: PLC0415 - if it is here

        ways["ryaml"] = ryaml.loads
    with suppress(ImportError):
        import yaml12  # noqa: PLC0415 - likewise

        ways["py-yaml12"] = yaml12.parse_yaml
    with suppress(ImportError):
        import ryml  # noqa: PLC0415 - likewise

        ways["rapidyaml, its tree alone"] = lambda text: ryml.parse_in_arena(text.encode())
        ways["rapidyaml, data"] = lambda text: _data(ryml, text)
    return ways


def _data(ryml: Any, text: str) -> Any:
    tree = ryml.parse_in_arena(text.encode())

    def built(node: int) -> Any:
        if tree.is_map(node):
            return {bytes(tree.key(c)).decode(): built(c) for c in ryml.children(tree, node)}
        if tree.is_seq(node):
            return [built(child) for child in ryml.children(tree, node)]
        return bytes(tree.val(node)).decode()

    return built(tree.root_id())


def measured(load: Load, texts: Sequence[str], expected: Sequence[Any]) -> str:
    """The figures of one way."""
    given: list[Any] = []
    refused = 0
    start = time.process_time()
    for text in texts:
        try:
            given.append(load(text))
        except Exception:  # noqa: BLE001 - each has its own
            refused += 1
            given.append(...)
    seconds = time.process_time() - start
    differing = sum(a is not ... and a != b for a, b in zip(given, expected, strict=True))
    each, speed = 1e6 * seconds / len(texts), sum(map(len, texts)) / 1e6 / seconds
    return f"{each:8.0f} us  {speed:7.1f} MB/s  refused {refused:4}  differs {differing:5}"


def main() -> None:
    """Print it, archive by archive."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--files", type=int, default=1_500, help="of an archive at most")
    options = parser.parse_args()
    for folder in options.folder:
        found = headers(folder)
        found = found[:: max(1, len(found) // options.files)]
        print(f"{folder.name}: {len(found):,} headers, {sum(map(len, found)) / 1e6:.2f} MB")
        expected = [_or_nothing(text) for text in found]
        for name, load in loaders().items():
            print(f"  {name:26} {measured(load, found, expected)}", flush=True)


def _or_nothing(text: str) -> Any:
    with suppress(Exception):
        return load_yaml(text)
    return None


if __name__ == "__main__":
    main()
