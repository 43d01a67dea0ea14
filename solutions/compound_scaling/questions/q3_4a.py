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


# ---- hidden: nothing below this line reaches a student ----


def draw_networks(draw, count):
    """At least four networks, whose orders by accuracy, parameters, MACs and name differ, none as they stand.

    By accuracy a unit of cost they stand in another order than by accuracy, and than they came in.
    """
    while True:
        networks = [
            {
                "name": f"net{number}",
                "parameters": draw.randrange(1_234_567, 98_765_432),
                "macs": draw.randrange(45_678_901, 45_678_901_234),
                "accuracy": draw.uniform(60, 90),
            }
            for number in draw.sample(range(10, 99), count)
        ]
        orders = [sorted(networks, key=lambda one: one[key]) for key in ("accuracy", "parameters", "macs", "name")]
        ways = [networks, *orders, *(order[::-1] for order in orders)]
        by_ratio = [sorted(networks, key=lambda one: one["accuracy"] / one[cost]) for cost in ("parameters", "macs")]
        if any(way in by_ratio or way[::-1] in by_ratio for way in (networks, orders[0])):
            continue
        if all(one != other for index, one in enumerate(ways) for other in ways[:index]):
            return networks


def pairs(values):
    """A dict of known wrong values, as expect_close takes hints for a list."""
    return {tuple(wrong): hint for wrong, hint in values}


def check_column(result, networks, key, right, wrongs):
    found = dict(zip(column(result, "name"), numbers(result, key), strict=True))
    names = [network["name"] for network in networks]
    expect_equal(sorted(found), sorted(names), {(): "No network is in the table."}, what="the networks in the table")
    hints = pairs(([wrong(network) for network in networks], hint) for wrong, hint in wrongs)
    expect_close([found[each] for each in names], [right(network) for network in networks], hints, relative=1e-6)


ROUNDED = "Nothing is rounded in the table; round where you print it."
UPSIDE_DOWN = "Which of the two is divided by the other?"


def networks_of(*rows):
    """Networks of (number, accuracy, parameters, macs)."""
    return [
        {"name": f"net{number}", "parameters": parameters, "macs": macs, "accuracy": accuracy}
        for number, accuracy, parameters, macs in rows
    ]


@test_case(points=0.5, hidden=True)
def accuracy_a_unit_of_cost(comparison_table):
    networks = draw_networks(rng("q3_4a:units"), 5)
    result = comparison_table(networks)

    def million(one):
        return one["accuracy"] / (one["parameters"] / 1e6)

    def giga(one):
        return one["accuracy"] / (one["macs"] / 1e9)

    wrongs = [
        *((lambda one, digits=digits: round(million(one), digits), ROUNDED) for digits in (1, 2, 3, 4)),
        (lambda one: one["accuracy"] / (one["parameters"] // 10**6), "Are there no parts of a million parameters?"),
        (lambda one: one["accuracy"] / round(one["parameters"] / 1e6), "Are there no parts of a million parameters?"),
        (lambda one: million(one) / 1e6, "Is the unit of the parameters right?"),
        (lambda one: million(one) * 1e3, "Is the unit of the parameters right?"),
        (lambda one: million(one) / 100, "The accuracy is in percent, and stays so."),
        (lambda one: 1 / million(one), UPSIDE_DOWN),
        (giga, "Which key goes with which cost?"),
        (lambda one: one["accuracy"] / (one["parameters"] / 2**20), "A million is 10⁶ here."),
    ]
    check_column(result, networks, "accuracy_per_million", million, wrongs)
    wrongs = [
        *((lambda one, digits=digits: round(giga(one), digits), ROUNDED) for digits in (1, 2, 3, 4)),
        (lambda one: giga(one) / 2, "Is a multiply-add one here, or two?"),
        (lambda one: giga(one) * 2, "Is a multiply-add one here, or two?"),
        (lambda one: giga(one) / 1e3, "G is for 10⁹: is the unit of the MACs right?"),
        (lambda one: giga(one) / 1e9, "G is for 10⁹: is the unit of the MACs right?"),
        (lambda one: giga(one) / 100, "The accuracy is in percent, and stays so."),
        (lambda one: 1 / giga(one), UPSIDE_DOWN),
        (million, "Which key goes with which cost?"),
        (lambda one: one["accuracy"] / (one["macs"] / 2**30), "G is for 10⁹ here."),
    ]
    check_column(result, networks, "accuracy_per_gmac", giga, wrongs)
    nothing_right = networks_of((1, 0.0, 4_000_000, 10**9), (2, 71, 5_000_000, 2 * 10**9))
    zero = "An accuracy of 0 is one, too: is every network in the table, with both ratios?"
    smallest = comparison_table(networks_of((1, 50.0, 8, 4)))
    expect_close(numbers(smallest, "accuracy_per_million"), [6.25e6], relative=1e-6)
    expect_close(numbers(smallest, "accuracy_per_gmac"), [1.25e10], relative=1e-6)
    poor = comparison_table(networks_of((1, 0.75, 4_000_000, 10**9)))  # less than one percent
    stays = {(18.75,): "The accuracy is in percent, and stays so."}
    expect_close(numbers(poor, "accuracy_per_million"), [0.1875], stays, relative=1e-6)
    largest = comparison_table(networks_of((1, 61.7, 3 * 10**12, 7 * 10**16)))
    for key, ratio in (("accuracy_per_million", 61.7 / 3e6), ("accuracy_per_gmac", 61.7 / 7e7)):
        expect_close(numbers(largest, key), [ratio], {(round(ratio, 6),): ROUNDED}, relative=1e-6, absolute=0)
    for key, ratio in (("accuracy_per_million", 14.2), ("accuracy_per_gmac", 35.5)):
        found = sorted(numbers(comparison_table(nothing_right), key))
        expect_close(found, [0, ratio], {(ratio,): zero, (None, ratio): zero}, relative=1e-6)


def names_by(networks, key, reverse=False):
    return tuple(one["name"] for one in sorted(networks, key=key, reverse=reverse))


# Accuracies that differ in the third decimal, the fifth or the seventh, where rounding them and going by parameters
# turns the order round; and a network that stands there twice, by another recipe.
CLOSE = networks_of(
    (2, 77.691, 3_000_000, 5 * 10**8),
    (3, 77.1, 1_000_000, 10**8),
    (1, 77.692, 9_000_000, 9 * 10**8),
    (4, 77.69212, 9_500_000, 9 * 10**8),
    (6, 77.6921101, 4_000_000, 8 * 10**8),
    (8, 77.6921103, 8_500_000, 8 * 10**8),
    (5, 0.5, 2_000_000, 3 * 10**8),
    (1, 77.504, 8_000_000, 9 * 10**8),
)
# Numbers that stand in another order as text.
SHORT_AND_LONG = networks_of(
    (7, 9.5, 5_000_000, 4 * 10**8),
    (8, 100.0, 9_999_999, 9 * 10**8),
    (9, 82.25, 10_000_000, 10**9),
    (6, 30.5, 10**6, 10**8),
)


WORST_FIRST = "Does the best network come first, or last?"
AS_THEY_CAME = "The rows are as they came."
EFFICIENT = "By what is the table sorted? Read the last lines of the description."


def check_order(comparison_table, networks):
    by_whole = "Is it the accuracies that are compared, or what is left of them in whole percents or as text?"
    both = "Two networks may have the same name, such as one of two recipes: do both stay?"
    right = [one["name"] for one in sorted(networks, key=lambda one: -one["accuracy"])]
    hints = {
        names_by(networks, lambda one: (-round(one["accuracy"]), one["parameters"])): by_whole,
        names_by(networks, lambda one: (-int(one["accuracy"]), one["parameters"])): by_whole,
        names_by(networks, lambda one: (-round(one["accuracy"], 1), one["parameters"])): by_whole,
        names_by(networks, lambda one: (-round(one["accuracy"], 2), one["parameters"])): by_whole,
        names_by(networks, lambda one: (-round(one["accuracy"], 3), one["parameters"])): by_whole,
        names_by(networks, lambda one: (-round(one["accuracy"], 4), one["parameters"])): by_whole,
        names_by(networks, lambda one: (-round(one["accuracy"], 5), one["parameters"])): by_whole,
        names_by(networks, lambda one: (-round(one["accuracy"], 6), one["parameters"])): by_whole,
        names_by(networks, lambda one: str(one["accuracy"]), True): by_whole,
        tuple(dict.fromkeys(right)): both,
        tuple(dict.fromkeys(right[::-1]))[::-1]: both,
        names_by(networks, lambda one: one["accuracy"] / one["parameters"], True): EFFICIENT,
        names_by(networks, lambda one: one["accuracy"] / one["macs"], True): EFFICIENT,
    }
    hints[names_by(networks, lambda one: one["accuracy"])] = WORST_FIRST
    for given in (networks, networks[::-1]):
        known = hints | {tuple(one["name"] for one in given): AS_THEY_CAME}
        known.pop(tuple(right), None)
        expect_equal(column(comparison_table(given), "name"), right, known, what="the names")


@test_case(points=0.25, hidden=True)
def sorted_by_accuracy(comparison_table):
    check_order(comparison_table, CLOSE)
    check_order(comparison_table, SHORT_AND_LONG)
    check_order(comparison_table, 2 * CLOSE[:1])
    networks = draw_networks(rng("q3_4a:order"), 14)
    hints = {
        names_by(networks, lambda one: one["accuracy"]): WORST_FIRST,
        tuple(one["name"] for one in networks): AS_THEY_CAME,
        names_by(networks, lambda one: one["accuracy"] / one["parameters"], True): EFFICIENT,
        names_by(networks, lambda one: one["accuracy"] / one["macs"], True): EFFICIENT,
        names_by(networks, lambda one: one["parameters"]): EFFICIENT,
        names_by(networks, lambda one: one["name"]): EFFICIENT,
    }
    right = names_by(networks, lambda one: one["accuracy"], True)
    expect_equal(column(comparison_table(networks), "name"), list(right), hints, what="the names")


@test_case(points=0.25, hidden=True)
def ties_go_to_fewer_parameters(comparison_table):
    draw = rng("q3_4a:ties")
    from operator import itemgetter

    # Where the names, the multiply-adds, the parameters as text, or in single precision, say otherwise.
    rivals = networks_of((1, 70.0, 66_347_961, 10**8), (2, 70.0, 66_347_960, 3 * 10**9))
    texts = networks_of((3, 65.5, 10_000_000, 10**8), (4, 65.5, 9_999_999, 3 * 10**9), (5, 65.5, 9_999_998, 4 * 10**9))
    for networks in (rivals, rivals[::-1], texts, texts[::-1]):
        fewest = names_by(networks, lambda one: one["parameters"])
        other = "Of networks that are equally accurate, which one comes first? Is it by parameters that it is found?"
        orders = (names_by(networks, itemgetter(key)) for key in ("name", "macs"))
        by_text = names_by(networks, lambda one: str(one["parameters"]))
        hints = {order: other for order in (*orders, by_text, fewest[::-1])}
        expect_equal(column(comparison_table(networks), "name"), list(fewest), hints, what="the names")
    # The least accuracy above 0, whose ratios are 0 and tie as well: an accuracy of 0 is asked about elsewhere. And
    # many networks, as a sort that is not stable may keep the order of a few.
    useless = networks_of((1, 5e-324, 9_000_000, 10**10), (2, 5e-324, 3_000_000, 3 * 10**10))
    many = networks_of(*((n, 60.0 + 10 * (n % 3), 10**6 + 7919 * n % 997, 10**8) for n in range(60)))
    for networks in (useless, useless[::-1], many):
        right = [one["name"] for one in sorted(networks, key=lambda one: (-one["accuracy"], one["parameters"]))]
        found = column(comparison_table(networks), "name")
        expect_equal(found, right, {tuple(found): other}, what="the names")
    first, second, third, _ = draw_networks(draw, 4)
    accuracies = draw.sample([71.5, 76.25, 80.0], 2)
    few, many = sorted(draw.sample(range(3_000_000, 90_000_000), 2))
    tied = [
        first | {"accuracy": max(accuracies), "parameters": many},
        second | {"accuracy": max(accuracies), "parameters": few},
        third | {"accuracy": min(accuracies), "parameters": few // 2},
    ]
    hint = "Of networks that are equally accurate, which one comes first?"
    right = [second["name"], first["name"], third["name"]]
    hints = {(first["name"], second["name"], third["name"]): hint}
    for networks in (tied, tied[::-1]):
        expect_equal(column(comparison_table(networks), "name"), right, hints, what="the names")
    # Alike in both, and so in any order: but the table must come, and have both.
    alike = [tied[0], tied[2] | {"accuracy": max(accuracies), "parameters": many}]
    found = sorted(column(comparison_table(alike), "name"))
    both = "Networks that are alike in accuracy and in parameters stay in the table, both of them."
    wrong = {(each["name"],): both for each in alike}
    expect_equal(found, sorted(each["name"] for each in alike), wrong, what="the names")


@test_case(points=0.5, hidden=True)
def other_keys_stay(comparison_table):
    draw = rng("q3_4a:keys")
    empty = networks_of((1, 72.5, 4_000_000, 10**9), (2, 71, 5_000_000, 10**9))
    empty = [one | {"note": "", "year": 0, "pruned": False} for one in empty]
    for key in ("note", "year", "pruned"):
        if not all(key in row for row in read_table(comparison_table(empty))):
            raise Unexpected(
                f"a row has lost {key!r}",
                "Of the keys that a network may have, do they all stay, those with empty values, too?",
            )
        expect_equal(by_name(comparison_table(empty), key), {one["name"]: one[key] for one in empty}, what="the values")
    networks = [
        one | {"family": draw.choice(["this", "that"]), "resolution": draw.randrange(32, 600)}
        for one in draw_networks(draw, 4)
    ]
    networks[1]["weights"] = "V2"  # not all networks have the same keys
    result = comparison_table(networks)
    column(result, "accuracy_per_million"), column(result, "accuracy_per_gmac")
    lost = "A network may have more keys than the four: do they all stay?"
    # Ones that every network has are looked for first, so that the hint fits.
    for key in ("family", "resolution", "parameters", "macs", "accuracy"):
        if not all(key in row for row in read_table(result)):
            raise Unexpected(f"a row has lost {key!r}", lost)
        found = by_name(result, key)
        expected = {one["name"]: one[key] for one in networks}
        expect_equal(found, expected, what="the values of a key that was there before")
    # Of the table's own keys there are two. What else is in a row that its network had not?
    ratios = {"accuracy_per_million", "accuracy_per_gmac"}
    for row in read_table(result):
        had = next(one for one in networks if one["name"] == row["name"])
        if had.get("weights") != row.get("weights"):
            raise Unexpected("a key that one network has and the others have not is lost, or has spread", lost)
        if spread := row.keys() - had.keys() - ratios:
            raise Unexpected(f"a row has {sorted(spread)[0]!r}, which its network had not", MORE_KEYS)
    bare = networks_of((1, 72.5, 4_000_000, 10**9))
    for row in read_table(comparison_table(bare)):
        if spread := row.keys() - bare[0].keys() - ratios:
            raise Unexpected(f"a row has {sorted(spread)[0]!r}, which no network had", MORE_KEYS)


@test_case(points=0.5, hidden=True)
def the_input_stays_as_it_was(comparison_table):
    described = draw_networks(rng("q3_4a:unchanged"), 4)
    networks = in_room(repr(described))
    first = read_table(comparison_table(networks))
    expect_unchanged(networks, described)
    if read_table(comparison_table(networks)) != first or plain(networks) != described:
        raise Unexpected("a second call gives another table", CHANGED)
    if not column(first, "accuracy_per_million"):
        raise Unexpected("the table is empty", "No network is in the table.")
