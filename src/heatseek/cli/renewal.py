"""An index that is built anew: when a search does so, and what of the old one stays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.engines.base import Origin

if TYPE_CHECKING:
    from heatseek.config import Config
    from heatseek.engines.base import Engine
    from heatseek.errors import IndexOutdatedError
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language


def is_replaceable(error: IndexOutdatedError, settings: Config) -> bool:
    """Whether a search builds an index anew; not if that would make it another archive's."""
    return bool(error.archive) and settings.archive.resolve() == Path(error.archive)


def kept(settings: Config, engine: Engine) -> tuple[Language, tuple[DeclaredField, ...]]:
    """Language and fields of the new index: those that nobody chose stay as they were."""
    had = engine.origin() or Origin("", settings.language)
    return settings.chosen_language or had.language, settings.declared or had.fields
