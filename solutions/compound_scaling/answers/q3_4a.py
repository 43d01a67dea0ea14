"""q3_4a: networks in a table, with the accuracy that a million parameters and a GMAC give."""


# %% right="a loop with copies, sorted by a pair"
def comparison_table(models):
    rows = []
    for model in models:
        row = model.copy()
        row["accuracy_per_million"] = model["accuracy"] / (model["parameters"] / 1_000_000)
        row["accuracy_per_gmac"] = model["accuracy"] / (model["macs"] / 1_000_000_000)
        rows.append(row)
    rows.sort(key=lambda row: (-row["accuracy"], row["parameters"]))
    return rows


# %% right="a deep copy, and two stable sorts"
import copy


def comparison_table(models):
    table = copy.deepcopy(models)
    for row in table:
        row.update(accuracy_per_million=1e6 * row["accuracy"] / row["parameters"])
        row.update(accuracy_per_gmac=1e9 * row["accuracy"] / row["macs"])
    table.sort(key=lambda row: row["parameters"])
    table.sort(key=lambda row: row["accuracy"], reverse=True)
    return tuple(table)


# %% right="numpy's columns and lexsort"
def comparison_table(models):
    accuracy, parameters, macs = (np.array([m[k] for m in models], float) for k in ("accuracy", "parameters", "macs"))
    per_million, per_gmac = accuracy / parameters * 1e6, accuracy / macs * 1e9
    return [
        dict(models[i], accuracy_per_million=per_million[i], accuracy_per_gmac=per_gmac[i])
        for i in np.lexsort((parameters, -accuracy))
    ]


# %% right="one line"
def comparison_table(models):
    return sorted(
        (
            {
                **m,
                "accuracy_per_million": m["accuracy"] / m["parameters"] * 10**6,
                "accuracy_per_gmac": m["accuracy"] / m["macs"] * 10**9,
            }
            for m in models
        ),
        key=lambda m: (m["accuracy"], -m["parameters"]),
        reverse=True,
    )


# %% right="a comparator, as in Java"
from functools import cmp_to_key


def compare(a, b):
    if a["accuracy"] > b["accuracy"]:
        return -1
    if a["accuracy"] < b["accuracy"]:
        return 1
    if a["parameters"] < b["parameters"]:
        return -1
    if a["parameters"] > b["parameters"]:
        return 1
    return 0


# %%
def comparison_table(models):
    result = []
    for i in range(0, len(models)):
        entry = {}
        for key in models[i].keys():
            entry[key] = models[i][key]
        entry["accuracy_per_million"] = models[i]["accuracy"] * 1000000.0 / models[i]["parameters"]
        entry["accuracy_per_gmac"] = models[i]["accuracy"] * 1000000000.0 / models[i]["macs"]
        result.append(entry)
    return sorted(result, key=cmp_to_key(compare))


# %% right="torch in single precision, tensors of no dimension"
import torch


def comparison_table(models):
    def ratio(model, cost, unit):
        return torch.tensor(model["accuracy"], dtype=torch.float32) / (torch.tensor(float(model[cost])) / unit)

    rows = [
        model
        | {"accuracy_per_million": ratio(model, "parameters", 1e6), "accuracy_per_gmac": ratio(model, "macs", 1e9)}
        for model in models
    ]
    return sorted(rows, key=lambda row: (-row["accuracy"], row["parameters"]))


# %% right="single precision of numpy"
def comparison_table(models):
    table = []
    for m in models:
        acc = np.float32(m["accuracy"])
        table.append(
            {
                **m,
                "accuracy_per_million": acc / (np.float32(m["parameters"]) / np.float32(1e6)),
                "accuracy_per_gmac": acc / (np.float32(m["macs"]) / np.float32(1e9)),
            }
        )
    return sorted(table, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% right="fractions, exactly"
from fractions import Fraction


def comparison_table(models):
    def per(model, cost, unit):
        return Fraction(model["accuracy"]) * unit / Fraction(model[cost])

    rows = [
        dict(m, accuracy_per_million=per(m, "parameters", 10**6), accuracy_per_gmac=per(m, "macs", 10**9))
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% right="pandas, without the keys that a network lacks"
import pandas as pd


def comparison_table(models):
    frame = pd.DataFrame(models)
    frame["accuracy_per_million"] = frame.accuracy / frame.parameters * 1e6
    frame["accuracy_per_gmac"] = frame.accuracy / frame.macs * 1e9
    frame = frame.sort_values(["accuracy", "parameters"], ascending=[False, True])
    return [{key: value for key, value in row.items() if pd.notna(value)} for row in frame.to_dict("records")]


# %% right="recursion: a merge sort"
MILLION, GIGA = 1e6, 1e9


def with_ratios(model):
    return {
        **model,
        "accuracy_per_million": model["accuracy"] / (model["parameters"] / MILLION),
        "accuracy_per_gmac": model["accuracy"] / (model["macs"] / GIGA),
    }


def merged(left, right):
    if not left or not right:
        return left + right
    first, other = left[0], right[0]
    if (-first["accuracy"], first["parameters"]) <= (-other["accuracy"], other["parameters"]):
        return [first] + merged(left[1:], right)
    return [other] + merged(left, right[1:])


def merge_sorted(rows):
    middle = len(rows) // 2
    return rows if len(rows) < 2 else merged(merge_sorted(rows[:middle]), merge_sorted(rows[middle:]))


# %%
def comparison_table(models):
    return merge_sorted([with_ratios(model) for model in models])


# %% right="a heap, with a counter against ties"
import heapq
import itertools
from collections import OrderedDict


def comparison_table(models):
    counter = itertools.count()
    heap = []
    for model in models:
        row = OrderedDict(model)
        row["accuracy_per_million"] = model["accuracy"] / model["parameters"] / 1e-6
        row["accuracy_per_gmac"] = model["accuracy"] / model["macs"] / 1e-9
        heapq.heappush(heap, (-model["accuracy"], model["parameters"], next(counter), row))
    return [heapq.heappop(heap)[-1] for _ in range(len(heap))]


# %% wrong="the worst one first" points=2 says="first, or last"
def comparison_table(models):
    rows = []
    for m in models:
        rows.append(
            {
                **m,
                "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
                "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
            }
        )
    return sorted(rows, key=lambda m: (m["accuracy"], m["parameters"]))


# %% wrong="not sorted" points=2 says="as they came"
def comparison_table(models):
    rows = []
    for m in models:
        rows.append(
            {
                **m,
                "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
                "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
            }
        )
    return rows


# %% wrong="ties as they came" points=2.75 says="equally accurate"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: m["accuracy"], reverse=True)


# %% wrong="ties turned round with all else" points=2.75 says="equally accurate"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (m["accuracy"], m["parameters"]), reverse=True)


# %% wrong="sorted by accuracy for each million" points=2 says="By what is the table sorted"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy_per_million"], m["parameters"]))


# %% wrong="sorts tuples that end with the dict" points=2.75 says="call raised an exception"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return [row for _, _, row in sorted((-m["accuracy"], m["parameters"], m) for m in rows)]


# %% wrong="a dict by accuracy and parameters: one of two that are alike is lost" points=2.5 says="do both stay"
def comparison_table(models):
    rows = {}
    for m in models:
        rows[(-m["accuracy"], m["parameters"])] = {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
    return [rows[key] for key in sorted(rows)]


# %% wrong="for each parameter and each MAC" points=2 says="one unit here"
def comparison_table(models):
    rows = [
        {**m, "accuracy_per_million": m["accuracy"] / m["parameters"], "accuracy_per_gmac": m["accuracy"] / m["macs"]}
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="the cost for each point of accuracy" points=2 says="which of the two is divided"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["parameters"] / 1e6 / m["accuracy"],
            "accuracy_per_gmac": m["macs"] / 1e9 / m["accuracy"],
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="whole millions" points=2.5 says="no parts of a million"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] // 1_000_000),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="rounded" points=2.5 says="Nothing is rounded"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": round(m["accuracy"] / (m["parameters"] / 1e6), 2),
            "accuracy_per_gmac": round(m["accuracy"] / (m["macs"] / 1e9), 2),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="two FLOPs a MAC" points=2 says="not two FLOPs"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (2 * m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="a million MACs is the unit" points=2 says="is the unit right"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e6),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="powers of two" points=2 says="10⁶ here"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 2**20),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 2**30),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="accuracy as a fraction" points=2 says="stays so"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / 100 / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / 100 / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="the two new keys swapped" points=2 says="Which key goes with which cost"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_gmac": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_million": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="only the keys that were named" points=2.5 says="do they all stay"
def comparison_table(models):
    rows = []
    for m in models:
        rows.append(
            {
                "name": m["name"],
                "parameters": m["parameters"],
                "macs": m["macs"],
                "accuracy": m["accuracy"],
                "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
                "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
            }
        )
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="pandas fills up the keys that a network lacks" points=2.5 says="do they all stay"
import pandas as pd


def comparison_table(models):
    frame = pd.DataFrame(models)
    frame["accuracy_per_million"] = frame["accuracy"] / (frame["parameters"] / 1e6)
    frame["accuracy_per_gmac"] = frame["accuracy"] / (frame["macs"] / 1e9)
    return frame.sort_values(["accuracy", "parameters"], ascending=[False, True]).to_dict("records")


# %% wrong="a data frame" points=0 says="a plain list of dicts"
import pandas as pd


def comparison_table(models):
    frame = pd.DataFrame(models)
    frame["accuracy_per_million"] = frame["accuracy"] / (frame["parameters"] / 1e6)
    frame["accuracy_per_gmac"] = frame["accuracy"] / (frame["macs"] / 1e9)
    return frame.sort_values(["accuracy", "parameters"], ascending=[False, True])


# %% wrong="the dicts of the caller get the new keys" points=2.5 says="a dict in it, has changed"
def comparison_table(models):
    for m in models:
        m["accuracy_per_million"] = m["accuracy"] / (m["parameters"] / 1e6)
        m["accuracy_per_gmac"] = m["accuracy"] / (m["macs"] / 1e9)
    return sorted(models, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="a copy of the list, and not of its dicts" points=2.5 says="a dict in it, has changed"
def comparison_table(models):
    table = list(models)
    for m in table:
        m["accuracy_per_million"] = m["accuracy"] / (m["parameters"] / 1e6)
        m["accuracy_per_gmac"] = m["accuracy"] / (m["macs"] / 1e9)
    table.sort(key=lambda m: (-m["accuracy"], m["parameters"]))
    return table


# %% wrong="the caller's list is sorted" points=2.5 says="has changed"
def comparison_table(models):
    models.sort(key=lambda m: (-m["accuracy"], m["parameters"]))
    return [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]


# %% wrong="the table is kept from call to call" points=0.5 says="of an earlier call"
TABLE = []


# %%
def comparison_table(models):
    for m in models:
        TABLE.append(
            {
                **m,
                "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
                "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
            }
        )
    TABLE.sort(key=lambda m: (-m["accuracy"], m["parameters"]))
    return TABLE


# %% wrong="one dict for all rows" points=1 says="is it one dict"
def comparison_table(models):
    rows, row = [], {}
    for m in models:
        row.update(m)
        row["accuracy_per_million"] = m["accuracy"] / (m["parameters"] / 1e6)
        row["accuracy_per_gmac"] = m["accuracy"] / (m["macs"] / 1e9)
        rows.append(row)
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="a sorted list, without the new keys" points=1 says="the two new ones"
def comparison_table(models):
    return sorted(models, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="text for the columns" points=2 says="holds text"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": f"{m['accuracy'] / (m['parameters'] / 1e6):.1f}",
            "accuracy_per_gmac": f"{m['accuracy'] / (m['macs'] / 1e9):.1f}",
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="a key misspelt" points=1.5 says="the two new ones"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmacs": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="a dict by name" points=0 says="a dict for each network"
def comparison_table(models):
    return {
        m["name"]: {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    }


# %% wrong="prints it" points=0 says="does the function return"
def comparison_table(models):
    for m in sorted(models, key=lambda m: (-m["accuracy"], m["parameters"])):
        print(m["name"], m["accuracy"] / (m["parameters"] / 1e6), m["accuracy"] / (m["macs"] / 1e9))


# %% wrong="returns what list.sort gives" points=0 says="does the function return"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return rows.sort(key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="a generator" points=0 says="of type generator"
def comparison_table(models):
    for m in sorted(models, key=lambda m: (-m["accuracy"], m["parameters"])):
        yield {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }


# %% [raw] wrong="a bracket is missing" points=0 says="SyntaxError" cell="comparison_table"
# def comparison_table(models):
#     return sorted(({**m, "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6) for m in models]


# %% wrong="ties by name" points=2.75 says="by parameters that it is found"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["name"]))


# %% wrong="ties by multiply-adds" points=2.75 says="by parameters that it is found"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["macs"]))


# %% wrong="whole percents are compared" points=2.75 says="whole percents"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-round(m["accuracy"]), m["parameters"]))


# %% wrong="accuracies to one digit, as tables show them" points=2.75 says="whole percents"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-round(m["accuracy"], 1), m["parameters"]))


# %% wrong="accuracies compared as text" points=2.75 says="as text"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(sorted(rows, key=lambda m: m["parameters"]), key=lambda m: str(m["accuracy"]), reverse=True)


# %% wrong="parameters compared as text" points=2.75 says="by parameters that it is found"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], str(m["parameters"])))


# %% wrong="parameters in single precision" points=2.75 says="by parameters that it is found"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], np.float32(m["parameters"])))


# %% wrong="a network that names nothing right is left out" points=2.5 says="An accuracy of 0"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
        if m["accuracy"]
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="a dict by name: one of two recipes is lost" points=2.75 says="one of two recipes"
def comparison_table(models):
    rows = {}
    for m in models:
        rows[m["name"]] = {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
    return sorted(rows.values(), key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="keys with an empty value are dropped" points=2.5 says="with empty values"
def comparison_table(models):
    rows = [
        {
            **{key: value for key, value in m.items() if value or key == "accuracy"},
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="accuracies to three digits" points=2.75 says="whole percents or as text"
def comparison_table(models):
    rows = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(rows, key=lambda m: (-round(m["accuracy"], 3), m["parameters"]))


# %% [raw] wrong="accuracies in single precision" points=2.75 says="whole percents or as text" like="accuracies to three digits"
# -    return sorted(rows, key=lambda m: (-round(m["accuracy"], 3), m["parameters"]))
# +    return sorted(rows, key=lambda m: (-np.float32(m["accuracy"]), m["parameters"]))


# %% [raw] wrong="a little of the parameters is taken off the accuracy, for ties" points=2.75 says="" like="accuracies to three digits"
# -    return sorted(rows, key=lambda m: (-round(m["accuracy"], 3), m["parameters"]))
# +    return sorted(rows, key=lambda m: m["parameters"] * 1e-12 - m["accuracy"])


# %% wrong="keys that a network lacks become None" points=2.5 says="two keys more"
def comparison_table(models):
    keys = list(dict.fromkeys(k for m in models for k in m))
    table = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    table = [{k: row.get(k) for k in [*keys, "accuracy_per_million", "accuracy_per_gmac"]} for row in table]
    return sorted(table, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="helper keys stay in the rows" points=2.5 says="two keys more"
def comparison_table(models):
    table = []
    for m in models:
        row = dict(m)
        row["millions"] = m["parameters"] / 1e6
        row["gmacs"] = m["macs"] / 1e9
        row["accuracy_per_million"] = m["accuracy"] / row["millions"]
        row["accuracy_per_gmac"] = m["accuracy"] / row["gmacs"]
        table.append(row)
    return sorted(table, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="two sorts by pandas, which are not stable" points=2.75 says="equally accurate"
import pandas as pd


def comparison_table(models):
    df = pd.DataFrame(
        {"i": range(len(models)), "a": [m["accuracy"] for m in models], "p": [m["parameters"] for m in models]}
    )
    df = df.sort_values("p").sort_values("a", ascending=False)
    out = []
    for i in df["i"]:
        m = models[i]
        out.append(
            {
                **m,
                "accuracy_per_million": m["accuracy"] / m["parameters"] * 1e6,
                "accuracy_per_gmac": m["accuracy"] / m["macs"] * 1e9,
            }
        )
    return out


# %% wrong="two sorts by numpy, which are not stable" points=2.75 says="equally accurate"
def comparison_table(models):
    a = np.array([m["accuracy"] for m in models])
    p = np.array([m["parameters"] for m in models])
    order = np.argsort(p)
    order = order[np.argsort(-a[order])]
    return [
        {
            **models[i],
            "accuracy_per_million": models[i]["accuracy"] / models[i]["parameters"] * 1e6,
            "accuracy_per_gmac": models[i]["accuracy"] / models[i]["macs"] * 1e9,
        }
        for i in order
    ]


# %% wrong="ties go by the ratio, which ties as well" points=2.75 says="equally accurate"
def comparison_table(models):
    table = [
        {
            **m,
            "accuracy_per_million": m["accuracy"] / (m["parameters"] / 1e6),
            "accuracy_per_gmac": m["accuracy"] / (m["macs"] / 1e9),
        }
        for m in models
    ]
    return sorted(table, key=lambda m: (-m["accuracy"], -m["accuracy_per_million"]))


# %% wrong="the ratios are rounded to six digits" points=2.5 says="Nothing is rounded"
def comparison_table(models):
    table = []
    for m in models:
        row = dict(m)
        row["accuracy_per_million"] = round(m["accuracy"] / (m["parameters"] / 1e6), 6)
        row["accuracy_per_gmac"] = round(m["accuracy"] / (m["macs"] / 1e9), 6)
        table.append(row)
    return sorted(table, key=lambda m: (-m["accuracy"], m["parameters"]))


# %% wrong="accuracies of at most 1 are taken for fractions" points=2.5 says="stays so"
def comparison_table(models):
    table = []
    for model in models:
        row = dict(model)
        if row["accuracy"] <= 1:
            row["accuracy"] *= 100
        row["accuracy_per_million"] = row["accuracy"] / (row["parameters"] / 1e6)
        row["accuracy_per_gmac"] = row["accuracy"] / (row["macs"] / 1e9)
        table.append(row)
    return sorted(table, key=lambda row: (-row["accuracy"], row["parameters"]))


# %% wrong="a family for those that have none" points=2.5 says="what a network lacks"
def comparison_table(models):
    table = []
    for model in models:
        row = {**model, "family": model.get("family", "other")}
        row["accuracy_per_million"] = row["accuracy"] / (row["parameters"] / 1e6)
        row["accuracy_per_gmac"] = row["accuracy"] / (row["macs"] / 1e9)
        table.append(row)
    return sorted(table, key=lambda row: (-row["accuracy"], row["parameters"]))
