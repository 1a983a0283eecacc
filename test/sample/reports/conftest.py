"""What Lambda and the stack provide to the function of the reports."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT / "sample" / "reports"), str(ROOT / "runtime-python" / "src")]

# Read when the modules are loaded, as on Lambda.
os.environ.update(
    PGHOST="127.0.0.1", PGPORT="1", PGDATABASE="ledger", PGUSER="report", PGSSLMODE="disable",
    POWERTOOLS_SERVICE_NAME="Payments", POWERTOOLS_METRICS_NAMESPACE="Payments", POWERTOOLS_TRACE_DISABLED="true",
    AWS_REGION="eu-central-1", AWS_DEFAULT_REGION="eu-central-1",
)
