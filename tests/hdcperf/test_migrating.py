"""Tables made together are the tables the models describe: columns, constraints and indexes."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

APPS = ("organisation", "kpis", "actions", "dataquality", "jobs")


def our_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in APPS:
            yield model


@pytest.mark.django_db
def test_every_constraint_and_index_of_the_models_is_in_the_database() -> None:
    for model in our_models():
        with connection.cursor() as cursor:
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
        wanted = {one.name for one in (*model._meta.constraints, *model._meta.indexes)}
        assert wanted <= set(there), model


@pytest.mark.django_db
def test_every_foreign_key_is_held_by_the_database() -> None:
    for model in our_models():
        with connection.cursor() as cursor:
            there = connection.introspection.get_relations(cursor, model._meta.db_table)
        wanted = {
            one.column
            for one in model._meta.local_concrete_fields
            if isinstance(one, models.ForeignKey) and one.db_constraint
        }
        assert wanted == set(there), model
