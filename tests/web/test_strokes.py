"""An icon is drawn in one line: the same shapes, written as SVG 2 §10 (basic shapes) writes them as paths."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from pacesetter.web import strokes
from pacesetter.web.templatetags.show import icon


@pytest.mark.parametrize(
    ("shape", "path"),
    [
        ('<path d="M1 2h3"/>', "M1 2h3"),
        # its first step counts from the corner wherever the line before it ended
        ('<path d="m1 2 3 4"/>', "M0 0m1 2 3 4"),
        ('<line x1="1" y1="2" x2="3" y2="4"/>', "M1 2L3 4"),
        ('<polyline points="1 2 3 4 5 6"/>', "M1 2 3 4 5 6"),
        ('<polygon points="1 2 3 4 5 6"/>', "M1 2 3 4 5 6Z"),
        ('<circle cx="12" cy="10" r="2.5"/>', "M12 10m2.5 0a2.5 2.5 0 0 1 -5 0a2.5 2.5 0 0 1 5 0Z"),
        ('<ellipse cx="12" cy="10" rx="3" ry="1"/>', "M12 10m3 0a3 1 0 0 1 -6 0a3 1 0 0 1 6 0Z"),
        ('<rect x="1" y="2" width="8" height="5"/>', "M1 2m0 0h8v5h-8v-5Z"),
        (
            '<rect x="1" y="2" width="8" height="5" rx="2"/>',
            "M1 2m2 0h4a2 2 0 0 1 2 2v1a2 2 0 0 1 -2 2h-4a2 2 0 0 1 -2 -2v-1a2 2 0 0 1 2 -2Z",
        ),
        ("<text>1</text>", ""),
    ],
)
def test_a_shape_is_a_path(shape: str, path: str):
    assert strokes.path(ElementTree.fromstring(shape)) == path


def test_shapes_become_one_and_what_is_filled_stays():
    svg = ElementTree.fromstring(
        '<svg><path d="M1 2h3"/><circle cx="1" cy="1" r="1" fill="red"/><path d="m5 6h1"/></svg>'
    )
    strokes.join(svg)
    assert [(node.tag, node.get("d")) for node in svg] == [("circle", None), ("path", "M1 2h3M0 0m5 6h1")]


def test_a_drawing_without_shapes_stays():
    svg = ElementTree.fromstring("<svg><text>1</text></svg>")
    strokes.join(svg)
    assert [node.tag for node in svg] == ["text"]


def test_an_icon_on_a_page_is_one_path():
    drawn = icon("users", label="团队")
    assert re.findall(r"<(\w+)", drawn) == ["svg", "path"]
    assert 'aria-label="团队"' in drawn
