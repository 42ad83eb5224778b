"""Products, customers and their contacts, as programs send and get them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from ..fields import (
    Answer,
    Flag,
    Form,
    Line40,
    Line60,
    Line80,
    Line120,
    Line300,
    Minor,
    Name80,
    Name200,
    Note,
    PathId,
    Ref,
    Remark,
    Version,
)
from ..listing import Asked

Tier = Literal["", "A", "B", "C"]
DecisionRole = Literal["decision_maker", "influencer", "user", "buyer", "champion", "blocker", "unknown"]


class ProductsAsked(Asked):
    """A list of products."""

    category: Line120 = ""
    active: Literal["", "true", "false"] = ""
    sort: Literal["id", "-id", "name", "-name", "list_price_minor", "-list_price_minor"] = "-id"


class ProductOut(Answer):
    """One product. The cost is null for whoever may not maintain products."""

    id: int
    code: str | None
    name: str
    category: str
    list_price_minor: int | None
    cost_minor: int | None
    active: bool


class ProductNew(Form):
    """A new product."""

    name: Name200
    code: Line80 | None = None
    category: Line120 = ""
    list_price_minor: Minor | None = None
    cost_minor: Minor | None = None


class ProductChange(Form):
    """Fields that are not sent stay as they are."""

    name: Name200 = Field(default_factory=str)
    code: Line80 | None = None
    category: Line120 = Field(default_factory=str)
    list_price_minor: Minor | None = None
    cost_minor: Minor | None = None
    active: Flag = True


class CustomersAsked(Asked):
    """A list of customers."""

    owner_id: PathId | None = None
    industry: Line80 = ""
    region: Line80 = ""
    tier: Tier = ""
    code: Line80 = ""
    sort: Literal["id", "-id", "name", "-name", "created_on", "-created_on", "won_minor", "-won_minor"] = "-id"


class CustomerOut(Answer):
    """One customer. Null: not on file, or hidden from this reader (phone, amounts, unmapped columns).

    `tier_fixed`: set by hand (`tier_reason`), otherwise the tier rule decides; `tier_on` = since when.
    """

    id: int
    code: str | None
    name: str
    industry: str
    region: str
    size: str
    tier: str
    tier_fixed: bool
    tier_reason: str
    tier_on: date | None
    owner_id: int | None
    owner: str | None
    parent_id: int | None
    source: str
    phone: str | None
    address: str
    note: str
    created_on: date
    won_minor: int | None
    open_deals: int | None
    version: int
    extra: dict[str, Any] | None


class CustomerNew(Form):
    """A new customer; without `owner_id` it is the caller's. `lead_id` is the lead it came from."""

    name: Name200
    owner_id: Ref | None = None
    lead_id: Ref | None = None
    code: Line80 | None = None
    industry: Line80 = ""
    region: Line80 = ""
    size: Line60 = ""
    tier: Tier = ""
    parent_id: Ref | None = None
    source: Line80 = ""
    phone: Line40 = ""
    address: Line300 = ""
    note: Note = ""


class CustomerChange(Form):
    """Fields that are not sent stay as they are; `version` is the one that was read."""

    version: Version
    name: Name200 = Field(default_factory=str)
    code: Line80 | None = None
    industry: Line80 = Field(default_factory=str)
    region: Line80 = Field(default_factory=str)
    size: Line60 = Field(default_factory=str)
    tier: Tier = Field(default="")
    parent_id: Ref | None = None
    source: Line80 = Field(default_factory=str)
    phone: Line40 = Field(default_factory=str)
    address: Line300 = Field(default_factory=str)
    note: Note = Field(default_factory=str)


class ContactsAsked(Asked):
    """The contacts of a customer."""

    archived: Literal["true", "false"] = "false"
    sort: Literal["id", "-id", "name", "-name"] = "id"


class ContactOut(Answer):
    """Somebody at a customer. Mobile and mail are null where the reader's role hides them."""

    id: int
    customer_id: int
    name: str
    title: str
    decision_role: str
    mobile: str | None
    email: str | None
    note: str | None
    archived: bool


class ContactNew(Form):
    """A new contact."""

    name: Name80
    title: Line80 = ""
    decision_role: DecisionRole = "unknown"
    mobile: Line40 = ""
    email: Line120 = ""
    note: Remark = ""


class ContactChange(Form):
    """Fields that are not sent stay as they are; `archived` takes the contact off the lists."""

    name: Name80 = Field(default_factory=str)
    title: Line80 = Field(default_factory=str)
    decision_role: DecisionRole = "unknown"
    mobile: Line40 = Field(default_factory=str)
    email: Line120 = Field(default_factory=str)
    note: Remark = Field(default_factory=str)
    archived: Flag = False
