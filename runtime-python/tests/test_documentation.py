"""The documented examples run."""

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from conftest import FakeContext

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT.parent / "docs" / "guides" / "handlers-python.md"]
BLOCKS = [
    pytest.param(block, id=f"{page.name}-{place}")
    for page in PAGES
    for place, block in enumerate(re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.S | re.M))
]


def test_every_page_has_examples() -> None:
    assert len(BLOCKS) == 5


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_runs(block: str, table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = boto3.client("secretsmanager").create_secret(Name="key", SecretString="one")["ARN"]
    for name, value in {"PROVIDER_KEY": secret, "PGHOST": "h", "PGPORT": "5432", "PGDATABASE": "d", "PGUSER": "u"}.items():
        monkeypatch.setenv(name, value)
    module: dict[str, Any] = {"__name__": "example"}
    exec(compile(block, "example.py", "exec"), module)
    if "handler" in module:
        order = {"merchant": "m", "key": "a", "amount": 5}
        message = {"messageId": "m-1", "body": "o-1", "eventSource": "aws:sqs"}
        event = {**order, "body": json.dumps(order), "Records": [message]}
        answers = [module["handler"](event, FakeContext()) for _ in range(2)]
        assert answers[0] == {"batchItemFailures": []} or answers[0]["statusCode"] == 200
        assert answers[1] == answers[0]
        assert table.scan()["Count"] == 1
