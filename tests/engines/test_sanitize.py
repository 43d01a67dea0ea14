"""No text of a student's does anything in a browser."""

import pytest
from bs4 import BeautifulSoup
from nbconvert.filters.markdown import markdown2html

from autograder.engines.sanitize import harmless

HARMFUL = [
    "<script>LEAK()</script>",
    "[x](javascript:LEAK())",
    "[x]( javascript:LEAK())",
    "[x][1]\n\n[1]: javascript:LEAK()",
    "<javascript:LEAK()>",
    "![x](javascript:LEAK())",
    "<img src=x onerror=LEAK()>",
    "<a href='jav&#x09;ascript:LEAK()'>x</a>",
    "<svg><animate onbegin=LEAK() attributeName=x></svg>",
    "<iframe srcdoc='<script>LEAK()</script>'></iframe>",
    "<style>@import 'LEAK'</style>",
    "```\n\n[x](javascript:LEAK())\n\n```",
    "```python\nx = 1\n\n[x](javascript:LEAK())\n```",
    "<div>\n\n[x](javascript:LEAK())\n\n</div>",
    "- a\n\n  [x](javascript:LEAK())\n\n- b",
    "$x$ <b onclick=LEAK()>b</b> $$<script>LEAK()</script>$$",
    "<!-- --><script>LEAK()</script>",
    "&lt;script&gt;LEAK()&lt;/script&gt;",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_nothing_active_is_left_once_the_page_is_rendered(text):
    soup = BeautifulSoup(markdown2html(harmless(text)), "html.parser")
    assert not soup.find_all(["script", "iframe", "style", "svg", "img", "object", "embed", "form"])
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        assert "LEAK" not in str(tag.attrs.get("href", ""))


def test_what_is_not_allowed_is_shown_as_it_was_typed():
    page = BeautifulSoup(harmless("a <script>alert(1)</script> b <Tensor> c<br>d <b>e</b>"), "html.parser")
    assert "<script>alert(1)</script>" in page.text and "<Tensor>" in page.text
    assert page.br is not None and page.b.text == "e"


def test_ordinary_markdown_and_formulas_stay_readable():
    page = BeautifulSoup(
        markdown2html(harmless("# Why\n\n**Deep** is $d < w$:\n\n- one\n- two\n\n[arXiv](https://arxiv.org)")),
        "html.parser",
    )
    assert [item.text for item in page.find_all("li")] == ["one", "two"]
    assert page.strong.text == "Deep"
    assert "$d < w$" in page.text
    assert page.find("a", string="arXiv")["href"] == "https://arxiv.org"
