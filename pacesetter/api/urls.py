"""Where the API hangs: `/api/v1/…` for tokens, `/api/openapi.json` for its description, 404 as JSON for the rest."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from .caller import Bearer, caller_of
from .problems import not_found, problem, teach
from .views import activities, adjustments, customers, deals, goal_batches, goals, leads, metrics, money, products

ABOUT = (
    "Customers, leads, deals, money, activities, goals and metrics, within the reach of the person behind the token. "
    "Amounts are whole minor units of the company's currency, days are YYYY-MM-DD. "
    "Every POST and PATCH carries an Idempotency-Key. What is out of reach answers 404."
)


def make() -> NinjaAPI:
    """The API with its routers and its one shape of trouble."""
    made = NinjaAPI(
        title="Pacesetter 领跑", version="1", description=ABOUT, auth=Bearer(), docs_url=None, openapi_url=None,
        urls_namespace="api",
    )  # fmt: skip
    made.get_openapi_operation_id = lambda operation: operation.view_func.__name__  # type: ignore[method-assign]
    for area in (customers, leads, deals, activities, money, products, goal_batches, goals, adjustments, metrics):
        made.add_router("", area.router)
    teach(made)
    return made


api = make()


@cache
def description() -> dict[str, object]:
    """The OpenAPI description."""
    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


def openapi(request: HttpRequest) -> HttpResponse:
    """The description, for whoever is signed in or brings a token."""
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not request.user.is_authenticated and caller_of(secret) is None:
        answer = problem(401, "unauthorized", _("请带上有效的令牌：Authorization: Bearer …"))
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def missing(request: HttpRequest) -> HttpResponse:
    """No such address."""
    return not_found()


def routes() -> list[URLPattern | URLResolver]:
    """The API's addresses, each open to tokens instead of sessions."""
    found: list[URLPattern | URLResolver] = []
    for route in api.urls[0]:
        if isinstance(route, URLPattern) and route.callback is not None and route.name != "api-root":
            login_not_required(route.callback)
            found.append(route)
    return found


urlpatterns = [
    path("openapi.json", login_not_required(openapi), name="api_openapi"),
    path("v1/", include((routes(), "api"))),
    re_path(r"^.*$", csrf_exempt(login_not_required(missing)), name="api_missing"),
]
