"""Run waiting jobs in this process: what a small installation uses instead of a broker."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from apps.core.jobs import run_waiting


class Command(BaseCommand):
    help = "Run waiting jobs in this process, without a broker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when nothing is due.")
        parser.add_argument("--pause", type=float, default=1.0, help="Seconds between looks (default 1).")

    def handle(self, *args: Any, **options: Any) -> None:
        ran = 0
        while True:
            close_old_connections()
            now_ran = run_waiting()
            ran += now_ran
            if not now_ran and options["once"]:
                break
            if not now_ran:
                time.sleep(options["pause"])
        self.stdout.write(f"{ran} jobs done.")
