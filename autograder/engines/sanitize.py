"""What a student wrote in markdown, as HTML that can do nothing in a browser.

nbconvert's SanitizeHTML cleans the markdown, and a link of markdown's own form ([x](javascript:…)) passes it. Here
the markdown is rendered first, and what comes out is cleaned.
"""

import re

import nh3
from nbconvert.filters.markdown import markdown2html

TAGS = {
    *("a", "abbr", "acronym", "b", "blockquote", "code", "em", "i", "li", "ol", "strong", "ul"),
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "del", "sub", "sup", "div", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "acronym": {"title"}}
SCHEMES = {"http", "https", "mailto"}

OTHER_TAG = re.compile(rf"<(?!/?(?:{'|'.join(sorted(TAGS))})[\s/>])", re.IGNORECASE)
"""The beginning of anything that is no allowed tag. It is shown as the student typed it, not dropped."""


def harmless(markdown: str) -> str:
    """The text as one block of HTML: no scripts, no handlers, no styles, links to the web only.

    It has no blank line, because markdown would take what follows one for markdown again.
    """
    shown = OTHER_TAG.sub("&lt;", markdown2html(markdown))
    html = nh3.clean(shown, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return "<div>\n" + re.sub(r"\n\s*\n", "\n", html).strip() + "\n</div>"
