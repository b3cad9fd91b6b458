"""Mail leaves through the outbox: at least once, each with the id of its row, nothing secret inside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from apps.core.jobs import enqueue


def queue_mail(
    *, to: str, template: str, language: str, key: str, headers: dict[str, str] | None = None, **context: Any
) -> None:
    """Queue the mail `templates/emails/<template>.txt` (first line is the subject) for one address.

    `key` makes the mail unique: the same key is sent once. Context holds plain JSON values only, `headers` what
    the mail carries besides its own.
    """
    more: dict[str, Any] = {"headers": headers} if headers else {}
    enqueue(
        "core.send_mail", key=f"mail:{key}", to=to, template=template, language=language, context=context, **more
    )  # fmt: skip


def send(
    *,
    to: str,
    template: str,
    language: str,
    context: dict[str, Any],
    message_id: str,
    headers: dict[str, str] | None = None,
) -> None:
    """Render and hand over one mail; `message_id` lets a receiver drop a second copy."""
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", {**context, "site_url": settings.SITE_URL})
    subject, _sep, body = text.strip().partition("\n")
    hand_over(to=to, subject=subject, body=body, message_id=message_id, headers=headers)


def hand_over(
    *, to: str, subject: str, body: str, message_id: str, headers: dict[str, str] | None = None
) -> None:
    """Give one finished mail to the mail server, marked with the id of its row."""
    host = settings.SITE_URL.split("//")[-1].split(":")[0] or "localhost"
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[to],
        headers={
            "Message-ID": f"<{message_id}@{host}>",
            "Auto-Submitted": "auto-generated",
            **(headers or {}),
        },
    ).send()
