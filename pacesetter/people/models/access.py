"""What opens doors: roles with dates, invitations, device sessions, API tokens, identities in other systems."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .org import Dated


class RoleGrant(Dated):
    """A role or capability a person holds. Which role may do what is data in `rights.py`."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(_("角色"), max_length=20)
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="people_role_order"),
            models.UniqueConstraint(fields=["person", "role", "valid_from"], name="people_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Invitation(models.Model):
    """A one-time link (or QR) to set a password: for a new person, or a reset made by an admin."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, default="invite")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class DeviceSession(models.Model):
    """A signed-in device; the person (or an admin) can end it."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="device_sessions")
    session_key = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.label}"


class ApiToken(models.Model):
    """A key for programs: acts as its person, no further than the person's own reach. Only its digest is kept."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("名称"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ExternalId(models.Model):
    """The same thing's key in another system: unique per (source, entity, external id)."""

    source = models.CharField(max_length=60)
    entity = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "entity", "external_id"], name="people_external_once"),
        ]
        indexes = [models.Index(fields=["entity", "object_id"], name="people_external_object")]

    def __str__(self) -> str:
        return f"{self.source}:{self.entity}:{self.external_id}"
