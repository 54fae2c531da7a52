"""Fixed instalments in a call that asks for cost claims: what is paid, and what the accepted costs justify."""

from django.test import Client
from django.urls import reverse

from betalingen import services
from betalingen.saldo import waarschuwing
from kern import klok
from tests.betalingen import schema
from tests.betalingen.schema import betaal, nagekeken
from tests.dossiers.kosten import hulp as kosten
from tests.portaal.pagina import Pagina

VAST = [
    {"naam": "Eerste", "aanleiding": "vastlegging", "procent": 70},
    {"naam": "Laatste", "aanleiding": "datum", "datum": "2024-03-01", "procent": 30},
]
NOG_GEEN = (
    "Er is nog geen kostenstaat nagekeken. Wat niet met aanvaarde kosten verantwoord wordt, moet teruggevorderd worden."
)


def test_a_fixed_last_instalment_above_the_accepted_costs_is_warned_of(wereld):
    spel = schema.lopend(wereld, VAST)
    w, client = spel.w, Client()
    client.force_login(w.bea)
    betaal(w, spel.betaling(1))

    def zin(nummer=2):
        return waarschuwing(spel.betaling(nummer))

    assert (zin(1), zin()) == (None, NOG_GEEN)
    assert NOG_GEEN in Pagina(client.get(reverse("betaling", args=[spel.betaling(2).pk]))).tekst
    kosten.nagekeken(kosten.Spel(w, spel.dossier), 40_000_00, opmerking="Alles was voor het project.")
    kosten.begonnen(kosten.Spel(w, spel.dossier))  # one that is still being written
    klok.zet(schema.NA_HET_PROJECT)
    recht = "Volgens de aanvaarde kosten heeft dit project recht op 42.000,00 euro. "
    betaald = "Met deze schijf erbij is 50.000,00 euro betaald."
    assert zin() == f"Nog niet alle kostenstaten zijn nagekeken. {recht}{betaald}"


def test_a_fixed_last_instalment_is_made_smaller_by_cancelling(wereld):
    spel = schema.lopend(wereld, VAST)
    w = spel.w
    betaal(w, spel.betaling(1))
    nagekeken(spel, 40_000_00)

    def zin():
        return waarschuwing(spel.betaling(2))

    assert zin() == (
        "Volgens de aanvaarde kosten heeft dit project recht op 42.000,00 euro. Met deze schijf erbij is 50.000,00 "
        "euro betaald. Annuleer 8.000,00 euro van de vastlegging; dan wordt deze schijf kleiner."
    )
    services.annuleer_vastlegging(spel.dossier, bedrag_cent=8_000_00, reden="Niet verantwoord.", door=w.bart)
    assert (spel.betaling(2).bedrag_cent, zin()) == (7_000_00, None)


def test_without_an_instalment_for_it_too_much_is_found_all_the_same(wereld):
    spel = schema.lopend(wereld, VAST)
    betaal(spel.w, spel.betaling(1))
    nagekeken(spel, 20_000_00)
    assert services.terug_te_vorderen(spel.dossier) == (0, 14_000_00)
    assert waarschuwing(spel.betaling(2)).endswith(
        "Annuleer 15.000,00 euro van de vastlegging; dan wordt deze schijf kleiner. Vorder 14.000,00 euro terug."
    )
    client = Client()
    client.force_login(spel.w.bea)
    assert (
        Pagina(client.get(reverse("terugvordering_nieuw", args=[spel.dossier.nummer]))).waarde("bedrag") == "14.000,00"
    )
