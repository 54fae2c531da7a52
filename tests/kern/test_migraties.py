"""Migrations: none is missing, and from nothing they give a database that the system works on."""

import json
import os
import subprocess
import sys
import uuid
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests import schema


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture(scope="module")
def leeg(tmp_path_factory):
    """Give a function that runs manage.py on a new, empty database, in a process that knows nothing of tests."""
    map_ = tmp_path_factory.mktemp("leeg")
    naam = f"leeg_{uuid.uuid4().hex[:12]}"
    if connection.vendor == "sqlite":
        url, opruimen = f"sqlite:///{map_ / naam}.sqlite3", None
    else:
        url, opruimen = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{naam}").geturl(), f"DROP DATABASE {naam}"
        _op_de_server(f"CREATE DATABASE {naam}")
    omgeving = {**os.environ, "DATABASE_URL": url, "GEGEVENSMAP": str(map_ / "gegevens"), "LOGNIVEAU": "ERROR"}

    def manage(*woorden):
        opdracht = [sys.executable, "manage.py", *woorden]
        return subprocess.run(
            opdracht, cwd=settings.BASIS, env=omgeving, capture_output=True, text=True, check=False, timeout=600
        )

    eerste = manage("migrate", "--verbosity", "0")
    assert (eerste.returncode, eerste.stdout, eerste.stderr) == (0, "", "")
    yield manage
    if opruimen:
        _op_de_server(opruimen)


def _op_de_server(opdracht):
    gegevens = connection.settings_dict
    wie = {"host": gegevens["HOST"], "user": gegevens["USER"], "password": gegevens["PASSWORD"] or None}
    with psycopg.connect(dbname="postgres", port=gegevens["PORT"] or None, autocommit=True, **wie) as server:
        server.execute(opdracht)


def test_migrates_from_zero(leeg):
    opnieuw = leeg("migrate")
    assert (opnieuw.returncode, opnieuw.stderr) == (0, "")
    assert "No migrations to apply." in opnieuw.stdout


@pytest.mark.django_db
def test_the_migrations_give_the_tables_that_the_models_describe(leeg):
    """All other tests stand on tables that are made of the models at once, which is much faster."""
    gelopen = leeg("shell", "--no-imports", "--command", "from tests.schema import beschrijf; print(beschrijf())")
    assert gelopen.stderr == ""
    assert json.loads(gelopen.stdout) == json.loads(schema.beschrijf())


def test_a_new_database_passes_every_check(leeg):
    gelopen = leeg("controleer")
    assert (gelopen.returncode, gelopen.stderr) == (0, "")
    assert "in orde   triggers aanwezig" in gelopen.stdout.splitlines()


def test_a_new_database_has_a_runner(leeg):
    gelopen = leeg("werk", "--eenmaal")
    assert (gelopen.returncode, gelopen.stdout) == (0, "0 uitgaande berichten afgewerkt\n")


def test_a_real_database_is_not_flushed(leeg):
    gelopen = leeg("flush", "--no-input")
    assert gelopen.returncode == 1
    assert "flush wist gebeurtenissen en grootboek; dat kan alleen in tests." in gelopen.stderr


def test_the_runner_of_a_real_process_knows_how_to_send_mail(leeg):
    """The kinds of side effects must be registered in a process that loads no page."""
    gelopen = leeg("shell", "--no-imports", "--command", "from kern import outbox; print(sorted(outbox._uitvoerders))")
    assert (gelopen.returncode, gelopen.stdout.strip()) == (0, "['mail', 'uitvoer', 'uitvoer_weg']")
