"""Questions about activities: lists, one timeline, the day of a person, what needs attention."""

from .day import DEFAULT_NORMS, SUGGESTED, Day, Todo, my_day, norms, plans_over
from .hints import Last, Money, Needs, deal_needs, hint_settings, last_met, open_deals, overdue_money
from .timeline import PAGE, Keep, Moment, activities, everything, kinds, timeline

__all__ = [
    "DEFAULT_NORMS",
    "PAGE",
    "SUGGESTED",
    "Day",
    "Keep",
    "Last",
    "Moment",
    "Money",
    "Needs",
    "Todo",
    "activities",
    "deal_needs",
    "everything",
    "hint_settings",
    "kinds",
    "last_met",
    "my_day",
    "norms",
    "open_deals",
    "overdue_money",
    "plans_over",
    "timeline",
]
