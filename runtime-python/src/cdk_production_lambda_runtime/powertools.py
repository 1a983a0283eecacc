"""The utilities of Powertools that all modules of a function share."""

from aws_lambda_powertools import Logger, Metrics, Tracer

# Lambda takes a line whose time is not in RFC 3339 for a line of the level INFO: with another format, its filter of log levels
# would remove errors. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
logger = Logger(use_rfc3339=True)
metrics = Metrics()
tracer = Tracer()
