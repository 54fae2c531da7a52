#!/usr/bin/env python3
"""Entry point of the management commands."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portaal.settings")
    execute_from_command_line(sys.argv)
