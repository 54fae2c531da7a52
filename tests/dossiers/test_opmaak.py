"""Filling in a draft: nothing that was typed is lost, nothing is half saved, nothing changes after handing in."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers import opmaak
from dossiers.models import Antwoord, Begrotingsregel, Bijlage, Dossier
from dossiers.opmaak import Bewaard
from dossiers.services import dien_in
from kern import klok
from kern.models import Bestand, Gebeurtenis
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.hulp import ongewijzigd, weigert

GEEN_CONCEPT = "Dit dossier is geen concept meer en kan niet meer gewijzigd worden."
ONBEWAARBAAR = "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw."
GEWIJZIGD = (
    "Iemand anders heeft deze pagina intussen bewaard. Hieronder ziet u wat; uw invoer staat nog in de velden. "
    "Vergelijk, en bewaar opnieuw."
)


def antwoorden(dossier):
    return {a.sleutel: (a.waarde, a.versie) for a in Antwoord.objects.filter(dossier=dossier)}


def regels(dossier):
    rijen = Begrotingsregel.objects.filter(dossier=dossier)
    return list(rijen.values_list("volgorde", "soort", "omschrijving", "bedrag_cent"))


@pytest.fixture
def concept(wereld):
    return bouw.concept(wereld)


# Answers


def test_an_answer_counts_its_versions(wereld, concept):
    assert opmaak.bewaar_antwoord(concept, "acties", "Een", 0, door=wereld.an) == Bewaard(1)
    assert opmaak.bewaar_antwoord(concept, "acties", "Twee", 1, door=wereld.an) == Bewaard(2)
    voeg_lid_toe(wereld.aartselaar, email=wereld.stan.email, rol="medewerker", door=wereld.an)
    with klok.op(klok.brussel(2021, 10, 5)):
        assert opmaak.bewaar_antwoord(concept, "acties", "", 2, door=wereld.stan) == Bewaard(3)
    (rij,) = Antwoord.objects.filter(dossier=concept)
    assert (rij.sleutel, rij.waarde, rij.versie) == ("acties", "", 3)
    assert (rij.gewijzigd_door, rij.gewijzigd_op) == (wereld.stan, klok.brussel(2021, 10, 5))


def test_saving_an_answer_writes_no_event(wereld, concept):
    aantal = Gebeurtenis.objects.count()
    opmaak.bewaar_antwoord(concept, "acties", "Een", 0, door=wereld.an)
    assert Gebeurtenis.objects.count() == aantal


def test_two_tabs_lose_nothing(wereld, concept):
    """Both tabs read version 1; the second to save gets the text of the first, and can then choose."""
    opmaak.bewaar_antwoord(concept, "acties", "Begin", 0, door=wereld.an)
    assert opmaak.bewaar_antwoord(concept, "acties", "Van de eerste tab", 1, door=wereld.an) == Bewaard(2)
    with ongewijzigd():
        conflict = opmaak.bewaar_antwoord(concept, "acties", "Van de tweede tab", 1, door=wereld.an)
    assert conflict == Bewaard(2, conflict="Van de eerste tab")
    assert opmaak.bewaar_antwoord(concept, "acties", "Samen", conflict.versie, door=wereld.an) == Bewaard(3)
    assert antwoorden(concept) == {"acties": ("Samen", 3)}


def test_two_tabs_that_both_answer_for_the_first_time(wereld, concept):
    opmaak.bewaar_antwoord(concept, "acties", "Eerst", 0, door=wereld.an)
    with ongewijzigd():
        assert opmaak.bewaar_antwoord(concept, "acties", "Later", 0, door=wereld.an) == Bewaard(1, conflict="Eerst")


def test_emptying_in_one_tab_is_a_conflict_in_the_other(wereld, concept):
    opmaak.bewaar_antwoord(concept, "acties", "Tekst", 0, door=wereld.an)
    opmaak.bewaar_antwoord(concept, "acties", "", 1, door=wereld.an)
    with ongewijzigd():
        assert opmaak.bewaar_antwoord(concept, "acties", "Tekst en meer", 1, door=wereld.an) == Bewaard(2, conflict="")


@pytest.mark.parametrize("versie", [0, 1, 7])
def test_the_same_text_is_no_conflict_and_is_not_saved_again(wereld, concept, versie):
    for stap in range(2):
        opmaak.bewaar_antwoord(concept, "acties", f"Tekst {stap}", stap, door=wereld.an)
    with ongewijzigd():
        assert opmaak.bewaar_antwoord(concept, "acties", "Tekst 1", versie, door=wereld.an) == Bewaard(2)


def test_a_version_that_never_was_is_saved_when_there_is_no_answer_yet(wereld, concept):
    assert opmaak.bewaar_antwoord(concept, "acties", "Tekst", 5, door=wereld.an) == Bewaard(1)
    assert antwoorden(concept) == {"acties": ("Tekst", 1)}


def test_questions_are_apart(wereld, concept):
    opmaak.bewaar_antwoord(concept, "acties", "Een", 0, door=wereld.an)
    opmaak.bewaar_antwoord(concept, "netwerk", "Twee", 0, door=wereld.an)
    assert antwoorden(concept) == {"acties": ("Een", 1), "netwerk": ("Twee", 1)}


@pytest.mark.parametrize("sleutel", ["onbekend", "", "ACTIES", "x" * 300])
def test_an_answer_to_a_question_that_is_not_in_the_form_is_refused(wereld, concept, sleutel):
    with weigert("onbekende_vraag", "Deze vraag hoort niet bij dit formulier."):
        opmaak.bewaar_antwoord(concept, sleutel, "Tekst", 0, door=wereld.an)


@pytest.mark.parametrize("tekst", ["a\x00b", "\x00", "a\ud800b", "\udfff"])
def test_text_that_cannot_be_recorded_is_refused_at_its_question(wereld, concept, tekst):
    with weigert("tekst_onbewaarbaar", ONBEWAARBAAR, "acties"):
        opmaak.bewaar_antwoord(concept, "acties", tekst, 0, door=wereld.an)


def test_text_of_the_greatest_length_is_kept_and_one_more_refused(wereld, concept):
    lang = "a" * opmaak.MAX_TEKENS
    assert opmaak.MAX_TEKENS == 100_000
    assert opmaak.bewaar_antwoord(concept, "acties", lang, 0, door=wereld.an) == Bewaard(1)
    with weigert("tekst_te_lang", "Deze tekst is langer dan 100000 tekens.", "acties"):
        opmaak.bewaar_antwoord(concept, "acties", lang + "b", 1, door=wereld.an)
    assert antwoorden(concept) == {"acties": (lang, 1)}


@settings(derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tekst=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=200))
def test_any_other_text_is_kept_to_the_letter(wereld, concept, tekst):
    versie = Antwoord.objects.filter(dossier=concept).values_list("versie", flat=True).first() or 0
    assert opmaak.bewaar_antwoord(concept, "acties", tekst, versie, door=wereld.an) == Bewaard(versie + 1)
    assert antwoorden(concept) == {"acties": (tekst, versie + 1)}


# Title, account, amount and budget rows


def bewaar(dossier, w, versie=0, door=None, **velden):
    waarden = {"titel": "Titel", "iban": bouw.IBAN, "gevraagd_cent": 10_000_00, "regels": [("kost", "Werk", 10_000_00)]}
    return opmaak.bewaar_gegevens(dossier, **(waarden | velden), versie=versie, door=door or w.an)


def test_title_account_amount_and_rows_are_saved_together(wereld, concept):
    rijen = [("kost", "Buurtwerker", 8_000_00), ("inbreng", "Gemeente", 1), ("kost", "Lokaal", 0)]
    dossier = bewaar(concept, wereld, regels=rijen)
    assert (dossier.titel, dossier.iban, dossier.gevraagd_cent) == ("Titel", bouw.IBAN, 10_000_00)
    assert (dossier.gegevens_versie, dossier.status, dossier.nummer) == (1, "concept", concept.nummer)
    assert regels(concept) == [
        (1, "kost", "Buurtwerker", 8_000_00),
        (2, "inbreng", "Gemeente", 1),
        (3, "kost", "Lokaal", 0),
    ]
    dossier = bewaar(dossier, wereld, versie=1, titel="", iban="", gevraagd_cent=None, regels=[])
    assert (dossier.titel, dossier.iban, dossier.gevraagd_cent, dossier.gegevens_versie) == ("", "", None, 2)
    assert regels(concept) == []


def test_two_tabs_on_the_budget_page_lose_nothing(wereld, concept):
    bewaar(concept, wereld)
    with weigert("gewijzigd", GEWIJZIGD):
        bewaar(concept, wereld, titel="Van de tweede tab", regels=[])
    assert bewaar(concept, wereld, versie=1, titel="Van de tweede tab").gegevens_versie == 2


@pytest.mark.parametrize(
    "velden",
    [
        {"gevraagd_cent": -1},
        {"regels": [("kost", "Goed", 1), ("kost", "Fout", -1)]},
        {"regels": [("inbreng", "Fout", -500_00), ("kost", "Goed", 1)]},
    ],
)
def test_a_negative_amount_is_refused_and_nothing_is_half_saved(wereld, concept, velden):
    bewaar(concept, wereld)
    with weigert("bedrag_te_laag", "Het bedrag mag niet negatief zijn."):
        bewaar(concept, wereld, versie=1, **velden)


@pytest.mark.parametrize(
    "velden", [{"titel": "a\x00"}, {"iban": "BE\x00"}, {"regels": [("kost", "Goed", 1), ("kost", "\ud800", 1)]}]
)
def test_text_that_cannot_be_recorded_is_refused_on_the_budget_page(wereld, concept, velden):
    bewaar(concept, wereld)
    with weigert("tekst_onbewaarbaar", ONBEWAARBAAR):
        bewaar(concept, wereld, versie=1, **velden)


def test_rows_are_saved_all_or_nothing(wereld, concept):
    """An amount that the column cannot hold breaks halfway; the rows and the title of before are all still there."""
    bewaar(concept, wereld)
    with ongewijzigd(), pytest.raises(Exception, match=r"integer|bigint|INTEGER"):
        bewaar(concept, wereld, versie=1, titel="Nieuw", regels=[("kost", "Goed", 1), ("kost", "Fout", 10**30)])


# Attachments


def test_adding_and_removing_an_attachment(wereld, concept):
    bijlage = opmaak.voeg_bijlage_toe(concept, bouw.upload("plan.pdf"), door=wereld.an)
    bestand = bijlage.bestand
    assert (bestand.naam, bestand.mime, bestand.grootte) == ("plan.pdf", "application/pdf", len(bouw.PDF))
    assert (bestand.geplaatst_door, bestand.geplaatst_op) == (wereld.an, klok.nu())
    assert list(concept.bijlagen.all()) == [bijlage]
    opmaak.verwijder_bijlage(bijlage, door=wereld.an)
    assert list(concept.bijlagen.all()) == []
    assert Bestand.objects.filter(pk=bestand.pk).exists()


def test_removing_what_another_tab_removed_changes_nothing(wereld, concept):
    bijlage = opmaak.voeg_bijlage_toe(concept, bouw.upload(), door=wereld.an)
    zelfde = Bijlage.objects.get(pk=bijlage.pk)
    opmaak.verwijder_bijlage(bijlage, door=wereld.an)
    with ongewijzigd():
        opmaak.verwijder_bijlage(zelfde, door=wereld.an)


def test_forty_attachments_and_no_more(wereld, concept):
    for nummer in range(40):
        opmaak.voeg_bijlage_toe(concept, bouw.upload(f"{nummer}.pdf"), door=wereld.an)
    zin = "Het bestand '41.pdf' kan er niet meer bij: een dossier heeft hoogstens 40 bijlagen."
    with weigert("te_veel_bijlagen", zin, "bestand"):
        opmaak.voeg_bijlage_toe(concept, bouw.upload("41.pdf"), door=wereld.an)
    opmaak.verwijder_bijlage(concept.bijlagen.first(), door=wereld.an)
    opmaak.voeg_bijlage_toe(concept, bouw.upload("40.pdf"), door=wereld.an)
    assert [b.bestand.naam for b in concept.bijlagen.all()] == [f"{n}.pdf" for n in range(1, 41)]


@pytest.mark.parametrize(
    ("naam", "inhoud", "code", "zin"),
    [
        ("leeg.pdf", b"", "bestand_leeg", "Het bestand 'leeg.pdf' is leeg."),
        (
            "virus.pdf",
            b"MZ\x90\x00",
            "bestand_soort",
            "Het bestand 'virus.pdf' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods.",
        ),
        (
            "plan.exe",
            bouw.PDF,
            "bestand_soort",
            "Het bestand 'plan.exe' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods.",
        ),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused(wereld, concept, naam, inhoud, code, zin):
    with weigert(code, zin, "bestand"):
        opmaak.voeg_bijlage_toe(concept, bouw.upload(naam, inhoud), door=wereld.an)


def test_a_file_of_the_greatest_size_is_kept_and_one_byte_more_refused(wereld, concept, settings):
    settings.BIJLAGE_MAX_BYTES = 2 * 1024 * 1024
    grens = bouw.PDF.ljust(settings.BIJLAGE_MAX_BYTES)
    assert opmaak.voeg_bijlage_toe(concept, bouw.upload("net.pdf", grens), door=wereld.an).bestand.grootte == 2097152
    with weigert("bestand_te_groot", "Het bestand 'net.pdf' is groter dan 2 MB.", "bestand"):
        opmaak.voeg_bijlage_toe(concept, bouw.upload("net.pdf", grens + b" "), door=wereld.an)


# Who and when

DADEN = {
    "antwoord": lambda w, dossier, door: opmaak.bewaar_antwoord(dossier, "acties", "Anders", 1, door=door),
    "nieuw antwoord": lambda w, dossier, door: opmaak.bewaar_antwoord(dossier, "netwerk", "Nieuw", 0, door=door),
    "gegevens": lambda w, dossier, door: bewaar(dossier, w, versie=1, door=door),
    "bijlage": lambda w, dossier, door: opmaak.voeg_bijlage_toe(dossier, bouw.upload(), door=door),
    "bijlage weg": lambda w, dossier, door: opmaak.verwijder_bijlage(dossier.bijlagen.get(), door=door),
}


def volledig_zonder_netwerk(w):
    dossier = bouw.volledig(w)
    vraag = dossier.formulierversie.vragen.get(sleutel="netwerk")
    vraag.verplicht = False
    vraag.save()
    Antwoord.objects.filter(dossier=dossier, sleutel="netwerk").delete()
    return dossier


@pytest.mark.parametrize("daad", DADEN.values(), ids=DADEN)
def test_a_member_may_and_all_others_may_not(wereld, daad):
    dossier = volledig_zonder_netwerk(wereld)
    for naam, mens in wereld.mensen.items():
        if naam != "an":
            with weigert("geen_recht"):
                daad(wereld, dossier, mens)
    daad(wereld, dossier, wereld.an)


@pytest.mark.parametrize("daad", DADEN.values(), ids=DADEN)
def test_after_handing_in_nothing_changes_even_in_a_tab_that_read_the_draft(wereld, daad):
    in_een_tab = Dossier.objects.get(pk=volledig_zonder_netwerk(wereld).pk)
    dien_in(in_een_tab, door=wereld.an, ontvangen_op=klok.nu())
    assert in_een_tab.status == "concept"
    for dossier in (in_een_tab, bouw.opnieuw(in_een_tab)):
        with weigert("geen_concept", GEEN_CONCEPT):
            daad(wereld, dossier, wereld.an)


@pytest.mark.parametrize("daad", DADEN.values(), ids=DADEN)
def test_a_lapsed_draft_does_not_change(wereld, daad):
    dossier = volledig_zonder_netwerk(wereld)
    bouw.sluit(wereld)
    with weigert("geen_concept", GEEN_CONCEPT):
        daad(wereld, dossier, wereld.an)


def test_the_state_of_the_submission_is_told_before_what_is_wrong_with_the_input(wereld):
    dossier = bouw.ingediend(wereld)
    with weigert("geen_concept", GEEN_CONCEPT):
        opmaak.bewaar_antwoord(dossier, "acties", "\x00", 1, door=wereld.an)
    with weigert("geen_concept", GEEN_CONCEPT):
        bewaar(dossier, wereld, gevraagd_cent=-1)
    with weigert("geen_concept", GEEN_CONCEPT):
        opmaak.voeg_bijlage_toe(dossier, bouw.upload("leeg.pdf", b""), door=wereld.an)
