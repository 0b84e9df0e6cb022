"""The user and the password that a cluster is to be given: from the environment, or from a file."""

from __future__ import annotations

import os
from base64 import b64encode

from heatseek.definitions import NamedTuple
from heatseek.errors import ConfigError, reason

USER, PASSWORD = "HEATSEEK_OPENSEARCH_USER", "HEATSEEK_OPENSEARCH_PASSWORD"
"""The variables of the environment."""
_LARGEST = 10_000
"""Bytes of the file."""


class Credentials(NamedTuple):
    """A user and a password; never shown."""

    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return "Credentials(...)" if self.user else "Credentials()"

    @property
    def headers(self) -> dict[str, str]:
        """Of each request; they say who asks."""
        if not self.user:
            return {}
        # Bytes of the environment that are no text go as they are.
        pair = b64encode(f"{self.user}:{self.password}".encode(errors="surrogateescape")).decode()
        return {"authorization": f"Basic {pair}"}


def credentials_of(user: str, path: str) -> Credentials:
    """What to give to a cluster; nothing, where there is neither file nor variable.

    Args:
        user: of the location; empty if it names none.
        path: of the file; empty if there is none.

    Raises:
        ConfigError: the file cannot be read, or half of them is missing.
    """
    known = Credentials(os.environ.get(USER, ""), os.environ.get(PASSWORD, ""))
    if path:
        known = _read(path)
        if user and user != known.user:
            raise ConfigError(
                f"the address names the user {user}, and {path} has the password of {known.user}:"
                " leave one of the users out, or name the same"
            )
    known = Credentials(user or known.user, known.password)
    if known.user and not known.password:
        raise ConfigError(
            "there is a user for the cluster and no password: set"
            f" {PASSWORD}, or `credentials` in [engine] to a file with user:password"
        )
    if known.password and (not known.user or ":" in known.user):
        raise ConfigError(f"there is a password for the cluster and no user: set {USER}")
    return known


def _read(path: str) -> Credentials:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib takes long to import
            line = file.read(_LARGEST).strip()
    except OSError as error:
        raise ConfigError(f"cannot read the credentials in {path}: {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} has no user:password: it is no text") from error
    user, colon, password = line.partition(":")
    if not (colon and user and password) or "\n" in line:
        raise ConfigError(f"{path} has no user:password, which must be its only line")
    return Credentials(user, password)
