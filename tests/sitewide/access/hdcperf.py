"""The addresses of the project itself."""

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import SIGNED_IN, people

# The admin keeps reference data. It has many addresses, all behind one door, so it has its own line and test.
ADMIN = people("superuser")

PAGES = [
    Page("/health/", {200: SIGNED_IN}, public=200),
    Page("/admin/login/", {302: SIGNED_IN}, to="/sign-in/"),
    Page("/admin/password_change/", {302: SIGNED_IN}, to="/password/"),
]

FORMS: list[Form] = []
