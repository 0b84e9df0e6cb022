"""The measure itself: it sees what it is there to see."""

from __future__ import annotations

import pytest

from steps import check_growth, cost_of


def quadratic(size: int) -> None:
    for _ in range(size):
        for _ in range(size):
            pass


def searches_all_for_each(size: int) -> None:
    text = "line\n" * size
    for _ in range(size):
        text.count("\n")


def test_counts_are_exact() -> None:
    assert cost_of(lambda: quadratic(30)).steps == cost_of(lambda: quadratic(30)).steps


def test_linear_work_passes() -> None:
    check_growth(lambda size: [str(number) for number in range(size)], 5_000)


@pytest.mark.parametrize("call", [quadratic, searches_all_for_each])
def test_quadratic_work_fails(call: object) -> None:
    with pytest.raises(AssertionError, match=r"grow [34]"):
        check_growth(call, 300)  # type: ignore[arg-type]


def test_memory_is_bounded_and_measured() -> None:
    # After a large block was freed the allocator keeps more of what is freed, for the next one.
    for size, count in ((30_000_000, 1), (1_000_000, 50)):
        blocks = [b"x" * (size + number) for number in range(count)]
        del blocks
    assert cost_of(lambda: len(bytes(b"x" * 20_000_000))).memory > 15_000_000
    with pytest.raises(AssertionError, match="MemoryError"):
        cost_of(lambda: len(b"x" * 400_000_000))


def test_time_is_bounded() -> None:
    with pytest.raises(AssertionError, match="SIG"):
        cost_of(lambda: (10**5_000_000) ** 50 % 3, seconds=1, memory=0)


def test_errors_of_the_call_are_told() -> None:
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        cost_of(lambda: 1 // 0)
