"""Mail: put ready in the act, received once by everybody it is for."""

import email
import email.policy
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction

from kern import klok, mails, outbox
from kern.models import Uitgaand
from tests import bouw

pytestmark = pytest.mark.django_db


def zet_klaar(sleutel="feit 1", aan=("an@voorbeeld.test",), tekst="Dag é,\n\nAlles is er."):
    with transaction.atomic():
        mails.zet_mail_klaar(sleutel, aan=list(aan), onderwerp="Uw dossier é", tekst=tekst)


def test_nothing_is_sent_before_the_runner_comes():
    zet_klaar()
    assert mail.outbox == []


def test_everybody_gets_her_own_mail_once():
    zet_klaar(aan=["ben@voorbeeld.test", "an@voorbeeld.test", "an@voorbeeld.test"])
    zet_klaar(aan=["an@voorbeeld.test"])
    assert outbox.werk_alles_af() == 2
    assert [(m.to, m.cc, m.bcc, m.subject) for m in mail.outbox] == [
        (["an@voorbeeld.test"], [], [], "Uw dossier é"),
        (["ben@voorbeeld.test"], [], [], "Uw dossier é"),
    ]


def test_the_text_ends_with_who_sent_it_and_where(settings):
    settings.ADRES = "https://loket.example"
    settings.DEFAULT_FROM_EMAIL = "loket@example.be"
    zet_klaar()
    outbox.werk_alles_af()
    (brief,) = mail.outbox
    assert brief.body == "Beste,\n\nDag é,\n\nAlles is er.\n\n-- \nOproepenloket\nhttps://loket.example\n"
    assert brief.from_email == "loket@example.be"


def test_nobody_to_tell_is_no_row():
    zet_klaar(aan=[])
    assert not Uitgaand.objects.exists()


def test_the_key_fits_however_long_the_address_is():
    zet_klaar(aan=[f"{'a' * 240}@voorbeeld.test"])
    assert len(Uitgaand.objects.get().sleutel) < 200


def test_lands_as_a_file_that_a_mail_reader_understands(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    zet_klaar(aan=["an@voorbeeld.test", "ben@voorbeeld.test"])
    assert outbox.werk_alles_af() == 2
    # Two mails of one second may share a file.
    brieven = [brief for pad in sorted(Path(tmp_path).iterdir()) for brief in _lees(pad)]
    assert sorted(brief["To"] for brief in brieven) == ["an@voorbeeld.test", "ben@voorbeeld.test"]
    assert {brief["Subject"] for brief in brieven} == {"Uw dossier é"}
    for brief in brieven:
        tekst = brief.get_body(("plain",)).get_content()
        assert tekst.startswith("Beste,\n\nDag é,\n\nAlles is er.\n\n-- \nOproepenloket\n")


def _lees(pad):
    delen = [deel.strip() for deel in pad.read_bytes().split(b"-" * 79)]
    return [email.message_from_bytes(deel, policy=email.policy.default) for deel in delen if deel]


def test_the_receipt_of_a_submission_really_arrives(wereld):
    dossier = bouw.ingediend(wereld)
    outbox.werk_alles_af()
    (brief,) = mail.outbox
    assert (brief.to, brief.subject) == (["an@voorbeeld.test"], f"Uw dossier {dossier.nummer} is ingediend")
    assert bytes(bouw.laatste_indiening(dossier).blad).hex() in brief.body
    assert klok.nagespeeld()
