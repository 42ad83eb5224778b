"""Random trees to spread, and whether they add up, said anew and not by the product."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

from hypothesis import strategies as st

from pacesetter.goals.rules.spread import Node, Share, SpreadError, spread


def adds_up(share: Share) -> bool:
    """Said anew, not by the product: every node, every month."""
    if share.value != sum(share.months) or min(share.months) < 0:
        return False
    if not share.children:
        return True
    if sum(share.buffer_months) != share.buffer:
        return False
    for month, value in enumerate(share.months):
        if sum(child.months[month] for child in share.children) != value + share.buffer_months[month]:
            return False
    return sum(child.value for child in share.children) == share.value + share.buffer and all(
        map(adds_up, share.children)
    )


def values(share: Share) -> list[int]:
    return [child.value for child in share.children]


def people(*given_weights, **words) -> tuple[Node, ...]:
    return tuple(Node(f"p{place}", weight, **words) for place, weight in enumerate(given_weights))


FACTORS = st.sampled_from([F(0), F(1, 2), F(1), F(12, 23), F(4, 5)])


@st.composite
def trees(draw, width, depth=3, name="top"):
    """Zero weights, late joiners, ramps, buffers; somebody is always there."""
    count = draw(st.integers(1, 3)) if depth else 0
    children = [draw(trees(width, depth - 1, f"{name}.{place}")) for place in range(count)]
    if children:
        steady = replace(children[0], weight=1, profile=None)
        children[0] = steady
    profile = draw(st.none() | st.lists(FACTORS, min_size=width, max_size=width).map(tuple))
    weight = draw(st.none() | st.integers(0, 50) | st.fractions(0, 10, max_denominator=20))
    return Node(name, weight, tuple(children), profile, buffer=draw(st.integers(0, 5000)),
                buffer_share=draw(st.sampled_from([F(0), F(1, 20), F(1, 3), F(-1, 10)])))  # fmt: skip


AMOUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=6) | st.just([10**9] * 12)
UNITS = st.sampled_from([1, 100, 10_000])


def steady(node: Node) -> Node:
    return replace(node, profile=None, weight=1, children=tuple(map(steady, node.children)))


def attempt(tree, months, unit):
    """The spread tree, or why not."""
    try:
        return spread(tree, months, unit=unit), None
    except SpreadError as refused:
        return None, refused
