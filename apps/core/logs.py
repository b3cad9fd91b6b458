"""Structured logs: one JSON object a line, with the request id, and never the content of an answer."""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
SAFE_EXTRAS = ("status", "method", "route", "ms", "topic", "message_id", "attempts", "user")


def current_request_id() -> str:
    """The id of the request (or job) being served, or an empty string."""
    return request_id.get()


class RequestIdFilter(logging.Filter):
    """Put the request id on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def _message(record: logging.LogRecord) -> str:
    """The line, but without the path that Django appends: an invitation's token is part of one."""
    if record.name == "django.request" and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])
    return record.getMessage()


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, request id and a short list of safe extras."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request_id": getattr(record, "request_id", ""),
        }
        line |= {key: getattr(record, key) for key in SAFE_EXTRAS if hasattr(record, key)}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            # Frames only: the words of an exception may quote what somebody wrote, over several lines.
            frames = traceback.extract_tb(record.exc_info[2])[-2:]
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False, default=str)
