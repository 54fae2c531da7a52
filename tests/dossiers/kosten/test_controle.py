"""`manage.py controleer` sees a line changed past the road, and a sample that does not follow from its seed."""

from dossiers.controles import kostenstaten_kloppen
from dossiers.kosten.models import Kostenregel
from tests.dossiers.kosten.hulp import ingediend, lopend, nagekeken


def test_a_changed_line_and_another_sample_are_found(wereld):
    spel = lopend(wereld, steekproef_minimum=2, steekproef_procent=0, steekproef_altijd_vanaf_cent=None)
    staat = ingediend(spel, *[10_00] * 5)
    assert list(kostenstaten_kloppen()) == []
    nummer = staat.dossier.nummer
    buiten = Kostenregel.objects.filter(kostenstaat=staat, in_steekproef=False)[0]
    Kostenregel.objects.filter(pk=buiten.pk).update(in_steekproef=True)
    zin = f"kostenstaat 1 van dossier {nummer}: de steekproef is niet wat uit haar zaad volgt"
    assert list(kostenstaten_kloppen()) == [zin]
    Kostenregel.objects.filter(pk=buiten.pk).update(in_steekproef=False, bedrag_cent=11_00)
    zin = f"kostenstaat 1 van dossier {nummer}: de regels zijn gewijzigd na het indienen"
    assert list(kostenstaten_kloppen()) == [zin]


def test_a_claim_that_was_looked_at_still_holds(wereld):
    nagekeken(lopend(wereld), 10_00, 20_00)
    assert list(kostenstaten_kloppen()) == []
