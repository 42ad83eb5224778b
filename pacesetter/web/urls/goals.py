"""Addresses of 目标: the cascade, one goal, its calculation."""

from django.urls import path

from pacesetter.web.views import goals

urlpatterns = [
    path("goals/", goals.goals, name="goals"),
    path("goals/new/", goals.goal_new, name="goal_new"),
    path("goals/check/", goals.goal_check, name="goal_check"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/edit/", goals.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/rows/", goals.rows_below, name="goal_rows"),
    path("goals/copy/", goals.copy, name="goals_copy"),
    path("goals/template/", goals.template, name="goals_template"),
    path("goals/publish/", goals.publish, name="goals_publish"),
    path("goals/settings/", goals.goal_settings, name="goals_settings"),
    path("goals/letter/person/<int:pk>/", goals.letter, {"kind": "person"}, name="goal_letter_person"),
    path("goals/letter/team/<int:pk>/", goals.letter, {"kind": "team"}, name="goal_letter_team"),
    path("goals/spread/", goals.spread_goal, name="goals_spread"),
    path("goals/spread/undo/<int:pk>/", goals.spread_undo, name="goals_spread_undo"),
    path("goals/<int:pk>/commit/", goals.commit, name="goal_commit"),
    path("goals/<int:pk>/submit/", goals.step, {"step": "submit"}, name="goal_submit"),
    path("goals/<int:pk>/return/", goals.step, {"step": "return"}, name="goal_return"),
    path("goals/<int:pk>/publish/", goals.step, {"step": "publish"}, name="goal_publish"),
    path("goals/<int:pk>/lock/", goals.step, {"step": "lock"}, name="goal_lock"),
    path("goals/<int:pk>/withdraw/", goals.step, {"step": "withdraw"}, name="goal_withdraw"),
    path("goals/<int:pk>/sign/", goals.step, {"step": "sign"}, name="goal_sign"),
    path("goals/<int:pk>/expected/", goals.expected, name="goal_expected"),
    path("goals/calculator/", goals.calculator, name="goal_calculator"),
    path("goals/calculator/why/", goals.calculator_why, name="goal_calculator_why"),
    path("goals/calculator/adopt/", goals.calculator_adopt, name="goal_calculator_adopt"),
    path("goals/suggestions/<int:pk>/", goals.suggestion, name="goal_suggestion"),
]
