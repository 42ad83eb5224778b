"""`./pace metricdocs`: writes docs/metrics.md from the catalogue."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pacesetter.metrics import docs


class Command(BaseCommand):
    """Writes the page of metric definitions."""

    help = "write docs/metrics.md from the metric catalogue"

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "metrics.md"
        path.write_text(docs.page(), encoding="utf-8")
        self.stderr.write("docs/metrics.md")
