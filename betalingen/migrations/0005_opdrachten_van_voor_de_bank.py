"""Orders that were sent before: give each its call and its lines. A schema change cannot follow in the same migration."""

from django.db import migrations


def vul_aan(apps, schema_editor):
    Betaalopdracht = apps.get_model("betalingen", "Betaalopdracht")
    Opdrachtregel = apps.get_model("betalingen", "Opdrachtregel")
    for opdracht in Betaalopdracht.objects.filter(oproep=None):
        betalingen = opdracht.betalingen.select_related("dossier__organisatie", "dossier__ronde__luik").order_by("pk")
        opdracht.oproep_id = betalingen[0].dossier.ronde.luik.oproep_id
        opdracht.save(update_fields=["oproep"])
        Opdrachtregel.objects.bulk_create(
            Opdrachtregel(
                opdracht=opdracht,
                betaling=betaling,
                naam=betaling.dossier.organisatie.naam,
                iban=betaling.iban,
                bedrag_cent=betaling.bedrag_cent,
            )
            for betaling in betalingen
        )


class Migration(migrations.Migration):
    dependencies = [
        ("betalingen", "0004_bank"),
        ("dossiers", "0003_verzaakt_en_stopgezet"),
        ("oproepen", "0002_initial"),
        ("organisaties", "0002_bewaarde_filters"),
    ]
    operations = [migrations.RunPython(vul_aan, migrations.RunPython.noop)]
