"""Hooks of Lambda SnapStart: code before the snapshot of an initialized environment, and after its restore.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

import random
from collections.abc import Callable
from typing import Any, TypeVar

Hook = TypeVar("Hook", bound=Callable[[], Any])


def before_snapshot(hook: Hook) -> Hook:
    """Calls the function before Lambda takes the snapshot: open what is slow, close what must not be copied.

    Nothing is called outside of the managed runtimes that have SnapStart (Python 3.12 and newer).
    """
    return _register("register_before_snapshot", hook)


def after_restore(hook: Hook) -> Hook:
    """Calls the function after each restore, before the first invocation: read what may have changed since the snapshot."""
    return _register("register_after_restore", hook)


def _register(name: str, hook: Hook) -> Hook:
    try:
        import snapshot_restore_py  # only the managed runtimes contain it
    except ImportError:
        return hook
    getattr(snapshot_restore_py, name)(hook)
    return hook


# All environments of one snapshot would draw the same numbers. `secrets` and `uuid.uuid4` are not affected.
after_restore(random.seed)
