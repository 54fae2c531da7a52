"""A world that is put back is the world that was played; whatever could make it another is played again."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from dossiers.models import Bijlage
from kern import klok
from tests import bouw
from tests.hulp import alles_klopt, teruggedraaid
from tests.onthouden import onthoudt
from tests.rijen import afdrukken

GESPEELD: list[str] = []


@onthoudt
def dien_in(w: bouw.Wereld, titel: str):
    """Hand in, an hour later."""
    GESPEELD.append(titel)
    dossier = bouw.ingediend(w, titel=titel)
    klok.zet(klok.nu() + timedelta(hours=1))
    w.extra["dossier"] = dossier.pk
    return dossier


@pytest.fixture
def gespeeld(wereld):
    """Play it once, and undo it; give what there was."""
    GESPEELD.clear()
    moment = klok.nu()
    with teruggedraaid():
        dossier = dien_in(wereld, "Een")
        was = (dossier.pk, dossier.nummer, klok.nu(), afdrukken())
        for pad in _paden():
            default_storage.delete(pad)
    klok.zet(moment)
    wereld.extra.clear()
    return was


def _paden():
    return [bijlage.bestand.pad for bijlage in Bijlage.objects.select_related("bestand")]


def test_it_is_put_back_value_by_value_with_its_clock_its_files_and_what_the_builder_changed(wereld, gespeeld):
    dossier = dien_in(wereld, "Een")
    assert (dossier.pk, dossier.nummer, klok.nu(), afdrukken()) == gespeeld
    assert wereld.extra == {"dossier": dossier.pk}
    assert [default_storage.exists(pad) for pad in _paden()] == [True]
    alles_klopt()
    # What comes next gets keys of its own.
    bouw.ingediend(wereld, "ben")
    assert GESPEELD == ["Een"]


def test_other_arguments_rows_moments_or_settings_are_played(wereld, gespeeld, settings):
    def is_gespeeld(titel="Een"):
        aantal = len(GESPEELD)
        with teruggedraaid():
            dien_in(wereld, titel)
        return len(GESPEELD) > aantal

    moment = klok.nu()
    assert is_gespeeld("Twee")
    klok.zet(moment + timedelta(seconds=1))
    assert is_gespeeld()
    klok.zet(moment)
    assert not is_gespeeld()
    klok.zet(moment)
    with teruggedraaid():
        wereld.an.voornaam = "Anna"
        wereld.an.save()
        assert is_gespeeld()
    klok.zet(moment)
    settings.LANGSTE_VERZOEK_SECONDEN = 1
    assert is_gespeeld()
