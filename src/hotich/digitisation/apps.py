from django.apps import AppConfig


class DigitisationConfig(AppConfig):
    name = "hotich.digitisation"
    default_auto_field = "django.db.models.BigAutoField"
