"""What a search may name besides the built-in fields: what the archive declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek import engines
from heatseek.cli.renewal import is_replaceable, kept
from heatseek.errors import IndexForeignError, IndexMissingError, IndexOutdatedError
from heatseek.query.where import parse_conditions
from heatseek.schema import Names

if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.config import Config
    from heatseek.query.tree import Query
    from heatseek.schema import DeclaredField


def known(settings: Config) -> tuple[DeclaredField, ...]:
    """The declared fields of the index; before there is one, those that it will have.

    Raises:
        StoreError: there is an index that cannot be read, nor be built anew by a search.
    """
    engine = engines.load("whoosh", settings.index)
    try:
        with engine.open() as reader:
            return reader.generation.fields
    except IndexForeignError:
        raise
    except IndexOutdatedError as error:
        if not is_replaceable(error, settings):
            raise
    except IndexMissingError:
        pass
    return kept(settings, engine)[1]


def facets(settings: Config) -> list[str]:
    """The declared fields whose values are counted."""
    return [field.name for field in known(settings) if field.facet]


def conditions(typed: list[str], settings: Config, now: datetime) -> tuple[Query, ...]:
    """What `--where` asks for; dates such as `yesterday` count from `now`."""
    return parse_conditions(typed, Names(known(settings)), now, option="--where")
