"""Settings, from environment variables only; docs/operator.md has the table."""

from config.settings.base import *  # noqa: F403
from config.settings.guard import refuse_dangerous_start

refuse_dangerous_start(globals())
