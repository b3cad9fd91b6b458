"""The job that sends mails about signing in."""

from __future__ import annotations

from apps.accounts.services import send_account_mail
from apps.core import jobs


@jobs.job("accounts.send_mail")
def send_mail(*, message_id: str, to: str, sealed: str) -> None:
    """Send one queued mail."""
    send_account_mail(to=to, sealed=sealed, message_id=message_id)
