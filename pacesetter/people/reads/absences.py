"""Who is away when."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import Absence, Person


def absences_of(person: Person) -> QuerySet[Absence]:
    """Those that stand, the latest first."""
    return Absence.objects.filter(person=person, withdrawn_at=None).select_related("recorded_by")
