"""Addresses of 目标: the cascade, one goal, its calculation."""

from django.urls import path

from pacesetter.web.views import goals

urlpatterns = [
    path("goals/", goals.goals, name="goals"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/rows/", goals.rows_below, name="goal_rows"),
    path("goals/<int:pk>/expected/", goals.expected, name="goal_expected"),
]
