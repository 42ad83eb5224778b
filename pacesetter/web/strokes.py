"""An icon's shapes as one line: a page holds fifty icons of three or four shapes: a third of all elements."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement


def join(svg: Element) -> None:
    """Replace the shapes of a drawing by one path; whatever is filled, or is no shape, stays as it is."""
    shapes = [(node, path(node)) for node in list(svg) if "fill" not in node.attrib]
    lines = [(node, line) for node, line in shapes if line]
    for node, _line in lines:
        svg.remove(node)
    if lines:
        SubElement(svg, "path", d="".join(line for _node, line in lines))


def path(node: Element) -> str:
    """A shape as a path that begins at a place of its own, as SVG 2 §10 writes them; "" where it is none."""
    at = node.attrib
    match node.tag:
        case "path":
            # the first step of a path counts from the corner, also where a line went before
            return "M0 0" + at["d"] if at["d"].startswith("m") else at["d"]
        case "line":
            return f"M{at['x1']} {at['y1']}L{at['x2']} {at['y2']}"
        case "polyline":
            return "M" + at["points"]
        case "polygon":
            return f"M{at['points']}Z"
        case "circle":
            return oval(at["cx"], at["cy"], at["r"], at["r"])
        case "ellipse":
            return oval(at["cx"], at["cy"], at["rx"], at["ry"])
        case "rect":
            return box(at)
    return ""


def oval(x: str, y: str, wide: str, high: str) -> str:
    """Two halves, from the right."""
    half, across = f"a{wide} {high} 0 0 1 ", short(2 * float(wide))
    return f"M{x} {y}m{wide} 0{half}-{across} 0{half}{across} 0Z"


def box(at: dict[str, str]) -> str:
    """From behind the left upper corner clockwise; without a radius its corners are sharp."""
    wide, high = float(at["width"]), float(at["height"])
    round_x = float(at.get("rx", at.get("ry", "0")))
    round_y = float(at.get("ry", at.get("rx", "0")))
    across, down = short(wide - 2 * round_x), short(high - 2 * round_y)
    rx, ry = short(round_x), short(round_y)
    corner = (f"a{rx} {ry} 0 0 1 {x}{rx} {y}{ry}" if round_x and round_y else "" for x, y in CORNERS)
    first, second, third, fourth = corner
    return f"M{at['x']} {at['y']}m{rx} 0h{across}{first}v{down}{second}h-{across}{third}v-{down}{fourth}Z"


CORNERS = (("", ""), ("-", ""), ("-", "-"), ("", "-"))


def short(number: float) -> str:
    """As few digits as tell it."""
    return f"{number:g}"
