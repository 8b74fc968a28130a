"""The application, for a WSGI server such as gunicorn. Without DEBUG it starts only where it is safe."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from hdcperf.checks import refuse_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdcperf.settings")

application = get_wsgi_application()
if not settings.DEBUG:
    refuse_unsafe()
