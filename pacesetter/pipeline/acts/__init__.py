"""The verbs of the pipeline. One function = one user act, one transaction, one journal line."""

from .customer import add_contact, add_customer, assign_customer, change_contact, change_customer
from .deal import Line, change_deal, open_deal, set_credits
from .export import export_records
from .handover import refreeze, transfer_ownership
from .lead import add_lead, assign_lead, change_lead, claim_lead, move_lead, release_lead
from .merge import merge_customers, undo_merge
from .money import (
    allocate_receipt,
    issue_invoice,
    plan_instalment,
    record_receipt,
    void_instalment,
    withdraw_allocation,
)
from .moving import lose_deal, move_deal, reopen_deal, win_deal
from .pool import protect_unprotected, reclaim_lead, set_pool_rule, touch_lead, touch_leads
from .product import add_product, change_product
from .reverse import cancel_deal, refund_deal
from .tier import fix_tier, follow_tier_rule, free_tier, set_tier_rule

__all__ = [
    "Line",
    "add_contact",
    "add_customer",
    "add_lead",
    "add_product",
    "allocate_receipt",
    "assign_customer",
    "assign_lead",
    "cancel_deal",
    "change_contact",
    "change_customer",
    "change_deal",
    "change_lead",
    "change_product",
    "claim_lead",
    "export_records",
    "fix_tier",
    "follow_tier_rule",
    "free_tier",
    "issue_invoice",
    "lose_deal",
    "merge_customers",
    "move_deal",
    "move_lead",
    "open_deal",
    "plan_instalment",
    "protect_unprotected",
    "reclaim_lead",
    "record_receipt",
    "refreeze",
    "refund_deal",
    "release_lead",
    "reopen_deal",
    "set_credits",
    "set_pool_rule",
    "set_tier_rule",
    "touch_lead",
    "touch_leads",
    "transfer_ownership",
    "undo_merge",
    "void_instalment",
    "win_deal",
    "withdraw_allocation",
]
