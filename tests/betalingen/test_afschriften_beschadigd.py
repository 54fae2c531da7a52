"""Ten damaged statements of one order of two payments: exactly what was booked, and what stayed open."""

from dataclasses import replace

import pytest

from betalingen.models import Afschriftregel
from tests.betalingen.bank.afschrift import DAG, Boeking, boekingen, iban, terug
from tests.betalingen.test_afschriften import K, batch, eerste, lees, standen, w  # noqa: F401  the fixture
from tests.hulp import alles_klopt
from tests.proef import cijfers, krediet

pytestmark = pytest.mark.django_db

BEIDE = ["uitbetaald", "uitbetaald"]
EEN, TWEE = ["uitbetaald", "verstuurd"], ["verstuurd", "uitbetaald"]


def een_weg(een, twee):
    return [een]


def ander_bedrag(een, twee):
    return [replace(een, bedrag_cent=een.bedrag_cent + 1), twee]


def zonder_kenmerk(een, twee):
    return [replace(een, end_to_end_id="", ogm="", bankreferentie="X"), twee]


def andere_rekening(een, twee):
    return [replace(een, iban=iban(77)), twee]


def dubbel(een, twee):
    return [een, replace(een, bankreferentie="NOG-EENS"), twee]


def alleen_mededeling(een, twee):
    return [replace(een, end_to_end_id=""), twee]


def terug_zonder_afschrijving(een, twee):
    return [terug(een), twee]


def aangekondigd(een, twee):
    return [replace(een, status="PDNG"), twee]


def geweigerd(een, twee):
    return [replace(een, status="INFO", reden="AC04"), twee]


def onbekende_erbij(een, twee):
    return [een, twee, Boeking(-3_50, tekst="Kosten", bankreferentie="KOST")]


GEVALLEN = [
    (een_weg, EEN, ["verwerkt"], ["betaald"]),
    (ander_bedrag, TWEE, ["open", "verwerkt"], ["deels", "betaald"]),
    (zonder_kenmerk, TWEE, ["voorstel", "verwerkt"], ["voorstel", "betaald"]),
    (andere_rekening, TWEE, ["voorstel", "verwerkt"], ["voorstel", "betaald"]),
    (dubbel, BEIDE, ["verwerkt", "open", "verwerkt"], ["betaald", "niet_gevonden", "betaald"]),
    (alleen_mededeling, BEIDE, ["verwerkt", "verwerkt"], ["betaald", "betaald"]),
    (terug_zonder_afschrijving, TWEE, ["voorstel", "verwerkt"], ["voorstel", "betaald"]),
    (aangekondigd, TWEE, ["aangekondigd", "verwerkt"], ["niet_geboekt", "betaald"]),
    (geweigerd, ["te_controleren", "uitbetaald"], ["verwerkt", "verwerkt"], ["geweigerd", "betaald"]),
    (onbekende_erbij, BEIDE, ["verwerkt", "verwerkt", "open"], ["betaald", "betaald", "niet_gevonden"]),
]


@pytest.mark.parametrize(
    ("schade", "betalingen", "regels", "soorten"), GEVALLEN, ids=lambda g: getattr(g, "__name__", "")
)
def test_a_damaged_statement(w, schade, betalingen, regels, soorten):  # noqa: F811
    lees(w, schade(*boekingen(batch())))
    assert standen() == betalingen
    uitkomsten = Afschriftregel.objects.order_by("pk")
    assert list(uitkomsten.values_list("status", flat=True)) == regels
    assert list(uitkomsten.values_list("soort", flat=True)) == soorten
    betaald = 50 * K * betalingen.count("uitbetaald")
    assert cijfers(krediet(2026)) == {"vereffend": 100 * K, "uitbetaald": betaald}
    assert {b.uitbetaald_op for b in eerste() if b.status == "uitbetaald"} == {DAG}
    alles_klopt()
