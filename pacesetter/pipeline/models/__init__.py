"""Nouns of the pipeline room: what is sold, to whom, how far it has come, and the money that follows."""

from .customer import Contact, Customer, OwnerChange
from .deal import Booking, CreditShare, Deal, DealLine, Reversal, StageChange
from .lead import Lead
from .money import Allocation, Instalment, Invoice, Receipt
from .policy import PoolRule, TierRule
from .product import Product
from .words import CustomerKind, DealStage, DecisionRole, LeadStage, LossReason, Outcome, TaxBasis, Tier

__all__ = [
    "Allocation",
    "Booking",
    "Contact",
    "CreditShare",
    "Customer",
    "CustomerKind",
    "Deal",
    "DealLine",
    "DealStage",
    "DecisionRole",
    "Instalment",
    "Invoice",
    "Lead",
    "LeadStage",
    "LossReason",
    "Outcome",
    "OwnerChange",
    "PoolRule",
    "Product",
    "Receipt",
    "Reversal",
    "StageChange",
    "TaxBasis",
    "Tier",
    "TierRule",
]
