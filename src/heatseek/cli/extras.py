"""Optional packages: a line that says how to install the one that is missing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from heatseek.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def extra(name: str, package: str, user: str = "") -> Iterator[None]:
    """Imports that need an extra of our distribution.

    Args:
        name: of the extra.
        package: the package that it brings.
        user: the option that needs it; without it the whole command does.

    Raises:
        UsageError: the package is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        hint = f"needs the package {package}: pip install 'heatseek[{name}]'"
        raise UsageError(f"{user} {hint}".lstrip()) from None
