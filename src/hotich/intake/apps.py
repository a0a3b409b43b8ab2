from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "hotich.intake"
    label = "intake"

    def ready(self) -> None:
        # accounts counts what is still open before it locks an account, without knowing this app
        from hotich.accounts.queries import declare_open_work
        from hotich.intake.queries.open_work import open_cases

        declare_open_work("case", open_cases)
