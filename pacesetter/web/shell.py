"""What every page's frame knows; filled in a moment by the pages' author."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {}
