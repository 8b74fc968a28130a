"""What the database knows of the KPIs in a file, read in a number of queries that does not grow with its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from hdcperf.organisation.models import Directorate, Outcome, Portfolio, Service
from kpis.models import DerivedChange, IssuedFigure, Kpi, KpiPerson, KpiYear, MonthlyReturn, Revision
from kpis.queries.years import YearFacts, load_years

__all__ = ["Codes", "Known", "Structure"]


@dataclass
class Codes:
    """Which KPI a code, a name or a reference belongs to, in which year: by KPI id."""

    by_reference: dict[str, int] = field(default_factory=dict)
    in_year: dict[tuple[int, str], int] = field(default_factory=dict)
    by_code: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def load(cls) -> Codes:
        found = cls({reference: pk for pk, reference in Kpi.objects.values_list("pk", "reference")})
        for pk, year, key, name in KpiYear.objects.values_list("kpi_id", "year", "code_key", "name"):
            found.in_year[year, key] = pk
            found.by_code[key].add(pk)
            found.by_name[name.casefold()].add(pk)
        return found


@dataclass
class Structure:
    """Services, outcomes and portfolios by name in any case (an outcome by its number too); new services wait here
    to be saved."""

    services: dict[str, Service]
    outcomes: dict[str, Outcome]
    portfolios: dict[str, Portfolio]
    create_in: str = ""
    directorate: Directorate | None = None

    @classmethod
    def load(cls, create_in: str) -> Structure:
        services = {one.name.casefold(): one for one in Service.objects.all()}
        outcomes = {}
        for one in Outcome.objects.all():
            outcomes[one.name.casefold()] = outcomes[str(one.number)] = one
        portfolios = {one.name.casefold(): one for one in Portfolio.objects.all()}
        directorate = Directorate.objects.filter(name__iexact=create_in).first() if create_in else None
        return cls(services, outcomes, portfolios, create_in, directorate)

    def service(self, name: str) -> Service:
        """The service of that name, or a new one where the options allow it. Raises ValueError."""
        found = self.services.get(name.casefold())
        if found is None and self.create_in:
            self.directorate = self.directorate or Directorate(name=self.create_in)
            found = self.services[name.casefold()] = Service(name=name, directorate=self.directorate)
        if found is None:
            raise ValueError(
                f"There is no service called “{name[:60]}”. Add it first, or say that it may be created."
            )
        return found

    def outcome(self, name: str) -> Outcome:
        if found := self.outcomes.get(name.casefold()):
            return found
        raise ValueError(f"There is no outcome “{name[:60]}” in the Corporate Plan: give its name or number.")

    def portfolio(self, name: str) -> Portfolio:
        if found := self.portfolios.get(name.casefold()):
            return found
        raise ValueError(f"There is no portfolio called “{name[:60]}”.")

    @property
    def new_services(self) -> list[Service]:
        return [one for one in self.services.values() if one.pk is None]


@dataclass
class Known:
    """The years of the KPIs a file is about, with returns and targets, and what may no longer be changed."""

    years: dict[int, dict[int, KpiYear]]
    facts: dict[int, YearFacts]
    revised: dict[int, list[Revision]]
    issued: set[int]
    moved: set[int]
    people: dict[int, dict[str, list[KpiPerson]]]

    @classmethod
    def load(cls, kpis: Iterable[int], start_years: Iterable[int], *, lock: bool) -> Known:
        """Everything about these KPIs; ``lock`` holds their returns until the transaction ends."""
        ids, wanted = set(kpis), set(start_years)
        if lock:
            list(MonthlyReturn.objects.select_for_update().filter(kpi__in=ids).order_by("pk").values_list("pk"))
        years: dict[int, dict[int, KpiYear]] = defaultdict(dict)
        rows = KpiYear.objects.filter(kpi__in=ids).select_related("kpi", "service", "outcome", "portfolio")
        for one in rows:
            years[one.kpi_id][one.year] = one
        in_file = [one for by_year in years.values() for one in by_year.values() if one.year in wanted]
        revised: dict[int, list[Revision]] = defaultdict(list)
        people: dict[int, dict[str, list[KpiPerson]]] = defaultdict(lambda: defaultdict(list))
        for person in KpiPerson.objects.filter(kpi_year__in=in_file).select_related("user"):
            people[person.kpi_year_id][person.duty].append(person)
        standing = (Revision.State.PROPOSED, Revision.State.ACCEPTED)
        for revision in Revision.objects.filter(monthly_return__kpi__in=ids, state__in=standing).order_by("pk"):
            revised[revision.monthly_return_id].append(revision)
        return cls(
            years,
            load_years(in_file),
            revised,
            set(IssuedFigure.objects.filter(monthly_return__kpi__in=ids).values_list("monthly_return", flat=True)),
            set(DerivedChange.objects.filter(monthly_return__kpi__in=ids).values_list("monthly_return", flat=True)),
            people,
        )
