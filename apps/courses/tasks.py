"""Tests whose time is over, credentials to sign, people to remind: work that nobody has to wait for."""

from __future__ import annotations

from celery import shared_task

from apps.core import jobs
from apps.courses import services
from apps.courses.services import statistics, timing, work_files


@jobs.job("courses.close_attempt")
def close_attempt(*, message_id: str, attempt: str) -> None:
    """Hand in a test whose time is over."""
    services.close_attempt(actor=None, attempt=attempt)


@jobs.job("courses.sign")
def sign(*, message_id: str, certificate: str) -> None:
    """Sign one certificate that was just issued."""
    services.sign_waiting(certificate=certificate)


@jobs.job("courses.scan_work_file")
def scan_work_file(*, message_id: str, work_file: str, attempt: int) -> None:
    """Have the scanner look at the file of a piece of work."""
    work_files.scan_work_file(work_file=work_file, attempt=attempt)


@jobs.job("courses.destroy_work_file")
def destroy_work_file(*, message_id: str, work_file: str) -> None:
    """Delete a file that a learner took away."""
    work_files.destroy_work_file(work_file=work_file)


@shared_task(name="courses.remind", ignore_result=True)
def remind() -> int:
    """Tell holders 60, 30 and 7 days before, ask about plans, send weekly mails; asked often, each said once."""
    return services.remind_holders() + services.ask_due() + services.send_digests()


@jobs.job("courses.make_statistics")
def make_statistics(*, message_id: str, course: str) -> None:
    """Statistics of one course that somebody asked for."""
    statistics.make_statistics(course=course)


@shared_task(name="courses.forget_times", ignore_result=True)
def forget_times() -> int:
    """Delete after 90 days when answers of tests were saved, and from which network."""
    return timing.forget_times()


@shared_task(name="courses.weekly_statistics", ignore_result=True)
def weekly_statistics() -> int:
    """Statistics of the questions of every course."""
    return statistics.make_statistics()
