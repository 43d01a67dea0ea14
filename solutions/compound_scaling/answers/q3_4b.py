"""q3_4b: the networks that no other one beats: the Pareto front."""


# %% right="each against each, in loops"
def pareto_front(points):
    front = []
    for i in range(len(points)):
        dominated = False
        for j in range(len(points)):
            if i == j:
                continue
            cost_i, accuracy_i = points[i]
            cost_j, accuracy_j = points[j]
            if cost_j <= cost_i and accuracy_j >= accuracy_i:
                if cost_j < cost_i or accuracy_j > accuracy_i:
                    dominated = True
                    break
        if not dominated:
            front.append(i)
    front.sort(key=lambda i: points[i][0])
    return front


# %% right="one sweep by rising cost"
def pareto_front(points):
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    front, best, best_cost = [], -math.inf, None
    for i in order:
        cost, accuracy = points[i]
        if accuracy > best or (accuracy == best and cost == best_cost):
            front.append(i)
            best, best_cost = accuracy, cost
    return front


# %% right="numpy's broadcasting, an array of indices"
def pareto_front(points):
    cost, accuracy = np.array(points, dtype=float).reshape(-1, 2).T
    no_dearer = cost[:, None] <= cost[None, :]
    no_worse = accuracy[:, None] >= accuracy[None, :]
    better = (cost[:, None] < cost[None, :]) | (accuracy[:, None] > accuracy[None, :])
    kept = np.flatnonzero(~(no_dearer & no_worse & better).any(axis=0))
    return kept[np.argsort(cost[kept], kind="stable")]


# %% right="lexsort, and the running maximum"
def pareto_front(points):
    cost, accuracy = np.asarray(points).reshape(-1, 2).T
    order = np.lexsort((np.arange(len(points)), -accuracy, cost))
    front = []
    for index in order:
        cheaper = accuracy[cost < cost[index]]
        as_cheap = accuracy[cost == cost[index]]
        if accuracy[index] == as_cheap.max() and (len(cheaper) == 0 or accuracy[index] > cheaper.max()):
            front.append(index)
    return tuple(front)


# %% right="one line"
def pareto_front(points):
    return sorted(
        (i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)),
        key=lambda i: points[i],
    )


# %% right="recursion: the two halves' fronts, put together"
def _beats(one, other):
    return one[0] <= other[0] and one[1] >= other[1] and tuple(one) != tuple(other)


def _front(points, indices):
    if len(indices) <= 1:
        return indices
    middle = len(indices) // 2
    left, right = _front(points, indices[:middle]), _front(points, indices[middle:])
    kept_left = [i for i in left if not any(_beats(points[j], points[i]) for j in right)]
    kept_right = [i for i in right if not any(_beats(points[j], points[i]) for j in left)]
    return kept_left + kept_right


def pareto_front(points):
    return sorted(_front(points, list(range(len(points)))), key=lambda i: (points[i][0], i))


# %% right="a class of its own in another cell"
from dataclasses import dataclass


@dataclass
class Candidate:
    index: int
    cost: float
    accuracy: float

    def dominates(self, other):
        if self.cost > other.cost or self.accuracy < other.accuracy:
            return False
        return self.cost < other.cost or self.accuracy > other.accuracy


# %%
def pareto_front(points):
    candidates = [Candidate(index, *point) for index, point in enumerate(points)]
    candidates.sort(key=lambda one: (one.cost, one.index))
    return [one.index for one in candidates if not any(other.dominates(one) for other in candidates)]


# %% right="a work list from which the beaten ones are taken out"
def pareto_front(points):
    remaining = set(range(len(points)))
    for i in range(len(points)):
        for j in list(remaining):
            worse = points[j][0] >= points[i][0] and points[j][1] <= points[i][1]
            if worse and points[i] != points[j]:
                remaining.discard(j)
    indices = list(remaining)
    for i in range(1, len(indices)):  # insertion sort
        k = i
        while k > 0 and (points[indices[k]][0], indices[k]) < (points[indices[k - 1]][0], indices[k - 1]):
            indices[k], indices[k - 1] = indices[k - 1], indices[k]
            k -= 1
    return indices


# %% right="pandas and cummax"
import pandas as pd


def pareto_front(points):
    frame = pd.DataFrame(points, columns=["cost", "accuracy"])
    best_at = frame.groupby("cost")["accuracy"].max()
    best_below = best_at.cummax().shift(fill_value=-math.inf)
    on_front = (frame.accuracy == frame.cost.map(best_at)) & (frame.accuracy > frame.cost.map(best_below))
    return frame[on_front].sort_values("cost", kind="stable").index.to_numpy()


# %% right="torch, a tensor of indices"
import torch


def pareto_front(points):
    table = torch.tensor(points, dtype=torch.float64).reshape(-1, 2)
    cost, accuracy = table[:, 0], table[:, 1]
    order = torch.argsort(cost, stable=True)
    beaten = (
        (cost[:, None] <= cost)
        & (accuracy[:, None] >= accuracy)
        & ((cost[:, None] < cost) | (accuracy[:, None] > accuracy))
    ).any(dim=0)
    return order[~beaten[order]]


# %% right="by equal points first, in a dict"
from collections import defaultdict


def pareto_front(points):
    places = defaultdict(list)
    for index, (cost, accuracy) in enumerate(points):
        places[(cost, accuracy)].append(index)
    front, best = [], None
    for cost, accuracy in sorted(places, key=lambda point: (point[0], -point[1])):
        if best is None or accuracy > best:
            front.extend(places[(cost, accuracy)])
            best = accuracy
    return [np.int64(index) for index in front]


# %% wrong="strictly better in both is asked of the one that dominates" points=1.5 says="as cheap and worse"
def pareto_front(points):
    front = []
    for i, (cost, accuracy) in enumerate(points):
        if not any(c < cost and a > accuracy for c, a in points):
            front.append(i)
    return sorted(front, key=lambda i: points[i][0])


# %% wrong="dominated only by cheaper ones" points=1.5 says="as cheap and worse"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if not any(d < c and b >= a for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="dominated only by more accurate ones" points=1.5 says="as cheap and worse"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if not any(d <= c and b > a for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="equal points dominate each other" points=1.5 says="does either dominate"
def pareto_front(points):
    front = []
    for i, (cost, accuracy) in enumerate(points):
        others = points[:i] + points[i + 1 :]
        if not any(c <= cost and a >= accuracy for c, a in others):
            front.append(i)
    return sorted(front, key=lambda i: points[i][0])


# %% wrong="a point dominates itself" points=0 says="never empty"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if not any(d <= c and b >= a for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="the sweep keeps one of equal points" points=1.5 says="does either dominate"
def pareto_front(points):
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    front, best = [], -1
    for i in order:
        if points[i][1] > best:
            front.append(i)
            best = points[i][1]
    return front


# %% wrong="the sweep lets any as accurate one in" points=1.5 says="as cheap and worse"
def pareto_front(points):
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    front, best = [], -1
    for i in order:
        if points[i][1] >= best:
            front.append(i)
            best = points[i][1]
    return front


# %% wrong="the sweep sorts by cost alone" points=1.5 says="as cheap and worse"
def pareto_front(points):
    order = sorted(range(len(points)), key=lambda i: points[i][0])
    front, best = [], -1
    for i in order:
        if points[i][1] > best or (front and points[i] == points[front[-1]]):
            front.append(i)
            best = points[i][1]
    return front


# %% wrong="in the order in which they came" points=1.25 says="In which order"
def pareto_front(points):
    def dominates(p, q):
        return p[0] <= q[0] and p[1] >= q[1] and p != q

    return [i for i, q in enumerate(points) if not any(dominates(p, q) for p in points)]


# %% wrong="the dearest first" points=1.25 says="In which order"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0], reverse=True)


# %% wrong="the best accuracy first" points=1.25 says="In which order"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    return sorted(kept, key=lambda i: -points[i][1])


# %% wrong="the points, and not their indices" points=0 says="not the points"
def pareto_front(points):
    return sorted(p for p in points if not any(q[0] <= p[0] and q[1] >= p[1] and q != p for q in points))


# %% wrong="indices from 1" points=0 says="first index is 0"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points, 1) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    return sorted(kept, key=lambda i: points[i - 1][0])


# %% wrong="looked up by value: equal points share an index" points=1.5 says="does one stand there twice"
def pareto_front(points):
    kept = [p for p in points if not any(q[0] <= p[0] and q[1] >= p[1] and q != p for q in points)]
    return [points.index(p) for p in sorted(kept)]


# %% wrong="indices of the sorted list" points=0 says="not in a sorted one"
def pareto_front(points):
    ranked = sorted(points)
    return [i for i, (c, a) in enumerate(ranked) if all(c < d or a > b or (c, a) == (d, b) for d, b in ranked)]


# %% wrong="a high cost is good" points=0 says="Is a high cost good"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if not any(d >= c and b >= a and (d, b) != (c, a) for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="accuracy taken for an error" points=0 says="Is a high accuracy good"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if not any(d <= c and b <= a and (d, b) != (c, a) for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="cost and accuracy swapped" points=0 says="which of the two comes first"
def pareto_front(points):
    front = []
    for i, (accuracy, cost) in enumerate(points):
        if not any(c <= cost and a >= accuracy and (a, c) != (accuracy, cost) for a, c in points):
            front.append(i)
    return sorted(front, key=lambda i: points[i][1])


# %% wrong="the most accuracy for each unit of cost" points=0 says="ratio"
def pareto_front(points):
    best = max(accuracy / cost for cost, accuracy in points)
    return [i for i, (cost, accuracy) in enumerate(points) if accuracy / cost == best]


# %% wrong="only those that its neighbours do not beat" points=1.25 says="only with a neighbour"
def pareto_front(points):
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    front = [order[0]]
    for before, i in zip(order, order[1:]):
        if points[i][1] > points[before][1] or points[i] == points[before]:
            front.append(i)
    return front


# %% wrong="those that are dominated" points=0 says="others left out"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if any(d <= c and b >= a and (d, b) != (c, a) for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="the public example, by heart" points=0.5 says="found from the points"
def pareto_front(points):
    return [1, 0]


# %% wrong="prints it" points=0 says="does the function return"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    print(sorted(kept, key=lambda i: points[i][0]))


# %% wrong="a generator" points=0 says="generator"
def pareto_front(points):
    for i in sorted(range(len(points)), key=lambda i: points[i][0]):
        c, a = points[i]
        if all(c < d or a > b or (c, a) == (d, b) for d, b in points):
            yield i


# %% wrong="a set of indices" points=0 says="of type set"
def pareto_front(points):
    return {i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)}


# %% wrong="a mask" points=0 says="True or False"
def pareto_front(points):
    return [all(c < d or a > b or (c, a) == (d, b) for d, b in points) for c, a in points]


# %% wrong="the caller's points are sorted" points=0 says="not in a sorted one"
def pareto_front(points):
    points.sort()
    return [i for i, p in enumerate(points) if not any(q[0] <= p[0] and q[1] >= p[1] and q != p for q in points)]


# %% wrong="a name misspelt" points=0 says="pareto_front is not defined" cell="pareto_front"
def pareto_frontier(points):
    return sorted(range(len(points)), key=lambda i: points[i][0])


# %% [raw] wrong="a bracket is missing" points=0 says="SyntaxError" cell="pareto_front"
# def pareto_front(points):
#     kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points]
#     return sorted(kept, key=lambda i: points[i][0])


# %% wrong="the sweep begins at an accuracy of 0" points=1.5 says="An accuracy of 0"
def pareto_front(points):
    front, best, best_cost = [], 0, None
    for i in sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1])):
        cost, accuracy = points[i]
        if accuracy > best or (accuracy == best and cost == best_cost):
            front.append(i)
            best, best_cost = accuracy, cost
    return front


# %% wrong="costs held in single precision" points=1.25 says="does something round them"
def pareto_front(points):
    cost = np.array([one[0] for one in points], dtype=np.float32)
    accuracy = np.array([one[1] for one in points])
    kept = [
        i
        for i in range(len(points))
        if not ((cost <= cost[i]) & (accuracy >= accuracy[i]) & ((cost < cost[i]) | (accuracy > accuracy[i]))).any()
    ]
    return sorted(kept, key=lambda i: cost[i])


# %% wrong="costs cut to whole numbers" points=1.25 says="is something cut off"
def pareto_front(points):
    points = [(int(cost), accuracy) for cost, accuracy in points]
    kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="accuracies to two digits" points=1.5 says="is something rounded"
def pareto_front(points):
    points = [(cost, round(accuracy, 2)) for cost, accuracy in points]
    kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="nothing comes back for no points" points=1.75 says="Of no points none is on the front"
def pareto_front(points):
    if not points:
        return None
    kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="numpy stumbles over no points" points=1.75 says="call raised an exception"
def pareto_front(points):
    cost, accuracy = np.array(points, dtype=float).T
    beaten = (cost[:, None] <= cost) & (accuracy[:, None] >= accuracy)
    beaten &= (cost[:, None] < cost) | (accuracy[:, None] > accuracy)
    kept = np.flatnonzero(~beaten.any(axis=0))
    return kept[np.argsort(cost[kept], kind="stable")]


# %% wrong="begins with the cheapest point, which must be there" points=1.75 says="call raised an exception"
def pareto_front(points):
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    front = [order[0]]
    for i in order[1:]:
        if points[i] == points[front[-1]] or points[i][1] > points[front[-1]][1]:
            front.append(i)
    return front


# %% wrong="of equal points the last one first" points=1.75 says="in which order do they stand"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    return sorted(kept, key=lambda i: (points[i][0], -i))


# %% wrong="sorted by whole costs" points=1.75 says="In which order"
def pareto_front(points):
    kept = [i for i, (c, a) in enumerate(points) if all(c < d or a > b or (c, a) == (d, b) for d, b in points)]
    return sorted(kept, key=lambda i: int(points[i][0]))


# %% wrong="accuracies that differ by less than a millionth are equal" points=1.5 says="differ by very little"
def pareto_front(points):
    def beats(one, other):
        better = one[1] > other[1] + 1e-6
        return one[0] <= other[0] and (better or (one[0] < other[0] and one[1] >= other[1] - 1e-6))

    kept = [i for i, point in enumerate(points) if not any(beats(other, point) for other in points)]
    return sorted(kept, key=lambda i: points[i][0])


# %% wrong="a sort by pandas, which is not stable" points=1.75 says=""
import pandas as pd


def pareto_front(points):
    df = pd.DataFrame(points, columns=["c", "a"])
    keep = [
        i
        for i, p in enumerate(points)
        if not any(q[0] <= p[0] and q[1] >= p[1] and tuple(q) != tuple(p) for q in points)
    ]
    return df.loc[keep].sort_values("c").index.tolist()


# %% wrong="equal points stay, also where another one beats them" points=1.75 says="that a third one dominates"
def pareto_front(points):
    front = []
    for i, (cost, accuracy) in enumerate(points):
        beaten = any(c <= cost and a >= accuracy and (c, a) != (cost, accuracy) for c, a in points)
        if not beaten or points.count((cost, accuracy)) > 1:  # equal points do not dominate each other
            front.append(i)
    return sorted(front, key=lambda i: points[i][0])


# %% wrong="a sweep in which equal points stay, also where another one beats them" points=1.75 says="that a third one dominates"
def pareto_front(points):
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    front, best, previous = [], -1, None
    for i in order:
        if points[i][1] > best:
            front.append(i)
            best = points[i][1]
        elif points[i] == previous:  # equal points do not dominate each other
            front.append(i)
        previous = points[i]
    return front


# %% wrong="the convex hull, and not the front" points=1.5 says=""
def slope(one, other):
    return (other[1] - one[1]) / (other[0] - one[0]) if other[0] != one[0] else float("inf")


def pareto_front(points):
    hull = []
    for index in sorted(range(len(points)), key=lambda index: (points[index][0], -points[index][1])):
        if hull and points[index] != points[hull[-1]]:
            if points[index][1] <= points[hull[-1]][1]:
                continue
            while len(hull) > 1 and slope(*(points[one] for one in hull[-2:])) < slope(points[hull[-2]], points[index]):
                hull.pop()
        hull.append(index)
    return hull


# %% wrong="removes from the list that it goes through" points=0.75 says=""
def pareto_front(points):
    left = list(range(len(points)))
    for index in left:
        cost, accuracy = points[index]
        for other in points:
            if other != points[index] and other[0] <= cost and other[1] >= accuracy:
                left.remove(index)
                break
    return sorted(left, key=lambda index: points[index][0])
