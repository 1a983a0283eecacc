from aws_cdk import App, Validations
from cdk_production_lambda import ProductionChecks

app = App()
Validations.of(app).add_plugins(ProductionChecks())
