"""Guards: they say why not, and never raise."""

import pytest

from kern.wachters import Wachter, eerste_reden, eis_wachters, wachter
from kern.weigering import Weigering


@wachter("te_kort")
def lang_genoeg(tekst):
    return None if len(tekst) > 2 else "Te kort."


@wachter("geen_letters")
def letters(tekst):
    return None if tekst.isalpha() else "Alleen letters."


def test_a_guard_is_a_condition_and_a_sentence_at_once():
    assert isinstance(lang_genoeg, Wachter)
    assert lang_genoeg("abc") is True and lang_genoeg.reden("abc") is None
    assert lang_genoeg("ab") is False and lang_genoeg.reden("ab") == "Te kort."
    assert (lang_genoeg.code, lang_genoeg.__name__) == ("te_kort", "te_kort")


@pytest.mark.parametrize(("tekst", "zin"), [("abc", None), ("1", "Te kort."), ("123", "Alleen letters.")])
def test_the_first_reason_counts(tekst, zin):
    assert eerste_reden([lang_genoeg, letters], tekst) == zin


def test_the_first_guard_that_blocks_becomes_the_refusal():
    eis_wachters([lang_genoeg, letters], "abc")
    with pytest.raises(Weigering) as gevangen:
        eis_wachters([lang_genoeg, letters], "123")
    assert (gevangen.value.code, gevangen.value.zin, gevangen.value.veld) == ("geen_letters", "Alleen letters.", None)
