"""Locations, settings and credentials of an index on a cluster, of which no password is shown."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from heatseek.engines import load
from heatseek.engines.opensearch.credentials import Credentials, credentials_of
from heatseek.engines.opensearch.location import Location, Node, location_of
from heatseek.engines.opensearch.settings import KEYS, SettingError, Settings, settings_of
from heatseek.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "Tr0ub4dor"  # noqa: S105 - of nobody
USER, PASSWORD = "HEATSEEK_OPENSEARCH_USER", "HEATSEEK_OPENSEARCH_PASSWORD"


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("opensearch://search/news", Location((Node("search"),), "news")),
        ("opensearch://search:19200/news", Location((Node("search", 19200),), "news")),
        ("OpenSearchs://search/news/", Location((Node("search"),), "news", tls=True)),
        (
            "opensearch://one,two:9201,10.0.0.3/a-b_c.2",
            Location((Node("one"), Node("two", 9201), Node("10.0.0.3")), "a-b_c.2"),
        ),
        ("opensearch://[::1]:9201/news", Location((Node("::1", 9201),), "news")),
        ("opensearch://[2001:db8::1]/news", Location((Node("2001:db8::1"),), "news")),
        ("opensearch://ann@search/news", Location((Node("search"),), "news", user="ann")),
    ],
)
def test_a_location_names_hosts_and_an_index(text: str, location: Location) -> None:
    assert location_of(text) == location
    assert location_of(str(location))._replace(user=location.user) == location


def test_a_location_is_shown_without_its_user() -> None:
    assert str(location_of("opensearchs://ann@a,b:1/news")) == "opensearchs://a:9200,b:1/news"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("opensearch://search", "names no index"),
        ("opensearch:///news", "names no host"),
        ("opensearch://a,,b/news", "names no host"),
        ("opensearch://a b/news", "names no host"),
        ("opensearch://[::1/news", "names no host"),
        ("opensearch://a..b/news", "names no host"),
        (f"opensearch://{'a' * 64}/news", "names no host"),
        (f"opensearch://{'a.' * 127}/news", "names no host"),
        ("opensearch://a:0/news", "a port is a number"),
        ("opensearch://a:65536/news", "a port is a number"),
        ("opensearch://a:0000065536/news", "a port is a number"),
        ("opensearch://a:http/news", "a port is a number"),
        ("opensearch://@a/news", "before the @"),
        ("opensearch://a/News", "small letters"),
        ("opensearch://a/_news", "small letters"),
        ("opensearch://a/news/old", "small letters"),
        ("opensearch://a/news?x=1", "small letters"),
        ("opensearch://a/" + "n" * 201, "at most 200"),
        ("opensearch://a/news-lease", "choose another name"),
        ("opensearch://a/news-lease-held", "choose another name"),
        ("opensearch://a/news-g00000001-0123abcd", "choose another name"),
        ("opensearch://a/news-g00000001-0123abcd-notes", "choose another name"),
    ],
)
def test_what_is_no_location_is_told_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason) as told:
        load(text)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        f"opensearch://ann:{SECRET}@search/news",
        f"opensearch://ann:{SECRET}/x@search/news",
        f"opensearch://ann:{SECRET}@a,b:{SECRET}/news",
        f"opensearch://:{SECRET}@search/news",
    ],
)
def test_a_password_in_a_location_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigError, match=PASSWORD) as told:
        location_of(text)
    assert SECRET not in str(told.value)


def test_settings_have_names_and_bounds() -> None:
    assert settings_of({}) == Settings()
    given = {"shards": 3, "replicas": 1, "timeout": 5, "ca-certificate": "ca.pem", "grace": 0}
    assert settings_of(given) == Settings(3, 1, 5, "ca.pem", grace=0)
    assert {name.replace("-", "_") for name in KEYS} == set(Settings._fields)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("shards", value) for value in (0, True, 1.0, "3", 1025)),
        *(("replicas", value) for value in (-1, False)),
        *(("timeout", value) for value in (0, "30", True, float("nan"), float("inf"))),
        *(("connections", value) for value in (0, 65)),
        *(("ca-certificate", value) for value in ("", 1, "a\0b")),
        ("shard", 3),
        ("location", "x"),
    ],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: object) -> None:
    with pytest.raises(SettingError) as told:
        settings_of({name: value})
    assert told.value.name == name
    assert told.value.reason in str(told.value)


def test_credentials_come_from_the_environment_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (USER, PASSWORD):
        monkeypatch.delenv(name, raising=False)
    assert credentials_of("", "") == Credentials()
    assert Credentials().headers == {}
    file = tmp_path / "credentials"
    file.write_text(f"bob:{SECRET}:x\n")
    assert credentials_of("", str(file)) == Credentials("bob", f"{SECRET}:x")
    monkeypatch.setenv(USER, "ann")
    monkeypatch.setenv(PASSWORD, SECRET)
    assert credentials_of("", "") == Credentials("ann", SECRET)
    # Whoever is named in the location is meant; a file goes before the environment.
    assert credentials_of("eve", "") == Credentials("eve", SECRET)
    for user in ("", "bob"):
        assert credentials_of(user, str(file)) == Credentials("bob", f"{SECRET}:x")
    with pytest.raises(ConfigError, match=r"names the user eve, and .* password of bob") as told:
        credentials_of("eve", str(file))
    assert SECRET not in str(told.value)
    assert Credentials("Aladdin", "open sesame").headers == {
        "authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    }
    # Bytes that are no text, as the environment gives them.
    assert Credentials("ann", "\udcff").headers == {"authorization": "Basic YW5uOv8="}


def test_credentials_that_are_half_there_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (USER, PASSWORD):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError, match=PASSWORD):
        credentials_of("ann", "")
    with pytest.raises(ConfigError, match="no such file"):
        credentials_of("", str(tmp_path / "none"))
    file = tmp_path / "credentials"
    for content in (
        b"",
        SECRET.encode(),
        f"ann:{SECRET}\nx".encode(),
        b":x",
        b"ann:",
        b"\xff:\xff",
    ):
        file.write_bytes(content)
        with pytest.raises(ConfigError, match="has no user:password") as told:
            credentials_of("", str(file))
        assert SECRET not in str(told.value)
    monkeypatch.setenv(PASSWORD, SECRET)
    with pytest.raises(ConfigError, match=USER) as told:
        credentials_of("", "")
    assert SECRET not in str(told.value)


def test_credentials_are_not_shown() -> None:
    known = Credentials("ann", SECRET)
    for shown in (repr(known), str(known), f"{known}", f"{[known]}", f"{known!s}"):
        assert SECRET not in shown
    assert pickle.loads(pickle.dumps(known)) == known  # noqa: S301 - our own
