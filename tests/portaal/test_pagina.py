"""The check of a page finds what is wrong with one (tests/portaal/pagina.py)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.portaal.pagina import keur

GOED = """<!doctype html><html lang="nl"><head><title>Een pagina</title></head><body><main><h1>Kop</h1>
<form><label for="a">A</label><div id="a_error" class="veld__fout"><p><span>Fout: </span>Te laat.</p></div>
<input id="a" name="a" value="1" aria-describedby="a_error"></form>
<table><caption>T</caption><tr><th>x</th></tr></table>
%s</main></body></html>"""


def test_a_good_page_passes():
    p = keur(GOED % "<p>Tekst</p>")
    assert (p.titel, p.hoofding, p.waarde("a")) == ("Een pagina", "Kop", "1")


@pytest.mark.parametrize(
    ("stuk", "klacht"),
    [
        ('<p id="a">x</p>', "id 'a' staat er 2 keer"),
        ('<p id="b c">x</p>', "leeg of heeft een spatie"),
        ('<p aria-describedby="weg">x</p>', "naar 'weg', die er niet is"),
        ('<label for="weg">x</label>', "zonder veld"),
        ('<input name="b">', "veld 'b' zonder label"),
        ('<a href="#weg">x</a>', "link naar #weg"),
        ('<a href="/"></a>', "lege link"),
        ("<h1>Nog een</h1>", "2 keer <h1>"),
        ("<h3>Te diep</h3>", "na <h1>"),
        ("<h2></h2>", "lege <h2>"),
        ("<p><ul><li>x</li></ul></p>", "<ul> binnen <p>"),
        ("<div><span></div></span>", "</div> waar </span> verwacht werd"),
        ("<li>x</li>", "<li> binnen <main>"),
        ("<table><tr><td>x</td></tr></table>", "tabel zonder"),
        ('<img src="x">', "<img> zonder alt"),
        ('<p class="a" class="b">x</p>', "twee keer"),
        ("<div/>", "sluit zichzelf niet"),
        ("<p>{{ naam }}</p>", "er staat '{{'"),
        ("<p>Bedrag: None</p>", "er staat 'None'"),
    ],
)
def test_what_is_wrong_is_found(stuk: str, klacht: str):
    with pytest.raises(AssertionError, match=re.escape(klacht)):
        keur(GOED % stuk)


def test_errors_are_read_where_they_are_tied():
    groep = '<fieldset aria-describedby="r_fout">%s<input name="r" type="radio" aria-label="R"></fieldset>'
    p = keur(GOED % groep % '<div id="r_fout" class="veld__fout"><p>Kies.</p></div>')
    assert (p.fouten("a"), p.fouten("r")) == (["Te laat."], ["Kies."])
    assert keur(GOED % groep % '<div id="r_fout" class="veld__hint"><p>Kies.</p></div>').fouten("r") == []


def test_without_a_single_call_the_first_page_says_so(db: None):
    assert "Er is nu geen oproep open" in keur(Client().get(reverse("home"))).tekst
