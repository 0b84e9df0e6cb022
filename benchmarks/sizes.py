"""Where the bytes of an index go, section by section, beside the text that it is made of.

python benchmarks/sizes.py path/to/index [--archive path/to/archive]
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from heatseek.engines import load
from heatseek.engines.whoosh.manifest import DOCUMENTS_FILE, TERMS_FILE
from heatseek.engines.whoosh.sections import SectionFile

_SHOWN = 0.002
"""Parts of an index smaller than this are left out."""


def main() -> None:
    """Print the sections of all segments and the other files, the largest first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--archive", type=Path, help="its files, to compare with")
    options = parser.parse_args()
    sizes = _sizes(options.index)
    total = sizes.total()
    for name, size in sizes.most_common():
        if size > _SHOWN * total:
            print(f"{size / 1e6:9.3f} MB {size / total:6.1%}  {name}")
    print(f"{total / 1e6:9.3f} MB  the whole index")
    with load(options.index).open() as reader:
        bodies = sum(len(article.body.encode()) for article in reader.articles())
    _compare(total, bodies, "bodies as plain text")
    if options.archive:
        files = (path for path in options.archive.rglob("*") if path.suffix[:3] in (".md", ".ht"))
        _compare(total, sum(path.stat().st_size for path in files), "files of the archive")


def _sizes(index: Path) -> Counter[str]:
    current = index / (index / "CURRENT").read_text().strip()
    sizes: Counter[str] = Counter()
    for path in current.iterdir():
        if path.suffix in (DOCUMENTS_FILE, TERMS_FILE):
            file = SectionFile(str(path))
            sizes.update({name: file.length(name) for name in file})
        else:
            sizes[path.name] += path.stat().st_size
    return sizes


def _compare(total: int, size: int, name: str) -> None:
    if size:
        print(f"{size / 1e6:9.3f} MB  {name}: the index is {total / size:.2f} times as large")


if __name__ == "__main__":
    main()
