"""The eight looks of a page, and what must hold in every one of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# All rules of these; no copy of the style sheets (only rules outside them read it), and no addresses of what is fine.
AXE = {
    "runOnly": RULES,
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},
    "elementRef": False,
    "selectors": False,
    "iframes": False,
}


@dataclass(frozen=True)
class Look:
    """Language, theme and device."""

    english: bool = False
    dark: bool = False
    phone: bool = False

    def __str__(self) -> str:
        words = (("zh", "en")[self.english], ("light", "dark")[self.dark], ("desktop", "phone")[self.phone])
        return "-".join(words)

    @property
    def options(self) -> dict[str, Any]:
        """For the fixture `open_page`."""
        return {"language": "en" if self.english else "zh-hans", "dark": self.dark, "phone": self.phone}


LOOKS = tuple(Look(*bits) for bits in ((a, b, c) for c in (False, True) for a in (False, True) for b in (False, True)))
DESKTOP = Look()
PHONE = Look(english=True, dark=True, phone=True)


# It reads every colour it meets anew, which took it a sixth of its time: here each is read once.
EACH_COLOUR_ONCE = """
(() => {
  const { Color } = axe.commons.color;
  const parse = Color.prototype.parseString;
  const known = new Map();
  Color.prototype.parseString = function (text) {
    const was = known.get(text);
    if (was) {
      [this.r, this.g, this.b, this.alpha] = was;
      return this;
    }
    const told = parse.call(this, text);
    known.set(text, [this.r, this.g, this.b, this.alpha]);
    return told;
  };
})();
"""
LOOK = """
async (options) => {
  // A bar that sticks to the edge covers whatever happens to lie there now; scrolling (and scroll-padding) frees it.
  document.querySelectorAll('.form-foot, .log-foot').forEach((bar) => { bar.style.position = 'static'; });
  const found = await axe.run(document, options);
  return found.violations;
}
"""
OVERHANG = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return '';
  const wide = [...document.querySelectorAll('body *')].filter((one) =>
    one.getBoundingClientRect().right > root.clientWidth + 1);
  return `${root.scrollWidth} > ${root.clientWidth}: ` +
    wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | ');
}
"""


@cache
def axe() -> str:
    """The script that knows what is in a reader's way."""
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script) + EACH_COLOUR_ONCE


def carry(page: Any) -> None:
    """Every page that this one opens brings the script along: good where each is looked at."""
    page.add_init_script(axe())
    page.carries = True


def obstacles(page: Any) -> list[str]:
    """What axe finds wrong against WCAG 2.2 AA, one line each."""
    page.wait_for_load_state()
    if not getattr(page, "carries", False):
        page.evaluate(axe())
    return [
        f"{fault['id']}: {node['html'][:140]} {[why['message'][:140] for why in node['any'][:1]]}"
        for fault in page.evaluate(LOOK, AXE)
        for node in fault["nodes"][:2]
    ]


def overhang(page: Any) -> str:
    """Which element makes the page scroll sideways; empty when none does."""
    return str(page.evaluate(OVERHANG))
