"""Settings, read from the environment and from a `.env` file in the checkout that git ignores.

The README lists the variables. Nothing else of ours imports this module: code asks `django.conf.settings`.
"""

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from environs import Env, validate

BASE_DIR = Path(__file__).resolve().parent.parent

# A demonstration's .env must not change what the tests prove, so they read the environment alone.
TESTING = "pytest" in sys.modules

env = Env()
if not TESTING:
    env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG = env.bool("DEBUG", False)
DEMO_MODE = env.bool("DEMO_MODE", False)
PRODUCTION = not DEBUG and not TESTING

# The product's today, for demonstrations; None means the real date. Read it through hdcperf.clock.
DEMO_TODAY = env.date("DEMO_TODAY", date(2026, 11, 5))
TODAY: date | None = DEMO_TODAY if DEMO_MODE else None

SECRET_KEY = env.str("SECRET_KEY") if PRODUCTION else env.str("SECRET_KEY", "not-secret-for-development-only")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

PRODUCT_NAME = env.str("PRODUCT_NAME", "Council performance")
COUNCIL_NAME = env.str("COUNCIL_NAME", "Huntingdonshire District Council")

INSTALLED_APPS = [
    "hdcperf.organisation",
    "hdcperf.jobs",
    "kpis",
    "actions",
    "dataquality",
    "reports",
    "hdcperf.outbox",
    "hdcperf.reminders",
    "hdcperf",
    "simple_history",
    "crispy_forms",
    "csp",
    "hdcperf.organisation.apps.WrongPasswordsConfig",  # django-axes under a name people know
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

EVERYTHING_HELD = {
    "tables": ("kpis.queries.everything_held.HELD", "dataquality.queries.held.HELD"),
    "history": ("kpis.queries.audit.PART", "dataquality.queries.audit.PART"),
}
"""The lists of tables that *everything held on one KPI* is read from, and the parts of the audit list it shows."""

TARGET_APPROVED = ("dataquality.operations.half_year.note_approved",)
"""What is done in the same transaction once a target is approved on its KPI's own page: ``(target_set, by=…)``."""

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hdcperf.organisation.middleware.SignInRequiredMiddleware",
    "hdcperf.organisation.middleware.StandingMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hdcperf.middleware.MethodNotAllowedMiddleware",
    "hdcperf.middleware.OwnErrorPagesMiddleware",
    "axes.middleware.AxesMiddleware",
    "hdcperf.reminders.middleware.NoticesMiddleware",
]

ROOT_URLCONF = "hdcperf.urls"
WSGI_APPLICATION = "hdcperf.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hdcperf.ui.frame",
                "hdcperf.organisation.context.person",
                "reports.context.navigation",
            ],
        },
    },
]

CRISPY_TEMPLATE_PACK = "gds"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("gds",)


# Data


def database(url: str) -> dict[str, Any]:
    """Django's settings for a database address. SQLite gets what two people writing at once need.

    PostgreSQL compiles nothing: it takes a page of many rows for a long report, and spends a third of a second on
    compiling what it then answers in ten milliseconds. Options of the address win.

    With SQLite's defaults a transaction that reads and then writes fails at once with *database is locked*; IMMEDIATE
    takes the write lock at the start and waits for it, and WAL lets people read meanwhile.
    """
    settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["CONN_MAX_AGE"] = 0
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        settings.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    return settings


DATABASES = {"default": database(env.str("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# Work in the background: by workers where there is a broker, else by a thread of the server; at once in tests

JOBS_RUN = "at once" if TESTING else "worker" if REDIS_URL else "thread"
JOBS_BEAT_SECONDS = 2.0  # how often a process that runs a job says that it lives
JOBS_STALE_SECONDS = 60.0  # how long without that until another takes the job up
JOB_KINDS: dict[str, str] = {
    "build pack": "reports.jobs.build_pack",
    "go_live": "dataquality.jobs.go_live",
    "import_measures": "actions.jobs.import_measures",
    "import_register": "kpis.jobs.import_register",
    "open_month": "kpis.jobs.open_month",
    "open_quarter": "actions.jobs.open_quarter",
}
"""Every kind of job, and its work function: (Working, **arguments) -> Result, idempotent; see hdcperf/jobs."""

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TIMEZONE = "Europe/London"
CELERY_TASK_DEFAULT_QUEUE = "hdcperf"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = int(timedelta(minutes=30).total_seconds())
CELERY_TASK_TIME_LIMIT = int(timedelta(minutes=31).total_seconds())
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200  # what laying out packs took of memory is given back
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 3, "socket_timeout": 10, "retry_on_timeout": True}

# A month's grid of returns, or an import's mapping, posts more fields than Django's default of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


# Signing in

AUTH_USER_MODEL = "organisation.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=24).total_seconds())
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:  # the real hashers are slow on purpose
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# After this many wrong passwords from one place for one person, signing in as them from there pauses.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "hdcperf.organisation.sign_in_limits.person_tried"
AXES_CLIENT_IP_CALLABLE = "hdcperf.organisation.sign_in_limits.client_address"
AXES_LOCKOUT_CALLABLE = "hdcperf.organisation.sign_in_limits.as_answered"
# Only what is counted is kept: not whom a sign-in that succeeded was, nor anything else that was typed.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # only what keeps somebody out is shown there, in our words: organisation/admin.py
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "email", "carried", "next", "csrfmiddlewaretoken"]


# E-mail: to reset a password, and the messages of hdcperf/outbox

EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "performance@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

# GOV.UK Notify carries messages, not the links for a new password, which must not wait for its template.
NOTIFY_BACKEND = "django_gov_notify.backends.NotifyEmailBackend"
GOVUK_NOTIFY_API_KEY = env.str("GOVUK_NOTIFY_API_KEY", "")
GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID = env.str("GOVUK_NOTIFY_TEMPLATE_ID", "")


def outbox_backend() -> str:
    """What carries messages; nothing where nothing is set: they wait rather than be lost on a console."""
    if DEMO_MODE:
        return "hdcperf.outbox.backends.ShownOnly"
    if GOVUK_NOTIFY_API_KEY:
        return NOTIFY_BACKEND if GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID else ""
    return EMAIL_BACKEND if EMAIL_HOST or DEBUG else ""


OUTBOX_BACKEND = outbox_backend()
OUTBOX_KEEP_DAYS = env.int("OUTBOX_KEEP_DAYS", 90)  # after which a message's words are deleted
# After which even that somebody was told is deleted. Never under a year: until then it keeps them from a second time.
TOLD_KEEP_DAYS = env.int("TOLD_KEEP_DAYS", 1096, validate=validate.Range(min=366))


# Reminders: what each app declares, as dotted strings (hdcperf/reminders/kinds.py says how)

REMINDER_KINDS = [
    "kpis.reminders.KINDS",
    "actions.reminders.KINDS",
    "dataquality.reminders.KINDS",
    "reports.reminders.KINDS",
]
REMINDER_NOTICES = [
    "hdcperf.reminders.handover.NOTICES",
    "kpis.reminders.NOTICES",
    "actions.reminders.NOTICES",
    "dataquality.reminders.NOTICES",
    "reports.reminders.NOTICES",
]
# Where people open the product: the links of messages begin with it.
SITE_ADDRESS = env.str("SITE_ADDRESS", "http://localhost:8000").rstrip("/")


# Security headers and cookies

HTTPS = env.bool("HTTPS", PRODUCTION)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # load balancers ask in plain HTTP
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", int(timedelta(days=365).total_seconds()) if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Only where the proxy sets X-Forwarded-Proto itself, drops a visitor's, and adds to X-Forwarded-For.
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
PROXY_COUNT = env.int("PROXY_COUNT", 1)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        # Plotly adds one empty style element; the hash is that of nothing.
        "style-src": [SELF, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}


# Language, time and dates

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = ["hdcperf.formats"]  # dates as `5 November 2026`: Django's own British format is `5 Nov. 2026`


# Static files: what `npm run build` made, our scripts and pictures; never the Sass sources or node_modules

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static" / "collected"
STATICFILES_DIRS = [(folder, BASE_DIR / "static" / folder) for folder in ("build", "images", "js")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_AUTOREFRESH = not PRODUCTION
WHITENOISE_USE_FINDERS = not PRODUCTION

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
