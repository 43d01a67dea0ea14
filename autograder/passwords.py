"""Passwords in URLs: no message, no log and no file of ours shows one."""

import re

IN_PLACE = "***"

_BEFORE_AT = re.compile(r"(\w://[^\s:@/]*:)\S*@")
_WHOLE = re.compile(r"(\w://[^\s:@/]*:).*@", re.DOTALL)
_NO_HOST = re.compile(r"(\w://[^\s:@/?\[]+:)(?!\d+(?:[/?\s]|$))[^\s@/?]+(?!\S*@)")
_IN_QUERY = re.compile(r"(\b(?:ssl)?password=)[^\s&]+", re.IGNORECASE)


def without_passwords(text: str) -> str:
    """A text without the passwords of the URLs in it.

    Args:
        text: anything that may be shown or kept.

    Returns:
        The same with *** in the place of each password.
    """
    for pattern, kept in ((_BEFORE_AT, rf"\1{IN_PLACE}@"), (_NO_HOST, rf"\1{IN_PLACE}"), (_IN_QUERY, rf"\1{IN_PLACE}")):
        text = pattern.sub(kept, text)
    return text


def url_without_password(url: str) -> str:
    """The same for a text that holds one URL at most, such as an argument of a command."""
    return without_passwords(_WHOLE.sub(rf"\1{IN_PLACE}@", url))


def has_password(url: str) -> bool:
    """Whether a URL has a password, before its host or in its query."""
    return without_passwords(url) != url
