"""``{% panel_questions item %}``: what the panel asked about a KPI, an action or a project, on that item's own page.

The apps of those pages may not import this one; their templates ask for the tag by name.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import reverse

from actions.models import ActionYear, Project
from hdcperf.organisation.access import signed_in, standing
from hdcperf.ui import Link
from kpis.models import KpiYear
from reports.presenters.questions import question_rows
from reports.queries.asking import item_key, years_read
from reports.queries.questions import questions_about
from reports.question_workflow import may_ask, may_record

register = template.Library()


@register.inclusion_tag("reports/questions/_of_item.html", takes_context=True)
def panel_questions(context: Any, item: KpiYear | ActionYear | Project) -> dict[str, object]:
    """The questions about ``item`` that the reader may see, in two queries, and where to ask one."""
    request: HttpRequest = context["request"]
    user = signed_in(request)
    who = standing(user)
    links = []
    if may_ask(None, user) is None and _is_read_now(item, who.today):
        address = f"{reverse('question-ask')}?{urlencode({'about': item_key(item)})}"
        records = may_record(None, user) is None
        links.append(Link("Record what a member asked about this" if records else "Ask about this", address))
    return {"rows": question_rows(questions_about(item, who), who, answers=True), "links": links}


def _is_read_now(item: KpiYear | ActionYear | Project, today: Any) -> bool:
    """Whether something can still be asked about it: what is of an earlier year is not in the reports being read."""
    if isinstance(item, Project):
        return True
    year = item.year if isinstance(item, KpiYear) else item.plan_year.year
    return year in {one.start_year for one in years_read(today)}
