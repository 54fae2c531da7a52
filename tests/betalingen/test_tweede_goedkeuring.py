"""From the threshold of a call on, two budget holders approve a payment, and neither of them drafted it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from betalingen import queries, services
from betalingen.models import Betaling
from oproepen import laden
from oproepen.models import Oproep, Taak
from organisaties.models import Gebruiker
from tests import bouw
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, oproepgegevens, weigert
from tests.portaal.pagina import Pagina
from tests.proef import geef_rol

pytestmark = pytest.mark.django_db

VANAF = 50_000_00
INHOUD = {"bedrag_cent": VANAF, "iban": bouw.IBAN}
ZELFDE = "De tweede goedkeuring komt van een andere persoon dan de eerste."
OPGESTELD = "Een betaling wordt gecontroleerd door een andere persoon dan wie ze opstelde."


@pytest.fixture
def w(wereld):
    """An award of 100.000 euro, its first instalment of 50.000 to be checked; stan is a budget holder too."""
    Oproep.objects.filter(pk=wereld.oproep.pk).update(tweede_goedkeuring_vanaf_cent=VANAF)
    bouw.kennisgegeven(wereld, {"an": 9})
    geef_rol(wereld, "stan", Taak.Rol.BUDGETHOUDER)
    services.stel_betaling_op(eerste(), door=wereld.bea)
    return wereld


def eerste():
    return Betaling.objects.get(schijf__volgorde=1)


def personen():
    rij = eerste()
    return rij.status, rij.opgesteld_door, rij.goedgekeurd_door, rij.tweede_goedgekeurd_door


def test_it_takes_two(w):
    with geschiedenis() as nieuw:
        services.keur_betaling_goed(eerste(), door=w.bart)
    assert personen() == ("tweede_controle", w.bea, w.bart, None)
    assert nieuw.feiten == [feit(eerste(), "betaling.keur_goed", w.bart, "te_controleren", "tweede_controle", INHOUD)]
    tekst = (
        "Bart Proef keurde betalingen van Zorgzame buurten goed. Vanaf dit bedrag keurt ook een tweede persoon ze "
        "goed. Kijk ze na en keur ze goed, of stuur ze terug met een reden.\n\n"
        "Komen er vandaag nog bij, dan krijgt u daarover geen nieuwe mail."
    )
    onderwerp = "Betalingen om als tweede goed te keuren: Zorgzame buurten"
    assert nieuw.mails == [("stan@voorbeeld.test", onderwerp, tekst)]
    with weigert("verkeerde_status", "Dit kan niet: de betaling heeft de status 'wacht op tweede goedkeuring'."):
        services.verstuur_betalingen(w.oproep, betalingen=[eerste().pk], door=w.bo)
    with geschiedenis() as nieuw:
        services.keur_betaling_goed(eerste(), door=w.stan)
    assert personen() == ("goedgekeurd", w.bea, w.bart, w.stan)
    assert nieuw.feiten == [feit(eerste(), "betaling.keur_goed", w.stan, "tweede_controle", "goedgekeurd", INHOUD)]
    assert [mail[0] for mail in nieuw.mails] == ["bo@voorbeeld.test"]
    services.verstuur_betalingen(w.oproep, betalingen=[eerste().pk], door=w.bo)
    alles_klopt()


def test_one_cent_under_the_threshold_one_is_enough(w):
    Oproep.objects.update(tweede_goedkeuring_vanaf_cent=VANAF + 1)
    services.keur_betaling_goed(eerste(), door=w.bart)
    assert personen() == ("goedgekeurd", w.bea, w.bart, None)


def test_nobody_approves_twice_nor_what_she_drafted(w):
    geef_rol(w, "bea", Taak.Rol.BUDGETHOUDER)
    with weigert("zelfde_persoon", OPGESTELD):
        services.keur_betaling_goed(eerste(), door=w.bea)
    services.keur_betaling_goed(eerste(), door=w.bart)
    with weigert("zelfde_persoon", ZELFDE):
        services.keur_betaling_goed(eerste(), door=w.bart)
    with weigert("zelfde_persoon", OPGESTELD):
        services.keur_betaling_goed(eerste(), door=w.bea)


def test_only_budget_holders_are_second(w):
    services.keur_betaling_goed(eerste(), door=w.bart)
    andere = {naam: mens for naam, mens in w.mensen.items() if naam != "bart"}
    eis_alleen(andere, {"stan"}, lambda wie: services.keur_betaling_goed(eerste(), door=wie))


NIEMAND = (
    "Nu kan niemand anders dat: vraag een beheerder om nog iemand de taak van budgethouder van deze oproep te geven."
)


def test_where_nobody_can_be_second_the_first_approval_says_so_and_who_can_help(w, client):
    geef_rol(w, "stan", Taak.Rol.BEHANDELAAR)
    services.stuur_betaling_terug(eerste(), reden="Stan stelt ze op", door=w.bart)
    adres = reverse("betaling", args=[eerste().pk])
    client.force_login(w.bart)
    services.stel_betaling_op(eerste(), door=w.bea)
    assert NIEMAND not in Pagina(client.get(adres)).tekst
    services.stuur_betaling_terug(eerste(), reden="Stan stelt ze op", door=w.bart)
    services.stel_betaling_op(eerste(), door=w.stan)
    assert NIEMAND in Pagina(client.get(adres)).tekst
    p = Pagina(client.post(reverse("betaling_goedkeuren", args=[eerste().pk]), follow=True))
    assert p.meldingen == [("success", f"Uw goedkeuring is genoteerd. Er is nog een tweede nodig. {NIEMAND}")]
    assert f"Er is nog een tweede goedkeuring nodig. {NIEMAND}" in p.tekst
    geef_rol(w, "joke", Taak.Rol.BUDGETHOUDER)
    assert list(queries.tweede_keurders(eerste(), eerste=w.bart)) == [w.joke]
    assert NIEMAND not in Pagina(client.get(adres)).tekst


def test_sent_back_both_begin_again(w):
    services.keur_betaling_goed(eerste(), door=w.bart)
    services.stuur_betaling_terug(eerste(), reden="Verkeerde rekening", door=w.stan)
    assert personen() == ("gepland", w.bea, None, None)
    services.stel_betaling_op(eerste(), door=w.bea)
    services.keur_betaling_goed(eerste(), door=w.stan)
    assert personen() == ("tweede_controle", w.bea, w.stan, None)
    services.keur_betaling_goed(eerste(), door=w.bart)
    assert personen() == ("goedgekeurd", w.bea, w.stan, w.bart)


def test_what_the_bank_refused_is_approved_by_two_again(w):
    services.keur_betaling_goed(eerste(), door=w.bart)
    services.keur_betaling_goed(eerste(), door=w.stan)
    services.verstuur_betalingen(w.oproep, betalingen=[eerste().pk], door=w.bo)
    services.meld_geweigerd(eerste(), datum=bouw.BESLIST.date(), reden="Rekening gesloten", door=w.bo)
    assert personen() == ("te_controleren", w.bea, None, None)
    services.keur_betaling_goed(eerste(), door=w.bart)
    assert personen()[0] == "tweede_controle"
    alles_klopt()


def test_the_account_is_frozen_from_the_first_approval_on(w):
    services.keur_betaling_goed(eerste(), door=w.bart)
    zin = "Een betaling van dit dossier is goedgekeurd; haar rekening ligt vast. Laat ze eerst terugsturen."
    with weigert("rekening_vast", zin):
        services.wijzig_rekening(eerste().dossier, iban="BE71096123456769", reden="Andere bank", door=w.bea)


def test_the_database_refuses_a_second_approval_by_the_first_or_the_drafter(w):
    services.keur_betaling_goed(eerste(), door=w.bart)
    for wie in (w.bart, w.bea):
        with pytest.raises(IntegrityError), transaction.atomic():
            Betaling.objects.filter(pk=eerste().pk).update(tweede_goedgekeurd_door=wie)
    Betaling.objects.filter(pk=eerste().pk).update(tweede_goedgekeurd_door=w.stan)


def bezoek(client, wie):
    client.force_login(wie)
    return Pagina(client.get(reverse("betaling", args=[eerste().pk])).content.decode()).tekst


def test_the_page_says_who_is_still_needed(w, client):
    scherm = bezoek(client, w.bart)
    assert "Daarna keurt nog een tweede persoon ze goed." in scherm
    antwoord = client.post(reverse("betaling_goedkeuren", args=[eerste().pk]), follow=True)
    assert "Uw goedkeuring is genoteerd. Er is nog een tweede nodig." in antwoord.content.decode()
    assert "U keurde deze betaling al goed; een tweede persoon moet dat ook doen." in bezoek(client, w.bart)
    werk = client.get(reverse("mijn_werk")).content.decode()
    assert "als tweede goedkeuren" not in werk
    assert "Als tweede goedkeuren" in bezoek(client, w.stan)
    assert "1 betaling als tweede goedkeuren" in client.get(reverse("mijn_werk")).content.decode()
    client.post(reverse("betaling_goedkeuren", args=[eerste().pk]))
    assert "Bart Proef en Stan Proef" in bezoek(client, w.stan)


@pytest.mark.parametrize(("waarde", "cent"), [("50000.00", VANAF), (None, None)])
def test_the_threshold_comes_from_the_file_of_the_call(wereld, waarde, cent):
    systeem = Gebruiker.objects.systeem()
    gegevens = oproepgegevens(slug="drempel", code="DR", tweede_goedkeuring_vanaf=waarde)
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    assert oproep.tweede_goedkeuring_vanaf_cent == cent


def test_a_threshold_that_cannot_be_read_is_refused_with_its_place(wereld):
    systeem = Gebruiker.objects.systeem()
    gegevens = oproepgegevens(slug="drempel", code="DR", tweede_goedkeuring_vanaf="veel")
    zin = "drempel, tweede_goedkeuring_vanaf: het bedrag 'veel' kan niet gelezen worden; schrijf het als \"50000.00\"."
    with weigert("bedrag_onleesbaar", zin):
        laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
