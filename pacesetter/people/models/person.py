"""A person: an employee, and (once invited) somebody who signs in."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_login() -> str:
    """A sign-in key nobody types: people sign in by mobile, employee number or mail."""
    return uuid.uuid4().hex


class PersonManager(BaseUserManager["Person"]):
    """Looks people up by the key the session holds."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(login=username)


class Person(AbstractBaseUser):
    """One employee. Identity: 工号 employee number first, mobile second; names may repeat."""

    login = models.CharField(max_length=64, unique=True, default=new_login, editable=False)
    name = models.CharField(_("姓名"), max_length=80)
    employee_no = models.CharField(_("工号"), max_length=40, unique=True, null=True, blank=True)
    mobile = models.CharField(_("手机"), max_length=20, unique=True, null=True, blank=True)
    email = models.EmailField(_("邮箱"), unique=True, null=True, blank=True)
    hire_on = models.DateField(_("入职日期"), null=True, blank=True)
    left_on = models.DateField(_("离职日期"), null=True, blank=True)
    language = models.CharField(max_length=10, blank=True, default="")
    theme = models.CharField(max_length=10, blank=True, default="")
    density = models.CharField(max_length=10, blank=True, default="")
    # raised to end every session of this person at the next request (role change, leaving, "sign out everywhere")
    access_version = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    extra = models.JSONField(default=dict, blank=True)

    objects = PersonManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        indexes = [models.Index(fields=["name"], name="people_person_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """False once the person has left (set by the leaving act on its day) or was merged away."""
        return not self.access_ended and self.merged_into_id is None

    access_ended = models.BooleanField(default=False)
