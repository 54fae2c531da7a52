"""Who alone may do each act: every person of the rich world tries, with the object in the right state.

Staff of the other track, of another call, jurors, applicants of other organisations, administrators and somebody who
did not sign in are all refused with the same sentence, and after all of them nothing has changed.
"""

from functools import partial

import pytest

from beoordeling import services as beoordeling
from beoordeling.models import Scoreblad
from dossiers import services as dossiers
from dossiers.kosten import services as kostenstaten
from dossiers.models import Begrotingskoppeling, Verslag
from kern import klok, uploads
from oproepen import laden
from oproepen import services as oproepen
from organisaties import services as organisaties
from tests import bouw
from tests.beoordeling.rijk.kosten import geef_kosten_op
from tests.hulp import LAATST, alle_scores, eis_alleen, oproepgegevens, register, teruggedraaid, weigering, weigert

PAKKETTEN = {"organisaties", "oproepen", "dossiers", "beoordeling"}
# Loading data files has its own tests; the road asks `mag` there too, and the test below does so as well.
LADERS = {"organisatie.laad", "plan.laad"}
REGISTRATIE = {
    "naam": "Niel",
    "categorie": "andere",
    "juridische_vorm": "vzw",
    "kbo": "",
    "gemeente": "Niel",
}
BEHANDELAARS = {"bea", "behandelaar_vlaanderen"}


def blad(r, wie):
    return Scoreblad.objects.get(dossier=r.dossiers["vlaanderen", 4, "aartselaar"], jurylid=r.mensen[wie])


def verslag(r, sleutel):
    return Verslag.objects.get(dossier=r.dossiers["vlaanderen", 1, "boom"], moment__sleutel=sleutel)


def onderteken(r):
    document = uploads.bewaar(bouw.upload("besluit.pdf"), door=r.bart)
    velden = {"nummer": "MB", "datum": klok.vandaag(), "document": document}
    return lambda door: beoordeling.registreer_ondertekening(
        r.ronde("vlaanderen", 3).besluiten.get(), **velden, door=door
    )


def sluit(r):
    klok.zet(klok.brussel(2030, 1, 2))
    return lambda door: dossiers.sluit_ronde(r.rondes["vlaanderen", 6], door=door)


def rapport(r):
    velden = {"tekst": "Klaar.", "kosten_cent": 1, "bestand": None}
    return lambda door: dossiers.dien_verslag_in(verslag(r, "eind"), **velden, door=door)


def kosten(r, daad, **hoe):
    staat = geef_kosten_op(r, "vlaanderen", **hoe)
    return lambda door: daad(staat, door=door)


def verdeel(r):
    geef_kosten_op(r, "vlaanderen")
    dossier = r.dossier("vlaanderen", 1, "boom")
    soorten = {k.begrotingsregel_id: k.categorie_id for k in Begrotingskoppeling.objects.all()}
    return lambda door: kostenstaten.verdeel_begroting(dossier, verdeling=soorten, door=door)


def begin(r):
    dossier, dag = r.dossier("vlaanderen", 1, "boom"), klok.vandaag()
    return lambda door: kostenstaten.begin_kostenstaat(dossier, van=dag, tot=dag, door=door)


def lever(r):
    stuk = uploads.bewaar(bouw.upload("factuur.pdf"), door=r.ben)
    return kosten(r, partial(kostenstaten.lever_bewijs, regel=1, bestand=stuk), ingediend=True)


def beoordeel(r):
    besluiten = {1: kostenstaten.Besluit(0, "Neen.")}
    return kosten(r, partial(kostenstaten.beoordeel_regels, besluiten=besluiten), ingediend=True)


def rond_af(r):
    staat = geef_kosten_op(r, "vlaanderen", ingediend=True)
    kostenstaten.beoordeel_regels(staat, besluiten={1: kostenstaten.Besluit(0, "Neen.")}, door=r.bea)
    return lambda door: kostenstaten.rond_kostenstaat_af(staat, opmerking="", door=door)


def _meld_deminimis(r):
    dossier = r.dossier("brussel", 1, "boom")
    return lambda door: beoordeling.meld_deminimis(dossier, datum=klok.vandaag(), referentie="SA-1", door=door)


def _hef_op(r):
    dossier = beoordeling.begrens_bedrag(
        r.dossier("vlaanderen", 7, "aartselaar"), bedrag_cent=1, motivering="Dubbel.", door=r.bea
    )
    return lambda door: beoordeling.hef_begrenzing_op(dossier, door=door)


LEDEN = {"ben", "dora"}
# Per act: who may, and what they do. `oproep` of the rich world is run by the cast; in `ontwerp` the same people and
# those called `<rol>_ander` have a task.
DADEN = {
    "organisatie.registreer": (
        {"stan"},
        lambda r: lambda door: organisaties.registreer_organisatie(r.stan, **REGISTRATIE, door=door),
    ),
    "organisatie.voeg_lid_toe": (
        {"an"},
        lambda r: lambda door: organisaties.voeg_lid_toe(r.aartselaar, email=r.stan.email, rol="medewerker", door=door),
    ),
    "organisatie.wijs_tekenbevoegde_aan": (
        {"beheer", "systeem"},
        lambda r: lambda door: organisaties.wijs_tekenbevoegde_aan(r.aartselaar, gebruiker=r.stan, door=door),
    ),
    "organisatie.voeg_toe": (
        {"beheer"},
        lambda r: lambda door: organisaties.voeg_organisatie_toe(r.beheer, **REGISTRATIE, door=door),
    ),
    "organisatie.wijzig": (
        {"beheer", "systeem"},
        lambda r: lambda door: organisaties.wijzig_organisatie(r.vzw, velden={"naam": "Anders"}, door=door),
    ),
    "oproep.maak_op": (
        {"beheer"},
        lambda r: (
            lambda door: laden.maak_oproep_op(r.beheer, gegevens=oproepgegevens(slug="nieuw", code="NI"), door=door)
        ),
    ),
    "oproep.kondig_aan": (
        {"bea", "behandelaar_ander", "beheer", "systeem"},
        lambda r: lambda door: oproepen.kondig_aan(r.ontwerp, door=door),
    ),
    "oproep.leg_voor": (
        {"bea", "behandelaar_ander"},
        lambda r: lambda door: oproepen.leg_oproep_voor(r.ontwerp, door=door),
    ),
    "oproep.publiceer": ({"bart"}, lambda r: lambda door: oproepen.publiceer(r.voorgelegd, door=door)),
    "oproep.stuur_terug": (
        {"bart"},
        lambda r: lambda door: oproepen.stuur_oproep_terug(r.voorgelegd, reden="Neen.", door=door),
    ),
    "oproep.geef_taak": (
        {"beheer", "systeem"},
        lambda r: lambda door: oproepen.geef_taak(r.oproep, gebruiker=r.stan, rol="jurylid", door=door),
    ),
    "ronde.start_beoordeling": (
        BEHANDELAARS,
        lambda r: lambda door: oproepen.start_beoordeling(r.rondes["vlaanderen", 5], door=door),
    ),
    "dossier.dien_in": (
        {"an", "mel"},
        lambda r: (
            lambda door: dossiers.dien_in(r.dossiers["vlaanderen", 6, "aartselaar"], door=door, ontvangen_op=klok.nu())
        ),
    ),
    "ronde.sluit": (BEHANDELAARS, sluit),
    "dossier.verklaar_ontvankelijk": (
        BEHANDELAARS,
        lambda r: (
            lambda door: dossiers.verklaar_ontvankelijk(
                r.dossiers["vlaanderen", 5, "aartselaar"], motivering="Goed.", door=door
            )
        ),
    ),
    "dossier.verklaar_onontvankelijk": (
        BEHANDELAARS,
        lambda r: (
            lambda door: dossiers.verklaar_onontvankelijk(
                r.dossiers["vlaanderen", 5, "aartselaar"], motivering="Neen.", door=door
            )
        ),
    ),
    "verslag.dien_in": ({"ben", "dora"}, rapport),
    "kostenstaat.begin": (LEDEN, begin),
    "dossier.verdeel_begroting": (LEDEN | BEHANDELAARS, verdeel),
    "kostenstaat.dien_in": (LEDEN, lambda r: kosten(r, kostenstaten.dien_kostenstaat_in)),
    "kostenstaat.lever_bewijs": (LEDEN, lever),
    "kostenstaat.beoordeel": (BEHANDELAARS, beoordeel),
    "kostenstaat.stuur_terug": (
        BEHANDELAARS,
        lambda r: kosten(r, partial(kostenstaten.stuur_kostenstaat_terug, opmerking="Kijk na."), ingediend=True),
    ),
    "kostenstaat.rond_af": (BEHANDELAARS, rond_af),
    "verslag.keur_goed": (
        BEHANDELAARS,
        lambda r: lambda door: dossiers.keur_verslag_goed(verslag(r, "jaar-1"), beoordeling="", door=door),
    ),
    "verslag.stuur_terug": (
        BEHANDELAARS,
        lambda r: lambda door: dossiers.stuur_verslag_terug(verslag(r, "jaar-1"), beoordeling="Meer.", door=door),
    ),
    "scoreblad.wijs_toe": (
        BEHANDELAARS,
        lambda r: lambda door: beoordeling.wijs_toe(r.dossier("vlaanderen", 4, "vzw"), jurylid=r.jana, door=door),
    ),
    "scoreblad.begin": ({"jana"}, lambda r: lambda door: beoordeling.begin_scoreblad(blad(r, "jana"), door=door)),
    "scoreblad.dien_in": ({"joke"}, lambda r: lambda door: beoordeling.dien_scoreblad_in(blad(r, "joke"), door=door)),
    "juryadvies.stel_vast": (
        {"vic", "voorzitter_vlaanderen"},
        lambda r: (
            lambda door: beoordeling.stel_advies_vast(
                r.dossier("vlaanderen", 4, "vzw"), gunstig=True, motivering="Goed.", door=door
            )
        ),
    ),
    "ronde.stel_voor": (
        BEHANDELAARS,
        lambda r: lambda door: beoordeling.stel_voor(r.ronde("vlaanderen", 7), door=door),
    ),
    "ronde.stel_reserve_voor": (
        BEHANDELAARS,
        lambda r: lambda door: beoordeling.stel_reserve_voor(r.ronde("vlaanderen", 10), door=door),
    ),
    "dossier.meld_deminimis": ({"bea", "behandelaar_brussel", "dora"}, _meld_deminimis),
    "dossier.begrens_bedrag": (
        {"bea", "behandelaar_brussel"},  # not dora: the dossier is of her own organisation
        lambda r: (
            lambda door: beoordeling.begrens_bedrag(
                r.dossier("brussel", 4, "boom"), bedrag_cent=1, motivering="Dubbel.", door=door
            )
        ),
    ),
    "dossier.hef_begrenzing_op": (BEHANDELAARS, _hef_op),
    "besluit.leg_voor": (
        {"bea", "behandelaar_brussel", "dora"},
        lambda r: lambda door: beoordeling.leg_besluit_voor(r.ronde("brussel", 3).besluiten.get(), door=door),
    ),
    "besluit.stuur_terug": (
        {"bea", "behandelaar_vlaanderen", "bart", "budgethouder_vlaanderen"},
        lambda r: (
            lambda door: beoordeling.stuur_besluit_terug(
                r.ronde("vlaanderen", 3).besluiten.get(), reden="Fout.", door=door
            )
        ),
    ),
    "besluit.registreer_ondertekening": ({"bart", "budgethouder_vlaanderen"}, onderteken),
    "besluit.geef_kennis": (
        BEHANDELAARS,
        lambda r: lambda door: beoordeling.geef_kennis(r.ronde("vlaanderen", 2).besluiten.get(), door=door),
    ),
}


@pytest.mark.parametrize("naam", DADEN)
def test_only_these_people_may(rijk, naam):
    toegelaten, maak = DADEN[naam]
    eis_alleen(rijk.mensen, toegelaten, maak(rijk))


def test_every_act_of_these_packages_is_tried_by_everybody():
    van_hier = {naam for naam, h in register().items() if h.functie.__module__.split(".")[0] in PAKKETTEN}
    assert van_hier - LADERS == DADEN.keys() | {"dossier.start"}


@pytest.mark.parametrize("naam", sorted(LADERS))
def test_only_an_administrator_loads_data_and_for_herself(rijk, naam):
    mag = register()[naam].mag
    assert [wie for wie, mens in rijk.mensen.items() if mag(mens, rijk.beheer)] == ["beheer"]
    assert [wie for wie, mens in rijk.mensen.items() if mag(mens, rijk.systeem)] == ["systeem"]


def test_who_signed_in_may_start_for_her_own_organisation_only(rijk):
    organisatie = bouw.organisatie("Niel", None, "gemeente", "lokaal_bestuur", rijk.stan)
    for naam, mens in rijk.mensen.items():
        if naam == "stan":
            with teruggedraaid():
                dossiers.start_dossier(
                    rijk.rondes["brussel", 6], organisatie=organisatie, door=mens, ontvangen_op=LAATST
                )
            continue
        # The account of the system cannot sign in either.
        recht = naam not in {"niemand", "systeem"}
        zin = "U bent geen lid van deze organisatie." if recht else "U hebt geen recht op deze handeling."
        with weigering("geen_lid" if recht else "geen_recht", zin, "organisatie" if recht else None):
            dossiers.start_dossier(rijk.rondes["brussel", 6], organisatie=organisatie, door=mens, ontvangen_op=LAATST)


def test_only_the_juror_saves_points_on_her_sheet(rijk):
    rij = blad(rijk, "joke")
    eis_alleen(
        rijk.mensen, {"joke"}, lambda door: beoordeling.bewaar_scores(rij, alle_scores(rij.dossier, 1), door=door)
    )


def test_a_juror_of_the_other_track_cannot_fill_in_a_sheet_of_this_one(rijk):
    """The sheet of jurylid_brussel stands in Brussels; for Flanders she has no task and gets none."""
    zin = "Jurylid_brussel Proef is geen jurylid voor deze oproep."
    with weigert("geen_jurylid", zin, "jurylid"):
        beoordeling.wijs_toe(rijk.dossier("vlaanderen", 4, "vzw"), jurylid=rijk.jurylid_brussel, door=rijk.bea)
    with weigert(
        "eigen_organisatie", "Mia Proef hoort bij De Warme Straat en kan dit dossier niet beoordelen.", "jurylid"
    ):
        beoordeling.wijs_toe(rijk.dossier("vlaanderen", 4, "vzw"), jurylid=rijk.mia, door=rijk.bea)
