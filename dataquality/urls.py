"""The addresses of data quality. People link to these, so they do not change."""

from django.urls import URLPattern, path

import hdcperf.converters  # noqa: F401  (registers the converters of years and codes)
from dataquality.views import (
    assurance,
    assurance_report,
    audit_findings,
    comparators,
    measures,
    quality_actions,
    quality_review_page,
    quality_review_parts,
    quality_reviews,
    template_access,
    template_moves,
    template_sections,
    template_waivers,
    templates,
)

ONE = "dataquality/<year:year>/<code:code>/"
"""A KPI's template for a year."""
REVIEWS = "dataquality/reviews/"
REVIEW = f"{REVIEWS}<int:pk>/"
"""A data quality review."""
ASSURANCE = "dataquality/assurance/<financial_year:year>/"
"""A year's statements of assurance."""

urlpatterns: list[URLPattern] = [
    path("dataquality/", templates.templates, name="templates"),
    path("dataquality/measures/", measures.measures, name="measures"),
    path("dataquality/measures.csv", measures.measures_file, name="measures-file"),
    path("dataquality/measures/<slug:name>/", measures.measure, name="measure"),
    path(REVIEWS, quality_reviews.quality_reviews, name="quality-reviews"),
    path(f"{REVIEWS}by-risk/", quality_reviews.quality_risk, name="quality-risk"),
    path(f"{REVIEWS}actions/", quality_reviews.quality_actions, name="quality-actions"),
    path(f"{REVIEWS}plan/<year:year>/<code:code>/", quality_reviews.quality_review_plan, name="quality-review-plan"),
    path(REVIEW, quality_review_page.quality_review, name="quality-review"),
    path(f"{REVIEW}plan/", quality_review_page.quality_review_replan, name="quality-review-replan"),
    path(f"{REVIEW}document/", quality_review_parts.quality_review_document, name="quality-review-document"),
    path(f"{REVIEW}actions/new/", quality_actions.quality_action_new, name="quality-action-new"),
    path(f"{REVIEW}actions/<int:action>/", quality_actions.quality_action, name="quality-action"),
    path(f"{REVIEW}<slug:section>/", quality_review_parts.quality_review_section, name="quality-review-section"),
    path("dataquality/assurance/", assurance.assurance, name="assurance"),
    path(ASSURANCE, assurance.assurance_year, name="assurance-year"),
    path(f"{ASSURANCE}ask/", assurance.assurance_ask, name="assurance-ask"),
    path(f"{ASSURANCE}due/", assurance.assurance_due, name="assurance-due"),
    path(f"{ASSURANCE}report/", assurance_report.assurance_report, name="assurance-report"),
    path(f"{ASSURANCE}<int:service>/", assurance.assurance_statement, name="assurance-statement"),
    path("dataquality/assurance/audit-findings/", audit_findings.audit_findings, name="audit-findings"),
    path("dataquality/assurance/audit-findings/new/", audit_findings.audit_finding_new, name="audit-finding-new"),
    path("dataquality/assurance/audit-findings/<int:pk>/", audit_findings.audit_finding, name="audit-finding"),
    path(ONE, templates.template, name="template"),
    path(f"{ONE}begin/", template_moves.template_begin, name="template-begin"),
    path(f"{ONE}discard/", template_moves.template_discard, name="template-discard"),
    path(f"{ONE}access/", template_access.template_access, name="template-access"),
    path(f"{ONE}sign-off/", template_moves.template_sign, name="template-sign"),
    path(f"{ONE}changes/", templates.template_changes, name="template-changes"),
    path(f"{ONE}document/", templates.template_document, name="template-document"),
    path(f"{ONE}waiver/", template_waivers.template_waiver, name="template-waiver"),
    path(f"{ONE}comparators/", comparators.comparators, name="comparators"),
    path(f"{ONE}comparators/new/", comparators.comparator_new, name="comparator-new"),
    path(f"{ONE}comparators/<int:pk>/", comparators.comparator, name="comparator"),
    path(f"{ONE}comparators/<int:pk>/remove/", comparators.comparator_remove, name="comparator-remove"),
    path(f"{ONE}<slug:section>/", template_sections.template_section, name="template-section"),
]
