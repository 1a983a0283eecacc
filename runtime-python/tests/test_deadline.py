import pytest
from conftest import FakeContext

from cdk_production_lambda_runtime import Deadline, OutOfTimeError


def test_a_deadline_is_one_second_before_the_timeout() -> None:
    assert 3_900 < Deadline(FakeContext(5_000)).remaining_millis <= 4_000


def test_a_limit_is_the_shorter_of_the_step_and_the_remaining_time() -> None:
    deadline = Deadline(FakeContext(5_000))
    assert deadline.limit(100) == 100
    assert 3_900 < deadline.limit(60_000) <= 4_000
    assert Deadline(FakeContext(500)).limit(100) == 1


def test_a_step_that_needs_more_than_the_remaining_time_is_refused() -> None:
    deadline = Deadline(FakeContext(5_000))
    deadline.require(1_000, "a charge")
    with pytest.raises(OutOfTimeError, match="a charge needs 60000 ms, 3"):
        deadline.require(60_000, "a charge")
