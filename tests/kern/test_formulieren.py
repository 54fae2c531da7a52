"""Form fields: typed values in, sentences back at the field."""

from datetime import date

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from kern import formulieren
from kern.formulieren import BedragVeld, DatumVeld, TekstVeld
from kern.weigering import Weigering


def fouten(veld, waarde):
    with pytest.raises(ValidationError) as gevangen:
        veld.clean(waarde)
    return [(fout.code, fout.messages[0]) for fout in gevangen.value.error_list]


@pytest.mark.parametrize(
    ("tekst", "cent"), [("1.234,56", 123456), ("1234.56", 123456), (" 0 ", 0), ("€ 500.000,00", 50000000)]
)
def test_an_amount_becomes_cents(tekst, cent):
    assert BedragVeld(hoogste_cent=50000000).clean(tekst) == cent


def test_an_amount_that_cannot_be_read():
    zin = "Het bedrag '1,234.56' kan niet gelezen worden. Schrijf het als 1.234,56."
    assert fouten(BedragVeld(), "1,234.56") == [("bedrag_onleesbaar", zin)]
    assert fouten(BedragVeld(), "9" * 20) == [("bedrag_te_groot", "Dit bedrag is te groot.")]


@pytest.mark.parametrize(
    ("grenzen", "tekst", "fout"),
    [
        ({}, "-0,01", ("bedrag_te_laag", "Het bedrag mag niet negatief zijn.")),
        ({"laagste_cent": 1}, "0", ("bedrag_te_laag", "Het bedrag moet minstens 0,01 euro zijn.")),
        ({"laagste_cent": 100000}, "999,99", ("bedrag_te_laag", "Het bedrag moet minstens 1.000,00 euro zijn.")),
        ({"hoogste_cent": 100000}, "1000,01", ("bedrag_te_hoog", "Het bedrag mag hoogstens 1.000,00 euro zijn.")),
        ({"hoogste_cent": 0}, "0,01", ("bedrag_te_hoog", "Het bedrag mag hoogstens 0,00 euro zijn.")),
    ],
)
def test_an_amount_out_of_bounds(grenzen, tekst, fout):
    assert fouten(BedragVeld(**grenzen), tekst) == [fout]


def test_bounds_are_included_and_may_be_left_out():
    veld = BedragVeld(laagste_cent=100, hoogste_cent=200)
    assert (veld.clean("1"), veld.clean("2,00")) == (100, 200)
    assert BedragVeld(laagste_cent=None).clean("-5") == -500


@pytest.mark.parametrize("leeg", ["", "   ", None])
def test_an_empty_amount(leeg):
    assert BedragVeld(required=False).clean(leeg) is None
    assert fouten(BedragVeld(), leeg) == [("required", "Dit veld is verplicht.")]


def test_an_amount_is_shown_in_flemish_and_what_was_typed_as_typed():
    class Formulier(forms.Form):
        bedrag = BedragVeld(initial=123456)

    assert 'value="1.234,56"' in str(Formulier()["bedrag"])
    assert 'value="1,2,3"' in str(Formulier({"bedrag": "1,2,3"})["bedrag"])
    assert 'inputmode="decimal"' in str(Formulier()["bedrag"])


def test_a_text_keeps_its_lines():
    assert TekstVeld(regels=3).clean(" een\r\ntwee\n\r\ndrie ") == "een\ntwee\n\ndrie"
    assert TekstVeld(required=False).clean("") == ""
    assert fouten(TekstVeld(), " \n ") == [("required", "Dit veld is verplicht.")]


@pytest.mark.parametrize("tekst", ["a\x00b", "a\ud800b"])
def test_a_text_that_cannot_be_recorded(tekst):
    zin = "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw."
    assert fouten(TekstVeld(), tekst) == [("tekst_onbewaarbaar", zin)]


def test_a_long_text_has_a_bigger_field():
    assert isinstance(TekstVeld(regels=4).widget, forms.Textarea)
    assert TekstVeld(regels=4).widget.attrs["rows"] == 4
    assert isinstance(TekstVeld().widget, forms.TextInput)


def test_a_day_is_shown_as_the_browser_wants_it():
    class Formulier(forms.Form):
        datum = DatumVeld(initial=date(2022, 2, 1))

    assert 'type="date"' in str(Formulier()["datum"])
    assert 'value="2022-02-01"' in str(Formulier()["datum"])
    assert DatumVeld().clean("2022-02-01") == date(2022, 2, 1)
    assert fouten(DatumVeld(), "2022-02-30")[0][0] == "invalid"


class Regel(forms.Form):
    bedrag = BedragVeld()


def test_errors_of_rows_name_the_row_and_lead_to_the_field():
    klasse = forms.formset_factory(Regel, extra=0, min_num=3, validate_min=True)
    beheer = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2"}
    rijen = klasse({**beheer, "form-0-bedrag": "5", "form-1-bedrag": "1,2,3"})
    assert not rijen.is_valid()
    eerste, tweede = formulieren.rijfouten("Kosten", rijen)
    assert eerste["tekst"].startswith("Kosten: ") and eerste["doel"] == ""
    zin = "Het bedrag '1,2,3' kan niet gelezen worden. Schrijf het als 1.234,56."
    assert tweede == {"tekst": f"Kosten, regel 2: {zin}", "doel": "id_form-1-bedrag"}


class Formulier(forms.Form):
    naam = forms.CharField(required=False)


def weiger(veld=None):
    raise Weigering("te_laat", "Dit is te laat.", veld)


@pytest.mark.parametrize(("veld", "plaats"), [("naam", "naam"), (None, "__all__"), ("elders", "__all__")])
def test_a_refusal_stands_at_its_field_or_above_the_form(veld, plaats):
    form = Formulier({})
    assert form.is_valid()
    assert formulieren.probeer(form, lambda: weiger(veld)) is None
    assert form.errors.as_data().keys() == {plaats}
    assert [(fout.code, fout.message) for fout in form.errors.as_data()[plaats]] == [("te_laat", "Dit is te laat.")]


def test_an_act_that_works_gives_what_it_gave():
    form = Formulier({})
    assert form.is_valid()
    assert formulieren.probeer(form, lambda: 5) == 5
    assert form.is_valid()


def test_another_error_is_not_hidden():
    form = Formulier({})
    with pytest.raises(ZeroDivisionError):
        formulieren.probeer(form, lambda: 1 / 0)


@pytest.mark.parametrize(
    ("daad", "bericht"),
    [(lambda: 5, ("success", "Het is gelukt.")), (weiger, ("error", "Dit is te laat."))],
)
def test_a_button_tells_how_it_went_and_goes_back(daad, bericht):
    verzoek = RequestFactory().post("/")
    verzoek.session = {}
    verzoek._messages = FallbackStorage(verzoek)
    antwoord = formulieren.doe_en_keer_terug(verzoek, daad, "Het is gelukt.", "/terug/")
    assert (antwoord.status_code, antwoord["Location"]) == (302, "/terug/")
    assert [(b.level_tag, b.message) for b in get_messages(verzoek)] == [bericht]
