"""A line of a statement that a person confirmed by mistake: payment and recovery are what they were before."""

import pytest
from django.test import Client
from django.urls import reverse

from betalingen import services
from betalingen.models import Afschriftregel, Betaling, Journaalregel
from kern import klok
from tests import bouw
from tests.betalingen import terug as terugspel
from tests.betalingen.bank.afschrift import DAG, Boeking, boekingen, ontvangst, schrijf, terug
from tests.betalingen.test_afschriften import batch, eerste, lees, standen, w  # noqa: F401  the fixture
from tests.betalingen.test_terugvordering_afschrift import ogm
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, ongewijzigd, weigert, zin_status
from tests.portaal.pagina import keur
from tests.proef import cijfers, krediet

pytestmark = pytest.mark.django_db
K = 1_000_00
REDEN = "Dit is de huur."
VERDER = "Met de betaling van dossier {} is intussen iets gebeurd; dit kan niet herroepen worden."


def regel():
    return Afschriftregel.objects.order_by("pk").last()


def herroep(w, uitkomst=None, **anders):  # noqa: F811
    velden = {"reden": REDEN, "door": w.bo} | anders
    return services.herroep_afschriftregel(uitkomst or regel(), **velden)


@pytest.fixture
def bevestigd(w):  # noqa: F811
    """The second payment was said to be paid by a line that bears an amount and an account only."""
    een, _ = batch().overschrijvingen
    lees(w, [Boeking(-een.bedrag_cent, naam=een.naam, iban=een.iban)])
    services.bevestig_afschriftregel(regel(), betalingen=[eerste()[1].pk], door=w.bo)
    assert standen() == ["verstuurd", "uitbetaald"]
    return w


def test_a_payment_is_on_its_way_again_and_the_line_waits(bevestigd):
    w, rij = bevestigd, eerste()[1]  # noqa: F811
    with geschiedenis() as nieuw:
        herroep(w)
    uitkomst = regel()
    assert nieuw.feiten == [
        feit(
            rij,
            "afschriftregel.herroep",
            w.bo,
            "uitbetaald",
            "verstuurd",
            {"reden": REDEN, "afschriftregel": uitkomst.pk},
        ),
        feit(
            uitkomst,
            "afschriftregel.herroep",
            w.bo,
            "verwerkt",
            "voorstel",
            {"reden": REDEN, "betalingen": [rij.pk]},
        ),
    ]
    [(aan, onderwerp, tekst)] = nieuw.mails
    assert (aan, onderwerp) == (
        "ben@voorbeeld.test",
        f"Betaling voor dossier {rij.dossier.nummer} nog niet uitbetaald",
    )
    assert tekst.endswith("Dat was een vergissing van ons: de betaling is nog onderweg.")
    assert standen() == ["verstuurd", "verstuurd"]
    assert eerste()[1].uitbetaald_op is None and eerste()[1].opdracht is not None
    assert (uitkomst.status, uitkomst.wordt, uitkomst.betalingen.count()) == ("voorstel", "betaald", 2)
    assert uitkomst.uitleg.startswith(f"Herroepen op 25/11/2026: {REDEN} ")
    uit = Journaalregel.objects.filter(soort="uitbetaling").values_list("bedrag_cent", "feitdatum", "krediet__jaar")
    assert list(uit) == [(50 * K, DAG, 2026), (-50 * K, klok.vandaag(), 2026)]
    assert cijfers(krediet(2026)) == {"vereffend": 100 * K}
    alles_klopt()
    # The other payment it was; the mail of the one that is paid now leaves.
    with geschiedenis() as nieuw:
        services.bevestig_afschriftregel(uitkomst, betalingen=[eerste()[0].pk], door=w.bo)
    assert len(nieuw.mails) == 1 and standen() == ["uitbetaald", "verstuurd"]
    herroep(w)
    with geschiedenis() as nieuw:
        services.bevestig_afschriftregel(regel(), betalingen=[eerste()[0].pk], door=w.bo)
    assert [onderwerp for _, onderwerp, _ in nieuw.mails] == [f"Betaling voor dossier {eerste()[0].dossier.nummer}"]
    alles_klopt()


def test_what_was_taken_back_waits_for_a_person_whatever_is_read_later(bevestigd):
    herroep(bevestigd)
    uit = lees(bevestigd, boekingen(batch()), nummer="2026-225")
    assert (uit.per_status, uit.alsnog) == ({"verwerkt": 2}, 0)
    assert Afschriftregel.objects.order_by("pk")[0].status == "voorstel"
    assert standen() == ["uitbetaald", "uitbetaald"]
    alles_klopt()


def test_who_and_what_is_refused(bevestigd):
    w = bevestigd  # noqa: F811
    eis_alleen(w.mensen, {"bo"}, lambda wie: herroep(w, door=wie))
    with weigert("reden_ontbreekt", "Schrijf waarom deze regel niet hierbij hoort.", "reden"):
        herroep(w, reden=" ")
    herroep(w)
    with weigert("verkeerde_status", zin_status(regel())):
        herroep(w)
    services.sluit_afschriftregel_af(regel(), reden="Huur.", door=w.bo)
    with weigert("verkeerde_status", zin_status(regel())):
        herroep(w)


def test_what_went_on_is_not_taken_back(bevestigd):
    w, rij = bevestigd, eerste()[1]  # noqa: F811
    services.meld_geweigerd(rij, datum=klok.vandaag(), reden="AC04", door=w.bo)
    zin = VERDER.format(rij.dossier.nummer)
    with weigert("intussen_verder", zin):
        herroep(w)
    services.keur_betaling_goed(eerste()[1], door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[rij.pk], door=w.bo)
    services.meld_uitbetaald(eerste()[1], datum=klok.vandaag(), door=w.bo)
    with weigert("intussen_verder", zin):
        herroep(w)


def test_what_the_loket_matched_itself_stays(w):  # noqa: F811
    lees(w, boekingen(batch()))
    zin = "Het loket koppelde deze regel zelf, op het kenmerk van de betaling. Dat kan niet herroepen worden."
    with weigert("niet_bevestigd", zin):
        herroep(w)


@pytest.mark.parametrize(("betaald", "status"), [(True, "uitbetaald"), (False, "verstuurd")])
def test_a_return_that_was_none(w, betaald, status):  # noqa: F811
    een, twee = boekingen(batch())
    if betaald:
        lees(w, [een, twee])
        # Without its end-to-end id a return is a proposal.
        lees(w, [terug(een, end_to_end_id="", ogm="", omgekeerd=True)], nummer="2026-225")
    else:
        lees(w, [terug(een)], nummer="2026-225")
    voor = eerste()[0]
    assert regel().status == "voorstel", regel().uitleg
    services.bevestig_afschriftregel(regel(), betalingen=[voor.pk], door=w.bo)
    assert eerste()[0].status == "te_controleren"
    with geschiedenis() as nieuw:
        herroep(w)
    na = eerste()[0]
    assert nieuw.feiten[0][2:6] == ("afschriftregel.herroep", w.bo.pk, "te_controleren", status)
    velden = ("status", "opdracht_id", "iban", "goedgekeurd_door_id", "tweede_goedgekeurd_door_id", "uitbetaald_op")
    assert [getattr(na, v) for v in velden] == [getattr(voor, v) for v in velden]
    assert cijfers(krediet(2026)) == {"vereffend": 100 * K} | ({"uitbetaald": 100 * K} if betaald else {})
    alles_klopt()


# --- recoveries ---


@pytest.fixture
def terug_w(wereld):
    return terugspel.betaald(wereld)


def test_a_receipt_with_the_communication_of_another_claim(terug_w):
    rij = terugspel.bekend(terug_w)
    klok.zet(klok.brussel(2026, 11, 25, 15))
    services.lees_afschrift(schrijf([ontvangst(20 * K, ogm=ogm(rij))]), door=terug_w.bo)
    rij = terugspel.vers_gelezen(rij)
    assert (rij.status, regel().status) == ("ontvangen", "verwerkt")
    assert services.te_herroepen(rij) == []  # it is taken back where it came in
    with geschiedenis() as nieuw:
        herroep(terug_w)
    assert [f[2:6] for f in nieuw.feiten] == [
        ("afschriftregel.herroep", terug_w.bo.pk, "ontvangen", "kennisgegeven"),
        ("afschriftregel.herroep", terug_w.bo.pk, "verwerkt", "voorstel"),
    ]
    uitkomst = regel()
    assert (uitkomst.wordt, [t.pk for t in uitkomst.terugvorderingen.all()]) == ("ontvangst", [rij.pk])
    assert terugspel.vers_gelezen(rij).hoofdsom_open_cent == 20 * K
    alles_klopt()
    # It was right after all.
    services.bevestig_afschriftregel(uitkomst, terugvorderingen=[rij.pk], door=terug_w.bo)
    rij = terugspel.vers_gelezen(rij)
    assert (rij.status, [o.keer for o in rij.ontvangsten.all()]) == ("ontvangen", [1, 1, 2])
    alles_klopt()


def test_the_page_takes_a_line_back(terug_w):
    rij = terugspel.bekend(terug_w)
    klok.zet(klok.brussel(2026, 11, 25, 15))
    services.lees_afschrift(schrijf([ontvangst(5 * K, iban=bouw.IBAN, ogm=ogm(rij))]), door=terug_w.bo)
    bo = Client()
    bo.force_login(terug_w.bo)
    url = reverse("afschrift", args=[regel().regel.afschrift_id])
    p = keur(bo.get(url))
    assert "Herroepen wat de regel van 24 november 2026 over € 5.000,00 is" in p.tekst.replace("\xa0", " ")
    velden = {"regel": regel().pk, "daad": "herroep"}
    with ongewijzigd():
        p = keur(bo.post(url, velden))
    assert "Dit veld is verplicht." in p.tekst
    p = keur(bo.post(url, velden | {f"terug{regel().pk}-reden": REDEN}, follow=True))
    assert "De verwerking is herroepen." in p.tekst and REDEN in p.tekst
    assert terugspel.vers_gelezen(rij).ontvangen_cent == 0
    assert not Betaling.objects.filter(status="te_controleren").exists()
