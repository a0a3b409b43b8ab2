"""Every threshold of the scan pipeline in one place. Sizes in bytes, resolutions in dots per inch.

The values are our own proposal, measured on few pages (docs/benchmarks.md): "chưa kiểm chứng" until a pilot has judged
some two hundred cases. An installation sets its own; the pipeline itself knows no other source of thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """`budget`: the whole PDF of a case, however many sheets it has (requirement A4: at most 100 KB)."""

    budget: int = 100_000
    # ingest: what is not opened at all
    most_pixels: int = 250_000_000  # A2 at 600 dpi has 140 million
    most_pages: int = 2_000  # of one file
    longest_side: int = 40_000  # pixels; longer is a strip, no page
    render_dpi: int = 300  # of a PDF page that is not just one scanned image
    # early refusal
    lowest_dpi: int = 140
    review_dpi: int = 190  # below it somebody looks; 200 by the tag is 198 by the paper
    blur_refuse: float = 0.45  # millimetres of paper (early.sharpness); a thin stroke of a pen has 0.25
    blur_review: float = 0.32
    clipped_light: float = 0.25  # share of the sheet that is pure white in a coloured scan: writing may be lost
    clipped_dark: float = 0.35  # share of the sheet that is pure black
    blank_ink: float = 0.0004  # share of the sheet that is ink: less is an empty page
    unwritten_ink: float = 0.003  # share that is neither rule nor print: less is a form nobody filled in
    # light and paper
    darkest_paper: float = 0.4  # share of the bright paper of the sheet: what is darker is no paper, however large
    white_from: int = 243  # of 255, paper being 255: from here on everything is paper
    # what is kept of a page beside its master
    flat_quality: int = 85  # JPEG of the rectified page, from which cases are cut
    delivered_side: int = 1_600  # pixels of the longer side of the small picture of the page as it came
    layout_fit: float = (
        0.82  # a page layout that fits this well needs no look at each page (without rules: 0.8 at most)
    )
    # rectify
    most_skew: float = 8.0  # degrees; a page turned by more was laid wrongly and is turned by an officer
    least_skew: float = 0.04  # degrees; less is not worth an interpolation (1.7 px over the height of A4 at 300 dpi)
    assumed_dpi: float = 300.0  # of a flat scan that states none and has the shape of no standard paper
    # cut
    cut_margin_mm: float = 2.5  # kept around a case: strokes run over the rules
    # the encode race
    contone_dpi: tuple[int, ...] = (300, 250, 200, 175, 150, 135, 120)  # tried from the highest that may fit
    contone_lowest_dpi: int = 120
    contone_lowest_quality: int = 40  # of libjpeg's scale
    contone_highest_quality: int = 92
    contone_enough_dpi: int = 150  # with that many, passed by the gate, no layered PDF is tried
    mask_dpi: tuple[int, ...] = (300, 250, 200)
    mask_lowest_dpi: int = 200
    mask_ink_below: int = 195  # of 255, paper being 255: darker is ink of the mask, paler stays in the paper layer
    ink_dpi: int = 50  # of the colours of the ink
    ink_quality: int = 40
    paper_dpi: int = 150  # of the layer under the ink
    paper_lowest_dpi: int = 110
    paper_white_from: int = 247  # later than `white_from`: this layer is there for what is pale
    paper_lowest_quality: int = 30
    paper_highest_quality: int = 70
    colour_from: int = 30  # distance of the channels, of 255
    colour_share: float = 0.0005  # of the sheet: with less it is gray
    # the gate
    gate_dpi: int = 200
    size_tolerance: float = 0.01  # of width and height of a page
    gate_ink_below: int = 170  # of 255, paper being 255: ink of the text that fidelity is measured on
    gate_sure_ink_below: int = 140
    gate_sure_paper_above: int = 215
    gate_pale_below: int = 228  # more sensitive than any threshold of the encoder: pale ink counts too
    gate_pale_kept: float = 0.4  # share of its contrast that has to be left
    ssim_pass: float = 0.95
    ssim_review: float = 0.92
    worst_ssim_review: float = 0.75  # of the worst half inch: below it somebody looks
    ink_f1_pass: float = 0.97
    ink_f1_review: float = 0.94
    missed_ink_pass: float = 0.01  # share of the ink, pale ink included
    missed_ink_review: float = 0.03
    worst_missed_pass: float = 0.15  # the same of the worst half inch
    worst_missed_review: float = 0.40  # how much worse than another spot it counts; never refused for
    # batch and its workers
    most_sheets: int = 8  # of one case: they share the budget and are in memory together
    page_seconds: float = 120.0  # for one step of a file (a page, a case) on a slow office PC
    worker_memory: int = 1_500_000_000  # bytes of one worker; A2 at 300 dpi in colour needs less (docs/benchmarks.md)
    # reading by machine: off unless an engine is named (docs/how-to/read-scans-by-machine.md)
    reader: str = ""  # "tesseract", "onnx-line" or the name a package gives its own
    reader_config: str = ""  # path of the engine's file: model, vocabulary, checksum
    reader_seconds: float = 60.0  # for the lines of one item
    reader_memory: int = 1_000_000_000
    reader_sure: float = 0.93  # mean confidence above which lines are mostly right
    reader_doubtful: float = 0.80  # below it they are mostly wrong
    reader_rival: float = 0.20  # a second reading of a number with that much is one too many
