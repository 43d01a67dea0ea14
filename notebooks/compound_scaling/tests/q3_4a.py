"""q3_4a: networks in a table, with the accuracy that a million parameters and a GMAC give."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, Unexpected, expect_close, expect_equal, in_room, plain, rng

OK_FORMAT = False
name = "q3_4a"
points = 3

SMALL = {"name": "small", "parameters": 4_000_000, "macs": 500_000_000, "accuracy": 70.0}
LARGE = {"name": "large", "parameters": 20_000_000, "macs": 4_000_000_000, "accuracy": 80.0}


def read_table(result):
    """What a student's function returned, as a list of dicts. Raises Unexpected where it is none."""
    try:
        table = plain(result)
    except NotAValue as problem:
        kind = "The table is a plain list of dicts; this is another kind of object."
        raise Unexpected(f"the table is of type {problem.kind}", kind) from None
    if table is None:
        raise Unexpected("the table is None", "This gave None: does the function return its table?")
    if not isinstance(table, list) or not all(isinstance(row, dict) for row in table):
        raise Unexpected("the table is no list of dicts", "The table is a list with a dict for each network.")
    return table


def column(result, key):
    """The values of one key, row by row."""
    table = read_table(result)
    if not all(key in row for row in table):
        raise Unexpected(f"a row has no {key!r}", "Every row has the keys of its network, and the two new ones.")
    return [row[key] for row in table]


def by_name(result, key):
    """The values of one key, whatever the order of the rows: name → value."""
    return dict(zip(column(result, "name"), column(result, key), strict=True))


def numbers(result, key):
    """The values of one key that are to be numbers."""
    values = column(result, key)
    if any(isinstance(value, str) for value in values):
        raise Unexpected(f"{key} is text", "That column holds text: numbers go into a table; format them in print.")
    return values


ONE_DICT = "All rows say the same: is it one dict, that was changed for each network?"
EARLIER = "There are more rows than networks: are those of an earlier call still there?"


@test_case(points=0.5)
def one_network(comparison_table):
    per_million = {
        17.5e-6: "A million parameters are one unit here, not one parameter.",
        4 / 70: "Accuracy for each million parameters: which of the two is divided?",
    }
    per_gmac = {
        70.0: "One multiply-add is one MAC here, not two FLOPs.",
        0.14: "A GMAC is 10⁹ multiply-adds: is the unit right?",
        140e-9: "A GMAC is 10⁹ multiply-adds, not one.",
    }
    result = comparison_table([SMALL])
    expect_close(numbers(result, "accuracy_per_million"), [17.5], {(k,): v for k, v in per_million.items()})
    expect_close(numbers(result, "accuracy_per_gmac"), [140.0], {(k,): v for k, v in per_gmac.items()})


@test_case(points=0.5)
def the_best_stands_first(comparison_table):
    hints = {
        ("small", "large"): "The most accurate network comes first.",
        ("small", "small"): ONE_DICT,
        ("large", "large"): ONE_DICT,
        ("large", "small", "small"): EARLIER,
        ("small", "small", "large"): EARLIER,
    }
    expect_equal(column(comparison_table([SMALL, LARGE]), "name"), ["large", "small"], hints, what="the names")
    expect_equal(column(comparison_table([LARGE, SMALL]), "name"), ["large", "small"], hints, what="the names")
