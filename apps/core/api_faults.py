"""What the API itself refuses, before anybody is asked what a request means."""

from __future__ import annotations

from rest_framework.exceptions import APIException


class Malformed(APIException):
    """The request itself is broken (400), before anybody asks what it means."""

    status_code = 400
    default_code = "malformed"


class KeyMissing(APIException):
    """A POST without an Idempotency-Key (400)."""

    status_code = 400
    default_code = "idempotency_key_missing"


class VersionMissing(APIException):
    """A change that does not say which version it is about (428)."""

    status_code = 428
    default_code = "version_missing"


class TooLarge(APIException):
    """More than the site reads (413)."""

    status_code = 413
    default_code = "too_large"
