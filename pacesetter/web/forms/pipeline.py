"""What the pages of customers, leads, deals, money and activities ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pacesetter.activity.models import ActivityKind
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import Line
from pacesetter.pipeline.models import (
    Contact,
    Customer,
    Deal,
    DealStage,
    DecisionRole,
    Lead,
    LeadStage,
    LossReason,
    Product,
    TaxBasis,
    Tier,
)
from pacesetter.pipeline.rules import OPEN_STAGES, WHOLE, Credit

from .fields import Clock, Day, PersonChoice
from .money import Money, Percent

# kept in Chinese in the record, shown in the reader's language
RESULT_CHOICES = [
    ("有意向", _("有意向")), ("需方案", _("需方案")), ("谈价格", _("谈价格")), ("再联系", _("再联系")),
    ("无需求", _("无需求")), ("没见到", _("没见到")),
]  # fmt: skip
TIERS = [("", _("未分层")), *[choice for choice in Tier.choices if choice[0]]]
LINES = 4
SHARES = 4


class Suggest(forms.TextInput):
    """A text box that suggests names; the first 300 in reach, more are found by typing them out."""

    template_name = "pipeline/_suggest.html"
    rows: QuerySet[Any] | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The box with its list of suggestions."""
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"]["list"] = list_id
        names = [] if self.rows is None else self.rows.values_list("name", flat=True)[:300]
        context.update(list_id=list_id, names=names)
        return context


class Chosen(forms.Field):
    """A record among those in reach, by its name or number: never a list of thousands on the page."""

    widget = Suggest

    def __init__(self, model: type[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queryset = model._default_manager.none()

    @property
    def queryset(self) -> QuerySet[Any]:
        """The rows in reach."""
        return self._rows

    @queryset.setter
    def queryset(self, rows: QuerySet[Any]) -> None:
        self._rows = rows
        self.widget.rows = rows  # type: ignore[attr-defined]

    def prepare_value(self, value: Any) -> Any:
        """The name of a record; an id from an address is looked up."""
        if isinstance(value, int):
            value = self._rows.filter(pk=value).first()
        return getattr(value, "name", value)

    def to_python(self, value: Any) -> Any:
        """The one record that bears this name or number; several are told apart by number."""
        text = str(value or "").strip()[:200]
        if not text:
            return None
        found = list(self._rows.filter(code=text)[:1]) or list(self._rows.filter(name=text)[:2])
        if not found:
            raise forms.ValidationError(_("没找到“%(name)s”。换个写法，或先新建。") % {"name": text}, code="unknown")
        if len(found) > 1:
            raise forms.ValidationError(_("有不止一个“%(name)s”，请写编号。") % {"name": text}, code="ambiguous")
        return found[0]


class Sheet(forms.Form):
    """A form whose people and records are those in reach of the writer."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, on: date, people: Any = None, offered: dict[str, QuerySet[Any]] | None = None,
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, PersonChoice):
                field.offer(Person.objects.none() if people is None else people, on)
            elif isinstance(field, Day) and field.required and field.initial is None:
                field.initial = on
            if offered and name in offered:
                field.queryset = offered[name]  # type: ignore[attr-defined]
        if "version" not in self.initial:
            del self.fields["version"]


class CustomerForm(Sheet):
    """A customer; only the name is asked for at first."""

    name = forms.CharField(label=_("客户名称"), max_length=200)
    owner = PersonChoice(label=_("负责人"), required=False)
    industry = forms.CharField(label=_("行业"), max_length=80, required=False)
    region = forms.CharField(label=_("客户区域"), max_length=80, required=False)
    tier = forms.ChoiceField(
        label=_("分层"), choices=[("", _("未分层")), *[c for c in Tier.choices if c[0]]], required=False
    )
    size = forms.CharField(label=_("规模"), max_length=60, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    address = forms.CharField(label=_("地址"), max_length=300, required=False)
    source = forms.CharField(label=_("来源"), max_length=80, required=False)
    code = forms.CharField(label=_("客户编号"), max_length=80, required=False, empty_value=None)
    note = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ContactForm(Sheet):
    """Somebody at the customer."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    title = forms.CharField(label=_("职务"), max_length=80, required=False)
    decision_role = forms.ChoiceField(label=_("决策角色"), choices=DecisionRole.choices, initial="unknown")
    mobile = forms.CharField(label=_("手机"), max_length=40, required=False)
    email = forms.EmailField(label=_("邮箱"), max_length=120, required=False)
    note = forms.CharField(label=_("备注"), max_length=500, required=False)
    archived = forms.BooleanField(label=_("不再联系（从名单中收起）"), required=False)


class Assign(Sheet):
    """To whom, and why."""

    owner = PersonChoice(label=_("交给"))
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


class LeadForm(Sheet):
    """A lead; without an owner it goes to the pool."""

    name = forms.CharField(label=_("公司/称呼"), max_length=200)
    owner = PersonChoice(label=_("负责人"), required=False, empty_label=_("放进公海"))
    contact_name = forms.CharField(label=_("联系人"), max_length=80, required=False)
    mobile = forms.CharField(label=_("手机"), max_length=40, required=False)
    source = forms.CharField(label=_("来源"), max_length=80, required=False)
    industry = forms.CharField(label=_("行业"), max_length=80, required=False)
    customer_region = forms.CharField(label=_("客户区域"), max_length=80, required=False)
    note = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class LeadStep(Sheet):
    """The next stage of a lead."""

    stage = forms.ChoiceField(label=_("阶段"), choices=LeadStage.choices)
    on = Day(label=_("日期"))
    loss_reason = forms.ChoiceField(
        label=_("关闭原因"), choices=[("", _("不关闭就不用选")), *LossReason.choices], required=False
    )


class Reason(Sheet):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=500)


class DealForm(Sheet):
    """A deal with up to four lines; with lines its amount is their sum."""

    name = forms.CharField(label=_("商机名称"), max_length=200)
    customer = Chosen(Customer, label=_("客户"), required=False)
    owner = PersonChoice(label=_("负责人"), required=False)
    stage = forms.ChoiceField(label=_("阶段"), choices=[c for c in DealStage.choices if c[0] in OPEN_STAGES])
    amount_minor = Money(label=_("金额"), required=False, help_text=_("有明细时不填，按明细合计。"))
    opened_on = Day(label=_("创建日期"))
    expected_on = Day(label=_("预计成交日期"), required=False)
    source = forms.CharField(label=_("来源"), max_length=80, required=False)
    competitor = forms.CharField(label=_("竞品"), max_length=120, required=False)
    tax_basis = forms.ChoiceField(label=_("计税"), choices=TaxBasis.choices, initial="unknown")
    contract_no = forms.CharField(label=_("合同编号"), max_length=80, required=False)
    next_step = forms.CharField(label=_("下一步"), max_length=200, required=False)
    next_on = Day(label=_("下一步日期"), required=False)
    note = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("更正原因"), max_length=500, required=False,
                             help_text=_("赢单之后改负责人、客户或金额要写原因，差额记在今天。"))  # fmt: skip

    def __init__(self, *args: Any, products: QuerySet[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(LINES):
            number = {"n": place + 1}
            self.fields[f"line_{place}_product"] = forms.ModelChoiceField(
                products, label=_("产品 %(n)s") % number, required=False
            )
            self.fields[f"line_{place}_name"] = forms.CharField(
                label=_("说明 %(n)s") % number, max_length=200, required=False
            )
            self.fields[f"line_{place}_amount"] = Money(label=_("金额 %(n)s") % number, required=False)

    def line_rows(self) -> list[list[Any]]:
        """The boxes of each line, to draw them side by side."""
        return [[self[f"line_{p}_{part}"] for part in ("product", "name", "amount")] for p in range(LINES)]

    def main_fields(self) -> list[Any]:
        """Every box but those of lines."""
        return [field for field in self if not field.name.startswith("line_")]

    def lines(self) -> list[Line]:
        """The lines that were filled in."""
        asked = self.cleaned_data
        return [
            Line(product=asked[f"line_{p}_product"], name=asked[f"line_{p}_name"], amount_minor=amount)
            for p in range(LINES)
            if (amount := asked[f"line_{p}_amount"]) is not None
        ]

    def clean(self) -> dict[str, Any]:
        """A line with a product or a name needs its amount."""
        asked = super().clean() or {}
        for place in range(LINES):
            told = asked.get(f"line_{place}_product") or asked.get(f"line_{place}_name")
            if told and asked.get(f"line_{place}_amount") is None and f"line_{place}_amount" not in self.errors:
                self.add_error(f"line_{place}_amount", _("这一行还没有金额。"))
        return asked


class DealBack(Sheet):
    """A refund or a return."""

    kind = forms.ChoiceField(label=_("类型"), choices=[("refund", _("退款")), ("return", _("退货"))])
    amount_minor = Money(label=_("金额"))
    on = Day(label=_("日期"))
    reason = forms.CharField(label=_("原因"), max_length=500)


class DealCancel(Sheet):
    """Cancelled on a day, with a reason."""

    on = Day(label=_("日期"))
    reason = forms.CharField(label=_("原因"), max_length=500)


class Shares(Sheet):
    """Who is credited with how much; the first is the primary."""

    reason = forms.CharField(label=_("更正原因"), max_length=500, required=False, help_text=_("赢单之后要写原因。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on, people = kwargs["on"], kwargs.get("people")
        for place in range(SHARES):
            person = PersonChoice(
                label=_("主负责人") if place == 0 else _("协作 %(n)s") % {"n": place}, required=place == 0
            )
            person.offer(Person.objects.none() if people is None else people, on)
            self.fields[f"person_{place}"] = person
            self.fields[f"share_{place}"] = Percent(label=_("份额 %"), required=place == 0)
            self.fields[f"overlay_{place}"] = forms.BooleanField(label=_("叠加"), required=False)
        del self.fields["overlay_0"]

    def share_rows(self) -> list[list[Any]]:
        """The boxes of each person."""
        parts = ("person", "share", "overlay")
        return [
            [self[f"{part}_{p}"] for part in parts if f"{part}_{p}" in self.fields] for p in range(SHARES)
        ]  # fmt: skip

    def credits(self) -> list[Credit]:
        """The shares that were filled in."""
        asked = self.cleaned_data
        return [
            Credit(asked[f"person_{p}"].pk, asked[f"share_{p}"] or 0, bool(asked.get(f"overlay_{p}")), p == 0)
            for p in range(SHARES)
            if asked.get(f"person_{p}")
        ]

    @staticmethod
    def initial_of(credits: list[Credit]) -> dict[str, Any]:
        """What stands now, for the boxes."""
        found: dict[str, Any] = {}
        for place, credit in enumerate(credits[:SHARES]):
            whole, rest = divmod(credit.share_ppm, WHOLE // 100)
            found |= {
                f"person_{place}": credit.person_id,
                f"share_{place}": f"{whole}.{rest:04d}".rstrip("0").rstrip("."),
                f"overlay_{place}": credit.overlay,
            }
        return found


class InvoiceForm(Sheet):
    """An invoice."""

    customer = Chosen(Customer, label=_("客户"))
    deal = Chosen(Deal, label=_("商机"), required=False)
    on = Day(label=_("开票日期"))
    amount_minor = Money(label=_("开票金额"))
    number = forms.CharField(label=_("发票号"), max_length=80, required=False, empty_value=None)


class InstalmentForm(Sheet):
    """A planned payment."""

    customer = Chosen(Customer, label=_("客户"))
    deal = Chosen(Deal, label=_("商机"), required=False)
    due_on = Day(label=_("应收日期"))
    amount_minor = Money(label=_("应收金额"))
    number = forms.CharField(label=_("编号"), max_length=80, required=False, empty_value=None)


class ReceiptForm(Sheet):
    """Money that arrived."""

    customer = Chosen(Customer, label=_("客户"))
    on = Day(label=_("回款日期"))
    amount_minor = Money(label=_("回款金额"))
    number = forms.CharField(label=_("回款单号"), max_length=80, required=False, empty_value=None)
    method = forms.CharField(label=_("方式"), max_length=40, required=False)
    note = forms.CharField(label=_("备注"), max_length=300, required=False)


class ProductForm(Sheet):
    """A product."""

    name = forms.CharField(label=_("产品名称"), max_length=200)
    code = forms.CharField(label=_("产品编号"), max_length=80, required=False, empty_value=None)
    category = forms.CharField(label=_("类别"), max_length=120, required=False)
    list_price_minor = Money(label=_("标价"), required=False)
    cost_minor = Money(label=_("成本"), required=False)
    active = forms.BooleanField(label=_("在售"), required=False, initial=True)


class ActivityForm(Sheet):
    """One visit, call or proposal; what makes it effective is asked for, not demanded."""

    kind = forms.ChoiceField(label=_("类型"))
    on = Day(label=_("日期"))
    customer = Chosen(Customer, label=_("客户"), required=False)
    lead = Chosen(Lead, label=_("线索"), required=False)
    deal = Chosen(Deal, label=_("商机"), required=False)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("联系人"), required=False)
    contact_name = forms.CharField(label=_("联系人（未建档时）"), max_length=80, required=False)
    result = forms.ChoiceField(label=_("结果"), choices=[("", "—")], required=False)
    next_step = forms.CharField(label=_("下一步"), max_length=200, required=False)
    next_on = Day(label=_("下一步日期"), required=False)
    next_time = Clock(label=_("下一步时间"), required=False)
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=0, max_value=1440, required=False)
    companion = PersonChoice(label=_("同行（陪访）"), required=False)
    note = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, english: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ActivityKind.objects.filter(active=True).order_by("-builtin", "id")
        kind, result = self.fields["kind"], self.fields["result"]
        kind.choices = [(k.key, k.en if english else k.zh) for k in kinds]  # type: ignore[attr-defined]
        result.choices = [("", "—"), *RESULT_CHOICES]  # type: ignore[attr-defined]
