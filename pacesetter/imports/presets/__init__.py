"""Presets: everything that is particular to one system's files, declared in one module each.

A `Preset` names its files, their columns, value maps, date order, rounding, and how rows become records (`shape`). The
generic ones have the name of an entity and take any headers that `mapping.guess` understands. Nothing outside this
folder knows a name or a figure of any particular file.
"""

from __future__ import annotations

from . import adventureworks, crm_opportunities, generic, receivables, superstore_cn
from .base import FilePlan, Preset

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        *generic.PRESETS,
        crm_opportunities.PRESET,
        adventureworks.PRESET,
        superstore_cn.PRESET,
        receivables.PRESET,
    )
}

__all__ = ["PRESETS", "FilePlan", "Preset"]
