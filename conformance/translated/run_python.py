"""Runs Python programs in one process, because a jsii kernel takes seconds to start. Each writes its assembly into a folder of its own.

python run_python.py blocks.json
"""
import json
import sys
import traceback

import aws_cdk

Original = aws_cdk.App


def run(code: str, out: str) -> None:
    apps = []

    class App(Original):
        def __init__(self, **props: object) -> None:
            super().__init__(**{"outdir": out, **props})
            apps.append(self)

    aws_cdk.App = App
    exec(compile(code, out, "exec"), {"__name__": "__main__"})
    for app in apps:
        app.synth()


with open(sys.argv[1]) as file:
    blocks = json.load(file)
failures = 0
for block in blocks:
    try:
        run(block["code"], block["out"])
    except Exception:
        failures += 1
        print(f"{block['place']} in Python:\n{block['code']}\n{traceback.format_exc(limit=-3)[-3000:]}", file=sys.stderr)
sys.exit(failures > 0)
