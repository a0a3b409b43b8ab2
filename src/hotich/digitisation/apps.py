from django.apps import AppConfig


class DigitisationConfig(AppConfig):
    name = "hotich.digitisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # a delivery of a book asks for PDFs that belong to no entry, without knowing this app
        from hotich.digitisation.queries.strays import unlinked_pdfs
        from hotich.intake.queries.delivery import declare_stray_scans

        declare_stray_scans("digitisation", unlinked_pdfs)
