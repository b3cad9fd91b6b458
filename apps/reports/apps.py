"""Make the jobs of reports known to every process, so that the web may queue them."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"

    def ready(self) -> None:
        from apps.reports import tasks  # noqa: F401
