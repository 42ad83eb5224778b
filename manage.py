#!/usr/bin/env python3
"""Django's own command line; `./pace` is the one tool that people use."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pacesetter.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
