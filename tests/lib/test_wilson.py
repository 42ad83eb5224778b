"""The Wilson interval on published values and on its edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.lib import wilson


def test_known_values():
    low, high = wilson.interval(10, 20)
    assert (low, high) == (pytest.approx(0.2993, abs=1e-4), pytest.approx(0.7007, abs=1e-4))
    low, high = wilson.interval(0, 10)
    assert (low, high) == (0.0, pytest.approx(0.2775, abs=1e-4))


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_the_rate_lies_inside(bottom, part):
    top = int(bottom * part)
    low, high = wilson.interval(top, bottom)
    assert 0 <= low <= top / bottom + 1e-12
    assert top / bottom - 1e-12 <= high <= 1


@pytest.mark.parametrize("bad", [(1, 0), (2, 1), (-1, 5)])
def test_no_rate_no_interval(bad):
    with pytest.raises(ValueError, match="no rate"):
        wilson.interval(*bad)
