"""The addresses of the Corporate Plan's actions. People link to these, so they do not change."""

from django.urls import URLPattern, path

import hdcperf.converters  # noqa: F401  (registers the converters of quarters, financial years and codes)
from actions.views import (
    action,
    action_list,
    answering,
    entering,
    mid_year,
    outcomes,
    plan,
    portfolios,
    proposals,
    quarters,
    queue,
    review,
    revisions,
    ruling,
    whole_set,
)

SET = "actions/plan/<financial_year:year>/"
ONE = f"{SET}actions/<slug:reference>/"
"""An action in the refresh, by its reference: its code may change."""

urlpatterns: list[URLPattern] = [
    path("quarters/", quarters.quarters, name="quarters"),
    path("quarters/<quarter:quarter>/", quarters.quarter_dates, name="quarter-dates"),
    path("quarters/<quarter:quarter>/open/", quarters.quarter_open, name="quarter-open"),
    path("quarters/locks/<int:pk>/end/", quarters.lock_exception_end, name="action-lock-exception-end"),
    path("actions/", action_list.action_list, name="action-list"),
    path("actions/portfolios/", portfolios.portfolios, name="portfolios"),
    path("actions/plan/", plan.plan, name="plan"),
    path("actions/plan/begin/", plan.plan_start, name="plan-start"),
    path(SET, plan.plan_year, name="plan-year"),
    path(f"{SET}carry/", plan.plan_carry, name="plan-carry"),
    path(f"{SET}changes/", plan.plan_changes, name="plan-changes"),
    path(f"{SET}new/", proposals.plan_new, name="plan-new"),
    path(f"{SET}codes/", whole_set.plan_codes, name="plan-codes"),
    path(f"{SET}decision/", whole_set.plan_decision, name="plan-decision"),
    path(ONE, answering.plan_action, name="plan-action"),
    path(f"{ONE}amend/", proposals.plan_amend, name="plan-amend"),
    path(f"{ONE}take-out/", answering.plan_take_out, name="plan-take-out"),
    path("actions/revisions/", revisions.revisions, name="action-revisions"),
    path("actions/revisions/<int:pk>/", revisions.revision, name="action-revision"),
    path("actions/<quarter:quarter>/", queue.quarter, name="quarter"),
    path("actions/<quarter:quarter>/portfolios/", portfolios.quarter_portfolios, name="quarter-portfolios"),
    path("actions/<quarter:quarter>/<code:code>/", entering.action_update, name="action-update"),
    path("actions/<quarter:quarter>/<code:code>/preview/", entering.preview, name="action-update-preview"),
    path("actions/<quarter:quarter>/<code:code>/review/", review.review, name="action-review"),
    path("actions/<quarter:quarter>/<code:code>/revise/", revisions.revision_propose, name="action-revise"),
    path("actions/<quarter:quarter>/<code:code>/dispute/", ruling.ruling, name="action-ruling"),
    path("actions/<quarter:quarter>/<code:code>/exception/", quarters.lock_exception, name="action-lock-exception"),
    path("actions/<financial_year:year>/<code:code>/", action.action, name="action"),
    path("actions/<financial_year:year>/<code:code>/officer/", mid_year.action_officer, name="action-officer"),
    path("actions/<financial_year:year>/<code:code>/words/", mid_year.action_words, name="action-words"),
    path("actions/<financial_year:year>/<code:code>/end/", mid_year.action_end, name="action-end"),
    path("actions/<financial_year:year>/<code:code>/again/", mid_year.action_again, name="action-again"),
    path("actions/<code:code>/", action.action_find, name="action-find"),
    path("outcomes/", outcomes.outcome_measures, name="outcome-measures"),
    path("outcomes/import/", outcomes.outcomes_import, name="outcomes-import"),
    path("outcomes/import/<int:pk>/", outcomes.outcomes_preview, name="outcomes-preview"),
    path("outcomes/import/<int:pk>/apply/", outcomes.outcomes_apply, name="outcomes-apply"),
    path("outcomes/import/<int:pk>/discard/", outcomes.outcomes_discard, name="outcomes-discard"),
    path("outcomes/<slug:reference>/", outcomes.outcome_measure, name="outcome-measure"),
]
