"""Secrets of Secrets Manager."""

import functools

from aws_lambda_powertools.utilities.parameters import SecretsProvider

from .cached_value import Value, cached_value

__all__ = ["Value", "secret"]


def secret(variable: str, *, max_age: int = 300) -> Value:
    """A secret, by the environment variable that contains its ARN (`secrets` of ProductionFunction).

    It is read on first use, again when the cached value is older than `max_age` seconds, and again when `rejected` is the cached value,
    at most every five seconds. Raises a RuntimeError at once if the variable is missing, and on each read if the secret contains no text.

        provider_key = secret("PROVIDER_KEY")
        response = call(provider_key())
    """
    return cached_value(variable, "secret", lambda name: _provider().get(name, force_fetch=True), max_age)


@functools.cache
def _provider() -> SecretsProvider:
    return SecretsProvider()
