"""Write pages and their truth: `PYTHONPATH=tests python -m register_pages OUT --layout table --count 4`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from PIL import Image

from . import ALL_STEPS, LAYOUTS, make_page, merged_fonts

CHECKOUT = Path(__file__).resolve().parents[2]


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("out", type=Path)
    cli.add_argument("--layout", choices=sorted(LAYOUTS), default="form")
    cli.add_argument("--steps", nargs="*", choices=ALL_STEPS, default=[])
    cli.add_argument("--count", type=int, default=1)
    cli.add_argument("--seed", default="1")
    cli.add_argument("--dpi", type=int, default=300)
    cli.add_argument("--fonts", type=Path, default=CHECKOUT / ".state" / "cache" / "page-fonts")
    args = cli.parse_args()
    fonts = merged_fonts(CHECKOUT / "node_modules", args.fonts)
    args.out.mkdir(parents=True, exist_ok=True)
    for index in range(args.count):
        pixels, truth = make_page(args.layout, f"{args.seed}-{index}", args.dpi, fonts, steps=args.steps)
        target = args.out / f"{'-'.join([args.layout, *args.steps, args.seed])}-{index:03d}.jpg"
        tags = {} if truth.is_photo else {"dpi": (args.dpi, args.dpi)}
        Image.fromarray(pixels).save(target, quality=90, subsampling=1, **tags)
        target.with_suffix(".json").write_text(json.dumps(truth.as_json(), ensure_ascii=False), encoding="utf-8")
        print(target)


if __name__ == "__main__":
    main()
