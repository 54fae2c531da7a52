"""Addresses about the money."""

from django.urls import path

from betalingen.views import afschrift, bank, betaling, budget, krediet, terugvordering, vastlegging

urlpatterns = [
    path("betalingen/", betaling.betalingen, name="betalingen"),
    path("betalingen/bestand/", betaling.betalingen_bestand, name="betalingen_bestand"),
    path("betalingen/<int:pk>/", betaling.betaling, name="betaling"),
    path("betalingen/<int:pk>/opstellen/", betaling.opstellen, name="betaling_opstellen"),
    path("betalingen/<int:pk>/goedkeuren/", betaling.goedkeuren, name="betaling_goedkeuren"),
    path("betalingen/<int:pk>/terugsturen/", betaling.terugsturen, name="betaling_terugsturen"),
    path("betalingen/<int:pk>/uitbetaald/", betaling.uitbetaald, name="betaling_uitbetaald"),
    path("betaalopdrachten/<slug:slug>/versturen/", betaling.versturen, name="betaalopdracht_versturen"),
    path("betalingen/<int:pk>/geweigerd/", betaling.geweigerd, name="betaling_geweigerd"),
    path("betalingen/<int:pk>/rekening/", betaling.rekening, name="betaling_rekening"),
    path("betaalopdrachten/", bank.opdrachten, name="betaalopdrachten"),
    path("betaalopdrachten/<int:pk>/", bank.opdracht, name="betaalopdracht"),
    path("betaalopdrachten/<int:pk>/bestand/", bank.bestand, name="betaalopdracht_bestand"),
    path("betaalopdrachten/<int:pk>/blad/", bank.blad, name="betaalopdracht_blad"),
    path("afschriften/", afschrift.afschriften, name="afschriften"),
    path("afschriften/<int:pk>/", afschrift.afschrift, name="afschrift"),
    path("terugvorderingen/", terugvordering.terugvorderingen, name="terugvorderingen"),
    path("terugvorderingen/bestand/", terugvordering.bestand, name="terugvorderingen_bestand"),
    path("terugvorderingen/<int:pk>/", terugvordering.terugvordering, name="terugvordering"),
    path("terugvorderingen/<int:pk>/voornemen.pdf", terugvordering.voornemen_pdf, name="terugvordering_voornemen_pdf"),
    path("terugvorderingen/<int:pk>/brief.pdf", terugvordering.brief_pdf, name="terugvordering_brief_pdf"),
    path("terugvorderingen/<int:pk>/aanmaning.pdf", terugvordering.aanmaning_pdf, name="terugvordering_aanmaning_pdf"),
    path("dossiers/<slug:nummer>/terugvordering/", terugvordering.nieuw, name="terugvordering_nieuw"),
    path("beheer/rekeningen/", bank.rekeningen, name="rekeningen"),
    path("budgetstand/", budget.budgetstand, name="budgetstand"),
    path("budgetstand/bestand/", budget.budgetstand_bestand, name="budgetstand_bestand"),
    path("encours/", budget.encours, name="encours"),
    path("encours/bestand/", budget.encours_bestand, name="encours_bestand"),
    path("grootboek/", budget.grootboek, name="grootboek"),
    path("grootboek/bestand/", budget.grootboek_bestand, name="grootboek_bestand"),
    path("kredieten/", krediet.kredieten, name="kredieten"),
    path("kredieten/bestand/", krediet.kredieten_bestand, name="kredieten_bestand"),
    path("kredieten/<int:pk>/", krediet.krediet, name="krediet"),
    path("begrotingsjaren/<int:jaar>/afsluiten/", krediet.jaar_afsluiten, name="jaar_afsluiten"),
    path("oproepen/<slug:slug>/budget/", krediet.oproepbudget, name="oproepbudget"),
    path("dossiers/<slug:nummer>/vastlegging/", vastlegging.vastlegging, name="dossier_vastlegging"),
]
