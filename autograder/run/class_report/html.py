"""The report as one file of HTML. Its one script is ours, and the page's policy lets no other run."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from autograder.run.class_report.describe import Report

TEMPLATES = Path(__file__).with_name("templates")


def html_of(report: Report) -> str:
    """The page. Nothing that a student wrote becomes markup or script."""
    style, script = _ours("report.css"), _ours("report.js")
    allowed = f"style-src {_source_of(style)}; script-src {_source_of(script)}"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    return _template().render(report=report, style=Markup(style), script=Markup(script), policy=policy)


def _source_of(text: str) -> str:
    """What a policy says of a text that stands in the page: its hash."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@lru_cache
def _ours(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@lru_cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("report.html.j2")
