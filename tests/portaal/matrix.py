"""Who gets what at every address: one row per address and method, one column per role (tests/portaal/toneel.py).

A number is the status: 200 the page, 302 on to another page (for `anon`: to sign in; on a POST: done), 401 sign in
first (JSON), 403 may see it but not do it, 404 is not there for this person, 405 this method does not exist here,
409 cannot be done now, 422 the form is wrong.

`naam:geval` is the address `naam` with an object in another state. Whoever adds an address adds its rows here.
"""

TABEL = """
adres                    methode anon eigen mede ander zonder blad geenb juryA voorz beh behBr behA budg boek aud admin
home                     GET      200   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
home                     POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
oproepen                 GET      200   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
oproepen                 POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
oproep                   GET      200   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
oproep                   POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
oproep:ontwerp           GET      404   404  404   404    404  404   404   404   404 404   404  404  404  404 404   404
oproep:ontwerp           POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
gezondheid               GET      200   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
gezondheid               POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
over                     GET      200   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
over                     POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
privacy                  GET      200   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
privacy                  POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
toegankelijkheid         GET      200   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
toegankelijkheid         POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
mijn_werk                GET      302   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
mijn_werk                POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossiers                 GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
dossiers                 POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossiers_bestand         GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
dossiers_bestand         POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossiers_stukken         GET      302   403  403   403    403  403   403   403   403 200   302  302  200  200 200   403
dossiers_stukken         POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossiers_toewijzen       GET      302   403  403   403    403  403   403   403   403 200   302  302  403  403 403   403
dossiers_toewijzen       POST     302   403  403   403    403  403   403   403   403 200   409  409  403  403 403   403
dossiers_filters         GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
dossiers_filters         POST     302   403  403   403    403  403   403   403   403 302   302  302  302  302 302   403
dossiers_filter_verwijder GET     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossiers_filter_verwijder POST    302   404  404   404    404  404   404   404   404 302   404  404  404  404 404   404
verslagen                GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
verslagen                POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossier                  GET      302   200  200   404    404  200   404   404   200 200   404  404  200  200 200   404
dossier                  POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossier:embargo          GET      302   200  200   404    404  404   404   404   200 200   404  404  200  200 200   404
dossier:embargo          POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossier:concept          GET      302   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier:concept          POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
bijlage                  GET      302   200  200   404    404  200   404   404   200 200   404  404  200  200 200   404
bijlage                  POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
bijlage:concept          GET      302   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
bijlage:concept          POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
verslag_bijlage          GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
verslag_bijlage          POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
organisatie_nieuw        GET      302   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
organisatie_nieuw        POST     302   302  302   302    302  302   302   302   302 302   302  302  302  302 302   302
organisatie              GET      302   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
organisatie              POST     302   302  403   404    404  404   404   404   404 404   404  404  404  404 404   404
beheer                   GET      302   403  403   403    403  403   403   403   403 403   403  403  403  403 403   200
beheer                   POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
tekenbevoegde            GET      302   403  403   403    403  403   403   403   403 403   403  403  403  403 403   200
tekenbevoegde            POST     302   403  403   403    403  403   403   403   403 403   403  403  403  403 403   302
oproep_beheer            GET      302   404  404   404    404  404   404   404   404 200   200  404  200  200 200   200
oproep_beheer            POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
oproep_kondig_aan        GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
oproep_kondig_aan        POST     302   404  404   404    404  404   404   404   404 302   404  404  403  403 403   302
oproep_leg_voor          GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
oproep_leg_voor          POST     302   404  404   404    404  404   404   404   404 302   404  404  403  403 403   403
oproep_publiceer         GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
oproep_publiceer         POST     302   404  404   404    404  404   404   404   404 403   404  404  302  403 403   403
oproep_stuur_terug       GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
oproep_stuur_terug       POST     302   404  404   404    404  404   404   404   404 403   404  404  302  403 403   403
dossier_start            GET      302   200  200   200    200  200   200   200   200 200   200  200  200  200 200   200
dossier_start            POST     302   302  422   422    422  422   422   422   422 422   422  422  422  422 422   422
dossier_vragen           GET      302   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_vragen           POST     302   302  302   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_bewaar           GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossier_bewaar           POST     401   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_begroting        GET      302   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_begroting        POST     302   302  302   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_bijlagen         GET      302   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_bijlagen         POST     302   302  302   404    404  404   404   404   404 404   404  404  404  404 404   404
bijlage_bewaar           GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
bijlage_bewaar           POST     401   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
bijlage_verwijder        GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
bijlage_verwijder        POST     302   302  302   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_indienen         GET      302   200  200   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_indienen         POST     302   302  302   404    404  404   404   404   404 404   404  404  404  404 404   404
dossier_ontvangstbewijs  GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
dossier_ontvangstbewijs  POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ontvangstbewijs_json     GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
ontvangstbewijs_json     POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ontvangstbewijs_pdf      GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
ontvangstbewijs_pdf      POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
dossier_ontvankelijkheid GET      302   403  403   404    404  404   404   404   404 200   404  404  403  403 403   404
dossier_ontvankelijkheid POST     302   403  403   404    404  404   404   404   404 302   404  404  403  403 403   404
verslag                  GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
verslag                  POST     302   409  409   404    404  404   404   404   404 302   404  404  403  403 403   404
verslag:indienen         GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
verslag:indienen         POST     302   302  302   404    404  404   404   404   404 409   404  404  403  403 403   404
verslag:embargo          GET      302   404  404   404    404  404   404   404   404 200   404  404  200  200 200   404
verslag:embargo          POST     302   404  404   404    404  404   404   404   404 409   404  404  403  403 403   404
ronde                    GET      302   404  404   404    404  404   404   404   200 200   404  404  200  200 200   404
ronde                    POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ronde_bestand            GET      302   404  404   404    404  404   404   404   200 200   404  404  200  200 200   404
ronde_bestand            POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ronde_scores             GET      302   404  404   404    404  404   404   404   200 200   404  404  403  403 200   404
ronde_scores             POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ronde_sluit              GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ronde_sluit              POST     302   404  404   404    404  404   404   404   403 302   404  404  403  403 403   404
ronde_start              GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ronde_start              POST     302   404  404   404    404  404   404   404   403 302   404  404  403  403 403   404
ronde_stel_voor          GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ronde_stel_voor          POST     302   404  404   404    404  404   404   404   403 302   404  404  403  403 403   404
ronde_stel_reserve_voor  GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
ronde_stel_reserve_voor  POST     302   404  404   404    404  404   404   404   403 302   404  404  403  403 403   404
dossier_jury             GET      302   403  403   404    404  403   404   404   200 200   404  404  403  403 403   404
dossier_jury             POST     302   403  403   404    404  403   404   404   403 302   404  404  403  403 403   404
dossier_jury:advies      GET      302   403  404   404    404  404   404   404   200 200   404  404  403  403 403   404
dossier_jury:advies      POST     302   403  404   404    404  404   404   404   302 403   404  404  403  403 403   404
dossier_pdf              GET      302   200  200   404    404  200   404   404   200 200   404  404  200  200 200   404
dossier_pdf              POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
brief_pdf                GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
brief_pdf                POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
brief_pdf:embargo        GET      302   404  404   404    404  404   404   404   404 200   404  404  200  200 200   404
brief_pdf:embargo        POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
scoreblad                GET      302   404  404   404    404  200   404   404   404 404   404  404  404  404 404   404
scoreblad                POST     302   404  404   404    404  302   404   404   404 404   404  404  404  404 404   404
scoreblad:ingediend      GET      302   404  404   404    404  404   404   404   200 200   404  404  404  404 200   404
scoreblad:ingediend      POST     302   404  404   404    404  404   404   404   403 403   404  404  404  404 403   404
besluit                  GET      302   404  404   404    404  404   404   404   200 200   404  404  200  200 200   404
besluit                  POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
besluit_leg_voor         GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
besluit_leg_voor         POST     302   404  404   404    404  404   404   404   403 302   404  404  403  403 403   404
besluit_stuur_terug      GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
besluit_stuur_terug      POST     302   404  404   404    404  404   404   404   403 302   404  404  302  403 403   404
besluit_onderteken       GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
besluit_onderteken       POST     302   404  404   404    404  404   404   404   403 403   404  404  302  403 403   404
besluit_geef_kennis      GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
besluit_geef_kennis      POST     302   404  404   404    404  404   404   404   403 302   404  404  403  403 403   404
betalingen               GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
betalingen               POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betalingen_bestand       GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
betalingen_bestand       POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaling                 GET      302   404  404   404    404  404   404   404   404 200   404  404  200  200 200   404
betaling                 POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaling_opstellen       GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaling_opstellen       POST     302   404  404   404    404  404   404   404   404 302   404  404  403  403 403   404
betaling_goedkeuren      GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaling_goedkeuren      POST     302   404  404   404    404  404   404   404   404 403   404  404  302  403 403   404
betaling_terugsturen     GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaling_terugsturen     POST     302   404  404   404    404  404   404   404   404 403   404  404  302  403 403   404
betaling_uitbetaald      GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaling_uitbetaald      POST     302   404  404   404    404  404   404   404   404 403   404  404  403  302 403   404
betaalopdracht_versturen GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaalopdracht_versturen POST     302   404  404   404    404  404   404   404   404 403   403  404  403  302 403   403
betaling_geweigerd       GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaling_geweigerd       POST     302   404  404   404    404  404   404   404   404 403   404  404  403  302 403   404
betaling_rekening        GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaling_rekening        POST     302   404  404   404    404  404   404   404   404 302   404  404  403  403 403   404
betaalopdrachten         GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
betaalopdrachten         POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaalopdracht           GET      302   404  404   404    404  404   404   404   404 200   404  404  200  200 200   404
betaalopdracht           POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaalopdracht_bestand   GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaalopdracht_bestand   POST     302   404  404   404    404  404   404   404   404 403   404  404  403  200 403   404
betaalopdracht_bestand:opnieuw GET 405  405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
betaalopdracht_bestand:opnieuw POST 302 404  404   404    404  404   404   404   404 403   404  404  403  200 403   404
betaalopdracht_blad      GET      302   404  404   404    404  404   404   404   404 200   404  404  200  200 200   404
betaalopdracht_blad      POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
afschriften              GET      302   403  403   403    403  403   403   403   403 403   403  403  403  200 200   403
afschriften              POST     302   403  403   403    403  403   403   403   403 403   403  403  403  302 403   403
afschrift                GET      302   404  404   404    404  404   404   404   404 404   404  404  404  200 200   404
afschrift                POST     302   404  404   404    404  404   404   404   404 404   404  404  404  302 403   404
terugvorderingen         GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
terugvorderingen         POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
terugvorderingen_bestand GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
terugvorderingen_bestand POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
terugvordering_nieuw     GET      302   403  403   404    404  404   404   404   404 200   404  404  403  403 403   404
terugvordering_nieuw     POST     302   403  403   404    404  404   404   404   404 302   404  404  403  403 403   404
terugvordering           GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
terugvordering           POST     302   302  302   404    404  404   404   404   404 403   404  404  403  403 403   404
terugvordering:hoor      GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
terugvordering:hoor      POST     302   403  403   404    404  404   404   404   404 302   404  404  403  403 403   404
terugvordering:beslist   GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
terugvordering:beslist   POST     302   403  403   404    404  404   404   404   404 302   404  404  403  403 403   404
terugvordering:bekend    GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
terugvordering:bekend    POST     302   403  403   404    404  404   404   404   404 403   404  404  403  302 403   404
terugvordering:plan      GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
terugvordering:plan      POST     302   403  403   404    404  404   404   404   404 403   404  404  302  403 403   404
terugvordering_voornemen_pdf GET  302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
terugvordering_voornemen_pdf POST 405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
terugvordering_brief_pdf GET      302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
terugvordering_brief_pdf POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
terugvordering_brief_pdf:beslist GET 302 404 404   404    404  404   404   404   404 404   404  404  404  404 404   404
terugvordering_brief_pdf:beslist POST 405 405 405  405    405  405   405   405   405 405   405  405  405  405 405   405
terugvordering_aanmaning_pdf GET  302   200  200   404    404  404   404   404   404 200   404  404  200  200 200   404
terugvordering_aanmaning_pdf POST 405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
rekeningen               GET      302   403  403   403    403  403   403   403   403 403   403  403  403  403 403   200
rekeningen               POST     302   403  403   403    403  403   403   403   403 403   403  403  403  403 403   302
budgetstand              GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
budgetstand              POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
budgetstand_bestand      GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
budgetstand_bestand      POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
encours                  GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
encours                  POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
encours_bestand          GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
encours_bestand          POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
grootboek                GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
grootboek                POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
grootboek_bestand        GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   403
grootboek_bestand        POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
kredieten                GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   200
kredieten                POST     302   403  403   403    403  403   403   403   403 403   403  403  302  403 403   302
kredieten_bestand        GET      302   403  403   403    403  403   403   403   403 200   200  200  200  200 200   200
kredieten_bestand        POST     405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
krediet                  GET      302   404  404   404    404  404   404   404   404 200   200  200  200  200 200   200
krediet                  POST     302   404  404   404    404  404   404   404   404 403   403  403  302  403 403   302
jaar_afsluiten           GET      405   405  405   405    405  405   405   405   405 405   405  405  405  405 405   405
jaar_afsluiten           POST     302   403  403   403    403  403   403   403   403 403   403  403  403  403 403   302
oproepbudget             GET      302   404  404   404    404  404   404   404   404 403   403  404  200  403 403   200
oproepbudget             POST     302   404  404   404    404  404   404   404   404 403   403  404  302  403 403   302
dossier_vastlegging      GET      302   200  403   404    404  404   404   404   404 403   404  404  200  403 403   404
dossier_vastlegging      POST     302   403  403   404    404  404   404   404   404 403   404  404  302  403 403   404
kostenstaten             GET     302  403  403  403  403  403  403  403  403  200  200  200  200  200  200  403
kostenstaten             POST    405  405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
kostenstaten_bestand     GET     302  403  403  403  403  403  403  403  403  200  200  200  200  200  200  403
kostenstaten_bestand     POST    405  405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
dossier_kosten           GET     302  200  200  404  404  404  404  404  404  200  404  404  200  200  200  404
dossier_kosten           POST    302  302  302  404  404  404  404  404  404  403  404  404  403  403  403  404
dossier_kosten_begroting GET     302  200  200  404  404  404  404  404  404  200  404  404  403  403  403  404
dossier_kosten_begroting POST    302  302  302  404  404  404  404  404  404  302  404  404  403  403  403  404
kostenstaat              GET     302  200  200  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenstaat              POST    302  302  302  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenstaat_kop          GET     302  200  200  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenstaat_kop          POST    302  302  302  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenregel_nieuw        GET     302  200  200  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenregel_nieuw        POST    302  302  302  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenregel              GET     302  200  200  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenregel              POST    302  302  302  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenstaat:ingediend    GET     302  200  200  404  404  404  404  404  404  200  404  404  200  200  200  404
kostenstaat:ingediend    POST    302  403  403  404  404  404  404  404  404  302  404  404  403  403  403  404
kostenregel:steekproef   GET     302  200  200  404  404  404  404  404  404  200  404  404  200  200  200  404
kostenregel:steekproef   POST    302  302  302  404  404  404  404  404  404  403  404  404  403  403  403  404
kostenstaat_sjabloon     GET     302  200  200  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenstaat_sjabloon     POST    405  405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
kostenstaat_inlezen      GET     302  200  200  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenstaat_inlezen      POST    302  422  422  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenstaat_inlezen:zegel GET     302  200  200  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenstaat_inlezen:zegel POST    302  302  302  404  404  404  404  404  404  404  404  404  404  404  404  404
kostenregel_bewijs       GET     302  200  200  404  404  404  404  404  404  200  404  404  200  200  200  404
kostenregel_bewijs       POST    405  405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
"""

# Addresses of django-allauth: what somebody who is not signed in gets by GET and by an empty POST.
BIBLIOTHEEK = """
account_login                          200 200
account_logout                         302 302
account_inactive                       200 405
account_signup                         200 200
account_reauthenticate                 302 302
account_email                          302 302
account_email_verification_sent        200 405
account_change_password                302 302
account_set_password                   302 302
account_reset_password                 200 200
account_confirm_login_code             302 302
account_confirm_email                  200 404
account_reset_password_from_key_done   200 405
account_reset_password_from_key        200 200
account_reset_password_done            200 405
"""
