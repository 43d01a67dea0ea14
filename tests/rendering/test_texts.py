"""No text of a student's does anything in a browser."""

import pytest
from bs4 import BeautifulSoup
from nbconvert.filters.markdown import markdown2html

from autograder.rendering import Texts

pytestmark = pytest.mark.tool


def harmless(text: str) -> str:
    return Texts().html(text)


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
    "<img src='data:image/svg+xml,<svg onload=LEAK()>'>",
    "<img src='javascript:LEAK()'>",
    r"$\text{<script>LEAK()</script>}$",
    r"$\href{javascript:LEAK()}{x}$",
    "$a</math><script>LEAK()</script>$",
    "f0123456789abcdefx0z <b>$x$</b> LEAK",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_nothing_active_is_left_once_the_page_is_rendered(text):
    soup = BeautifulSoup(markdown2html(harmless(text)), "html.parser")
    assert not soup.find_all(["script", "iframe", "style", "svg", "object", "embed", "form"])
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert tag.attrs.get("style") == ("overflow: auto" if tag is soup.div else None)
        assert "LEAK" not in str(tag.attrs.get("href", "")) + str(tag.attrs.get("src", ""))


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
    assert page.math is not None and page.math.text == "d<w"
    assert page.find("a", string="arXiv")["href"] == "https://arxiv.org"


def test_what_the_formgrader_renders_once_more_stays_as_it_is():
    """nbgrader's pages take a cell's source for markdown."""
    text = "See $a_1 * b * c_2$ and ![a *b*](attachment:x)\n\n\n```\nx\n\n\ny\n```\n\nlast **words**"
    html = Texts().html(text, {"x": {"image/png": PIXEL}})
    once, twice = (BeautifulSoup(page, "html.parser") for page in (html, markdown2html(html)))
    assert once.text.split() == twice.text.split()
    assert twice.math.text == "a1*b*c2" and twice.strong.text == "words" and twice.em is None
    assert twice.img["src"] == once.img["src"] and twice.img["alt"] == "a *b*"


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="

FORMULAS = {
    r"$\frac{a}{b}$": ("mfrac", "ab"),
    r"3$\times$3": ("mo", "×"),
    r"$\hat{y}_i \in \mathbb{R}^{H \times W}$": ("mover", "y^i∈ℝH×W"),
    "$$\na = b\n$$": ("math", "a=b"),
    "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}": ("mtable", "a=bc=d"),
    "$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n$$": ("mtable", "a=bc=d"),
    r"$\begin{gather} a \\ c \end{gather}$": ("mtable", "ac"),
    r"$\begin{aligned}[t] a &= b \\ c &= d \end{aligned}$": ("mtable", "a=bc=d"),
    r"$\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}$": ("mtable", "{1x>00x≤0"),
    r"$\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$": ("mtable", "(1001)"),
}


@pytest.mark.parametrize("tex", FORMULAS)
def test_a_formula_becomes_mathml(tex):
    tag, text = FORMULAS[tex]
    math = BeautifulSoup(harmless(tex), "html.parser").math
    assert math.find(tag) or math.name == tag
    assert "".join(math.text.split()) == text


FAR = [
    r"\hspace{-100em} x",
    r"\kern99999em x",
    r"\lower 900em x",
    r"\raise{-100em}{x}",
    r"\rule{900em}{900em}",
    r"{a \above 900em b}",
    r"\skew{5000}{x}{y}",
    r"\hspace{9000%} x",
    r"\raise{2em}{" * 40 + "x" + "}" * 40,
]


@pytest.mark.parametrize("tex", FAR)
def test_a_formula_that_would_reach_far_is_shown_as_it_was_typed(tex):
    page = BeautifulSoup(harmless(f"${tex}$"), "html.parser")
    assert not page.find("math") and page.find("code").text == f"${tex}$"


NEAR = [
    r"\big( x \big) " * 30,
    r"a \quad b \! c \hspace{2cm} d",
    r"\left( \frac{a}{b} \right)",
    r"\raise{1ex}{x} \rule{3em}{1pt}",
]


@pytest.mark.parametrize("tex", NEAR)
def test_a_formula_may_have_spaces_and_large_signs(tex):
    assert BeautifulSoup(harmless(f"${tex.strip()}$"), "html.parser").find("math")


AWAY = [
    "//elsewhere.org",
    "/formgrader/api/x",
    "../x",
    "#q1",
    "x",
    "\\\\elsewhere.org",
    "ftp://x",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("to", AWAY)
def test_links_lead_to_the_web_alone(to):
    page = BeautifulSoup(harmless(f"[x]({to}) <a href='{to}'>y</a> [z](https://arxiv.org/)"), "html.parser")
    assert [tag["href"] for tag in page.find_all("a", href=True)] == ["https://arxiv.org/"]
    assert "x" in page.text and "y" in page.text


@pytest.mark.parametrize(
    "tex",
    [
        r"\unknown{x}",
        r"\frac{a",
        "x^",
        "a & b",
        r"\begin{odd} a & b \end{odd}",
        "{" * 3000 + "}" * 3000,
        r"\def\a{\a\a}\a",
    ],
)
def test_a_formula_that_cannot_be_read_stays_as_it_was_typed(tex):
    page = BeautifulSoup(harmless(f"before ${tex}$ after"), "html.parser")
    assert tex in page.text and page.text.strip().startswith("before") and page.text.strip().endswith("after")


@pytest.mark.parametrize(
    "text", ["> " * 50 + "words", "- " * 50 + "words", "<div>\n\n" * 50 + "words", "<b>" * 99 + "words"]
)
def test_what_nests_too_deep_loses_no_word(text):
    assert "words" in BeautifulSoup(harmless(text), "html.parser").text


def test_tags_that_are_not_closed_end_with_their_paragraph():
    page = BeautifulSoup(harmless("a <b>b <i>c\n\nd</b> e\n\n<em>\n\nf"), "html.parser")
    assert [bold.text.strip() for bold in page.find_all("b")] == ["b c"]
    assert page.find(string="d e").find_parent("b") is None
    assert page.find(string="f").find_parent("em") is None


@pytest.mark.parametrize("tag", ["<script>", "<Tensor>", "<!-- x -->", "<style>", "<details>", "<?php"])
def test_behind_a_tag_that_is_shown_as_typed_markdown_goes_on(tag):
    page = BeautifulSoup(harmless(f"{tag} **words** $x$\n\n# after"), "html.parser")
    assert page.strong.text == "words" and page.math is not None and page.h4.text == "after"
    assert tag in page.text


def test_a_picture_from_elsewhere_is_named_and_not_fetched():
    page = BeautifulSoup(harmless("x ![a plot](https://example.org/p.png) ![](figures/mine.png) y"), "html.parser")
    assert page.img is None
    assert "The picture a plot (https://example.org/p.png) is not in the notebook" in page.text
    assert "mine.png" in page.text
