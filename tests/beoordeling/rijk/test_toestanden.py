"""Every act from every state that it does not start from: refused with a sentence that names the state.

The rich world has objects in every state; who acts is always somebody who may.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from beoordeling import services as beoordeling
from beoordeling.models import Besluit, Juryadvies, Scoreblad
from dossiers import services as dossiers
from dossiers.models import Dossier, Verslag
from kern import klok, uploads
from oproepen import services as oproepen
from oproepen.models import Oproep, Ronde
from tests import bouw
from tests.hulp import weigert, zin_status

NIET_IN_BEOORDELING = ("ronde_niet_in_beoordeling", "Deze ronde is niet in beoordeling.")
SLUIT_EERST = ("ronde_nog_open", "Sluit eerst de ronde; daarna beoordeelt u de ontvankelijkheid.")
NIET_GESTART = ("geen_kennisgeving", "Dit project is nog niet gestart.")
NIET_ONTVANKELIJK = ("niet_ontvankelijk", "Alleen een ontvankelijk dossier gaat naar de jury.")


def verkeerde_status(obj):
    return ("verkeerde_status", zin_status(obj))


def ontvankelijkheid(dossier):
    return SLUIT_EERST if dossier.ronde.status == "gepland" else verkeerde_status(dossier)


def begrenzing(dossier):
    loopt = "De ronde is al voorgedragen. Stuur eerst het voorstel terug; daarna kunt u het bedrag begrenzen."
    return ("besluit_loopt", loopt) if dossier.ronde.status == "voorgesteld" else verkeerde_status(dossier)


def blad(rij):
    return verkeerde_status(rij) if rij.dossier.ronde.status == "in_beoordeling" else NIET_IN_BEOORDELING


def rapport(verslag):
    return verkeerde_status(verslag) if verslag.dossier.kennisgegeven_op else NIET_GESTART


def onderteken(r, besluit):
    document = uploads.bewaar(bouw.upload("besluit.pdf"), door=r.bart)
    return lambda: beoordeling.registreer_ondertekening(
        besluit, nummer="MB", datum=klok.vandaag(), document=document, door=r.bart
    )


@dataclass(frozen=True)
class Geval:
    """An act: on what, from which states it starts, how it is done, and what the others read."""

    naam: str
    model: Any
    van: set[str]
    doe: Any
    weigering: Any = verkeerde_status


GEVALLEN = [
    Geval("oproep.kondig_aan", Oproep, {"ontwerp"}, lambda r, o: lambda: oproepen.kondig_aan(o, door=r.beheer)),
    Geval(
        "oproep.leg_voor",
        Oproep,
        {"ontwerp", "aangekondigd"},
        lambda r, o: lambda: oproepen.leg_oproep_voor(o, door=r.bea),
    ),
    Geval("oproep.publiceer", Oproep, {"ter_goedkeuring"}, lambda r, o: lambda: oproepen.publiceer(o, door=r.bart)),
    Geval(
        "oproep.stuur_terug",
        Oproep,
        {"ter_goedkeuring"},
        lambda r, o: lambda: oproepen.stuur_oproep_terug(o, reden="Neen.", door=r.bart),
    ),
    Geval("ronde.sluit", Ronde, {"gepland"}, lambda r, o: lambda: dossiers.sluit_ronde(o, door=r.bea)),
    Geval(
        "ronde.start_beoordeling",
        Ronde,
        {"gesloten"},
        lambda r, o: lambda: oproepen.start_beoordeling(o, door=r.bea),
    ),
    Geval("ronde.stel_voor", Ronde, {"in_beoordeling"}, lambda r, o: lambda: beoordeling.stel_voor(o, door=r.bea)),
    Geval(
        "dossier.dien_in",
        Dossier,
        {"concept"},
        lambda r, o: lambda: dossiers.dien_in(o, door=r.lid(o), ontvangen_op=bouw.OPEN),
    ),
    Geval(
        "dossier.verklaar_ontvankelijk",
        Dossier,
        {"ingediend"},
        lambda r, o: lambda: dossiers.verklaar_ontvankelijk(o, motivering="Goed.", door=r.bea),
        ontvankelijkheid,
    ),
    Geval(
        "dossier.verklaar_onontvankelijk",
        Dossier,
        {"ingediend"},
        lambda r, o: lambda: dossiers.verklaar_onontvankelijk(o, motivering="Neen.", door=r.bea),
        ontvankelijkheid,
    ),
    *(
        Geval(naam, Dossier, {"ontvankelijk", "reserve"}, doe, begrenzing)
        for naam, doe in (
            (
                "dossier.begrens_bedrag",
                lambda r, o: lambda: beoordeling.begrens_bedrag(o, bedrag_cent=0, motivering="Dubbel.", door=r.bea),
            ),
            ("dossier.hef_begrenzing_op", lambda r, o: lambda: beoordeling.hef_begrenzing_op(o, door=r.bea)),
        )
    ),
    Geval(
        "scoreblad.wijs_toe",
        Dossier,
        {"ontvankelijk"},
        lambda r, o: lambda: beoordeling.wijs_toe(o, jurylid=r.jana, door=r.bea),
        lambda _: NIET_ONTVANKELIJK,
    ),
    Geval(
        "juryadvies.stel_vast",
        Dossier,
        {"ontvankelijk"},
        lambda r, o: lambda: beoordeling.stel_advies_vast(o, gunstig=True, motivering="Goed.", door=r.vic),
        lambda _: NIET_IN_BEOORDELING,
    ),
    Geval(
        "verslag.dien_in",
        Verslag,
        {"verwacht", "terug"},
        lambda r, o: (
            lambda: dossiers.dien_verslag_in(o, tekst="Klaar.", kosten_cent=1, bestand=None, door=r.lid(o.dossier))
        ),
        rapport,
    ),
    Geval(
        "verslag.keur_goed",
        Verslag,
        {"ingediend"},
        lambda r, o: lambda: dossiers.keur_verslag_goed(o, beoordeling="", door=r.bea),
    ),
    Geval(
        "verslag.stuur_terug",
        Verslag,
        {"ingediend"},
        lambda r, o: lambda: dossiers.stuur_verslag_terug(o, beoordeling="Meer.", door=r.bea),
    ),
    Geval(
        "scoreblad.begin",
        Scoreblad,
        {"toegewezen"},
        lambda r, o: lambda: beoordeling.begin_scoreblad(o, door=o.jurylid),
        blad,
    ),
    Geval(
        "scoreblad.dien_in",
        Scoreblad,
        {"bezig"},
        lambda r, o: lambda: beoordeling.dien_scoreblad_in(o, door=o.jurylid),
        blad,
    ),
    Geval("besluit.leg_voor", Besluit, {"ontwerp"}, lambda r, o: lambda: beoordeling.leg_besluit_voor(o, door=r.bea)),
    Geval(
        "besluit.stuur_terug",
        Besluit,
        {"ontwerp", "ter_ondertekening"},
        lambda r, o: lambda: beoordeling.stuur_besluit_terug(o, reden="Fout.", door=r.bea),
    ),
    Geval("besluit.registreer_ondertekening", Besluit, {"ter_ondertekening"}, onderteken),
    Geval("besluit.geef_kennis", Besluit, {"ondertekend"}, lambda r, o: lambda: beoordeling.geef_kennis(o, door=r.bea)),
]
# No act leads there yet.
ONBEREIKBAAR = {(Oproep, "afgesloten")}


@pytest.mark.parametrize(
    ("geval", "status"),
    [(g, s) for g in GEVALLEN for s in g.model.Status.values if s not in g.van and (g.model, s) not in ONBEREIKBAAR],
    ids=lambda x: x.naam if isinstance(x, Geval) else x,
)
def test_an_act_from_a_wrong_state_is_refused_and_changes_nothing(rijk, geval, status):
    objecten = rijk.per_status(geval.model)[status]
    assert objecten
    for obj in objecten[:3]:
        daad = geval.doe(rijk, obj)
        code, zin = geval.weigering(obj)
        with weigert(code, zin):
            daad()


def test_an_advice_that_is_adopted_is_not_adopted_again(rijk):
    """In every state of the round: while it is judged by the advice itself, after it by the round."""
    zinnen = set()
    for advies in Juryadvies.objects.select_related("dossier__ronde"):
        in_beoordeling = advies.dossier.ronde.status == "in_beoordeling"
        code, zin = ("advies_bestaat", "Het advies is al vastgesteld.") if in_beoordeling else NIET_IN_BEOORDELING
        with weigert(code, zin):
            beoordeling.stel_advies_vast(advies.dossier, gunstig=True, motivering="Goed.", door=rijk.vic)
        zinnen.add(code)
    assert zinnen == {"advies_bestaat", "ronde_niet_in_beoordeling"}


# What an applicant may know of each state: before notification and after.
GEZIEN = {
    "concept": {"Concept"},
    "niet_ingediend": {"Niet ingediend"},
    "ingediend": {"Ingediend"},
    "onontvankelijk": {"Onontvankelijk"},
    "ontvankelijk": {"In beoordeling"},
    "voorgedragen": {"In beoordeling"},
    "toegekend": {"In beoordeling"},
    "reserve": {"Op de reservelijst"},
    "geweigerd_kwaliteit": {"In beoordeling", "Geweigerd (kwaliteit)"},
    "geweigerd_krediet": {"In beoordeling"},
    "geweigerd_bedrag": {"Geweigerd (bedrag)"},
    "in_uitvoering": {"In uitvoering"},
    "afgerond": {"Afgerond"},
    "verzaakt": {"Verzaakt"},
    "stopgezet": {"Stopgezet"},
}


def test_what_an_applicant_may_know_of_each_state(rijk):
    gezien: dict[str, set[str]] = {}
    for dossier in Dossier.objects.all():
        gezien.setdefault(dossier.status, set()).add(dossier.zichtbare_status)
        assert dossier.zichtbaar_toegekend_cent == (dossier.toegekend_cent if dossier.kennisgegeven_op else None)
        if dossier.kennisgegeven_op is None:
            assert not {"toegekend", "geweigerd"} & set(dossier.zichtbare_status.lower().split())
    assert gezien == GEZIEN
