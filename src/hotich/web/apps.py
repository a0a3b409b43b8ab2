"""App configuration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates, tags and texts."""

    name = "hotich.web"
    label = "web"
