"""What is sold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """One product or service. Prices in minor units; None = not on file."""

    code = models.CharField(_("产品编号"), max_length=80, unique=True, null=True, blank=True)
    name = models.CharField(_("产品名称"), max_length=200, db_index=True)
    category = models.CharField(_("类别"), max_length=120, blank=True, default="")
    list_price_minor = models.BigIntegerField(_("标价"), null=True, blank=True)
    cost_minor = models.BigIntegerField(_("成本"), null=True, blank=True)
    active = models.BooleanField(_("在售"), default=True)
    extra = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name
