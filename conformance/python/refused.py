from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_
from cdk_production_lambda import ProductionFunction, QueueConsumer

app = App()
stack = Stack(app, "Orders")
work = ProductionFunction(
    stack,
    "Work",
    runtime=lambda_.Runtime.NODEJS_24_X,
    handler="index.handler",
    code=lambda_.Code.from_asset("../handlers/work"),
)
QueueConsumer(stack, "Queue", function=work, max_concurrency=1)
app.synth()
