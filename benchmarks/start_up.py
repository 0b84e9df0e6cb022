"""Instructions of one `search` process, by the module that spends them at import, and the rest.

    python benchmarks/start_up.py path/to/index ["machine learning"]

Instructions do not depend on what else the machine does, so two versions can be compared on any
day. They are counted by Valgrind's callgrind, which must be installed. Use an ordinary install
(`pip install .`, not `-e`), and unset PYTHONDONTWRITEBYTECODE: without .pyc files every module is
compiled anew.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

_MARK = "os_getppid"
"""The C function that ends a stretch of instructions: nothing else calls it."""
_PROGRAM = """\
import gc, os, sys
from importlib.machinery import SourceFileLoader
gc.set_threshold(100_000, 50, 50)  # as `main` does
load = SourceFileLoader.exec_module
def exec_module(self, module):
    print("+", module.__name__, file=log)
    os.getppid()
    try:
        load(self, module)
    finally:
        print("-", file=log)
        os.getppid()
log = open(sys.argv.pop(1), "w")
SourceFileLoader.exec_module = exec_module
os.getppid()
from heatseek.cli.main import run
run("search", sys.argv[1:])
log.close()
os.getppid()
os._exit(0)
"""
_START = "(Python itself)"
_REST = "(searching, and finding the modules)"


def main() -> None:
    """Print the instructions of each package, and of each module that takes many."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("index", type=Path)
    parser.add_argument("query", nargs="?", default="machine learning")
    parser.add_argument("--least", type=float, default=0.5, help="millions of a line (0.5)")
    options = parser.parse_args()
    spent = measured([options.query, "--json", "--index", str(options.index.resolve())])
    print(f"{sum(spent.values()) / 1e6:7.1f} million instructions, {len(spent) - 2} modules")
    for package, count in packages(spent).most_common():
        print(f"{count / 1e6:7.1f}  {package}")
    print()
    for module, count in spent.most_common():
        if count >= options.least * 1e6:
            print(f"{count / 1e6:7.1f}  {module}")


def packages(spent: Counter[str]) -> Counter[str]:
    """The instructions of heatseek's modules, of other packages' and of Python's."""
    sums: Counter[str] = Counter()
    for module, count in spent.items():
        top = module.partition(".")[0]
        of_python = top in sys.stdlib_module_names
        sums["(Python's own modules)" if of_python else top] += count
    return sums


def measured(arguments: list[str]) -> Counter[str]:
    """The instructions that each module takes to be read and run, without those it imports."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        program = Path(folder, "program.py")
        program.write_text(_PROGRAM)
        command = [sys.executable, str(program), str(log), *arguments]
        # Once without, so that there are .pyc files.
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=_environ())
        callgrind = (
            *("valgrind", "--tool=callgrind", f"--dump-before={_MARK}"),
            f"--callgrind-out-file={folder}/stretch",
        )
        subprocess.run([*callgrind, *command], capture_output=True, check=True, env=_environ())
        return _by_module(_stretches(Path(folder)), log.read_text().splitlines())


def _environ() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def _stretches(folder: Path) -> list[int]:
    """Instructions between two marks, in order."""
    counts: dict[int, int] = {}
    for path in folder.glob("stretch.*"):
        text = path.read_text()
        totals = next(
            line for line in text.splitlines() if line.startswith(("summary:", "totals:"))
        )
        counts[int(path.suffix[1:])] = int(totals.split()[1])
    return [counts[number] for number in sorted(counts)]


def _by_module(stretches: list[int], log: list[str]) -> Counter[str]:
    """Each stretch is of the module that runs in it."""
    spent = Counter({_START: stretches[0]})
    stack = [_REST]
    for line, count in zip(["", *log], stretches[1:], strict=True):
        if line.startswith("+"):
            stack.append(line[2:])
        elif line.startswith("-"):
            stack.pop()
        spent[stack[-1]] += count
    return spent


if __name__ == "__main__":
    main()
