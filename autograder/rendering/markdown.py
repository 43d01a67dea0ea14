"""Markdown as HTML, in time that grows with the text and no faster. Formulas become MathML, headings no page's own."""

import re
import secrets
from collections.abc import Sequence
from html import escape
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.rendering.formulas import formula
from autograder.rendering.limits import HTML_CHARACTERS, NESTING
from autograder.rendering.raw_html import BLOCKS, INLINE, VOID, Tags

ATTRIBUTES = {
    "a": {"href", "title"}, "abbr": {"title"}, "acronym": {"title"}, "ol": {"start"},
    "img": {"alt", "src", "title", "width"}, "td": {"align"}, "th": {"align"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "attachment"}
WEB = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
ATTACHMENT = "attachment:"
HEADING = "h4"
"""What every heading of a text becomes: a page has its own first three levels."""

IMG = re.compile(r"<img\b[^>]*>")
KNOWN_TAG = re.compile(rf"</?(?:{'|'.join(sorted(INLINE | BLOCKS | VOID))})[\s/>]", re.IGNORECASE)
WIDTH = re.compile(r"\d{1,4}")


class TooMuch(Exception):
    """The text would become too large, or nests too deep. Its text is the reason, after "because"."""


def html_of(markdown: str) -> str:
    """A text as HTML without scripts, handlers and styles; links lead to the web only.

    Pictures stand as `<img src="attachment:NAME" …>`, for names of attachments alone; any other picture is named in its
    place. There is no blank line in it, because markdown would take what follows one for markdown again.

    Raises:
        TooMuch: if it would become too large, or nests too deep.
    """
    made = _Html()
    env: dict[str, object] = {}
    tokens = PARSER.parse(markdown, env)
    _need_little(tokens)
    html = made.render(tokens, PARSER.options, env) + made.tags.close(0)
    if len(html) > HTML_CHARACTERS:
        raise TooMuch("it would become too large a page")
    clean = nh3.clean(
        html,
        tags=INLINE | BLOCKS | VOID,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        attribute_filter=_of_the_web,
        link_rel=None,
        strip_comments=False,
    )
    clean = IMG.sub(_named_unless_attached, clean)
    whole = made.put_back(re.sub(r"\n\s*\n", "\n", clean).strip())
    if len(whole) > HTML_CHARACTERS:
        raise TooMuch("it would become too large a page")
    return whole


def _need_little(tokens: Sequence[Token]) -> None:
    """Raises TooMuch for what nests too deep, or for links that repeat a long address too often."""
    addresses = 0
    for token in tokens:
        if token.level >= NESTING:
            raise TooMuch("it nests too deep")
        for one in (token, *(token.children or ())):
            if one.level >= 2 * NESTING:
                raise TooMuch("it nests too deep")
            addresses += sum(len(str(value)) for value in one.attrs.values()) if one.attrs else 0
    if addresses + len(tokens) > HTML_CHARACTERS // 2:
        raise TooMuch("it would become too large a page")


class _Html(RendererHTML):
    """markdown-it's renderer, with HTML of the text's own balanced, and formulas set.

    A formula's place is held by a word that nobody can guess: what cleans HTML need know nothing of MathML.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tags = Tags()
        self._formulas: list[str] = []
        self._mark = f"f{secrets.token_hex(8)}x"

    def put_back(self, html: str) -> str:
        """The HTML with the formulas in their places."""
        return re.sub(rf"{self._mark}(\d+)z", lambda found: self._formulas[int(found[1])], html)

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        """One paragraph's content: what HTML of its own opens in it is closed at its end."""
        outside = self.tags.depth
        return super().renderInline(tokens, options, env) + self.tags.close(outside)

    def html_inline(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A tag within a paragraph, which closes no block that is open around it."""
        return self.tags.read(tokens[index].content, self.tags.blocks_open)

    def html_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Tags on lines of their own."""
        shown = self.tags.read(tokens[index].content, 0)
        return shown + self.tags.close_inline(0)

    def heading_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """The start of a heading."""
        return f"<{HEADING}>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Its end."""
        return f"</{HEADING}>\n"

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A picture, with the text that tells what it shows."""
        source = escape(str(tokens[index].attrs.get("src", "")))
        return f'<img src="{source}" alt="{escape(tokens[index].content)}">'

    def math_inline(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A formula in a line."""
        return self._hold(formula(tokens[index].content, block=False))

    def math_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A formula on lines of its own."""
        return f"<p>{self._hold(formula(tokens[index].content, block=True))}</p>\n"

    def math_inline_double(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A formula on a line of its own, within a paragraph."""
        return self._hold(formula(tokens[index].content, block=True))

    amsmath = math_block

    def _hold(self, set_formula: str) -> str:
        self._formulas.append(re.sub(r"\n\s*\n", "\n", set_formula))
        return f"{self._mark}{len(self._formulas) - 1}z"


def _of_the_web(tag: str, attribute: str, value: str) -> str | None:
    """An attribute's value; None for a link to where the page itself lies, which may be a grader's own server."""
    return None if (tag, attribute) == ("a", "href") and not WEB.match(value) else value


def _named_unless_attached(found: re.Match[str]) -> str:
    """An img tag, if it shows an attachment; otherwise a sentence that names it."""
    attributes = dict(re.findall(r'([a-z]+)="([^"]*)"', found[0]))
    source = attributes.get("src", "")
    if source.startswith(ATTACHMENT):
        width = attributes.get("width", "")
        sized = f' width="{width}"' if WIDTH.fullmatch(width) else ""
        return f'<img src="{source}" alt="{attributes.get("alt") or "a picture without a description"}"{sized}>'
    name = attributes.get("alt") or unquote(source.rsplit("/", 1)[-1])[:80] or "without a name"
    link = f' (<a href="{source}">{source[:80]}</a>)' if source.startswith(("http://", "https://")) else ""
    return f"<em>[The picture {name}{link} is not in the notebook, and so is not shown.]</em>"


def _block_of_known_tags(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """markdown-it's rule for HTML on lines of its own, for tags that stay tags: behind others, markdown goes on."""
    begins = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    return KNOWN_TAG.match(begins) is not None and html_block(state, line, last, silent)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 2 * NESTING, "typographer": False})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("html_block", _block_of_known_tags, {"alt": ["paragraph", "reference", "blockquote"]})
    dollarmath_plugin(parser, allow_labels=False, double_inline=True)
    amsmath_plugin(parser)
    parser.validateLink = lambda url: True  # type: ignore[method-assign] # what comes out is cleaned, whatever it is
    return parser


PARSER = _parser()
