"""Addresses of goal adjustment: applications, the register of market events, delegates."""

from django.urls import path

from pacesetter.web.views.goals import adjusting, application, register

urlpatterns = [
    path("goals/adjustments/", adjusting.adjustments, name="adjustments"),
    path("goals/adjustments/<int:pk>/", application.adjustment, name="adjustment"),
    path("goals/<int:pk>/adjust/", adjusting.adjust, name="goal_adjust"),
    path("goals/events/", register.market_events, name="market_events"),
    path("goals/events/new/", register.market_event_new, name="market_event_new"),
    path("goals/events/<int:pk>/", register.market_event_edit, name="market_event_edit"),
    path("goals/delegates/", register.delegates, name="delegates"),
]
