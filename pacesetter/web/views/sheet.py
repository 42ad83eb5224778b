"""One form, one act, one page: the shape of most pages that write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pacesetter.lib.refusal import Refusal

from ..door import form_key, refused


def sheet(
    request: HttpRequest,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str],
    *,
    said: Any = "",
    template: str = "people/form.html",
    **context: Any,
) -> HttpResponse:
    """Show the form; when it is sent, `run` acts with the cleaned values and gives the address to go on to.

    Everything `run` does is one transaction; a refusal comes back beside its field. `said` is the toast.
    """
    context = {"form": form, "key": form_key(request), **context}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return refused(request, template, context)
    try:
        with transaction.atomic():
            target = run(form.cleaned_data)
    except Refusal as refusal:
        return refused(request, template, context, refusal, form)
    if said:
        messages.success(request, said)
    return redirect(target)
