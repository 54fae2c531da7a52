"""All addresses."""

from django.urls import include, path

from portaal.views import beheer, bewaard, controlespoor, inlezen, jaareinde, keuze, lijsten, publiek, uitvoer, werk

urlpatterns = [
    path("", publiek.home, name="home"),
    path("oproepen/", publiek.oproepen, name="oproepen"),
    path("oproepen/<slug:slug>/", publiek.oproep, name="oproep"),
    path("gezondheid/", publiek.gezondheid, name="gezondheid"),
    path("over/", publiek.over, name="over"),
    path("privacy/", publiek.privacy, name="privacy"),
    path("toegankelijkheid/", publiek.toegankelijkheid, name="toegankelijkheid"),
    path("mijn-werk/", werk.mijn_werk, name="mijn_werk"),
    path("beheer/", beheer.beheer, name="beheer"),
    path("beheer/organisaties/<int:pk>/tekenbevoegde/", beheer.tekenbevoegde, name="tekenbevoegde"),
    path("beheer/organisaties/bestand/", beheer.organisaties_bestand, name="organisaties_bestand"),
    path("uitvoer/", uitvoer.vragen, name="uitvoer_vragen"),
    path("uitvoer/<int:pk>/", uitvoer.tonen, name="uitvoer"),
    path("uitvoer/<int:pk>/bestand/", uitvoer.bestand, name="uitvoer_bestand"),
    path("inlezen/", inlezen.inlezen, name="inlezen"),
    path("inlezen/<int:pk>/", inlezen.inlezing, name="inlezing"),
    path("grootboek/controlespoor/", controlespoor.controlespoor_bestand, name="controlespoor_bestand"),
    path("begrotingsjaren/<int:jaar>/", jaareinde.begrotingsjaar, name="begrotingsjaar"),
    path("begrotingsjaren/<int:jaar>/afsluiten/", jaareinde.jaar_afsluiten, name="jaar_afsluiten"),
    path("begrotingsjaren/<int:jaar>/rapporten/<slug:slug>/", jaareinde.jaarrapport, name="jaarrapport"),
    path("dossiers/", lijsten.dossiers, name="dossiers"),
    path("dossiers/bestand/", lijsten.dossiers_bestand, name="dossiers_bestand"),
    path("dossiers/stukken/", keuze.dossiers_stukken, name="dossiers_stukken"),
    path("dossiers/toewijzen/", keuze.dossiers_toewijzen, name="dossiers_toewijzen"),
    path("dossiers/filters/", bewaard.filters, name="dossiers_filters"),
    path("dossiers/filters/<int:pk>/verwijder/", bewaard.filter_verwijderen, name="dossiers_filter_verwijder"),
    path("verslagen/", lijsten.verslagen, name="verslagen"),
    path("dossiers/<slug:nummer>/", werk.dossier, name="dossier"),
    path("bijlagen/<int:pk>/", werk.bijlage, name="bijlage"),
    path("verslagen/<int:pk>/bijlage/", werk.verslagbijlage, name="verslag_bijlage"),
    path("account/", include("allauth.account.urls")),
    path("", include("organisaties.urls")),
    path("", include("oproepen.urls")),
    path("", include("dossiers.urls")),
    path("", include("beoordeling.urls")),
    path("", include("betalingen.urls")),
]
