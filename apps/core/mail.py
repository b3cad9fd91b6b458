"""Mail leaves through the outbox: at least once, each with the id of its row, nothing secret inside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, SafeMIMEText
from django.template.loader import render_to_string
from django.utils import translation

from apps.core.jobs import enqueue


def queue_mail(
    *,
    to: str,
    template: str,
    language: str,
    key: str,
    headers: dict[str, str] | None = None,
    calendar: str = "",
    **context: Any,
) -> None:
    """Queue the mail `templates/emails/<template>.txt` (first line is the subject) for one address.

    `key` makes the mail unique: the same key is sent once. Context holds plain JSON values only, `headers` what
    the mail carries besides its own, `calendar` an iCalendar text that comes with it.
    """
    more: dict[str, Any] = {"headers": headers} if headers else {}
    more |= {"calendar": calendar} if calendar else {}
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
    calendar: str = "",
) -> None:
    """Render and hand over one mail; `message_id` lets a receiver drop a second copy."""
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", {**context, "site_url": settings.SITE_URL})
    subject, _sep, body = text.strip().partition("\n")
    hand_over(to=to, subject=subject, body=body, message_id=message_id, headers=headers, calendar=calendar)


def hand_over(
    *,
    to: str,
    subject: str,
    body: str,
    message_id: str,
    headers: dict[str, str] | None = None,
    calendar: str = "",
) -> None:
    """Give one finished mail to the mail server, marked with the id of its row."""
    host = settings.SITE_URL.split("//")[-1].split(":")[0] or "localhost"
    mail = EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[to],
        headers={
            "Message-ID": f"<{message_id}@{host}>",
            "Auto-Submitted": "auto-generated",
            **(headers or {}),
        },
    )
    if calendar:
        mail.attach(_calendar_part(calendar))
    mail.send()


def _calendar_part(text: str) -> SafeMIMEText:
    """An invitation as RFC 6047 wants it: its method stands in the type as well."""
    method = next(
        (row.partition(":")[2] for row in text.splitlines() if row.startswith("METHOD:")), "PUBLISH"
    )
    part = SafeMIMEText(text, "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename="session.ics")
    return part
