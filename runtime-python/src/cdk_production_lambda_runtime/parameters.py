"""Parameters of Parameter Store."""

import functools

from aws_lambda_powertools.utilities.parameters import SSMProvider

from .cached_value import Value, cached_value

__all__ = ["Value", "parameter"]


def parameter(variable: str, *, max_age: int = 300) -> Value:
    """A parameter, by the environment variable that contains its name or ARN. A SecureString is decrypted. It is read and cached as
    `secret` reads and caches secrets."""
    return cached_value(variable, "parameter", lambda name: _provider().get(name, decrypt=True, force_fetch=True), max_age)


@functools.cache
def _provider() -> SSMProvider:
    return SSMProvider()
