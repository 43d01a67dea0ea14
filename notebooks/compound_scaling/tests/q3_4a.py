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


def network(name, accuracy, parameters, macs, **more):
    return {"name": name, "parameters": parameters, "macs": macs, "accuracy": accuracy, **more}


BY_PERCENT = "Is it the accuracies that are compared, or what is left of them in whole percents or as text?"
TIES = "Of networks that are equally accurate, which one comes first? Is it by parameters that it is found?"
ALL_STAY = "Every network stays in the table, those of one name and those that are equally good, too."
KEYS_STAY = "A network may have more keys than the four: do they all stay, those with empty values, too?"
MORE_KEYS = "There are two keys more, and no others: what a network lacks, and what only helps to count, is in no row."
CHANGED = "The list that was handed in, or a dict in it, has changed: build new ones."


@test_case(points=0)
def ratios_of_uneven_numbers(comparison_table):
    result = comparison_table([network("odd", 50.0, 7_000_000, 1_500_000_000)])
    rounded = "Nothing is rounded in the table; round where you print it."
    hints = {(7.14,): rounded, (7.1,): rounded, (7.0,): rounded, (7.143,): rounded}
    expect_close(numbers(result, "accuracy_per_million"), [7.142857142857143], hints, what="accuracy_per_million")
    hints = {(33.33,): rounded, (33.3,): rounded, (33.0,): rounded, (50.0,): rounded, (25.0,): rounded}
    expect_close(numbers(result, "accuracy_per_gmac"), [33.333333333333336], hints, what="accuracy_per_gmac")
    million = numbers(comparison_table([network("half", 50.0, 2_500_000, 10**9)]), "accuracy_per_million")
    expect_close(million, [20.0], {(25.0,): "Are there no parts of a million parameters?"}, what="accuracy_per_million")


@test_case(points=0)
def order_and_ties(comparison_table):
    close = [network("a", 70.43, 9_000_000, 10**9), network("b", 70.41, 10**6, 10**8), network("c", 9.5, 10**7, 10**9)]
    hints = {("b", "a", "c"): BY_PERCENT, ("c", "a", "b"): BY_PERCENT, ("c", "b", "a"): "The best network comes first."}
    for given in (close, close[::-1]):
        expect_equal(column(comparison_table(given), "name"), ["a", "b", "c"], hints, what="the names")
    for few, many in ((9_999_999, 10_000_000), (66_347_960, 66_347_961)):
        tied = [network("a", 60.0, many, 10**8), network("b", 60.0, few, 3 * 10**9)]
        for given in (tied, tied[::-1]):
            expect_equal(column(comparison_table(given), "name"), ["b", "a"], {("a", "b"): TIES}, what="the names")


@test_case(points=0)
def every_network_stays(comparison_table):
    given = [
        network("a", 60.0, 10**6, 10**8, recipe="old"),
        network("a", 60.0, 10**6, 10**8, recipe="new"),
        network("a", 71.0, 10**6, 10**8, note=""),
        network("b", 0.0, 10**6, 10**8),
    ]
    names = column(comparison_table(given), "name")
    expect_equal(names, ["a", "a", "a", "b"], lambda: {tuple(names): ALL_STAY}, what="the names")
    rows = read_table(comparison_table(given))
    if not any(row.get("note") == "" for row in rows) or {row.get("recipe") for row in rows} != {"old", "new", None}:
        raise Unexpected("the keys 'note' and 'recipe' are not those that were handed in", KEYS_STAY)
    if any(("recipe" in row) + ("note" in row) > 1 or (row["name"] == "b" and "note" in row) for row in rows):
        raise Unexpected("a row has a key that its network had not", KEYS_STAY)


def expect_unchanged(given, described):
    if plain(given) != described:
        raise Unexpected("the list handed in is not as it was", CHANGED)


@test_case(points=0)
def what_was_handed_in(comparison_table):
    described = [network("a", 60.0, 10**6, 10**8), network("b", 70.0, 10**7, 10**9)]
    given = in_room(repr(described))
    comparison_table(given)
    expect_unchanged(given, described)
