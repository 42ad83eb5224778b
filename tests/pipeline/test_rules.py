"""The pipeline's rules at their edges: every yuan of a deal is credited once, new and repurchase by event date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.pipeline import rules
from pacesetter.pipeline.rules import WHOLE, Credit

amounts = st.integers(-(10**12), 10**12)


@st.composite
def shares(draw: st.DrawFn) -> list[int]:
    """Millionths that sum to the whole."""
    cuts = sorted(draw(st.lists(st.integers(1, WHOLE - 1), max_size=4, unique=True)))
    return [b - a for a, b in zip([0, *cuts], [*cuts, WHOLE], strict=True)]


def credits_of(ppms: list[int], overlays: tuple[int, ...] = ()) -> list[Credit]:
    base = [Credit(place + 1, ppm, False, place == 0) for place, ppm in enumerate(ppms)]
    return base + [Credit(100 + place, ppm, True) for place, ppm in enumerate(overlays)]


@given(shares(), st.lists(amounts, min_size=1, max_size=6))
def test_rows_are_the_persons_shares_and_columns_the_lines(ppms: list[int], lines: list[int]):
    total = sum(lines)
    found = rules.postings(total, credits_of(ppms), lines)
    assert sum(posting.amount for posting in found) == total
    for place, share in enumerate(rules.person_amounts(total, ppms)):
        assert sum(p.amount for p in found if p.credit == place) == share
    for place, line in enumerate(lines):
        assert sum(p.amount for p in found if p.line == place) == line


@given(shares(), st.lists(st.integers(0, 10**9), min_size=2, max_size=6))
def test_every_cell_stays_close_to_its_exact_share(ppms: list[int], lines: list[int]):
    cells = rules.matrix(ppms, rules.person_amounts(sum(lines), ppms), lines)
    for ppm, row in zip(ppms, cells, strict=True):
        for cell, line in zip(row, lines, strict=True):
            assert abs(cell * WHOLE - ppm * line) < 2 * WHOLE


@given(amounts, shares())
def test_the_shares_of_a_deal_are_the_largest_remainder_and_sum_to_it(amount: int, ppms: list[int]):
    parts = rules.person_amounts(amount, ppms)
    assert sum(parts) == amount
    assert all(abs(part * WHOLE - amount * ppm) < WHOLE for part, ppm in zip(parts, ppms, strict=True))


def test_a_cent_that_does_not_divide_goes_to_the_first_of_equals():
    found = rules.postings(1, credits_of([500_000, 500_000]))
    assert [(p.credit, p.amount) for p in found] == [(0, 1), (1, 0)]


def test_overlays_stand_beside_the_base():
    found = rules.postings(1000, credits_of([600_000, 400_000], (300_000,)), [700, 300])
    assert sum(p.amount for p in found if p.credit < 2) == 1000
    assert [p.amount for p in found if p.credit == 2] == [210, 90]


def test_a_deal_of_nothing_still_has_a_posting_for_its_owner():
    assert rules.postings(0, credits_of([WHOLE])) == [rules.Posting(0, 0, 0)]


def test_lines_that_do_not_sum_to_the_deal_are_refused():
    with pytest.raises(rules.RuleError) as refused:
        rules.postings(100, credits_of([WHOLE]), [60, 30])
    assert refused.value.code == "lines_sum"


@pytest.mark.parametrize(
    ("credits", "code"),
    [
        ([], "no_credit"),
        ([Credit(1, 999_999, False, True)], "share_sum"),
        ([Credit(1, 600_000, False, True), Credit(2, 400_001)], "share_sum"),
        ([Credit(1, WHOLE, False, False)], "one_primary"),
        ([Credit(1, 500_000, False, True), Credit(2, 500_000, False, True)], "one_primary"),
        ([Credit(1, WHOLE, False, True), Credit(2, 0, True)], "share_range"),
        ([Credit(1, 500_000, False, True), Credit(1, 500_000)], "credit_twice"),
    ],
)
def test_shares_that_split_nothing_are_refused(credits: list[Credit], code: str):
    with pytest.raises(rules.RuleError) as refused:
        rules.check_credits(credits)
    assert refused.value.code == code


def test_an_overlay_beside_a_whole_base_is_fine():
    rules.check_credits([Credit(1, WHOLE, False, True), Credit(2, 200_000, True), Credit(1, 1, True)])


def test_new_and_repurchase_follow_the_day_and_not_the_row():
    first, later = date(2026, 1, 5), date(2026, 2, 1)
    assert rules.customer_kind(first, first, None) == "new"
    assert rules.customer_kind(later, first, None) == "repurchase"
    assert rules.customer_kind(first, None, None) == "new"


def test_nobody_can_tell_before_history_is_complete():
    start = date(2026, 1, 1)
    assert rules.customer_kind(start - timedelta(days=1), None, start) == "unknown"
    assert rules.customer_kind(start, start - timedelta(days=1), start) == "repurchase"
    assert rules.customer_kind(start, start, start) == "new"


def test_open_deals_move_freely_and_closed_ones_do_not():
    assert rules.may_move("prospect", "proposal")
    assert rules.may_move("negotiation", "intent")
    assert not rules.may_move("intent", "intent")
    assert not rules.may_move("won", "intent")
    assert not rules.may_move("intent", "won")


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [("new", "intent", True), ("intent", "valid", True), ("won", "lost", False), ("lost", "new", True),
     ("lost", "won", False), ("new", "lost", True), ("new", "nonsense", False)],
)  # fmt: skip
def test_steps_of_a_lead(old: str, new: str, may: bool):
    assert rules.may_move_lead(old, new) is may


def test_skipped_steps_of_a_lead_count_as_reached_and_older_days_stay():
    on, before = date(2026, 3, 2), date(2026, 2, 1)
    assert rules.reached("intent", on, {}) == {"valid_on": on, "intent_on": on}
    assert rules.reached("won", on, {"valid_on": before}) == {"intent_on": on, "won_on": on}
    assert rules.reached("valid", on, {"valid_on": before}) == {}


@pytest.mark.parametrize(
    ("late", "bucket"), [(-1, ""), (0, ""), (1, "0-30"), (30, "0-30"), (31, "31-60"), (60, "31-60"), (90, "61-90"),
                         (91, "90+")],
)  # fmt: skip
def test_ageing_changes_on_the_day_after_each_limit(late: int, bucket: str):
    today = date(2026, 3, 16)
    assert rules.ageing(today - timedelta(days=late), today) == bucket


def test_an_allocation_never_exceeds_what_either_side_has_left():
    assert rules.allocatable(100, 30, 500, 0) == 70
    assert rules.allocatable(100, 0, 500, 460) == 40
    assert rules.allocatable(100, 120, 500, 0) == 0


def test_days_between_knows_what_it_does_not_know():
    assert rules.days_between(date(2026, 1, 1), date(2026, 3, 1)) == 59
    assert rules.days_between(None, date(2026, 3, 1)) is None
    assert rules.days_between(date(2026, 3, 2), date(2026, 3, 1)) is None


def test_line_amounts_round_half_up_once():
    assert rules.line_amount(1500, 333) == 500
    assert rules.line_amount(1000, 1001, 5000) == 501


@pytest.mark.parametrize(
    ("one", "other"),
    [("上海海川机械有限公司", "上海 海川机械（有限公司）"), ("Acme Co., Ltd.", "ACME"), ("ＡＢＣ科技", "abc科技")],
)
def test_names_that_mean_one_company_meet(one: str, other: str):
    assert rules.normalised_name(one) == rules.normalised_name(other)


def test_numbers_that_mean_one_phone_meet():
    assert rules.normalised_phone("+86 138-0000-0001") == rules.normalised_phone("13800000001")
