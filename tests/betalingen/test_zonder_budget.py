"""A call of which the budget was never set."""

import pytest

from betalingen import grootboek
from betalingen.models import Krediet
from tests import bouw
from tests.hulp import weigert
from tests.proef import ARTIKEL

pytestmark = pytest.mark.django_db


def test_proposing_where_no_budget_was_ever_set_is_refused():
    w = bouw.wereld(budget_cent=None)
    bouw.gescoord(w, {"an": 8})
    Krediet.objects.create(artikel=grootboek.artikel(ARTIKEL, "Eenzaamheid"), jaar=2021)
    zin = "Het budget van de oproep is niet ingesteld, dus er kan niets toegekend worden."
    with weigert("budget_ontbreekt", zin):
        bouw.beoordeling.stel_voor(w.ronde, door=w.bea)
