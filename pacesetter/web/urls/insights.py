"""Addresses of 洞察 Insights and of the Why page behind every number."""

from django.urls import path

from pacesetter.web.views import insights

urlpatterns = [
    path("insights/", insights.first_page, name="insights"),
    path("insights/board/", insights.board_page, name="board"),
    path("insights/board/tv/", insights.board_tv, name="board_tv"),
    path("insights/funnel/", insights.funnel_page, name="funnel"),
    path("insights/metrics/", insights.metric_list, name="metric_list"),
    path("insights/metrics/new/", insights.metric_new, name="metric_new"),
    path("insights/metrics/<slug:key>/", insights.metric_detail, name="metric_detail"),
    path("insights/metrics/<slug:key>/retire/", insights.metric_retire, name="metric_retire"),
    path("insights/questions/", insights.question_list, name="questions"),
    path("insights/questions/<int:pk>/", insights.question_page, name="question"),
    path("why/<slug:key>/", insights.why_page, name="why"),
    path("why/<slug:key>/ask/", insights.why_ask, name="why_ask"),
    path("why/<slug:key>/records/", insights.why_records, name="why_records"),
]
