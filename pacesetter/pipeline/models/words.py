"""The closed word lists of the pipeline: stages, outcomes, reasons, roles."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadStage(models.TextChoices):
    """线索 → 有效线索 → 意向客户 → 成单, or out."""

    NEW = "new", _("新线索")
    VALID = "valid", _("有效线索")
    INTENT = "intent", _("意向客户")
    WON = "won", _("已成单")
    LOST = "lost", _("已关闭")


class DealStage(models.TextChoices):
    """The deal's way from first contact to signature."""

    PROSPECT = "prospect", _("接触")
    INTENT = "intent", _("意向")
    PROPOSAL = "proposal", _("方案")
    NEGOTIATION = "negotiation", _("谈判")
    WON = "won", _("赢单")
    LOST = "lost", _("输单")
    CANCELLED = "cancelled", _("已取消")


class Outcome(models.TextChoices):
    """What a stage change did to the deal."""

    OPENED = "opened", _("新建")
    MOVED = "moved", _("推进")
    WON = "won", _("赢单")
    LOST = "lost", _("输单")
    CANCELLED = "cancelled", _("取消")
    REOPENED = "reopened", _("重新打开")


class LossReason(models.TextChoices):
    """Eight chips, one tap."""

    PRICE = "price", _("价格")
    COMPETITOR = "competitor", _("选了竞品")
    NO_BUDGET = "no_budget", _("没有预算")
    NO_NEED = "no_need", _("需求消失")
    PRODUCT = "product", _("产品不匹配")
    TIMING = "timing", _("时机不对")
    CONTACT = "contact", _("没见到决策人")
    OTHER = "other", _("其他")


class CustomerKind(models.TextChoices):
    """New or repurchase, in event-date order of the customer; unknown before history is complete."""

    NEW = "new", _("新客")
    REPURCHASE = "repurchase", _("复购")
    UNKNOWN = "unknown", _("未知")


class DecisionRole(models.TextChoices):
    """A contact's part in the decision."""

    DECISION_MAKER = "decision_maker", _("决策人")
    INFLUENCER = "influencer", _("影响者")
    USER = "user", _("使用者")
    BUYER = "buyer", _("采购")
    CHAMPION = "champion", _("内部支持者")
    BLOCKER = "blocker", _("反对者")
    UNKNOWN = "unknown", _("未知")


class Tier(models.TextChoices):
    """客户分层 customer tier."""

    A = "A", _("A 级")
    B = "B", _("B 级")
    C = "C", _("C 级")
    NONE = "", _("未分层")


class TaxBasis(models.TextChoices):
    """Whether a deal's amounts hold tax."""

    INCLUDED = "included", _("含税")
    EXCLUDED = "excluded", _("不含税")
    UNKNOWN = "unknown", _("未说明")
