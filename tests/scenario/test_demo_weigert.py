"""The demo stays away from a database that holds something else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oproepen.models import Oproep
from organisaties.models import Gebruiker


@pytest.mark.django_db
def test_it_refuses_a_database_that_is_not_empty() -> None:
    Gebruiker.objects.create_user("iemand@voorbeeld.test")
    with pytest.raises(CommandError, match="De databank is niet leeg"):
        call_command("demo", stdout=StringIO())
    assert not Oproep.objects.exists()
