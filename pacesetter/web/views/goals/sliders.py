"""Sliders of the calculator: whole steps of a rate with its default on the grid, read from an address exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from pacesetter.goals.rules.rates import Used
from pacesetter.lib.money import round_half_up

_NUMBER = re.compile(r"\d{1,13}(\.\d{1,2})?")
# a person may want to try at least so much of a rate per case
WIDE = 20


@dataclass(frozen=True)
class Slider:
    """A control of whole steps. `unit`: what one step of the grid is worth; `decimals`: how many the page writes."""

    name: str
    unit: Fraction
    decimals: int
    low: int
    high: int
    step: int
    default: int
    chosen: int

    @property
    def slid(self) -> bool:
        """Whether it stands elsewhere than by itself."""
        return self.chosen != self.default

    @property
    def value(self) -> Fraction:
        """What it stands for."""
        return self.chosen * self.unit

    def _text(self, number: int) -> str:
        if not self.decimals:
            return str(number)
        scale = 10**self.decimals
        return f"{number // scale}.{number % scale:0{self.decimals}d}"

    @property
    def text(self) -> str:
        """As the control carries it."""
        return self._text(self.chosen)

    @property
    def low_text(self) -> str:
        return self._text(self.low)

    @property
    def high_text(self) -> str:
        return self._text(self.high)

    @property
    def step_text(self) -> str:
        return self._text(self.step)


def number(text: str) -> Fraction | None:
    """Plain decimal text; None for anything else."""
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def slider(name: str, raw: str, default: int, *, unit: Fraction, decimals: int, step: int, top: int) -> Slider:
    """A control whose grid holds the default; `raw` as the address carries it."""
    low = default % step or step
    high = low + max(top - low, 0) // step * step
    wanted = number(raw)
    chosen = default
    if wanted is not None:
        found = round_half_up(wanted * 10**decimals)
        chosen = min(max(found, low), max(high, low))
    return Slider(name, unit, decimals, low, max(high, default), step, default, chosen)


def of_rate(name: str, used: Used | None, raw: str, exponent: int) -> Slider | None:
    """The control of a rate: shares in percent, order values in whole currency, cases with one decimal."""
    if used is None or used.value is None or used.value <= 0:
        return None
    if used.kind == "share":
        default = min(max(round_half_up(used.value * 1000), 1), 1000)
        return slider(name, raw, default, unit=Fraction(1, 1000), decimals=1, step=5, top=1000)
    if name == "average_order_value":
        unit = Fraction(10**exponent)
        default = max(round_half_up(used.value / unit), 1)
        return slider(name, raw, default, unit=unit, decimals=0, step=_round(default), top=default * 3)
    default = max(round_half_up(used.value * 10), 1)
    return slider(name, raw, default, unit=Fraction(1, 10), decimals=1, step=1, top=max(default * 3, default + WIDE))


def _round(default: int) -> int:
    """1, 2 or 5 times a power of ten, about a fiftieth of the value."""
    aim = max(default // 50, 1)
    power = 10 ** (len(str(aim)) - 1)
    return next(n * power for n in (5, 2, 1) if n * power <= aim)
