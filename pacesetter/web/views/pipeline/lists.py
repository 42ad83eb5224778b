"""The lists of the customers' place: customers, leads and the pool, deals, collections, products."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pacesetter.activity.rules.hints import DEAL_RISKS
from pacesetter.people.models import Person
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline import reads, rules
from pacesetter.pipeline.models import CustomerKind, DealStage, LeadStage, Tier

from ... import door
from . import needs, protecting
from .listing import Column, Filter, Listing, answer, masked

LEADS = pgettext_lazy("place", "线索")
FROM_LEAD = Q(leads__isnull=False)
CLOSED = protecting.CLOSED


def words(request: HttpRequest) -> str:
    """What is searched for."""
    return request.GET.get("q", "").strip()[:80]


def owners(reach: Reach, entity: str) -> list[tuple[str, Any]]:
    """Whom a list may be narrowed to; nobody for somebody who sees only their own."""
    scope = reach.scope(entity)
    live = Person.objects.filter(merged_into=None, role_grants__role__in=("rep", "manager", "director")).distinct()
    if scope == Scope.TEAM:
        live = live.filter(pk__in=reach.people_ids)
    elif scope < Scope.ALL:
        return []
    return [(str(pk), name) for pk, name in live.order_by("name", "id").values_list("pk", "name")[:300]]


def owner_filter(reach: Reach, entity: str, column: str = "owner_id") -> Filter:
    """A filter by owner."""
    return Filter("owner", _("负责人"), owners(reach, entity), lambda rows, value: rows.filter(**{column: int(value)}))


def values(name: str, label: Any, rows: QuerySet[Any], field: str) -> Filter:
    """A filter by what a column holds."""
    return Filter(name, label, [(v, v) for v in reads.distinct_values(rows, field)],
                  lambda found, value: found.filter(**{field: value}))  # fmt: skip


def card(name: str) -> Any:
    """The address of a row's card."""
    return lambda row: reverse(name, args=[row.pk])


def named(row: Any) -> str:
    """The owner's name, or nothing."""
    return row.owner.name if row.owner else ""


def tier_by(row: Any) -> Any:
    """Whether a rule or a hand set the tier; '' where nobody knows."""
    return _("手工") if row.tier_fixed else _("按规则") if row.tier_on else ""


def customers(request: HttpRequest, kind: str = "") -> HttpResponse:
    """Customers in reach."""
    reach = door.need(request, "customers")
    plain = reach.rows(reads.customers().model._default_manager.filter(merged_into=None), "customers", leads=FROM_LEAD)
    hidden = "contacts" in reach.masks("customers")
    rows = reach.rows(reads.customers(words(request), numbers=not hidden), "customers", leads=FROM_LEAD)
    prices = reach.may("deals")
    columns = [
        Column("name", _("客户名称"), lambda r: r.name, sort="name", url=card("customer"), on_phone="first",
               under=lambda r: r.code or ""),
        Column("industry", _("行业"), lambda r: r.industry, sort="industry"),
        Column("region", _("客户区域"), lambda r: r.region, sort="region", on_phone="wide"),
        Column("tier", _("分层"), lambda r: r.get_tier_display() if r.tier else "", "tag", sort="tier",
               under=tier_by),
        Column("owner", _("负责人"), named, sort="owner__name"),
        Column("phone", _("电话"), lambda r: masked(r.phone) if hidden else r.phone, on_phone="wide"),
    ]  # fmt: skip
    if prices:
        columns += [
            Column("open_deals", _("进行中商机"), lambda r: r.open_deals, "count", sort="open_deals", on_phone="wide"),
            Column("won", _("累计成交"), lambda r: r.won_minor, "money", sort="won_minor", on_phone="hero",
                   total="won_minor"),
        ]  # fmt: skip
    columns.append(Column("created", _("建档日期"), lambda r: r.created_on, "day", sort="created_on", on_phone="wide"))
    may = reach.may("customers", "write")
    actions = []
    if may:
        actions = [(reverse("duplicates"), "merge", _("查重")), (reverse("customer_new"), "plus", _("新建客户"))]
    return answer(request, Listing(
        "customers", pgettext_lazy("place", "客户"), rows, columns, order="name", export="customers_export",
        search=_("名称、编号、电话、联系人"),
        sub=_("谁是我们的客户，下一步该找谁？"), actions=actions,
        filters=[
            owner_filter(reach, "customers"),
            values("industry", _("行业"), plain, "industry"),
            values("region", _("客户区域"), plain, "region"),
            Filter("tier", _("分层"), [c for c in Tier.choices if c[0]], lambda q, v: q.filter(tier=v)),
        ],
        empty=_("还没有客户。新建一个，或从 Excel 导入。"),
    ), kind)  # fmt: skip


def leads(request: HttpRequest, kind: str = "") -> HttpResponse:
    """Leads in reach, or the pool."""
    reach, today = door.viewer(request), door.today(request)
    pool = request.GET.get("view") == "pool"
    entity = "pool" if pool else "leads"
    if not reach.may(entity):
        raise Http404
    hidden = "contacts" in reach.masks(entity)
    found = reads.leads(words(request), numbers=not hidden)
    rows = reach.rows(found.filter(in_pool=True), "pool") if pool else reach.rows(found.filter(in_pool=False), "leads")
    columns = [
        Column("name", _("公司/称呼"), lambda r: r.name, sort="name", url=card("lead"), on_phone="first",
               under=lambda r: r.contact_name),
        Column("mobile", _("手机"), lambda r: masked(r.mobile) if hidden else r.mobile, on_phone="wide"),
        Column("source", _("来源"), lambda r: r.source, sort="source"),
        Column("stage", _("阶段"), lambda r: r.get_stage_display(), "tag", sort="stage", on_phone="hero"),
        Column("owner", _("负责人"), named, sort="owner__name"),
        Column("created", _("创建日期"), lambda r: r.created_on, "day", sort="created_on", on_phone="wide"),
        Column("touched", _("最近跟进"), lambda r: r.last_touch_on, "day", sort="last_touch_on", on_phone="wide",
               under=lambda r: _quiet(r.last_touch_on or r.created_on, today, r.stage)),
    ]  # fmt: skip
    me, now = reach.person_id, door.at(request)
    if pool:
        columns.append(Column("why", _("回到公海的原因"), protecting.because,
                              under=lambda r: r.freed_from.name if r.freed_from else ""))  # fmt: skip
    else:
        columns.append(Column("protected", _("保护期至"), lambda r: None if r.stage in CLOSED else r.protected_until,
                              "day", sort="protected_until", under=lambda r: protecting.short(r, today)))  # fmt: skip
    tabs = [(reverse("leads"), LEADS, not pool)] if reach.may("leads") else []
    if reach.may("pool"):
        tabs.append((reverse("leads") + "?view=pool", _("公海"), pool))
    actions = [(reverse("lead_new"), "plus", _("新建线索"))] if reach.may("leads", "write") else []
    filters = [
        Filter("stage", _("阶段"), LeadStage.choices, lambda q, v: q.filter(stage=v)),
        values("source", _("来源"), rows, "source"),
    ]
    terms = reads.pool_terms(today)
    soon = _("%(n)s 天内回公海") % {"n": terms.warn_days if terms else 0}
    context: dict[str, Any] = {"keep_view": "pool" if pool else ""}
    if pool:
        filters.append(Filter("freed", _("原负责人"), [("mine", _("我"))], lambda q, v: q.filter(freed_from_id=me)))
    else:
        filters.insert(0, owner_filter(reach, "leads"))
        if terms is not None and terms.on:
            filters.append(Filter("ends", _("保护期至"), [("soon", soon)],
                                  lambda q, v: reads.ending_soon(q, today, terms.warn_days)))  # fmt: skip
        context["taken"] = protecting.taken(me, now) if reach.may("pool") else []
        context["ending"] = protecting.ending(rows.filter(owner_id=me), today)
    return answer(request, Listing(
        entity, _("公海") if pool else LEADS, rows, columns, filters=filters, order="-created_on", tabs=tabs,
        search=_("公司、联系人、手机"), sub=_("哪些线索还热，哪些在变凉？"), export="leads_export", actions=actions,
        empty=_("公海是空的：线索都有人跟。") if pool else _("还没有线索。新建一条，或到公海领取。"),
        context=context,
    ), kind)  # fmt: skip


def _quiet(since: date, today: date, stage: str) -> Any:
    """How long nobody touched it, from a week on."""
    days = (today - since).days
    return _("%(n)s 天没跟进") % {"n": days} if days >= 7 and stage not in ("won", "lost") else ""


def deals(request: HttpRequest, kind: str = "") -> HttpResponse:
    """Deals in reach."""
    reach, today = door.need(request, "deals"), door.today(request)
    rows = reach.rows(reads.deals(words(request)), "deals")
    columns = [
        Column("name", _("商机名称"), lambda r: r.name, sort="name", url=card("deal"), on_phone="first",
               under=lambda r: r.customer.name if r.customer else ""),
        Column("customer", _("客户"), lambda r: r.customer.name if r.customer else "", file_only=True),
        Column("code", _("商机编号"), lambda r: r.code, file_only=True),
        Column("stage", _("阶段"), lambda r: r.get_stage_display(), "tag", sort="stage"),
        Column("amount", _("金额"), lambda r: r.amount_minor, "money", sort="amount_minor", on_phone="hero",
               total="amount_minor"),
        Column("owner", _("负责人"), named, sort="owner__name"),
        Column("expected", _("预计成交"), lambda r: r.expected_on, "day", sort="expected_on", on_phone="wide"),
        Column("closed", _("关闭日期"), lambda r: r.closed_on, "day", sort="closed_on", on_phone="wide"),
        Column("next", _("下一步"), lambda r: r.next_step, sort="next_on", on_phone="wide",
               under=lambda r: r.next_on if r.stage in rules.OPEN_STAGES else ""),
    ]  # fmt: skip
    # one short tag a deal, the weightiest; the sentence with its figures below
    told: dict[int, list[needs.Told]] = {}
    waiting: list[needs.Needing] = []
    if needs.seen(reach):
        columns.append(Column("need", _("要处理"), lambda r: told[r.pk][0].name if r.pk in told else _past(r, today),
                              "need", url=lambda r: told[r.pk][0].url if r.pk in told else "",
                              under=lambda r: told[r.pk][0].says if r.pk in told else ""))  # fmt: skip
        waiting = [] if kind and not request.GET.get("needs") else needs.needing(reach, rows, today)
    else:
        columns.append(Column("late", _("要处理"), lambda r: _overdue(r, today), "late"))

    def prepare(shown: Sequence[Any]) -> None:
        told.clear()
        told.update(needs.of(reach, shown, today))

    may = reach.may("deals", "write")
    return answer(request, Listing(
        "deals", pgettext_lazy("place", "商机"), rows, columns, order="-id",
        search=_("商机、客户、编号、合同号"), export="deals_export",
        sub=_("每个商机走到哪一步，下一步是什么？"),
        actions=[(reverse("deal_new"), "plus", _("新建商机"))] if may else [],
        filters=[
            owner_filter(reach, "deals"),
            Filter("state", _("状态"), [("open", _("进行中")), *DealStage.choices], _in_state),
            values("source", _("来源"), reach.rows(reads.deals(), "deals"), "source"),
            Filter("kind", _("新客/复购"), CustomerKind.choices, lambda q, v: q.filter(customer_kind=v)),
            Filter("needs", _("要处理（%(n)s）") % {"n": len(waiting)}, _waiting(waiting),
                   lambda q, v: q.filter(pk__in=[one.deal.pk for one in waiting
                                                 if v == "any" or v in [told.key for told in one.told]])),
        ],
        empty=_("还没有商机。从客户卡上新建，或从 CRM 导入。"), prepare=prepare,
    ), kind)  # fmt: skip


def _waiting(waiting: list[needs.Needing]) -> list[tuple[str, Any]]:
    """The choices of the filter with their counts: everything that needs something, then each reason."""
    if not waiting:
        return []
    counts: dict[str, tuple[str, int]] = {}
    for one in waiting:
        for told in one.told:
            counts[told.key] = (told.name, counts.get(told.key, ("", 0))[1] + 1)
    each = [(key, f"{counts[key][0]} {counts[key][1]}") for key in DEAL_RISKS if key in counts]
    return [("any", _("所有要处理的")), *each]


def _past(deal: Any, today: date) -> Any:
    late = deal.stage in rules.OPEN_STAGES and deal.expected_on and deal.expected_on < today
    return _("预计日期已过") if late else ""


def _in_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(stage__in=rules.OPEN_STAGES) if value == "open" else rows.filter(stage=value)


def _overdue(deal: Any, today: date) -> Any:
    if deal.stage not in rules.OPEN_STAGES:
        return ""
    if deal.next_on and deal.next_on < today:
        return _("下一步已过期")
    return _past(deal, today)


def collections(request: HttpRequest, kind: str = "") -> HttpResponse:
    """Planned payments in reach with what is overdue; receipts on their own tab."""
    reach, today = door.need(request, "money"), door.today(request)
    how: dict[str, Any] = {"owner": "person_id", "team": "team_id"}
    showing = "receipts" if request.GET.get("view") == "receipts" else "instalments"
    tabs = [
        (reverse("collections"), _("应收"), showing == "instalments"),
        (reverse("collections") + "?view=receipts", _("回款与认款"), showing == "receipts"),
    ]
    actions = []
    if reach.may("money", "write"):
        actions = [
            (reverse("invoice_new"), "receipt", _("登记开票")),
            (reverse("instalment_new"), "calendar-plus", _("新增应收")),
            (reverse("receipt_new"), "plus", _("登记回款")),
        ]
    if showing == "receipts":
        return _receipts(request, reach.rows(reads.receipts(words(request)), "money", on="on", **how), tabs, actions,
                         kind, reach)  # fmt: skip
    rows = reach.rows(reads.instalments(words(request)), "money", on="due_on", **how)
    buckets = reads.ageing_totals(rows, today)
    columns = [
        Column("customer", _("客户"), lambda r: r.customer.name, sort="customer__name", on_phone="first",
               url=lambda r: reverse("customer", args=[r.customer_id]), under=lambda r: r.deal.name if r.deal else ""),
        Column("due", _("应收日期"), lambda r: r.due_on, "day", sort="due_on"),
        Column("amount", _("应收金额"), lambda r: r.amount_minor, "money", sort="amount_minor", total="amount_minor",
               on_phone="wide"),
        Column("paid", _("已回款"), lambda r: r.paid_minor, "money", sort="paid_minor", on_phone="wide",
               total="paid_minor"),
        Column("left", _("未回款"), lambda r: r.left_minor, "money", sort="left_minor", on_phone="hero",
               total="left_minor"),
        Column("person", _("负责人"), lambda r: r.person.name if r.person else "", sort="person__name"),
        Column("late", _("账龄"), lambda r: _aged(r, today), "late"),
    ]  # fmt: skip
    return answer(request, Listing(
        "instalments", _("应收与回款"), rows, columns, order=("settled", "due_on"), tabs=tabs, actions=actions,
        search=_("客户、商机、编号"), sub=_("哪些钱该回没回？"), export="collections_export",
        figures=[(_("逾期 %(days)s 天") % {"days": name}, amount) for name, amount in buckets.items()],
        filters=[
            owner_filter(reach, "money", "person_id"),
            Filter("state", _("状态"), [("overdue", _("已逾期")), ("open", _("未结清")), ("paid", _("已结清"))],
                   lambda q, v: _owed(q, v, today)),
        ],
        empty=_("还没有应收计划。财务可以登记或导入。"),
    ), kind)  # fmt: skip


def _owed(rows: QuerySet[Any], value: str, today: date) -> QuerySet[Any]:
    if value == "paid":
        return rows.filter(left_minor__lte=0)
    rows = rows.filter(left_minor__gt=0)
    return rows.filter(due_on__lt=today) if value == "overdue" else rows


def _aged(row: Any, today: date) -> Any:
    bucket = rules.ageing(row.due_on, today) if row.left_minor > 0 else ""
    return _("逾期 %(days)s 天") % {"days": bucket} if bucket else ""


def _receipts(request: HttpRequest, rows: QuerySet[Any], tabs: Any, actions: Any, kind: str, reach: Reach
              ) -> HttpResponse:  # fmt: skip
    columns = [
        Column("customer", _("客户"), lambda r: r.customer.name, sort="customer__name", on_phone="first",
               url=card("receipt"), under=lambda r: r.number or ""),
        Column("on", _("回款日期"), lambda r: r.on, "day", sort="on"),
        Column("amount", _("回款金额"), lambda r: r.amount_minor, "money", sort="amount_minor", on_phone="hero",
               total="amount_minor"),
        Column("used", _("已认款"), lambda r: r.allocated_minor, "money", sort="allocated_minor", on_phone="wide",
               total="allocated_minor"),
        Column("free", _("未认款"), lambda r: r.free_minor, "money", sort="free_minor", total="free_minor"),
        Column("person", _("负责人"), lambda r: r.person.name if r.person else "", sort="person__name"),
    ]  # fmt: skip
    return answer(request, Listing(
        "receipts", _("应收与回款"), rows, columns, order="-on", tabs=tabs, actions=actions,
        export="collections_export", search=_("客户、编号"), sub=_("没认的款会一直显示，不会被猜。"),
        filters=[
            owner_filter(reach, "money", "person_id"),
            Filter("state", _("状态"), [("free", _("有未认款"))], lambda q, v: q.filter(free_minor__gt=0)),
        ],
        empty=_("还没有回款。财务可以登记或导入。"), context={"keep_view": "receipts"},
    ), kind)  # fmt: skip


def products(request: HttpRequest, kind: str = "") -> HttpResponse:
    """What is sold."""
    reach = door.need(request, "deals")
    rows = reads.products(words(request))
    may = reach.scope("deals", "write") == Scope.ALL
    columns = [
        Column("name", _("产品名称"), lambda r: r.name, sort="name", on_phone="first",
               url=card("product_edit") if may else None, under=lambda r: r.code or ""),
        Column("category", _("类别"), lambda r: r.category, sort="category"),
        Column("price", _("标价"), lambda r: r.list_price_minor, "money", sort="list_price_minor", on_phone="hero"),
        Column("state", _("状态"), lambda r: _("在售") if r.active else _("停售"), "tag", sort="active"),
    ]  # fmt: skip
    return answer(request, Listing(
        "products", _("产品"), rows, columns, order="name", search=_("产品、编号、类别"), export="products_export",
        actions=[(reverse("product_new"), "plus", _("新增产品"))] if may else [],
        filters=[values("category", _("类别"), reads.products(), "category")],
        empty=_("还没有产品。总监可以新增，也可以随商机一起导入。"),
    ), kind)  # fmt: skip
