"""When a report was sent, answered, and its answer seen."""

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("activity", "0003_day_log_and_plans")]

    operations = [
        migrations.AddField(
            "needsreport", "sent_at", models.DateTimeField(default=timezone.now), preserve_default=False
        ),
        migrations.AddField("needsreport", "replied_at", models.DateTimeField(null=True)),
        migrations.AddField("needsreport", "seen_at", models.DateTimeField(null=True)),
    ]
