"""`manage.py controleer`: one line per check, and the exact first difference for each kind of damage."""

import pytest
from django.core.management import call_command
from django.db import connection

from beoordeling.models import Juryadvies
from betalingen import services as betalingen
from betalingen.models import Betaling, Journaalregel, Stand
from dossiers.models import Dossier, Indiening, IndieningInhoud
from kern import ketens, klok, privacy, triggers
from kern.controles import CONTROLES
from kern.models import Gebeurtenis, GebeurtenisInhoud, Keten
from oproepen.models import Ronde
from tests import bouw
from tests.hulp import ongewijzigd, teruggedraaid
from tests.onthouden import onthoudt

pytestmark = pytest.mark.django_db

NAMEN = {
    "triggers aanwezig",
    "ketens van gebeurtenissen kloppen",
    "inhoud van gebeurtenissen klopt",
    "snapshots van indieningen kloppen",
    "ontvangstbewijzen kloppen",
    "ontvangstnummers volgen elkaar op",
    "standen komen overeen met het grootboek",
    "toekenningen zijn vastgelegd",
    "betalingen komen overeen met het grootboek",
    "goedgekeurde betalingen zijn wat goedgekeurd werd",
    "besluiten komen overeen met de dossiers",
    "juryadviezen komen overeen met de scorebladen",
}


@pytest.fixture
@onthoudt
def lijn(wereld):
    """The whole line up to a paid instalment."""
    betaling = bouw.verstuurde_betaling(wereld)
    betalingen.meld_uitbetaald(betaling, datum=klok.vandaag(), door=wereld.bo)
    return wereld


def controleer(capsys):
    """Run the command; return exit code, lines of output, lines of error."""
    capsys.readouterr()
    try:
        call_command("controleer")
    except SystemExit as einde:
        code = einde.code
    else:
        code = 0
    uit = capsys.readouterr()
    return code, uit.out.splitlines(), uit.err.splitlines()


def wijzig(rij, **velden):
    """Change a row past the road and past its triggers, as somebody with the keys of the database would."""
    triggers.verwijder_alle()
    assert type(rij).objects.filter(pk=rij.pk).update(**velden) == 1
    triggers.maak(triggers.modellen())


def test_passes_on_the_whole_line_and_changes_nothing(lijn, capsys):
    with ongewijzigd():
        code, uit, fout = controleer(capsys)
    assert (code, fout) == (0, [])
    assert uit == [f"in orde   {controle.naam}" for controle in CONTROLES]
    assert {regel.removeprefix("in orde   ") for regel in uit} >= NAMEN


def test_passes_on_an_empty_database(capsys):
    code, uit, fout = controleer(capsys)
    assert (code, len(uit), fout) == (0, len(CONTROLES), [])


def test_an_erased_payload_is_no_difference_but_is_told(lijn, capsys):
    keten = Keten.objects.get(soort="oproep", object_id=lijn.oproep.pk)
    privacy.wis_inhoud(keten, nummer=1, reden="Vraag van de betrokkene", door=lijn.beheer)
    code, uit, fout = controleer(capsys)
    assert (code, fout, uit[-1]) == (0, [], "gewist    de inhoud van 1 gebeurtenis, door een handeling van privacy")
    privacy.wis_inhoud(keten, nummer=2, reden="Vraag van de betrokkene", door=lijn.beheer)
    assert controleer(capsys)[1][-1] == "gewist    de inhoud van 2 gebeurtenissen, door een handeling van privacy"


def test_an_erased_row_keeps_the_chain_right(lijn, capsys):
    GebeurtenisInhoud.objects.filter(gebeurtenis__keten__soort="dossier").delete()
    aantal = Gebeurtenis.objects.filter(keten__soort="dossier").count()
    code, uit, _ = controleer(capsys)
    assert (code, uit[-1]) == (0, f"gewist    de inhoud van {aantal} gebeurtenissen, door een handeling van privacy")


# --- each kind of damage: (check, what is done, what is said) ---


def stand_te_laag(w):
    """Change a total within its constraints."""
    stand = Stand.objects.get(soort="oproep")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE betalingen_stand SET vastgelegd_cent = vastgelegd_cent - 1 WHERE id = %s", [stand.pk])
    return f"{stand}: vastgelegd 99.999,99 euro in de stand, 100.000,00 euro in het grootboek"


def stand_te_hoog(w):
    stand = Stand.objects.get(soort="ronde", sleutel=w.ronde.pk)
    wijzig(stand, gereserveerd_cent=5)
    return f"{stand}: gereserveerd 0,05 euro in de stand, 0,00 euro in het grootboek"


def stand_weg(w):
    Stand.objects.filter(soort="luik", sleutel=w.luik.pk).delete()
    return f"luik {w.luik.pk}: boekingen zonder stand"


def journaalregel_weg(w):
    triggers.verwijder_alle()
    Journaalregel.objects.filter(soort="uitbetaling").delete()
    triggers.maak(triggers.modellen())
    stand = Stand.objects.filter(uitbetaald_cent__gt=0).order_by("soort", "sleutel").first()
    return f"{stand}: uitbetaald 50.000,00 euro in de stand, 0,00 euro in het grootboek"


def journaalregel_gewijzigd(w):
    wijzig(Journaalregel.objects.get(soort="vereffening"), bedrag_cent=5_000_001)
    return (
        f"{Stand.objects.get(soort='dossier')}: vereffend 50.000,00 euro in de stand, 50.000,01 euro in het grootboek"
    )


def limiet_anders(w):
    dossier = Dossier.objects.get()
    Stand.objects.filter(soort="dossier").update(limiet_cent=10_000_001)
    return f"{dossier}: toegekend 10000000 cent, limiet 10000001 cent"


def goedgekeurd_bedrag_gewijzigd(w):
    rij = Betaling.objects.get(status="uitbetaald")
    Betaling.objects.filter(pk=rij.pk).update(iban="BE00")
    return f"{rij}: goedgekeurd 50.000,00 euro naar {bouw.IBAN}, nu 50.000,00 euro naar BE00"


def betaling_teruggezet(w):
    betaling = Betaling.objects.get(status="uitbetaald")
    wijzig(betaling, status="verstuurd")
    return (
        f"{betaling}: geboekt {{'vereffening': 5000000, 'uitbetaling': 5000000}}, verwacht {{'vereffening': 5000000}}"
    )


def betaling_voorgewend(w):
    betaling = Betaling.objects.filter(status="gepland").first()
    wijzig(betaling, status="uitbetaald")
    return f"{betaling}: geboekt {{}}, verwacht {{'vereffening': 4000000, 'uitbetaling': 4000000}}"


def toekenning_anders(w):
    Dossier.objects.update(toegekend_cent=9_999_999)
    Stand.objects.filter(soort="dossier").update(limiet_cent=9_999_999, vastgelegd_cent=9_999_999)
    return f"{Dossier.objects.get()}: toegekend 9999999 cent, het besluit zegt 10000000 cent"


def advies_anders(w):
    advies = Juryadvies.objects.get()
    wijzig(advies, score_honderdsten=8001)
    return f"{advies}: de score is niet het gemiddelde van de scorebladen"


def gebeurtenis_gewijzigd(w):
    rij = ketens.gebeurtenissen_van(w.ronde).get(nummer=1)
    wijzig(rij, door=w.bart)
    return f"ronde {w.ronde.pk}: gebeurtenis 1 is gewijzigd"


def gebeurtenis_weg(w):
    triggers.verwijder_alle()
    rij = ketens.gebeurtenissen_van(Betaling.objects.get(status="uitbetaald")).last()
    GebeurtenisInhoud.objects.filter(gebeurtenis=rij).delete()
    Journaalregel.objects.filter(gebeurtenis=rij).delete()
    Gebeurtenis.objects.filter(pk=rij.pk).delete()
    triggers.maak(triggers.modellen())
    return f"{rij.keten}: laatste nummer {rij.nummer}, gevonden {rij.nummer - 1}"


def inhoud_gewijzigd(w):
    rij = ketens.gebeurtenissen_van(w.ronde).get(nummer=1)
    wijzig(rij.bewaarde_inhoud, inhoud=b'{"niet_ingediend":1}')
    return f"ronde {w.ronde.pk}: de inhoud van gebeurtenis 1 is gewijzigd"


def snapshot_gewijzigd(w):
    rij = IndieningInhoud.objects.get()
    wijzig(rij, snapshot=bytes(rij.snapshot).replace(b"10000000", b"10000001"))
    return f"{rij.indiening}: de snapshot is gewijzigd"


def zout_gewijzigd(w):
    rij = IndieningInhoud.objects.get()
    wijzig(rij, zout=bytes(16))
    return f"{rij.indiening}: de snapshot is gewijzigd"


def bewijs_gewijzigd(w):
    rij = Indiening.objects.get()
    wijzig(rij, ontvangst=bytes(rij.ontvangst).replace(b"2021", b"2020"))
    return f"{rij}: het ontvangstbewijs is gewijzigd"


def bewijs_van_een_ander(w):
    rij = Indiening.objects.get()
    wijzig(rij, ontvangstnummer=2)
    return f"{rij}: het ontvangstbewijs hoort niet bij deze indiening"


def teller_gewijzigd(w):
    Ronde.objects.filter(pk=w.ronde.pk).update(laatste_ontvangstnummer=2)
    return f"{w.ronde}: teller 2, hoogste nummer 1"


def trigger_weg(w):
    naam, tabel = "betalingen_journaalregel_niet_verwijderen", "betalingen_journaalregel"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {naam}" + (f" ON {tabel}" if connection.vendor == "postgresql" else ""))
    return f"trigger {naam} ontbreekt"


SCHADE = [
    ("standen komen overeen met het grootboek", stand_te_laag),
    ("standen komen overeen met het grootboek", stand_te_hoog),
    ("standen komen overeen met het grootboek", stand_weg),
    ("standen komen overeen met het grootboek", journaalregel_weg),
    ("standen komen overeen met het grootboek", journaalregel_gewijzigd),
    ("toekenningen zijn vastgelegd", limiet_anders),
    ("betalingen komen overeen met het grootboek", betaling_teruggezet),
    ("goedgekeurde betalingen zijn wat goedgekeurd werd", goedgekeurd_bedrag_gewijzigd),
    ("betalingen komen overeen met het grootboek", betaling_voorgewend),
    ("besluiten komen overeen met de dossiers", toekenning_anders),
    ("juryadviezen komen overeen met de scorebladen", advies_anders),
    ("ketens van gebeurtenissen kloppen", gebeurtenis_gewijzigd),
    ("ketens van gebeurtenissen kloppen", gebeurtenis_weg),
    ("inhoud van gebeurtenissen klopt", inhoud_gewijzigd),
    ("snapshots van indieningen kloppen", snapshot_gewijzigd),
    ("snapshots van indieningen kloppen", zout_gewijzigd),
    ("ontvangstbewijzen kloppen", bewijs_gewijzigd),
    ("ontvangstbewijzen kloppen", bewijs_van_een_ander),
    ("ontvangstnummers volgen elkaar op", teller_gewijzigd),
    ("triggers aanwezig", trigger_weg),
]


def eerste_verschil(naam):
    """Return the first difference that the check of this name finds, or None."""
    (zoek,) = [controle.zoek for controle in CONTROLES if controle.naam == naam]
    return next(zoek(), None)


def test_stops_at_the_first_difference_and_names_the_row(lijn, capsys):
    for naam, schade in SCHADE:
        assert eerste_verschil(naam) is None
        with teruggedraaid():
            zin = schade(lijn)
            assert eerste_verschil(naam) == zin, schade.__name__
            code, uit, fout = controleer(capsys)
            assert code == 1, schade.__name__
            # It may show in an earlier check too: the command stops at the first that finds something.
            eerste = next(controle.naam for controle in CONTROLES if eerste_verschil(controle.naam) is not None)
            assert fout == [f"VERSCHIL  {eerste}: {eerste_verschil(eerste)}"]
            tot_daar = [controle.naam for controle in CONTROLES]
            assert uit == [f"in orde   {ok}" for ok in tot_daar[: tot_daar.index(eerste)]]


def test_every_check_is_shown_to_fail_here():
    assert {naam for naam, _ in SCHADE} == NAMEN
