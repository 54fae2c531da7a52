"""Who belongs to the beneficiary decides on no money of it, whatever task she has in the call."""

from datetime import date

import pytest
from django.urls import reverse

from betalingen import rechten, services
from betalingen.models import Betaling, Terugvordering
from dossiers.models import Dossier
from oproepen.models import Taak
from organisaties.models import Lidmaatschap
from tests import bouw
from tests.hulp import weigert
from tests.portaal.pagina import keur
from tests.proef import geef_rol

pytestmark = pytest.mark.django_db

OP_BETALING = (rechten.mag_opstellen, rechten.mag_goedkeuren, rechten.mag_uitbetaald_melden)
OP_DOSSIER = (
    rechten.mag_saldo_afrekenen,
    rechten.mag_rekening_wijzigen,
    rechten.mag_vastlegging_annuleren,
    rechten.mag_terugvordering_voornemen,
)
OP_TERUGVORDERING = (
    rechten.mag_terugvordering_behandelen,
    rechten.mag_terugvordering_beslissen,
    rechten.mag_terugvordering_intrekken,
    rechten.mag_terugvordering_ontvangen,
)


@pytest.fixture
def w(wereld):
    """Awards of Aartselaar and Boom; stan handles, approves and pays in the call, and belongs to Aartselaar."""
    bouw.kennisgegeven(wereld, {"an": 9, "ben": 8})
    for rol in (Taak.Rol.BEHANDELAAR, Taak.Rol.BUDGETHOUDER, Taak.Rol.BOEKHOUDER):
        geef_rol(wereld, "stan", rol)
    Lidmaatschap.objects.create(
        organisatie=wereld.aartselaar,
        gebruiker=wereld.stan,
        rol=Lidmaatschap.Rol.MEDEWERKER,
        sinds=date(2021, 1, 1),
    )
    return wereld


def eerste(organisatie):
    return Betaling.objects.get(dossier__organisatie=organisatie, schijf__volgorde=1)


def test_each_right_is_for_other_organisations_only(w):
    for organisatie, mag_wel in ((w.aartselaar, False), (w.boom, True)):
        dossier = Dossier.objects.get(organisatie=organisatie)
        for mag, obj in (
            *((mag, eerste(organisatie)) for mag in OP_BETALING),
            *((mag, dossier) for mag in OP_DOSSIER),
            *((mag, Terugvordering(dossier=dossier)) for mag in OP_TERUGVORDERING),
        ):
            assert mag(w.stan, obj) is mag_wel, mag.__name__
        assert rechten.is_van_ander(w.stan, eerste(organisatie)) is mag_wel
    alle = Betaling.objects.all()
    assert set(rechten.van_anderen(alle, w.stan)) == set(alle.filter(dossier__organisatie=w.boom))


def test_nobody_drafts_or_approves_a_payment_to_her_own_organisation(w):
    with weigert("geen_recht"):
        services.stel_betaling_op(eerste(w.aartselaar), door=w.stan)
    services.stel_betaling_op(eerste(w.aartselaar), door=w.bea)
    with weigert("geen_recht"):
        services.keur_betaling_goed(eerste(w.aartselaar), door=w.stan)
    services.stel_betaling_op(eerste(w.boom), door=w.bea)
    assert services.keur_betaling_goed(eerste(w.boom), door=w.stan).status == "goedgekeurd"


def test_nobody_sends_a_payment_to_her_own_organisation(w, client):
    for organisatie in (w.aartselaar, w.boom):
        services.stel_betaling_op(eerste(organisatie), door=w.bea)
        services.keur_betaling_goed(eerste(organisatie), door=w.bart)
    beide = [eerste(organisatie).pk for organisatie in (w.aartselaar, w.boom)]
    nummer = eerste(w.aartselaar).dossier.nummer
    zin = f"U hoort bij de begunstigde van {nummer}. Een andere persoon verstuurt die betalingen."
    with weigert("eigen_organisatie", zin, "betalingen"):
        services.verstuur_betalingen(w.oproep, betalingen=beide, door=w.stan)
    client.force_login(w.stan)
    p = keur(client.get(reverse("betalingen"), {"status": "goedgekeurd"}))
    assert [veld.attrs["value"] for veld in p.velden("betalingen")] == [str(beide[1])]
    assert "Van andere oproepen of uw eigen organisatie" in p.tekst
    p = keur(client.get(reverse("betaling", args=[beide[0]])))
    assert "U hoort bij de begunstigde van deze betaling. Een andere persoon behandelt ze." in p.tekst
    assert "Terugsturen" not in p.tekst
    services.verstuur_betalingen(w.oproep, betalingen=beide[1:], door=w.stan)
    assert (eerste(w.aartselaar).status, eerste(w.boom).status) == ("goedgekeurd", "verstuurd")
