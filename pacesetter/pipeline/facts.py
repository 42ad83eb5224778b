"""What the spine may know of the pipeline: bookings, steps of deals, leads, customers, and the money that follows."""

from __future__ import annotations

from collections.abc import Iterable

from pacesetter.metrics import schema

from .models import Product


def _seat(of: str) -> str:
    return (
        f"{of}.person_id AS person_id, {of}.team_id AS team_id, {of}.manager_id AS manager_id,"
        f" {of}.region_id AS region_id, {of}.growth_stage AS growth_stage"
    )


def _of(table: str, column: str, key: str) -> str:
    """A column of another table's row. Not a join: SQLite keeps a join it does not need, a column it does not."""
    return f"(SELECT {column} FROM {table} AS z WHERE z.id = {key})"


def _customer(key: str) -> str:
    region = _of("pipeline_customer", "NULLIF(z.region, '')", key)
    industry = _of("pipeline_customer", "NULLIF(z.industry, '')", key)
    return f"{region} AS customer_region, {industry} AS industry"


BOOKING = schema.BOOKING.filled_by(
    f'SELECT b.id AS id, b."on" AS happened_on, {_seat("b")},'
    f" b.customer_id AS customer_id, {_customer('b.customer_id')},"
    " b.product_id AS product_id, NULLIF(b.source, '') AS source, b.customer_kind AS customer_kind,"
    " b.deal_id AS deal_id, b.kind AS kind, b.amount_minor AS amount_minor,"
    ' CASE WHEN b.overlay THEN 1 ELSE 0 END AS overlay, CASE WHEN b."primary" THEN 1 ELSE 0 END AS is_primary'
    " FROM pipeline_booking AS b"
)


def _of_deal(column: str) -> str:
    return _of("pipeline_deal", column, "s.deal_id")


_SOURCE = "NULLIF(z.source, '')"

DEAL_STEP = schema.DEAL_STEP.filled_by(
    f'SELECT s.id AS id, s."on" AS happened_on, {_seat("s")}, {_of_deal("z.customer_id")} AS customer_id,'
    f" {_customer(_of_deal('z.customer_id'))}, {_of_deal(_SOURCE)} AS source,"
    f" {_of_deal('z.customer_kind')} AS customer_kind, s.deal_id AS deal_id, s.stage AS stage, s.outcome AS outcome,"
    " CASE WHEN s.valid THEN 1 ELSE 0 END AS valid, s.days_in_previous AS days_in_previous,"
    f" NULLIF(s.from_stage, '') AS previous_stage, {_of_deal('z.stage')} AS deal_stage,"
    f" {_of_deal('z.amount_minor')} AS amount_minor FROM pipeline_stagechange AS s"
)

DEAL_PRODUCT = schema.DEAL_PRODUCT.filled_by(
    "SELECT DISTINCT l.deal_id AS deal_id, l.product_id AS product_id FROM pipeline_dealline AS l"
    " WHERE l.product_id IS NOT NULL"
)

LEAD = schema.LEAD.filled_by(
    f"SELECT l.id AS id, l.created_on AS created_on, {_seat('l')}, NULLIF(l.source, '') AS source,"
    " NULLIF(l.customer_region, '') AS customer_region, NULLIF(l.industry, '') AS industry, l.stage AS stage,"
    " l.valid_on AS valid_on, l.intent_on AS intent_on, l.proposal_on AS proposal_on, l.won_on AS won_on,"
    " l.lost_on AS lost_on, COALESCE(l.won_on, l.lost_on) AS closed_on,"
    ' (SELECT MIN(a."on") FROM pipeline_allocation AS a JOIN pipeline_instalment AS i ON i.id = a.instalment_id'
    " JOIN pipeline_deal AS e ON e.id = i.deal_id WHERE e.lead_id = l.id) AS collected_on,"
    " (SELECT CAST(SUM(w.amount_minor) AS BIGINT) FROM pipeline_deal AS w"
    " WHERE w.lead_id = l.id AND w.stage = 'won') AS won_minor,"
    " l.last_touch_on AS last_touch_on, CASE WHEN l.in_pool THEN 1 ELSE 0 END AS in_pool"
    " FROM pipeline_lead AS l"
)

INVOICE = schema.INVOICE.filled_by(
    f'SELECT v.id AS id, v."on" AS happened_on, {_seat("v")},'
    f" v.customer_id AS customer_id, {_customer('v.customer_id')},"
    " v.deal_id AS deal_id, v.amount_minor AS amount_minor"
    " FROM pipeline_invoice AS v"
)

INSTALMENT = schema.INSTALMENT.filled_by(
    f"SELECT i.id AS id, i.due_on AS due_on, {_seat('i')}, i.customer_id AS customer_id, {_customer('i.customer_id')},"
    " i.deal_id AS deal_id, i.amount_minor AS amount_minor, i.voided_on AS voided_on"
    " FROM pipeline_instalment AS i"
)

RECEIPT = schema.RECEIPT.filled_by(
    f'SELECT r.id AS id, r."on" AS happened_on, {_seat("r")},'
    f" r.customer_id AS customer_id, {_customer('r.customer_id')},"
    " r.amount_minor AS amount_minor"
    " FROM pipeline_receipt AS r"
)


def _of_plan(column: str) -> str:
    return _of("pipeline_instalment", column, "a.instalment_id")


ALLOCATION = schema.ALLOCATION.filled_by(
    f'SELECT a.id AS id, a."on" AS happened_on, {_seat("a")}, {_of_plan("z.customer_id")} AS customer_id,'
    f" {_customer(_of_plan('z.customer_id'))},"
    " a.instalment_id AS instalment_id, a.receipt_id AS receipt_id,"
    f" {_of_plan('z.due_on')} AS due_on, a.amount_minor AS amount_minor"
    " FROM pipeline_allocation AS a"
)

CUSTOMER = schema.CUSTOMER_NOW.filled_by(
    "SELECT c.id AS id, c.owner_id AS person_id, m.team_id AS team_id, m.manager_id AS manager_id,"
    f" COALESCE(m.region_id, t.region_id) AS region_id, 'unknown' AS growth_stage, {_customer('c.id')},"
    " NULLIF(c.tier, '') AS tier, NULLIF(c.size, '') AS size, c.created_on AS created_on,"
    " (SELECT MIN(b.\"on\") FROM pipeline_booking AS b WHERE b.customer_id = c.id AND b.kind = 'won') AS first_won_on,"
    " 1 AS active FROM pipeline_customer AS c"
    " LEFT JOIN people_membership AS m ON m.person_id = c.owner_id AND m.\"primary\" AND m.valid_to = '9999-12-31'"
    " LEFT JOIN people_team AS t ON t.id = m.team_id WHERE c.merged_into_id IS NULL"
)

FACTS = (
    BOOKING,
    DEAL_STEP,
    DEAL_PRODUCT,
    LEAD,
    INVOICE,
    INSTALMENT,
    RECEIPT,
    ALLOCATION,
    CUSTOMER,
)


def product_labels(ids: Iterable[int]) -> dict[int, str]:
    """Names of products; those that share a name carry their code."""
    rows = list(Product.objects.filter(pk__in=set(ids)).values_list("pk", "name", "code"))
    names = list(Product.objects.filter(name__in={name for _, name, _ in rows}).values_list("name", flat=True))
    return {pk: f"{name} ({code or f'#{pk}'})" if names.count(name) > 1 else name for pk, name, code in rows}
