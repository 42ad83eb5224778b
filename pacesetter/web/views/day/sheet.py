"""What the log sheet knows by heart, so that it opens at once and works without signal: my customers with their
contacts and open deals, kinds, results, next steps, the rule of today."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.activity import reads, rules
from pacesetter.activity.acts.judging import plain_rule
from pacesetter.activity.models import Activity, ActivityKind, PlanItem, PlanState
from pacesetter.config import clock
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Contact, Customer, Deal, Lead
from pacesetter.pipeline.rules import OPEN_STAGES

from ... import door, judged, show
from ...forms.pipeline import RESULT_CHOICES
from ...templatetags.records import RESULTS, STEPS

# more customers than this are found by asking the server
KNOWN = 300
# offered where the rule asks how long it took
MINUTES = (15, 30, 45, 60)


def kinds_offered(kinds: Iterable[ActivityKind] | None = None) -> list[dict[str, Any]]:
    """The kinds somebody logs by hand, visits first, with what each asks for."""
    zh = show.chinese()
    return [
        {
            "key": kind.key,
            "name": kind.zh if zh else kind.en,
            "visit": kind.is_visit,
            "asks": [
                word
                for word, asked in (
                    ("place", kind.needs_place), ("photo", kind.needs_photo), ("note", kind.needs_note),
                )
                if asked
            ],
        }
        for kind in (reads.kinds() if kinds is None else kinds)
        if kind.active
    ]  # fmt: skip


def mine(reach: Reach, limit: int = KNOWN) -> list[Customer]:
    """My customers and those of my deals and leads: those of today's plan first, then those met last."""
    own = reach.rows(Customer.objects.filter(merged_into=None), "customers", "write").filter(owner=reach.person_id)
    rows = Customer.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=reads.of_my_work(reach).values("pk")))
    due = PlanItem.objects.filter(
        customer=OuterRef("pk"), person=reach.person_id, state=PlanState.OPEN, on__lte=reach.on
    )
    rows = rows.annotate(due=Exists(due), last=Max("activities__on"))
    return list(rows.order_by("-due", F("last").desc(nulls_last=True), "name", "id")[:limit])


def told(reach: Reach, customers: Iterable[Customer]) -> list[dict[str, Any]]:
    """Customers as the sheet keeps them: contacts last met first, open deals largest first."""
    rows = list(customers)
    ids = [row.pk for row in rows]
    others = [row.pk for row in rows if row.owner_id != reach.person_id]
    if others:
        # a colleague's customer, known by a deal of mine: its name and my deals, no contacts and no history
        seen = reach.rows(Customer.objects.filter(pk__in=others), "customers").values_list("pk", flat=True)
        hidden = set(others) - set(seen)
    else:
        hidden = set()
    contacts: dict[int, list[dict[str, Any]]] = {}
    met = dict(
        Activity.objects.filter(customer__in=ids, contact__isnull=False, withdrawn_at=None)
        .values_list("contact_id")
        .annotate(last=Max("on"))
    )
    near = [pk for pk in ids if pk not in hidden]
    people = Contact.objects.filter(customer__in=near, archived=False).order_by("id")
    for contact in sorted(people, key=lambda one: met.get(one.pk, date.min), reverse=True):
        one = {"id": contact.pk, "name": contact.name, "role": contact.get_decision_role_display()
               if contact.decision_role != "unknown" else ""}  # fmt: skip
        contacts.setdefault(contact.customer_id, []).append(one)
    deals: dict[int, list[dict[str, Any]]] = {}
    # a colleague's deal with my customer is the colleague's
    still = reach.rows(Deal.objects.filter(customer__in=ids, stage__in=OPEN_STAGES), "deals", "write")
    for deal in still.order_by("-amount_minor", "-id"):
        deals.setdefault(deal.customer_id or 0, []).append({"id": deal.pk, "name": deal.name})
    lasts = reads.last_met(near)
    found = []
    for row in rows:
        last = lasts.get(row.pk)
        under = (
            " · ".join(filter(None, (show.day(last.on), str(RESULTS.get(last.result, last.result)))))
            if last
            else row.industry
            if row.pk not in hidden
            else ""
        )
        found.append({"id": row.pk, "name": row.name, "under": under, "contacts": contacts.get(row.pk, []),
                      "deals": deals.get(row.pk, [])[:6]})  # fmt: skip
    return found


def rule_told(rule: rules.Rule) -> dict[str, Any]:
    """Today's effective-visit rule, for the live line of the sheet."""
    return {"from": None if rule.valid_from == date.min else rule.valid_from.isoformat(),
            "asks": list(rules.conditions(rule)), "minutes": rule.min_minutes, "backDays": rule.back_days,
            "notMet": sorted(rules.NOT_MET)}  # fmt: skip


def words() -> dict[str, str]:
    """What the sheet says by itself, in the reader's language."""
    return {
        **{name: str(word) for name, word in judged.CONDITIONS.items()},
        "counts": _("算有效拜访"), "not_counts": _("还不计有效：差"), "unverified": _("待核实：差"),
        "not_visit": _("这一类不判有效"),
        "broken": _("没保存成功，内容还在这页。再试一次。"), "need_customer": _("先选一个客户。"),
        "need_day": _("定了时间，还要选哪一天。"), "need_note": _("这一类要写备注。"),
        "need_place": _("这一类要定位，点“加定位”。"),
        "need_photo": _("这一类要照片。"),
        "new_customer": _("新建客户“{name}”"), "place_off": _("未附位置"), "place_on": _("已附位置"),
        "no_offline": _("这里不能离线保存，请在有信号的地方提交。"),
        "merge": _("合并成一次"), "again": _("再记一次"),
        "ask_manager": _("提交主管确认"),
    }  # fmt: skip


def context(request: HttpRequest, terms: reads.Terms | None = None) -> dict[str, Any]:
    """Everything the sheet's template and script need; the customers are fetched beside the page."""
    reach, on = door.viewer(request), door.today(request)
    terms = terms or reads.terms_of_day(on)
    offered = kinds_offered(terms.kinds)
    return {
        "sheet_kinds": offered,
        "sheet_results": RESULT_CHOICES,
        "sheet_steps": list(STEPS.items()),
        "sheet_minutes": MINUTES,
        "sheet_dates": [("1", _("明天")), ("3", _("3 天后")), ("monday", _("下周一"))],
        "sheet_key": uuid.uuid4().hex,
        "sheet_data": {
            "person": reach.person_id, "today": on.isoformat(), "clock": clock.real_ms(),
            "customers": [], "rule": rule_told(plain_rule(terms.visits)),
            "kinds": offered, "words": words(), "url": reverse("log"), "find": reverse("log_find"),
            "token": reverse("log_token"), "more": True, "known": reverse("log_known"),
        },
    }  # fmt: skip


def lead_told(lead: Lead) -> dict[str, Any]:
    """A lead as the sheet shows it."""
    return {"id": lead.pk, "name": lead.name, "contact": lead.contact_name}
