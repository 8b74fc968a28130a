"""The addresses of setting KPIs. People link to these, so they do not change."""

from django.urls import URLPattern, path

import hdcperf.converters  # noqa: F401  (registers the converters of financial years)
from dataquality.views import half_year, proposals, setting, whole_set

SET = "kpi-setting/<financial_year:year>/"
ONE = f"{SET}kpis/<slug:reference>/"
"""A KPI in the window, by its reference: its code may change."""

urlpatterns: list[URLPattern] = [
    path("kpi-setting/", setting.setting_rounds, name="setting-rounds"),
    path(SET, setting.setting, name="setting"),
    path(f"{SET}open/", setting.setting_open, name="setting-open"),
    path(f"{SET}dates/", setting.setting_dates, name="setting-dates"),
    path(f"{SET}codes/", whole_set.setting_codes, name="setting-codes"),
    path(f"{SET}decision/", whole_set.setting_decision, name="setting-decision"),
    path(f"{SET}half-year/", half_year.half_year, name="half-year"),
    path(f"{SET}half-year/dates/", half_year.half_year_dates, name="half-year-dates"),
    path(f"{SET}half-year/kpis/<code:code>/", half_year.half_year_item, name="half-year-item"),
    path(f"{SET}half-year/kpis/<code:code>/change/", half_year.half_year_change, name="half-year-change"),
    path(f"{SET}panel/", whole_set.setting_panel, name="setting-panel"),
    path(f"{SET}panel.csv", whole_set.setting_panel_file, name="setting-panel-file"),
    path(f"{SET}new/", proposals.setting_new, name="setting-new"),
    path(ONE, proposals.proposal, name="proposal"),
    path(f"{ONE}review/", proposals.proposal_review, name="proposal-review"),
    path(f"{ONE}verdict/", proposals.proposal_verdict, name="proposal-verdict"),
    path(f"{ONE}facts/", proposals.proposal_facts, name="proposal-facts"),
    path(f"{ONE}target/", proposals.proposal_target, name="proposal-target"),
    path(f"{ONE}withdraw/", proposals.proposal_withdraw, name="proposal-withdraw"),
]
