import random
import sys

import pytest
import snapshot_restore_py

from cdk_production_lambda_runtime import after_restore, before_snapshot


def test_hooks_are_called_before_the_snapshot_and_after_the_restore() -> None:
    called: list[str] = []

    @before_snapshot
    def close() -> None:
        called.append("before")

    @after_restore
    def connect() -> None:
        called.append("after")

    hooks = [*snapshot_restore_py.get_before_snapshot(), *snapshot_restore_py.get_after_restore()]
    # Other tests have registered hooks, too.
    for function, arguments, options in [hook for hook in hooks if hook[0] in (close, connect)]:
        function(*arguments, **options)
    assert called == ["before", "after"]


def test_random_numbers_differ_after_a_restore() -> None:
    random.seed(1)
    numbers = [random.random()]
    random.seed(1)
    for function, arguments, options in snapshot_restore_py.get_after_restore():
        function(*arguments, **options)
    assert [random.random()] != numbers


def test_outside_of_runtimes_with_snap_start_a_hook_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    assert before_snapshot(print) is print
