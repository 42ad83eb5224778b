"""Working days somebody was there for, by the real calendar of 2025, and the ramp of a newcomer."""

from datetime import date
from fractions import Fraction as F

import pytest

from pacesetter.goals.rules import presence
from pacesetter.goals.rules.presence import Part, Stay
from pacesetter.lib import calendars, periods

YEAR = (date(2025, 1, 1), date(2026, 1, 1))
WEIGHT = calendars.weights(calendars.build(*YEAR))
MONTHS = [(month.start, month.end) for month in periods.between(*YEAR, "month")]
QUARTER = [(date(2025, 7, 1), date(2025, 10, 1))]


def test_somebody_who_is_there_all_year_carries_every_month():
    found = presence.parts(MONTHS, WEIGHT, [Stay(*YEAR)])
    assert presence.factors(found) == (1,) * 12
    assert not any(part.ramped for part in found)


def test_a_late_joiner_carries_the_days_from_then_on():
    """July 2025 has 23 working days, 12 of them from the 16th on."""
    found = presence.parts(MONTHS, WEIGHT, [Stay(date(2025, 7, 16), YEAR[1])])
    assert found[5] == Part(0, 20, F(0))
    assert found[6] == Part(12, 23, F(12, 23))
    assert found[7].factor == 1


def test_absence_is_taken_out_and_overlap_counts_once():
    """The first two weeks of September 2025 are ten of its 23 working days (the 28th is made up for)."""
    stays = [Stay(date(2025, 7, 1), date(2025, 9, 20)), Stay(date(2025, 9, 10), YEAR[1])]
    away = [(date(2025, 9, 1), date(2025, 9, 15)), (date(2025, 9, 5), date(2025, 9, 8))]
    found = presence.parts(MONTHS, WEIGHT, stays, away)
    assert found[8] == Part(13, 23, F(13, 23))
    assert found[9].factor == 1


def test_both_teams_of_a_transfer_share_the_days():
    """Whatever one team loses the other one gains."""
    before = presence.parts(MONTHS, WEIGHT, [Stay(YEAR[0], date(2025, 5, 14))])
    after = presence.parts(MONTHS, WEIGHT, [Stay(date(2025, 5, 14), YEAR[1])])
    assert all(one.factor + other.factor == 1 for one, other in zip(before, after, strict=True))
    assert 0 < before[4].factor < 1


def test_a_newcomer_counts_half_for_three_months():
    """Hired on 16 August: 50 % until 15 November, 80 % until the 12th month."""
    stays = presence.ramp(*YEAR, date(2025, 8, 16), ((3, 50), (12, 80)))
    assert stays[-1] == Stay(date(2025, 11, 16), YEAR[1], 80)
    hired = [Stay(max(stay.start, date(2025, 8, 16)), stay.end, stay.percent) for stay in stays]
    found = presence.parts(MONTHS, WEIGHT, hired)
    assert found[6].factor == 0
    assert found[8] == Part(23, 23, F(1, 2))
    assert found[8].ramped
    # November: ten working days at half, ten at 80 %
    assert found[10] == Part(20, 20, F(10 * 50 + 10 * 80, 2000))
    assert found[11].factor == F(4, 5)


def test_the_ramp_of_a_veteran_is_over_and_an_unknown_hire_date_counts_in_full():
    assert presence.ramp(*YEAR, date(2020, 1, 1), ((3, 50), (12, 80))) == (Stay(*YEAR),)
    assert presence.ramp(*YEAR, None, ((3, 50),)) == (Stay(*YEAR),)
    assert presence.ramp(YEAR[1], YEAR[0], None, ()) == ()
    assert presence.ramp(*YEAR, date(2024, 12, 1), ((3, 50), (12, 80))) == (
        Stay(date(2025, 1, 1), date(2025, 3, 1), 50),
        Stay(date(2025, 3, 1), date(2025, 12, 1), 80),
        Stay(date(2025, 12, 1), date(2026, 1, 1), 100),
    )


@pytest.mark.parametrize("steps", [((3, 50), (3, 80)), ((12, 80), (3, 50)), ((3, -1),)])
def test_a_ramp_that_does_not_rise_is_refused(steps):
    with pytest.raises(ValueError, match="ramp"):
        presence.ramp(*YEAR, date(2025, 1, 1), steps)


def test_a_column_without_a_working_day_sets_nobody_back():
    holiday = [(date(2025, 10, 1), date(2025, 10, 5))]
    assert presence.parts(holiday, WEIGHT, [Stay(*YEAR)]) == (Part(0, 0, F(1)),)
    assert presence.parts(holiday, WEIGHT, [Stay(YEAR[0], date(2025, 10, 1))]) == (Part(0, 0, F(0)),)


def test_a_day_the_calendar_does_not_know_is_no_working_day_in_silence():
    with pytest.raises(calendars.CalendarError):
        presence.parts([(date(2026, 1, 1), date(2026, 2, 1))], WEIGHT, [Stay(*YEAR)])
