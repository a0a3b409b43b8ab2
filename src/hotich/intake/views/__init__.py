"""The screens of intake: home, batches, held rows, approval, the queue to the Ministry."""

from __future__ import annotations

from hotich.intake.views.acceptance import acceptance
from hotich.intake.views.approval_runs import run_progress, run_stop
from hotich.intake.views.approvals import (
    approval_batch,
    approvals,
    approve_all,
    approve_chosen,
    approve_one,
    return_one,
)
from hotich.intake.views.batches import batch, batch_progress, batch_withdraw, batches, upload
from hotich.intake.views.case_acts import case_replace_scan, case_resubmit, case_undo
from hotich.intake.views.cases import case, case_scan, held
from hotich.intake.views.configuration_preview import configuration_preview
from hotich.intake.views.downloads import batch_report_file, dispatch_file
from hotich.intake.views.export_corrections import export_corrections
from hotich.intake.views.exports import (
    batch_export,
    export,
    export_cancel,
    export_decide,
    export_download,
    export_new,
    export_retry,
    exports,
)
from hotich.intake.views.home import home
from hotich.intake.views.ministry import (
    dispatch,
    dispatch_make,
    dispatch_response,
    dispatch_retry,
    dispatch_row,
)
from hotich.intake.views.population import case_look_up, case_population
from hotich.intake.views.recipients import recipients

__all__ = [
    "acceptance",
    "approval_batch",
    "approvals",
    "approve_all",
    "approve_chosen",
    "approve_one",
    "batch",
    "batch_export",
    "batch_progress",
    "batch_report_file",
    "batch_withdraw",
    "batches",
    "case",
    "case_look_up",
    "case_population",
    "case_replace_scan",
    "case_resubmit",
    "case_scan",
    "case_undo",
    "configuration_preview",
    "dispatch",
    "dispatch_file",
    "dispatch_make",
    "dispatch_response",
    "dispatch_retry",
    "dispatch_row",
    "export",
    "export_cancel",
    "export_corrections",
    "export_decide",
    "export_download",
    "export_new",
    "export_retry",
    "exports",
    "held",
    "home",
    "recipients",
    "return_one",
    "run_progress",
    "run_stop",
    "upload",
]
