"""Messages: one's own, and everybody's for administrators. (In a demonstration everybody sees all.)"""

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import SIGNED_IN, people

ADMINISTRATOR = people("superuser")
RECIPIENT = people("performance_team")

PAGES = [
    Page("/outbox/", {200: SIGNED_IN}),
    Page("/outbox/?state=failed", {200: SIGNED_IN}),
    Page("/outbox/{message}/", {200: ADMINISTRATOR | RECIPIENT}, rest=404),
    Page("/outbox/{message}/again/", {405: SIGNED_IN}),
    Page("/outbox/again/", {405: SIGNED_IN}),
]

FORMS = [
    Form("/outbox/{message}/again/", {302: ADMINISTRATOR, 403: RECIPIENT}, rest=404),
    Form("/outbox/again/", {302: ADMINISTRATOR}, rest=403),
]
