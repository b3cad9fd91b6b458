"""Settings of the test suite: the real ones, with a fixed key, quick hashes and mail in memory."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("BELAY_DEMO", "1")
os.environ.setdefault("BELAY_DATA_DIR", tempfile.mkdtemp(prefix="belay-test-"))
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-that-protects-nothing-at-all-really")

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import CELERY, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "throttle": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "throttle"},
}
API_READS_PER_MINUTE = API_WRITES_PER_MINUTE = 0  # tests/core/test_api.py counts on purpose
DATABASES["default"].setdefault("TEST", {})
ALLOWED_HOSTS = ["*"]
LOGGING_CONFIG = None
if os.environ.get("BELAY_TEST_SERVICES") != "1":
    CELERY["broker_url"] = "memory://"
    CELERY.pop("broker_transport_options", None)
