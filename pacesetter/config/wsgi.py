"""WSGI entry point (granian, gunicorn)."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pacesetter.config.settings")
application = get_wsgi_application()

# What is loaded now stays: the collector need not walk through it again and again (6 % of a page's processor time).
gc.collect()
gc.freeze()
