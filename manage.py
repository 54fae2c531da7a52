#!/usr/bin/env python3
"""Entry point of the management commands."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portaal.settings")
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as fout:
        # Most often: a command before the first `migrate`. A sentence helps more than a stack trace.
        sys.exit(
            f"De databank geeft een fout: {fout}\nIs ze klaargemaakt? Draai eerst: manage.py migrate, of make start."
        )
