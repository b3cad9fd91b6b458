"""All settings with their safe defaults. A name here that an operator may change is read from the environment."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.settings.api import DESCRIPTION, rest_framework
from config.settings.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DEMO = env.bool("BELAY_DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("BELAY_DATA_DIR", default=str(BASE_DIR / "var")))


def demo_secret() -> str:
    """A secret of this machine's own, kept between starts; only a demonstration may use it."""
    path = DATA_DIR / "demo-secret"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default=demo_secret() if DEMO else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_KEY = env.str("BELAY_FIELD_KEY", default="")
# Wraps the keys of evidence files. Without one of its own the field key does it; older ones open what they wrapped.
FILE_KEY = env.str("BELAY_FILE_KEY", default="")
FILE_KEY_FILE = env.str("BELAY_FILE_KEY_FILE", default="")
FILE_KEYS_OLD = env.list("BELAY_FILE_KEYS_OLD", default=[])
SIGNING_KEY = env.str("BELAY_SIGNING_KEY", default="")
OLD_PUBLIC_KEYS = env.list("BELAY_OLD_PUBLIC_KEYS", default=[])
# Signs credentials; without one of its own, a key that follows from the signing key does it.
CREDENTIAL_KEY = env.str("BELAY_CREDENTIAL_KEY", default="")
CREDENTIAL_KEY_FILE = env.str("BELAY_CREDENTIAL_KEY_FILE", default="")
OLD_CREDENTIAL_KEYS = env.list("BELAY_OLD_CREDENTIAL_KEYS", default=[])
# Signs PDF files (PAdES): a PKCS#12 file, or a key and a certificate in PEM. Nothing set: nothing is signed.
PDF_KEY_FILE = env.str("BELAY_PDF_KEY_FILE", default="")
PDF_KEY_PASSPHRASE_FILE = env.str("BELAY_PDF_KEY_PASSPHRASE_FILE", default="")
PDF_CERTIFICATE_FILE = env.str("BELAY_PDF_CERTIFICATE_FILE", default="")
PDF_OLD_CERTIFICATES_FILE = env.str("BELAY_PDF_OLD_CERTIFICATES_FILE", default="")
PDF_TSA_URL = env.str("BELAY_PDF_TSA_URL", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# They get the end of the site's own record each week; without any, the administrators do.
OPERATORS = env.list("BELAY_OPERATORS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
SECURE_SITE = SITE_URL.startswith("https://")
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=False)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Where packages of other tools are played: a site apart, e.g. https://*.usercontent.example. Empty: they are not played.
# The demonstration uses a name that browsers keep for this machine; the site answers to 127.0.0.1 and localhost as before.
PACKAGES_ORIGIN = env.str(
    "BELAY_PACKAGES_ORIGIN",
    default=SITE_URL.replace("//127.0.0.1", "//packages.localhost")
    if DEMO and "//127.0.0.1" in SITE_URL
    else "",
).rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "apps.core",
    "apps.accounts",
    "apps.members",
    "apps.frameworks",
    "apps.assessments",
    "apps.courses",
    "apps.resources",
    "apps.mentoring",
    "apps.exercises",
    "apps.insights",
    "apps.reports",
    "apps.home",
]

MIDDLEWARE = [
    "apps.core.middleware.RequestIdMiddleware",
    "apps.courses.middleware.PackagesHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.middleware.DatabaseAwayMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.core.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.PreferencesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.LastSeenMiddleware",
    "apps.members.middleware.SecondFactorMiddleware",
    "apps.home.middleware.DeniedMiddleware",
    "apps.core.middleware.RefusalMiddleware",
    "apps.core.middleware.TableFilesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.home.processors.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "apps.core.templatetags.components",
                "apps.core.templatetags.tables",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- data -----------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'belay.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-16000;"
        "PRAGMA journal_size_limit=27103364;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})
    if env.bool("DATABASE_POOL", default=True):
        DATABASES["default"]["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", default=8),
        }
    DATABASES["default"]["OPTIONS"]["options"] = (
        "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "belay_cache"}
}
if env.str("CACHE_URL", default=""):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": env.str("CACHE_URL"),
        }
    }

# How often somebody asked the API: in the shared cache where there is one, else each web process counts for itself.
CACHES["throttle"] = (
    {**CACHES["default"], "KEY_PREFIX": "throttle"}
    if env.str("CACHE_URL", default="")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "throttle"}
)
API_READS_PER_MINUTE = env.int("API_READS_PER_MINUTE", default=600)  # of one person; 0: not counted
API_WRITES_PER_MINUTE = env.int("API_WRITES_PER_MINUTE", default=120)

STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MANIFEST_STRICT = True
CONTENT_DIR = BASE_DIR / "content"

# --- work in the background -----------------------------------------------------------------------
BROKER_URL = env.str("BROKER_URL", default="filesystem://")
CELERY: dict[str, Any] = {
    "broker_url": BROKER_URL,
    "broker_connection_retry_on_startup": True,
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 50,
    "task_time_limit": 600,
    "task_serializer": "json",
    "accept_content": ["json"],
    "worker_hijack_root_logger": False,
    "task_default_queue": "belay",
    "beat_schedule_filename": str(DATA_DIR / "beat"),
    "beat_schedule": BEAT_SCHEDULE,
}
if BROKER_URL.startswith("filesystem:"):
    BELL_DIR = DATA_DIR / "bell"
    CELERY["broker_transport_options"] = {
        "data_folder_in": str(BELL_DIR / "in"),
        "data_folder_out": str(BELL_DIR / "in"),
        "control_folder": str(BELL_DIR / "control"),
        "processed_folder": str(BELL_DIR / "done"),
        "store_processed": False,
        "polling_interval": 0.5,
    }
elif BROKER_URL.startswith("redis"):
    CELERY["broker_transport_options"] = {
        "visibility_timeout": 900,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=30)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", default=8)
# How many days the file of a made report is kept; 0 keeps it for good.
REPORT_KEEP_DAYS = env.int("BELAY_REPORT_KEEP_DAYS", default=30)
# Days after which the archive of a whole member is deleted; always, since it holds everything in one file.
EXPORT_KEEP_DAYS = env.int("BELAY_EXPORT_KEEP_DAYS", default=7)
# Days between the confirmation of a member's deletion and the deletion, in which it can be taken back.
LEAVING_DAYS = env.int("BELAY_LEAVING_DAYS", default=14)

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
MFA_ADAPTER = "apps.accounts.adapters.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "apps.accounts.forms.SignupDetails"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed address, password or factor is told, the old address too
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Belay: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE_SITE else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO and not SECURE_SITE
MFA_RECOVERY_CODE_DIGITS = 20  # 10**20 > 2**66
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Belay"
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if env.str("OIDC_SERVER_URL", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "oidc",
            "name": env.str("OIDC_NAME", default="Single sign-on"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": env.str("OIDC_SERVER_URL")},
        }
    )

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_NAME = "__Host-belay" if SECURE_SITE else "belay"
CSRF_COOKIE_NAME = "__Host-belay-csrf" if SECURE_SITE else "belay-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"

# --- mail -----------------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default="")
if DEMO or not EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
else:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Belay <belay@localhost>")

# --- browser safety -------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE_SITE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SITE
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=10 * 1024 * 1024)
EVIDENCE_QUOTA_BYTES = env.int("EVIDENCE_QUOTA_BYTES", default=2 * 1024**3)  # of one member
EVIDENCE_MOST_FILES = env.int("EVIDENCE_MOST_FILES", default=10_000)  # of one member
EVIDENCE_RETENTION_DAYS = env.int(
    "EVIDENCE_RETENTION_DAYS", default=0
)  # removed files are destroyed after these
ERASED_KEYS_FILE = env.str("ERASED_KEYS_FILE", default=str(DATA_DIR / "erased-keys"))
CLAMAV_ADDRESS = env.str(
    "CLAMAV_ADDRESS", default=""
)  # host:port or /path/of/socket; empty: files are not scanned
CLAMAV_TIMEOUT = env.float("CLAMAV_TIMEOUT", default=30.0)

LINK_CHECKS = env.bool("BELAY_LINK_CHECKS", default=False)  # ask addresses of the library whether they answer

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True
USE_I18N = True

REST_FRAMEWORK = rest_framework(proxies=ALLAUTH_TRUSTED_PROXY_COUNT)
SPECTACULAR_SETTINGS = DESCRIPTION

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.logs.JsonFormatter"}},
    "filters": {"request": {"()": "apps.core.logs.RequestIdFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
