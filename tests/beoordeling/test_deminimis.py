"""The ceiling of de-minimis aid: what counts, over which days, and who is refused; the report to the register."""

import copy
from datetime import date, timedelta

import pytest

from beoordeling import deminimis as rekenen
from beoordeling import services as beoordeling
from beoordeling.models import Deminimismelding
from beoordeling.register import dringend_tot, met_termijn, steun, te_melden, uiterlijk
from dossiers.models import Dossier
from kern import klok
from kern.dagen import feestdagen, werkdagen_eerder, werkdagen_later
from kern.weigering import Weigering
from oproepen import laden
from oproepen.deminimis import PLAFOND_CENT, VOOR_LUIK, venster_na
from oproepen.models import Luik
from organisaties.familie import families
from organisaties.models import Gebruiker, Organisatie
from tests import bouw
from tests import deminimis as proef
from tests.deminimis import K
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert
from tests.proef import brussel

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(wereld):
    return proef.wereld(wereld)


BEGRENS = "Begrens eerst het bedrag, met de knop 'Bedrag begrenzen' op de pagina van dat dossier."
STUUR_TERUG = "Stuur het voorstel terug; daarna kan de behandelaar het bedrag van dat dossier begrenzen."


def boven(dossier, som, vrij, uitweg=BEGRENS, verordening="Verordening (EU) 2023/2831", plafond="300.000,00"):
    return (
        f"Dossier {dossier.nummer} gaat boven het plafond van de de-minimissteun: {som} euro in drie jaar, en "
        f"{verordening} laat {plafond} euro toe. Er is nog {vrij} euro vrij. {uitweg}"
    )


# --- days ---


def test_the_three_years_end_with_the_day_of_the_award():
    assert venster_na(date(2026, 2, 1)) == date(2023, 2, 1)
    assert venster_na(date(2024, 2, 29)) == date(2021, 2, 28)
    assert venster_na(date(2023, 2, 28)) == date(2020, 2, 28)  # so 29 February 2020 counts
    assert venster_na(date(2023, 3, 1)) == date(2020, 3, 1)


def test_belgian_holidays_and_working_days():
    vrij = ("01-01", "04-06", "05-01", "05-14", "05-25", "07-21", "08-15", "11-01", "11-11", "12-25")
    assert feestdagen(2026) == {date.fromisoformat(f"2026-{dag}") for dag in vrij}
    assert date(2024, 4, 1) in feestdagen(2024) and date(2038, 4, 26) in feestdagen(2038)
    assert werkdagen_later(date(2026, 1, 5), 0) == date(2026, 1, 5)
    assert werkdagen_later(date(2026, 1, 2), 1) == date(2026, 1, 5)  # a weekend between
    assert werkdagen_later(date(2026, 4, 3), 1) == date(2026, 4, 7)  # Easter Monday
    assert uiterlijk(date(2026, 1, 1)) == date(2026, 1, 29)
    assert uiterlijk(date(2026, 12, 24)) == date(2027, 1, 25)  # Christmas and New Year
    assert uiterlijk(date(2025, 12, 31)) is None


def test_the_last_day_of_which_the_term_is_near():
    een = timedelta(days=1)
    for dag in (date(2026, 1, 1) + timedelta(days=n) for n in range(400)):
        eerder = werkdagen_eerder(dag, 20)
        assert werkdagen_later(eerder, 20) <= dag < werkdagen_later(eerder + een, 20)
    # Of 5 January one reports by Monday 2 February; from Monday 26 January on that is within five working days.
    assert dringend_tot(date(2026, 1, 25)) < date(2026, 1, 5) == dringend_tot(date(2026, 1, 26))


def test_the_ceilings_are_those_of_the_regulations():
    assert {v.value: PLAFOND_CENT[v] for v in VOOR_LUIK} == {"algemeen": 300_000_00, "daeb": 750_000_00}


def test_a_family_is_what_merged_and_split_over_time(w):
    a, b, c, d = (Organisatie.objects.create(naam=n, categorie="gemeente", rechtsvorm="lokaal_bestuur") for n in "abcd")
    for oud, nieuw in ((a, c), (b, c), (c, d)):
        Organisatie.objects.filter(pk=oud.pk).update(geldig_tot=date(2020, 1, 1), opvolger=nieuw)
    alle = frozenset(o.pk for o in (a, b, c, d))
    assert families([a.pk, d.pk, w.boom.pk]) == {a.pk: alle, d.pk: alle, w.boom.pk: frozenset({w.boom.pk})}
    assert families([]) == {}


def test_a_data_file_names_a_regulation_that_exists_and_says_so_for_good(w):
    gegevens = copy.deepcopy(laden.lees_bestand(laden.GEGEVENS / "zorgzame-buurten.json"))
    gegevens |= {"slug": "derde", "code": "DE"}
    systeem = Gebruiker.objects.systeem()
    for waarde in ("zomaar", "andere", None):
        gegevens["luiken"][0]["deminimis"] = waarde
        zin = f"derde: luik vlaanderen: onbekende de-minimisverordening '{waarde}'."
        with weigert("waarde_ongeldig", zin):
            laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    gegevens["luiken"][0]["deminimis"] = "daeb"
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    assert dict(oproep.luiken.values_list("slug", "deminimis")) == {"vlaanderen": "daeb", "brussel": ""}
    gegevens["luiken"][0]["deminimis"] = ""
    with pytest.raises(Weigering, match="deminimis"):
        laden.vergelijk_oproep(gegevens, door=systeem)


def test_no_call_of_the_plan_asks_for_it():
    for pad in laden.GEGEVENS.glob("*.json"):
        assert "deminimis" not in pad.read_text(encoding="utf-8")


# --- what counts ---


def test_declared_aid_counts_within_the_window_and_under_its_regulation(w):
    op = bouw.BESLIST.date()
    grens = venster_na(op)
    regels = [
        proef.steun(1 * K, grens),
        proef.steun(2 * K, grens + timedelta(days=1)),
        proef.steun(4 * K, date(2021, 9, 30)),
        proef.steun(8 * K, verordening="andere"),
        proef.steun(16 * K, verordening="daeb"),
    ]
    rij = proef.ingediend(w, "an", regels)
    [stand] = rekenen.standen(w.luik, {rij: 100 * K}, op)
    assert (stand.verklaard_cent, stand.toegekend_cent, stand.voorgesteld_cent) == (14 * K, 0, 100 * K)
    assert (stand.som_cent, stand.plafond_cent, stand.ruimte_cent, stand.boven) == (114 * K, 300 * K, 286 * K, False)
    [stand] = rekenen.standen(w.luik, {rij: 100 * K}, op - timedelta(days=1))
    assert stand.verklaard_cent == 15 * K
    Luik.objects.filter(pk=w.luik.pk).update(deminimis="daeb")  # as if it fell under the other one
    [stand] = rekenen.standen(Luik.objects.get(pk=w.luik.pk), {rij: 100 * K}, op)
    assert (stand.verklaard_cent, stand.plafond_cent) == (16 * K, 750 * K)
    assert rekenen.standen(Luik.objects.filter(deminimis="")[0], {rij: 100 * K}, op) == []


def test_awards_here_count_from_their_day_for_three_years_and_of_the_family(w):
    rij = proef.toegekend(w)
    klok.zet(bouw.OPEN)
    ander = proef.ingediend(brussel(w), "an")
    lijst = {
        dag: rekenen.standen(w.luik, {ander: 1}, dag)[0].toegekend_cent for dag in (date(2025, 1, 31), date(2025, 2, 1))
    }
    assert lijst == {date(2025, 1, 31): 100 * K, date(2025, 2, 1): 0}
    van_boom = proef.ingediend(brussel(w), "ben")
    assert rekenen.standen(w.luik, {van_boom: 1}, bouw.BESLIST.date())[0].toegekend_cent == 0
    Organisatie.objects.filter(pk=w.aartselaar.pk).update(geldig_tot=date(2022, 1, 1), opvolger=w.boom)
    assert rekenen.standen(w.luik, {van_boom: 1}, bouw.BESLIST.date())[0].toegekend_cent == 100 * K
    assert rij.toegekend_cent == 100 * K


# --- the guards ---


def test_a_proposal_up_to_the_ceiling_passes_and_a_cent_more_is_refused(w):
    rij = proef.ingediend(w, "an", [proef.steun(200 * K)])
    proef.beoordeeld(w, rij)
    assert proef.stel_voor(w).regels.get().bedrag_cent == 100 * K
    alles_klopt()


def test_a_proposal_above_the_ceiling_is_refused_with_sum_ceiling_and_room(w):
    rij = proef.ingediend(w, "an", [proef.steun(200 * K + 1)])
    proef.beoordeeld(w, rij)
    klok.zet(bouw.BESLIST)
    with weigert("boven_deminimis", boven(rij, "300.000,01", "99.999,99")):
        beoordeling.stel_voor(w.ronde, door=w.bea)


def test_two_dossiers_of_one_undertaking_count_together(w):
    een = proef.ingediend(w, "an", [proef.steun(120 * K)])
    twee = proef.ingediend(w, "ben")
    proef.beoordeeld(w, een, twee)
    Organisatie.objects.filter(pk=w.aartselaar.pk).update(geldig_tot=date(2022, 1, 1), opvolger=w.boom)
    klok.zet(bouw.BESLIST)
    with weigert("boven_deminimis", boven(een, "320.000,00", "180.000,00")):
        beoordeling.stel_voor(w.ronde, door=w.bea)


def test_a_signature_counts_what_was_awarded_since_the_proposal(w):
    andere = brussel(w)
    een = proef.ingediend(w, "an", [proef.steun(50 * K)])
    twee = proef.ingediend(andere, "an", [], 200 * K)
    proef.beoordeeld(w, een)
    proef.beoordeeld(andere, twee)
    besluiten = [proef.stel_voor(w), proef.stel_voor(andere)]
    klok.zet(bouw.BESLIST)
    bouw.onderteken(andere, besluiten[1])
    besluiten[1].refresh_from_db()
    with weigert("boven_deminimis", boven(een, "350.000,00", "50.000,00", STUUR_TERUG)):
        beoordeling.registreer_ondertekening(
            besluiten[0], nummer="MB-2", datum=bouw.BESLIST.date(), document=besluiten[1].document, door=w.bart
        )


def test_the_way_out_is_to_limit_the_amount_to_the_room(w):
    een = proef.ingediend(w, "an", [proef.steun(250 * K)])
    twee = proef.ingediend(w, "ben")
    proef.beoordeeld(w, een, twee)
    klok.zet(bouw.BESLIST)
    with weigert("boven_deminimis", boven(een, "350.000,00", "50.000,00")):
        beoordeling.stel_voor(w.ronde, door=w.bea)
    stand = rekenen.ruimte_van(bouw.opnieuw(een))
    assert (stand.boven, stand.ruimte_dossier_cent) == (True, 50 * K)
    beoordeling.begrens_bedrag(een, bedrag_cent=50 * K, motivering=stand.motivering, door=w.bea)
    besluit = proef.stel_voor(w)
    assert dict(besluit.regels.values_list("dossier", "bedrag_cent")) == {een.pk: 50 * K, twee.pk: 100 * K}
    reden = (
        "Eén onderneming mag in drie jaar hoogstens 300.000,00 euro de-minimissteun krijgen (Verordening (EU) "
        "2023/2831). Met wat uw onderneming al kreeg, kan er voor dit project niet meer toegekend worden."
    )
    assert f"\n\nWaarom minder dan gevraagd: {reden}\n\n" in besluit.regels.get(dossier=een).motivering
    klok.zet(bouw.BESLIST)
    bouw.onderteken(w, besluit)
    assert bouw.opnieuw(een).toegekend_cent == 50 * K
    alles_klopt()


def test_a_signature_that_is_refused_is_mended_by_sending_back_and_limiting(w):
    andere = brussel(w)
    een = proef.ingediend(w, "an", [proef.steun(50 * K)])
    twee = proef.ingediend(andere, "an", [], 200 * K)
    proef.beoordeeld(w, een)
    proef.beoordeeld(andere, twee)
    besluiten = [proef.stel_voor(w), proef.stel_voor(andere)]
    klok.zet(bouw.BESLIST)
    bouw.onderteken(andere, besluiten[1])
    beoordeling.stuur_besluit_terug(besluiten[0], reden="Boven het plafond.", door=w.bart)
    stand = rekenen.ruimte_van(bouw.opnieuw(een))
    assert (stand.toegekend_cent, stand.ruimte_dossier_cent) == (200 * K, 50 * K)
    beoordeling.begrens_bedrag(een, bedrag_cent=stand.ruimte_dossier_cent, motivering="Plafond.", door=w.bea)
    proef.stel_voor(w)
    klok.zet(bouw.BESLIST)
    besluiten[0].refresh_from_db()
    bouw.onderteken(w, besluiten[0])
    assert bouw.opnieuw(een).toegekend_cent == 50 * K
    alles_klopt()


def test_the_room_of_one_dossier_is_what_the_others_of_its_undertaking_leave(w):
    een = proef.ingediend(w, "an", [proef.steun(120 * K)])
    twee = proef.ingediend(w, "ben")
    proef.beoordeeld(w, een, twee)
    Organisatie.objects.filter(pk=w.aartselaar.pk).update(geldig_tot=date(2022, 1, 1), opvolger=w.boom)
    assert rekenen.ruimte_van(bouw.opnieuw(een)).ruimte_dossier_cent == 80 * K
    beoordeling.begrens_bedrag(twee, bedrag_cent=30 * K, motivering="Minder.", door=w.bea)
    stand = rekenen.ruimte_van(bouw.opnieuw(een))
    assert (stand.som_cent, stand.ruimte_dossier_cent, stand.boven) == (250 * K, 150 * K, False)


# --- linked undertakings ---


def test_what_a_linked_undertaking_with_a_number_got_here_counts(w):
    van_boom = proef.toegekend(w, "ben", cent=60 * K)
    klok.zet(bouw.OPEN)
    tekst = "Boom, 0207.506.952\nZuster nv\nOnbekend BE 0403.019.261"
    rij = proef.ingediend(brussel(w), "an", [proef.steun(150 * K)], verbonden=tekst)
    [stand] = rekenen.standen(w.luik, {rij: 100 * K}, bouw.BESLIST.date())
    assert (stand.verklaard_cent, stand.toegekend_cent, stand.verbonden_cent) == (150 * K, 60 * K, 60 * K)
    assert (stand.verbonden, stand.boven, stand.ruimte_cent) == (("Boom",), True, 90 * K)
    assert "laat 300.000,00 euro toe. Daarvan kregen verbonden ondernemingen hier al 60.000,00 euro. Er is" in stand.zin
    [stand] = rekenen.standen(w.luik, {rij: 100 * K}, date(2025, 2, 1))  # three years later
    assert (stand.toegekend_cent, stand.verbonden_cent) == (0, 0)
    # What Boom may get does not follow from what another declares.
    zonder = proef.ingediend(brussel(w), "ben")
    assert rekenen.standen(w.luik, {zonder: 1}, bouw.BESLIST.date())[0].verbonden == ()
    assert van_boom.toegekend_cent == 60 * K


def test_a_name_alone_and_a_number_that_nobody_here_has_count_nothing(w):
    proef.toegekend(w, "ben", cent=60 * K)
    klok.zet(bouw.OPEN)
    rij = proef.ingediend(brussel(w), "an", verbonden="Boom\nOnbekend 0403.019.261")
    [stand] = rekenen.standen(w.luik, {rij: 100 * K}, bouw.BESLIST.date())
    assert (stand.toegekend_cent, stand.verbonden) == (0, ())


def test_ones_own_number_counts_once_and_a_predecessor_of_a_linked_one_too(w):
    proef.toegekend(w, "ben", cent=60 * K)
    klok.zet(bouw.OPEN)
    rij = proef.ingediend(brussel(w), "an", verbonden="Boom 0207506952\nBoom 0207506952\nWij 0207508932")
    [stand] = rekenen.standen(w.luik, {rij: 100 * K}, bouw.BESLIST.date())
    assert stand.toegekend_cent == 60 * K
    lokaal = {"categorie": "gemeente", "rechtsvorm": "lokaal_bestuur"}
    nieuw = Organisatie.objects.create(naam="Rupel", kbo="0403019261", **lokaal)
    Organisatie.objects.filter(pk=w.boom.pk).update(geldig_tot=date(2022, 1, 1), opvolger=nieuw)
    rij.steunverklaring.verbonden = "Rupel 0403.019.261"
    rij.steunverklaring.save()
    [stand] = rekenen.standen(w.luik, {rij: 100 * K}, bouw.BESLIST.date())
    assert (stand.verbonden_cent, stand.verbonden) == (60 * K, ("Rupel",))


def test_proposals_for_linked_undertakings_count_together_for_who_declared_them(w):
    een = proef.ingediend(w, "an", [proef.steun(120 * K)], verbonden="Boom 0207506952")
    twee = proef.ingediend(w, "ben")
    proef.beoordeeld(w, een, twee)
    klok.zet(bouw.BESLIST)
    with weigert("boven_deminimis", boven(een, "320.000,00", "180.000,00")):
        beoordeling.stel_voor(w.ronde, door=w.bea)
    beoordeling.begrens_bedrag(een, bedrag_cent=80 * K, motivering="Plafond.", door=w.bea)
    assert proef.stel_voor(w).regels.count() == 2


def test_the_sgei_ceiling_is_higher(w):
    Luik.objects.filter(pk=w.luik.pk).update(deminimis="daeb")
    rij = proef.ingediend(bouw.vers(w), "an", [proef.steun(650 * K, verordening="daeb")])
    proef.beoordeeld(w, rij)
    proef.stel_voor(w)


# --- the register ---


def test_a_report_is_recorded_once_by_the_handler(w):
    rij = proef.toegekend(w)
    daad = lambda **anders: beoordeling.meld_deminimis(  # noqa: E731
        rij, **{"datum": klok.vandaag(), "referentie": " SA-1 ", "door": w.bea} | anders
    )
    with weigert("referentie_ontbreekt", "Schrijf de referentie van het register.", "referentie"):
        daad(referentie=" ")
    with weigert("datum_onmogelijk", "De datum ligt in de toekomst.", "datum"):
        daad(datum=klok.vandaag() + timedelta(days=1))
    with weigert("datum_onmogelijk", "De datum ligt vóór de toekenning.", "datum"):
        daad(datum=klok.vandaag() - timedelta(days=1))
    eis_alleen(w.mensen, {"bea"}, lambda wie: daad(door=wie))
    with geschiedenis() as nieuw:
        daad()
    inhoud = {"datum": "2022-02-01", "referentie": "SA-1"}
    assert nieuw.feiten == [feit(rij, "dossier.meld_deminimis", w.bea, "toegekend", "toegekend", inhoud)]
    assert nieuw.mails == []
    with weigert("al_gemeld", "Deze toekenning is al als gemeld genoteerd."):
        daad()
    assert Deminimismelding.objects.count() == 1
    alles_klopt()


def test_what_was_not_awarded_or_is_no_de_minimis_aid_is_not_reported(w):
    rij = proef.ingediend(w, "an")
    zin = "Voor dit dossier is geen de-minimissteun toegekend."
    with weigert("geen_deminimis", zin):
        beoordeling.meld_deminimis(rij, datum=klok.vandaag(), referentie="SA-1", door=w.bea)


def test_the_list_says_until_when_and_what_is_late(w):
    rij = proef.toegekend(w)
    alle = Dossier.objects.all()
    assert [met_termijn(d).melding for d in steun(alle)] == ["niet verplicht"]
    assert not te_melden(alle).exists()
    Dossier.objects.filter(pk=rij.pk).update(beslist_op=date(2026, 1, 5))  # the test world stands in 2022
    for dag, te_laat in ((date(2026, 2, 2), False), (date(2026, 2, 3), True)):
        klok.zet(klok.brussel(dag.year, dag.month, dag.day, 9))
        [d] = map(met_termijn, steun(alle, jaar=2026))
        assert (d.melding, d.uiterlijk, d.te_laat) == ("te melden", date(2026, 2, 2), te_laat)
        assert [d.pk for d in te_melden(alle)] == [rij.pk]
    beoordeling.meld_deminimis(bouw.opnieuw(rij), datum=klok.vandaag(), referentie="SA-1", door=w.bea)
    [d] = map(met_termijn, steun(alle))
    assert (d.melding, d.te_laat, d.register_op, d.referentie) == ("gemeld", False, date(2026, 2, 3), "SA-1")
    assert not steun(alle, jaar=2025).exists()
    assert not te_melden(alle).exists()
