"""Every Vietnamese text of these screens has its English one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.utils import translation
from django.utils.translation.trans_real import translation as catalogue_of

import hotich

SOURCE = Path(hotich.__file__).parent
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
VIETNAMESE = re.compile("[ăâđêôơưàáãèéìíòóùúýạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def texts_of_templates() -> set[str]:
    found: set[str] = set()
    for path in (SOURCE / "intake" / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {first or second for first, second in re.findall(r"""\{% translate (?:"([^"]+)"|'([^']+)')""", text)}
        for body in re.findall(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", text, re.DOTALL):
            found.add(re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", body.partition("{% plural %}")[0]))
    return found


def texts_of_python() -> set[str]:
    paths = [*(SOURCE / "intake" / "views").glob("*.py"), SOURCE / "intake" / "forms.py"]
    found: set[str] = set()
    for path in [*paths, SOURCE / "config" / "navigation.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_text_has_its_english() -> None:
    texts = {text for text in texts_of_templates() | texts_of_python() if VIETNAMESE.search(text)}
    assert len(texts) > 150
    with translation.override("en"):
        english = catalogue_of("en")
        missing = {text for text in texts if english.gettext(text) == text == english.ngettext(text, text, 1)}
    assert missing == set()
