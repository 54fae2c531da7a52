"""A later migration that changes a column of a guarded table; SQLite makes the whole table again for it."""

from django.db import migrations, models

from tests.kern.later.migrations import LAATSTE


class Migration(migrations.Migration):
    dependencies = [("kern", LAATSTE)]

    operations = [migrations.AlterField("gebeurtenis", "handeling", models.CharField(max_length=120))]
