"""洞察 Insights: team board, funnel, metrics, and the Why page behind every number."""

from .board_page import board_page, first_page
from .board_tv import board_tv
from .funnel_page import funnel_page
from .metric_making import metric_new, metric_retire
from .metric_pages import metric_detail, metric_list
from .question_pages import question_list, question_page, why_ask
from .why_page import why_page, why_records

__all__ = [
    "board_page",
    "board_tv",
    "first_page",
    "funnel_page",
    "metric_detail",
    "metric_list",
    "metric_new",
    "metric_retire",
    "question_list",
    "question_page",
    "why_ask",
    "why_page",
    "why_records",
]
