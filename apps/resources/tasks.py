"""Asking addresses of the library: the clock plans, one job asks one address."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from apps.core import jobs
from apps.resources import services


@jobs.job("resources.check_link")
def check_link(*, message_id: str, resource: str) -> None:
    """Ask one address."""
    services.check_link(resource=resource)


@shared_task(name="resources.check_links", ignore_result=True)
def check_links() -> int:
    """Queue what is due; nothing while checks are off."""
    return services.plan_checks() if settings.LINK_CHECKS else 0
