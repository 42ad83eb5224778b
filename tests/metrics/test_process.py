"""Process and health metrics: facts in the docstring, number by hand."""

from datetime import date

from pacesetter.metrics.catalogue.process import median

from .ledger import OPEN_END, OPEN_START, Ledger


def test_effective_visits_and_the_customers_behind_them(ledger: Ledger) -> None:
    """Person 1 on Monday 5 Jan: customer 1 effective twice, customer 2 effective, customer 3 not, one call."""
    for customer, effective, kind in (
        (1, 1, "visit"),
        (1, 1, "visit"),
        (2, 1, "visit"),
        (3, 0, "visit"),
        (4, None, "call"),
    ):
        ledger.add(
            "activity", happened_on="2026-01-05", person_id=1, customer_id=customer, effective=effective, kind=kind
        )
    assert ledger.rows("effective_visits", "person,week") == [(1, "2026-W02", 3, None)]
    assert ledger.rows("customers_visited", "day") == [("2026-01-05", 2, None)]
    assert ledger.rows("visits") == [(4, None)]
    assert ledger.rows("calls", "activity_kind") == [("call", 1, None)]


def test_lead_conversion_names_its_basis(ledger: Ledger) -> None:
    """Created in January: 1 (intent in January), 2 (intent in February), 3 (never); in December: 4 (intent in January).
    Cohort of January 2/3; period January 2/3 too, but of other leads; period February 1/0.
    """
    for day, intent in (
        ("2026-01-05", "2026-01-20"),
        ("2026-01-06", "2026-02-03"),
        ("2026-01-07", None),
        ("2025-12-30", "2026-01-08"),
    ):
        ledger.add("lead", created_on=day, intent_on=intent, source="web")
    assert ledger.rows("lead_conversion_rate", "source,month") == [("web", "2026-01", 2, 3)]
    assert ledger.rows("lead_conversion_rate", "month", basis="period") == [("2026-01", 2, 3), ("2026-02", 1, 0)]


def test_proposal_rate_allows_thirty_days_and_counts_the_first_entry(ledger: Ledger) -> None:
    """Deals entering intent on 1 Jan: 1 (proposal 31 Jan = day 30, in time), 2 (1 Feb = day 31, late), 3 (none), 4
    (before only), 5 (again in March: not a first entry), 6 opened at intent, two proposals.
    """
    for deal in (1, 2, 3, 4, 5):
        ledger.add("deal_step", happened_on="2026-01-01", deal_id=deal, stage="intent")
    ledger.add("deal_step", happened_on="2026-03-01", deal_id=5, stage="intent")
    ledger.add("deal_step", happened_on="2026-01-01", deal_id=6, stage="intent", outcome="opened")
    for deal, day in ((1, "2026-01-31"), (2, "2026-02-01"), (4, "2025-12-30"), (6, "2026-01-02"), (6, "2026-01-03")):
        ledger.add("activity", kind="proposal", deal_id=deal, happened_on=day)
    [cell] = ledger.cells("proposal_rate", "month")
    assert (cell.key, cell.top, cell.bottom, cell.n) == (("2026-01",), 2, 6, 6)


def test_days_in_stage_is_a_median_of_the_stage_left(ledger: Ledger) -> None:
    """Stayed in intent 3, 5 and 10 days, in proposal 4 and 7: medians 5 and 11/2."""
    for days, stage in ((3, "intent"), (10, "intent"), (5, "intent"), (4, "proposal"), (7, "proposal")):
        ledger.add("deal_step", happened_on="2026-01-05", deal_id=1, previous_stage=stage, days_in_previous=days)
    cells = ledger.cells("days_in_stage", "stage")
    assert [(c.key, c.top, c.bottom, c.n) for c in cells] == [(("intent",), 5, None, 3), (("proposal",), 11, 2, 2)]


def test_the_median_of_weighted_days() -> None:
    """1 once, 2 three times, 9 twice: sorted 1 2 2 2 9 9 → 2; without the 1 and one 2: 2 2 9 9 → 11/2."""
    assert median([(1, 1), (9, 2), (2, 3)]) == (2, None, 6)
    assert median([(9, 2), (2, 2)]) == (11, 2, 4)


def test_freshness_looks_back_from_the_end_of_each_month(ledger: Ledger) -> None:
    """Leads created 1 Jan: 1 touched 20 Jan, 2 never, 3 closed 25 Jan, 4 touched 20 Feb by a visit judged void.
    31 Jan (from 18 Jan on): 1 of 3 open (1, 2, 4). 28 Feb (from 15 Feb on): 0 of 3.
    """
    for lead, closed in ((1, None), (2, None), (3, "2026-01-25"), (4, None)):
        ledger.add("lead", id=lead, created_on="2026-01-01", closed_on=closed, person_id=lead % 2)
    ledger.add("activity", lead_id=1, happened_on="2026-01-20", kind="call", person_id=99)
    ledger.add("activity", lead_id=4, happened_on="2026-02-20", state="not_effective")
    assert ledger.rows("lead_freshness", "month", "2026-01-01", "2026-03-01") == [("2026-01", 1, 3), ("2026-02", 0, 3)]


def test_a_lead_without_a_logged_contact_keeps_the_touch_it_was_imported_with(ledger: Ledger) -> None:
    """Created 1 Jan, last touch 25 Jan by the file: fresh at the end of January, and not known in advance on 21 Jan."""
    ledger.add("lead", created_on="2026-01-01", last_touch_on="2026-01-25")
    assert ledger.rows("lead_freshness", "", "2026-01-01", "2026-02-01") == [(1, 1)]
    assert ledger.rows("lead_freshness", "", "2026-01-01", "2026-01-21") == [(0, 1)]


def test_customer_mix_is_the_sum_of_squared_shares(ledger: Ledger) -> None:
    """Amounts 50, 30, 20 and one customer net −10 (left out): (2500 + 900 + 400) / 10000; top five = all."""
    for customer, amount in ((1, 40), (1, 10), (2, 30), (3, 20), (4, -10)):
        ledger.add("booking", happened_on="2026-01-05", customer_id=customer, amount_minor=amount, team_id=1)
    [cell] = ledger.cells("customer_mix", "team")
    assert (cell.key, cell.top, cell.bottom, cell.n) == ((1,), 3800, 10000, 3)
    assert ledger.rows("customer_mix", basis="top5") == [(100, 100)]


def test_capacity_is_working_days_times_the_ramp(ledger: Ledger) -> None:
    """January 2026 has 22 weekdays. Person 1 mature (100 %): 22. Person 2 hired Monday 19 Jan: 10 days at 50 % = 5.
    Person 3 leaves on 9 Jan (first day away): 1, 2, 5–8 Jan = 6 days, set by hand to newcomer: 3.
    Person 4 does not sell.
    """
    seat = {"valid_from": OPEN_START, "valid_to": OPEN_END}
    ledger.add("membership", person_id=1, team_id=1, hire_on="2020-01-01", **seat)
    ledger.add("membership", person_id=2, team_id=1, hire_on="2026-01-19", **seat)
    ledger.add("membership", person_id=3, team_id=2, hire_on="2020-01-01", left_on="2026-01-09", **seat)
    ledger.add("membership", person_id=4, team_id=2, hire_on="2020-01-01", sells=0, **seat)
    ledger.add("stage_override", person_id=3, growth_stage="newcomer", valid_from="2025-06-01", valid_to="2026-06-01")
    january = ("2026-01-01", "2026-02-01")
    assert ledger.rows("sales_capacity", "person", *january) == [(1, 2200, 100), (2, 500, 100), (3, 300, 100)]
    assert ledger.rows("sales_capacity", "team,month", *january) == [
        (1, "2026-01", 2700, 100),
        (2, "2026-01", 300, 100),
    ]
    assert ledger.rows("sales_capacity", "growth_stage", *january) == [("mature", 2200, 100), ("newcomer", 800, 100)]
    [cell] = ledger.cells("sales_capacity", "", *january, today=date(2026, 1, 5))
    assert (cell.top, cell.bottom, cell.n, cell.unit, cell.value) == (3000, 100, 3, "days", 30)


def test_how_records_come_in(ledger: Ledger) -> None:
    """Six records: entered after 0, 120, 121 and 600 minutes, two of unknown entry (imports). The last two known ones
    came in a burst; one was logged twice, one back-dated; the sheet was open 10, 20 and 31 seconds.
    """
    for delay, burst, twin, old, seconds in (
        (0, 0, 0, 0, 10), (120, 0, 1, 0, 20), (121, 1, 0, 0, 31), (600, 1, 0, 1, None), (None, 0, 0, 0, None),
        (None, 1, 0, 0, None),
    ):  # fmt: skip
        ledger.add("activity", happened_on="2026-01-05", person_id=1, delay_minutes=delay, burst=burst, twin=twin,
                   backdated=old, seconds=seconds, kind="call")  # fmt: skip
    assert ledger.rows("follow_ups", "person") == [(1, 6, None)]
    assert ledger.rows("prompt_entry_rate", "person") == [(1, 2, 4)]
    assert ledger.rows("evening_burst_rate", "person") == [(1, 2, 4)]
    assert ledger.rows("repeated_entries") == [(1, None)]
    assert ledger.rows("backdated_entries") == [(1, None)]
    assert ledger.rows("log_seconds", "person") == [(1, 20, None)]
