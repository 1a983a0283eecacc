"""MiniStack with one answer put right: of a route without parameters HTTP API leaves `pathParameters` out, MiniStack 1.5.33
says null, and Powertools' router takes such an event for none of its own."""
from inspect import signature

from ministack.app import main
from ministack.services import apigateway

invoke = apigateway._invoke_lambda_proxy
of = signature(invoke)


def as_http_api(*given, **named):
    call = of.bind(*given, **named)
    call.arguments["path_params"] = call.arguments.get("path_params") or {}
    return invoke(*call.args, **call.kwargs)


apigateway._invoke_lambda_proxy = as_http_api
main()
