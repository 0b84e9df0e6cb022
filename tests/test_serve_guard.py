"""Who is let in where other methods are taken, too: the guard alone, around an application."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from heatseek.web.security import MAX_BODY, Access, Guard, headers

CLIENT = TestClient(
    Guard(PlainTextResponse("done"), Access(frozenset(["testserver"]), writable=("/agent",)))
)


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/agent", 10, 200), ("/agent", MAX_BODY, 200), ("/agent", MAX_BODY + 1, 413),
     ("/agents", 10, 400), ("/agent/", 10, 400), ("/", 10, 400)],
)  # fmt: skip
def test_only_what_is_writable_takes_a_body_of_some_size(path: str, size: int, status: int) -> None:
    assert CLIENT.post(path, content=b"x" * size).status_code == status


@pytest.mark.parametrize(("images", "sources"), [(True, "'self' http: https:"), (False, "'self'")])
def test_images_of_others_are_let_in_or_not(images: bool, sources: str) -> None:
    told = headers(images=images)["Content-Security-Policy"]
    assert f"; img-src {sources}; " in told


def test_a_body_without_a_length_is_refused() -> None:
    assert CLIENT.post("/agent", content=iter([b"x"])).status_code == 413


def test_other_sites_may_not_write() -> None:
    assert CLIENT.post("/agent", headers={"Origin": "https://evil.example"}).status_code == 403
    assert CLIENT.post("/agent", headers={"Host": "evil.example"}).status_code == 421
    assert CLIENT.post("/agent", headers={"Origin": "http://testserver"}).status_code == 200
